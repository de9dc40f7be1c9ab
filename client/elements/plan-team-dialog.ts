/** `<cp-plan-team-dialog>`: gives a plan to a team, or takes it out of its team. Fires `cp-moved` with the plan, and `cp-close`. */
import { html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { z } from 'zod';
import type { PlanSummary } from '../../shared/api.ts';
import type { Team } from '../../shared/teams-api.ts';
import { teamsApi } from '../teams.ts';
import { DialogElement } from './dialog-element.ts';
import { teamsToWriteIn } from './team-choice.ts';

@customElement('cp-plan-team-dialog')
export class PlanTeamDialog extends DialogElement {
  @property({ attribute: false }) plan: PlanSummary | null = null;
  /** Those that the person who looks is in. */
  @property({ attribute: false }) teams: readonly Team[] = [];
  @state() private chosen = '';

  protected override get label(): string {
    return 'Whose plan is it?';
  }

  protected override opened(): void {
    this.chosen = this.plan?.team?.id ?? '';
  }

  async #move(plan: PlanSummary): Promise<void> {
    const moved = await teamsApi.movePlan(plan.id, this.chosen === '' ? null : this.chosen);
    this.open = false;
    this.dispatchEvent(new CustomEvent('cp-moved', { detail: moved }));
  }

  protected override content() {
    const { plan } = this;
    if (!plan) return html``;
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, z.object({}), () => this.#move(plan))}>
        <p>“${plan.title}”</p>
        <fieldset class="field">
          <legend class="visually-hidden">Whose plan is it?</legend>
          <div class="choices">
            ${this.#choice('', 'My own', 'Only those whom its owners share it with can open it. You become an owner by name.')}
            ${teamsToWriteIn(this.teams).map(({ id, name }) =>
              this.#choice(id, name, 'Everyone in the team can open it, in the role they have there.'),
            )}
          </div>
        </fieldset>
        <p class="aside">People who were given a role in this plan by name, or who came by a link, keep it.</p>
        ${this.failureNotice()}
        <div class="actions end">
          <button type="button" class="button quiet" data-dialog="close">Cancel</button>
          ${this.submitButton('Move')}
        </div>
      </form>
    `;
  }

  #choice(id: string, name: string, meaning: string) {
    return html`
      <label class="choice">
        <input
          type="radio"
          name="team"
          value=${id}
          .checked=${this.chosen === id}
          @change=${() => {
            this.chosen = id;
          }}
        />
        <span class="choice-words"><strong>${name}</strong><span>${meaning}</span></span>
      </label>
    `;
  }
}
