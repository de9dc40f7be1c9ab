/** `<cp-team-page>`: a team's plans, its people, and how others come in. */
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import type WaDropdownItem from '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import type { WaSelectEvent } from '@awesome.me/webawesome/dist/events/select.js';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PlanSummary } from '../../shared/api.ts';
import { may } from '../../shared/roles.ts';
import type { Link, Member } from '../../shared/sharing-api.ts';
import type { Team } from '../../shared/teams-api.ts';
import { api, explain } from '../api.ts';
import { icon } from '../icons.ts';
import { ROLE_MEANING } from '../labels.ts';
import { filterSearch } from '../plan-filter.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { type Sharing, teamSharing } from '../sharing.ts';
import { teamsApi } from '../teams.ts';
import { showToast } from '../toasts.ts';
import { LightElement } from './light-element.ts';
import './new-plan-dialog.ts';
import { planRow } from './plan-row.ts';
import './share-invite.ts';
import './share-links.ts';
import './share-members.ts';
import './team-name-dialog.ts';

@customElement('cp-team-page')
export class TeamPage extends LightElement {
  @property({ attribute: 'team-id' }) teamId = '';
  @state() private team: Team | null = null;
  @state() private plans: readonly PlanSummary[] = [];
  @state() private members: readonly Member[] = [];
  @state() private links: readonly Link[] = [];
  @state() private failure = '';
  @state() private shows: 'name' | 'new-plan' | null = null;
  #sharing: Sharing = teamSharing('');
  #request: AbortController | null = null;
  readonly #refresh = () => {
    if (document.visibilityState === 'visible') void this.#load();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('online', this.#refresh);
    document.addEventListener('visibilitychange', this.#refresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('online', this.#refresh);
    document.removeEventListener('visibilitychange', this.#refresh);
    this.#request?.abort();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('teamId')) return;
    this.#sharing = teamSharing(this.teamId);
    this.team = null;
    void this.#load();
  }

  async #load(): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    const { teamId } = this;
    try {
      const team = await teamsApi.team(teamId, request.signal);
      const [{ members }, { plans }, { links }] = await Promise.all([
        this.#sharing.members(),
        api.plans({ team: teamId }, request.signal),
        may(team.role, 'share') ? this.#sharing.links() : { links: [] },
      ]);
      if (request.signal.aborted) return;
      Object.assign(this, { team, plans, members, links, failure: '' });
      document.title = `${team.name} · Commonplan`;
    } catch (error) {
      if (!request.signal.aborted) this.failure = explain(error);
    }
  }

  async #archive(archived: boolean): Promise<void> {
    try {
      this.team = await teamsApi.patchTeam(this.teamId, { archived });
      const { name } = this.team;
      showToast({ text: archived ? `The team “${name}” is in the archive.` : `The team “${name}” is in use again.` });
    } catch (error) {
      showToast({ text: explain(error), failed: true });
    }
  }

  async #archivePlan(plan: PlanSummary, archived: boolean): Promise<void> {
    try {
      await api.archivePlan(plan.id, archived);
      showToast({
        text: archived ? `“${plan.title}” is in the archive.` : `“${plan.title}” is back among the plans.`,
        action: { label: 'Undo', run: () => void this.#archivePlan(plan, !archived) },
      });
    } catch (error) {
      showToast({ text: explain(error), failed: true });
    }
    await this.#load();
  }

  #choose(event: WaSelectEvent): void {
    const { value } = event.detail.item as WaDropdownItem;
    if (value === 'rename') this.shows = 'name';
    if (value === 'archive') void this.#archive(true);
  }

  override render() {
    return html`
      <main id="main" class="page team" tabindex="-1">
        <a class="back" href=${href.teams}>${icon('chevronLeft')}Teams</a>
        ${this.team ? this.#content(this.team) : this.#waiting()}
      </main>
    `;
  }

  #waiting() {
    if (this.failure === '') {
      return html`<div class="page-loading" role="status"><span class="spinner"></span><span class="visually-hidden">Loading</span></div>`;
    }
    return html`<h1>Team</h1>${this.#failureNotice()}`;
  }

  #failureNotice() {
    if (this.failure === '') return nothing;
    return html`<div class="notice danger" role="alert">
      ${icon('circleAlert')}
      <p>${this.failure}${this.team ? ' What you see below may be out of date.' : ''}</p>
      <button class="button small" @click=${() => this.#load()}>Try again</button>
    </div>`;
  }

  #content(team: Team) {
    const archived = team.archivedAt !== null;
    const shares = may(team.role, 'share') && !archived;
    const reload = () => void this.#changed();
    return html`
      <div class="plans-head">
        <div>
          <h1 dir="auto">${team.name}</h1>
          <p class="aside">You ${ROLE_MEANING[team.role]} here, and in every plan of the team.</p>
        </div>
        ${may(team.role, 'manage') ? this.#menu(archived) : nothing}
      </div>
      ${this.#failureNotice()}
      ${archived ? html`<div class="notice">${icon('archive')}<p>This team is in the archive. Its plans can be read by those who are in it.</p></div>` : nothing}
      ${this.#planList(team, archived)}
      <div class="share">
        <h2 class="visually-hidden">People</h2>
        <cp-share-members .sharing=${this.#sharing} .members=${this.members} .shares=${shares} @cp-changed=${reload}></cp-share-members>
        ${shares ? html`<cp-share-invite .sharing=${this.#sharing} @cp-changed=${reload}></cp-share-invite>` : nothing}
        ${shares ? html`<cp-share-links .sharing=${this.#sharing} .links=${this.links} @cp-changed=${reload}></cp-share-links>` : nothing}
      </div>
      <cp-team-name-dialog ?open=${this.shows === 'name'} .team=${team} @cp-named=${reload} @cp-close=${this.#close}></cp-team-name-dialog>
      <cp-new-plan-dialog ?open=${this.shows === 'new-plan'} .teams=${[team]} .team=${team.id} @cp-close=${this.#close}></cp-new-plan-dialog>
    `;
  }

  readonly #close = (): void => {
    this.shows = null;
  };

  /** Who has left the team, or was removed meanwhile, finds nothing here any more. */
  async #changed(): Promise<void> {
    await this.#load();
    if (this.failure !== '') await router.go(href.teams, { replace: true });
  }

  #menu(archived: boolean) {
    if (archived) {
      return html`<button class="button" @click=${() => this.#archive(false)}>${icon('archiveRestore')}Bring back</button>`;
    }
    return html`
      <wa-dropdown placement="bottom-end" @wa-select=${this.#choose}>
        <button slot="trigger" class="button quiet icon-only" aria-label="More for this team">${icon('ellipsis')}</button>
        <wa-dropdown-item value="rename"><span slot="icon">${icon('pencil')}</span>Rename …</wa-dropdown-item>
        <wa-dropdown-item value="archive"><span slot="icon">${icon('archive')}</span>Archive this team</wa-dropdown-item>
      </wa-dropdown>
    `;
  }

  #planList(team: Team, archived: boolean) {
    const makes = may(team.role, 'write') && !archived;
    return html`
      <section class="team-plans" aria-labelledby="team-plans-heading">
        <div class="section-head">
          <h2 id="team-plans-heading">Plans</h2>
          ${
            makes
              ? html`<button
                class="button"
                @click=${() => {
                  this.shows = 'new-plan';
                }}
              >
                ${icon('plus')}New plan in this team
              </button>`
              : nothing
          }
        </div>
        ${
          this.plans.length === 0
            ? html`<p class="nothing-found">This team has no plan in use.</p>`
            : html`<ul class="plan-list">
              ${repeat(
                this.plans,
                ({ id }) => id,
                (plan) =>
                  planRow(plan, { archive: (archived) => void this.#archivePlan(plan, archived) }, { ofTeam: true }),
              )}
            </ul>`
        }
        <p class="aside teams-archive">
          <a href="${href.plans}${filterSearch({ q: '', stream: null, team: team.id, shelf: 'archived' })}">Archived plans of this team</a>
        </p>
      </section>
    `;
  }
}
