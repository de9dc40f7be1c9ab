/** `<cp-teams-page>`: the teams I am in; make one. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Team } from '../../shared/teams-api.ts';
import { explain } from '../api.ts';
import { counted } from '../format.ts';
import { icon } from '../icons.ts';
import { ROLE_LABEL } from '../labels.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { session } from '../session.ts';
import { teamsApi } from '../teams.ts';
import { LightElement } from './light-element.ts';
import { planRowSkeleton } from './plan-row.ts';
import './team-name-dialog.ts';

@customElement('cp-teams-page')
export class TeamsPage extends LightElement {
  @state() private teams: readonly Team[] | null = null;
  @state() private archived = false;
  @state() private loading = true;
  @state() private failure = '';
  @state() private creates = false;
  #request: AbortController | null = null;
  readonly #refresh = () => {
    if (document.visibilityState === 'visible') void this.#load();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('online', this.#refresh);
    document.addEventListener('visibilitychange', this.#refresh);
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('online', this.#refresh);
    document.removeEventListener('visibilitychange', this.#refresh);
    this.#request?.abort();
  }

  /** The newest question wins: an older answer that comes late is dropped. */
  async #load(): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.loading = true;
    try {
      this.teams = (await teamsApi.teams({ archived: this.archived }, request.signal)).teams;
      this.failure = '';
    } catch (error) {
      if (request.signal.aborted) return;
      this.failure = explain(error);
    }
    this.loading = false;
  }

  #show(archived: boolean): void {
    this.archived = archived;
    this.teams = null;
    void this.#load();
  }

  override render() {
    return html`
      <main id="main" class="page teams" tabindex="-1">
        <div class="plans-head">
          <h1>${this.archived ? 'Archived teams' : 'Teams'}</h1>
          <div class="actions">
            ${this.archived ? html`<button class="button" @click=${() => this.#show(false)}>${icon('arrowLeft')}Teams in use</button>` : this.#createButton()}
          </div>
        </div>
        ${this.#failureNotice()}
        <p class="visually-hidden" role="status">${this.#announcement()}</p>
        ${this.#list()}
      </main>
      <cp-team-name-dialog
        ?open=${this.creates}
        @cp-named=${(event: CustomEvent<Team>) => void router.go(href.team(event.detail.id))}
        @cp-close=${() => {
          this.creates = false;
        }}
      ></cp-team-name-dialog>
    `;
  }

  /** What a guest makes is lost with the browser's memory of them: a team is made for longer. */
  #createButton() {
    if (session.user?.isAnonymous) return nothing;
    return html`<button
      class="button primary"
      @click=${() => {
        this.creates = true;
      }}
    >
      ${icon('plus')}New team
    </button>`;
  }

  #failureNotice() {
    if (this.failure === '') return nothing;
    return html`
      <div class="notice danger" role="alert">
        ${icon('wifiOff')}
        <p>${this.failure}${this.teams ? ' What you see below may be out of date.' : ''}</p>
        <button class="button small" @click=${() => this.#load()}>Try again</button>
      </div>
    `;
  }

  #announcement(): string {
    if (this.teams === null) return this.loading ? 'Loading teams' : '';
    return this.loading ? '' : counted(this.teams.length, 'team');
  }

  #list() {
    if (this.teams === null) return this.loading ? planRowSkeleton() : nothing;
    if (this.teams.length === 0)
      return this.archived ? html`<p class="nothing-found">No team is archived.</p>` : this.#first();
    return html`
      <ul class="plan-list" aria-busy=${this.loading ? 'true' : 'false'}>
        ${repeat(
          this.teams,
          ({ id }) => id,
          (team) => this.#row(team),
        )}
      </ul>
      ${this.#archiveLine()}
    `;
  }

  #row({ id, name, role, members, plans }: Team) {
    return html`
      <li class="plan-row">
        <div class="plan-main">
          <h2 class="plan-title" dir="auto"><a href=${href.team(id)}>${name}</a></h2>
          <ul class="plan-facts">
            <li><span class="tag">${ROLE_LABEL[role]}</span></li>
            <li>${counted(members, 'person', 'people')}</li>
            <li>${plans === 0 ? 'No plan yet' : counted(plans, 'plan')}</li>
          </ul>
        </div>
      </li>
    `;
  }

  #first() {
    return html`
      <section class="first-steps" aria-labelledby="first-team-heading">
        <h2 id="first-team-heading">Plans that belong to many</h2>
        <p class="lead">
          A team owns plans together: an assembly, a working group, an association. Who joins it can open all of its plans, in the role they
          have in the team. Who leaves it leaves its plans, and the plans stay.
        </p>
        <p>
          ${
            session.user?.isAnonymous
              ? html`To make a team you need an account. <a href=${href.account}>Keep what you have as an account</a>: you lose nothing.`
              : 'Make a team, invite the others by e-mail or with a link, and write the first plan in it or bring in one you have.'
          }
        </p>
      </section>
      ${this.#archiveLine()}
    `;
  }

  #archiveLine() {
    if (this.archived) return nothing;
    return html`<p class="aside teams-archive">
      Looking for a team that was archived? <button class="link-button" @click=${() => this.#show(true)}>Look in the archive</button>
    </p>`;
  }
}
