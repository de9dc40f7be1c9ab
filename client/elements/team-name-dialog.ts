/** `<cp-team-name-dialog>`: makes a team, or gives one another name. Fires `cp-named` with the team, and `cp-close`. */
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { createTeam, type Team } from '../../shared/teams-api.ts';
import { teamsApi } from '../teams.ts';
import { DialogElement } from './dialog-element.ts';

@customElement('cp-team-name-dialog')
export class TeamNameDialog extends DialogElement {
  /** The team to rename; null: a new one. */
  @property({ attribute: false }) team: Team | null = null;

  protected override get label(): string {
    return this.team ? 'Rename this team' : 'New team';
  }

  protected override opened(): void {
    // Nothing to fetch.
  }

  async #name({ name }: { name: string }): Promise<void> {
    const named = this.team ? await teamsApi.patchTeam(this.team.id, { name }) : await teamsApi.createTeam({ name });
    this.open = false;
    this.dispatchEvent(new CustomEvent('cp-named', { detail: named }));
  }

  protected override content() {
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, createTeam, (data) => this.#name(data))}>
        ${this.field({
          ...{ name: 'name', label: 'Name of the team', maxlength: 120, autofocus: true, value: this.team?.name ?? '' },
          placeholder: 'Assembly of …',
        })}
        ${this.team ? nothing : html`<p class="aside">You are its first owner. It is seen only by those who are in it.</p>`}
        ${this.failureNotice()}
        <div class="actions end">
          <button type="button" class="button quiet" data-dialog="close">Cancel</button>
          ${this.submitButton(this.team ? 'Rename' : 'Create team')}
        </div>
      </form>
    `;
  }
}
