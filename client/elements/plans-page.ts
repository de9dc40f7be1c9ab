/** `<cp-plans-page>`: my plans and those shared with me; find one, begin one, bring one in. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PlanSummary } from '../../shared/api.ts';
import { may } from '../../shared/roles.ts';
import { STREAMS } from '../../shared/schema/front-matter.ts';
import type { Team } from '../../shared/teams-api.ts';
import { api, explain } from '../api.ts';
import { icon } from '../icons.ts';
import { STREAM_LABEL } from '../labels.ts';
import { isFiltered, type PlanFilter, readFilter, toQuery, writeFilter } from '../plan-filter.ts';
import { router } from '../router.ts';
import { teamsApi } from '../teams.ts';
import { showToast } from '../toasts.ts';
import './import-dialog.ts';
import { LightElement } from './light-element.ts';
import './new-plan-dialog.ts';
import { planRow, planRowSkeleton } from './plan-row.ts';
import './plan-team-dialog.ts';
import { firstSteps } from './plans-empty.ts';
import { teamsToWriteIn } from './team-choice.ts';

/** Milliseconds without a key before a search is sent. */
const SEARCH_PAUSE = 250;

const SHELVES = [
  { shelf: 'all', label: 'All' },
  { shelf: 'mine', label: 'Mine' },
  { shelf: 'shared', label: 'Shared with me' },
  { shelf: 'archived', label: 'Archived' },
] as const;

@customElement('cp-plans-page')
export class PlansPage extends LightElement {
  @state() private filter: PlanFilter = readFilter(location.search);
  @state() private plans: readonly PlanSummary[] | null = null;
  @state() private teams: readonly Team[] = [];
  /** Whose plan it shall be is asked about this one. */
  @state() private moves: PlanSummary | null = null;
  @state() private loading = true;
  @state() private failure = '';
  @state() private creates: { template?: string } | null = null;
  @state() private imports: { file?: File } | null = null;
  @state() private dragged = false;

  #request: AbortController | null = null;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #refresh = () => {
    if (document.visibilityState === 'visible') void this.#load();
  };

  /** A link to the plans that is followed on the plans, e.g. the wordmark, shows what its address says. */
  readonly #routed = () => {
    this.filter = readFilter(location.search);
    void this.#load();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    router.addEventListener('route', this.#routed);
    window.addEventListener('online', this.#refresh);
    document.addEventListener('visibilitychange', this.#refresh);
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    router.removeEventListener('route', this.#routed);
    window.removeEventListener('online', this.#refresh);
    document.removeEventListener('visibilitychange', this.#refresh);
    clearTimeout(this.#searchTimer);
    this.#request?.abort();
  }

  /** The newest question wins: an older answer that comes late is dropped. */
  async #load(): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.loading = true;
    try {
      const [{ plans }, { teams }] = await Promise.all([
        api.plans(toQuery(this.filter), request.signal),
        teamsApi.teams({}, request.signal),
      ]);
      this.teams = teams;
      this.plans = [...plans].sort((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt));
      this.failure = '';
    } catch (error) {
      if (request.signal.aborted) return;
      this.failure = explain(error);
    }
    this.loading = false;
  }

  #narrow(change: Partial<PlanFilter>, pause = 0): void {
    this.filter = { ...this.filter, ...change };
    writeFilter(this.filter);
    clearTimeout(this.#searchTimer);
    if (pause === 0) void this.#load();
    else this.#searchTimer = setTimeout(() => void this.#load(), pause);
  }

  async #archive(plan: PlanSummary, archived: boolean): Promise<void> {
    try {
      await api.archivePlan(plan.id, archived);
      await this.#load();
      showToast({
        text: archived ? `“${plan.title}” is in the archive.` : `“${plan.title}” is back among the plans.`,
        action: { label: 'Undo', run: () => void this.#archive(plan, !archived) },
      });
    } catch (error) {
      showToast({ text: explain(error), failed: true });
    }
  }

  #drag(event: DragEvent, over: boolean): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.dragged = over;
  }

  #drop(event: DragEvent): void {
    this.#drag(event, false);
    const file = event.dataTransfer?.files[0];
    if (file) this.imports = { file };
  }

  override render() {
    const begins = this.plans?.length === 0 && !isFiltered(this.filter) && this.failure === '';
    return html`
      <main
        id="main"
        class="page plans ${this.dragged ? 'dragged' : ''}"
        tabindex="-1"
        @dragover=${(event: DragEvent) => this.#drag(event, true)}
        @dragleave=${(event: DragEvent) => this.#drag(event, (event.currentTarget as Element).contains(event.relatedTarget as Node | null))}
        @drop=${this.#drop}
      >
        <div class="plans-head">
          <h1>Plans</h1>
          <div class="actions">
            <button class="button" @click=${() => this.#import()}>${icon('fileUp')}Import</button>
            <button class="button primary" @click=${() => this.#create()}>${icon('plus')}New plan</button>
          </div>
        </div>
        ${begins ? nothing : this.#filters()} ${this.#failureNotice()}
        <p class="visually-hidden" role="status">${this.#announcement()}</p>
        ${begins ? firstSteps({ create: (template) => this.#create(template), import: () => this.#import(), archive: () => this.#narrow({ shelf: 'archived' }) }) : this.#list()}
      </main>
      <cp-new-plan-dialog
        ?open=${this.creates !== null}
        .template=${this.creates?.template ?? ''}
        .teams=${this.teams}
        .team=${this.filter.team}
        @cp-close=${() => {
          this.creates = null;
        }}
      ></cp-new-plan-dialog>
      <cp-import-dialog
        ?open=${this.imports !== null}
        .file=${this.imports?.file ?? null}
        .teams=${this.teams}
        .team=${this.filter.team}
        @cp-close=${() => {
          this.imports = null;
        }}
      ></cp-import-dialog>
      <cp-plan-team-dialog
        ?open=${this.moves !== null}
        .plan=${this.moves}
        .teams=${this.teams}
        @cp-moved=${(event: CustomEvent<PlanSummary>) => this.#moved(event.detail)}
        @cp-close=${() => {
          this.moves = null;
        }}
      ></cp-plan-team-dialog>
    `;
  }

  #moved({ title, team }: PlanSummary): void {
    showToast({ text: team ? `“${title}” belongs to ${team.name} now.` : `“${title}” is your own now.` });
    void this.#load();
  }

  /** A team lets its plans go only by an owner of it. */
  #mayMove({ role, team, archivedAt }: PlanSummary): boolean {
    if (!may(role, 'manage') || archivedAt !== null) return false;
    if (team) return this.teams.some(({ id, role }) => id === team.id && role === 'owner');
    return teamsToWriteIn(this.teams).length > 0;
  }

  #create(template?: string): void {
    this.creates = template === undefined ? {} : { template };
  }

  #import(): void {
    this.imports = {};
  }

  #filters() {
    return html`
      <div class="filters">
        <fieldset class="shelves">
          <legend class="visually-hidden">Which plans</legend>
          ${SHELVES.map(
            ({ shelf, label }) => html`
              <label>
                <input type="radio" name="shelf" .checked=${this.filter.shelf === shelf} @change=${() => this.#narrow({ shelf })} />
                <span>${label}</span>
              </label>
            `,
          )}
        </fieldset>
        <div class="search" role="search">
          ${icon('search')}
          <input
            class="input"
            type="search"
            aria-label="Search in titles, places and keywords"
            placeholder="Search"
            maxlength="200"
            .value=${this.filter.q}
            @input=${(event: Event) => this.#narrow({ q: (event.target as HTMLInputElement).value }, SEARCH_PAUSE)}
          />
        </div>
        <select
          class="select"
          aria-label="Stream"
          @change=${(event: Event) => this.#narrow({ stream: STREAMS.find((stream) => stream === (event.target as HTMLSelectElement).value) ?? null })}
        >
          <option value="" ?selected=${this.filter.stream === null}>Every stream</option>
          ${STREAMS.map((stream) => html`<option value=${stream} ?selected=${this.filter.stream === stream}>${STREAM_LABEL[stream]}</option>`)}
        </select>
        ${this.#teamFilter()}
      </div>
    `;
  }

  #teamFilter() {
    const { team } = this.filter;
    if (this.teams.length === 0) return nothing;
    return html`
      <select class="select" aria-label="Team" @change=${(event: Event) => this.#narrow({ team: (event.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${team === ''}>Every team</option>
        ${this.teams.map(({ id, name }) => html`<option value=${id} ?selected=${id === team}>${name}</option>`)}
      </select>
    `;
  }

  #failureNotice() {
    if (this.failure === '') return nothing;
    return html`
      <div class="notice danger" role="alert">
        ${icon('wifiOff')}
        <p>${this.failure}${this.plans ? ' What you see below may be out of date.' : ''}</p>
        <button class="button small" @click=${() => this.#load()}>Try again</button>
      </div>
    `;
  }

  #announcement(): string {
    if (this.loading) return this.plans === null ? 'Loading plans' : '';
    if (this.plans === null) return '';
    return this.plans.length === 1 ? '1 plan' : `${this.plans.length} plans`;
  }

  #list() {
    if (this.plans === null) return this.loading ? planRowSkeleton() : nothing;
    if (this.plans.length === 0) return this.#nothingFound();
    return html`
      <ul class="plan-list" aria-busy=${this.loading ? 'true' : 'false'}>
        ${repeat(
          this.plans,
          (plan) => plan.id,
          (plan) =>
            planRow(plan, {
              archive: (archived) => void this.#archive(plan, archived),
              move: this.#mayMove(plan)
                ? () => {
                    this.moves = plan;
                  }
                : undefined,
            }),
        )}
      </ul>
    `;
  }

  #nothingFound() {
    const { q, stream, team, shelf } = this.filter;
    const searches = q.trim() !== '' || stream !== null || team !== '';
    const words = searches
      ? 'No plan matches this search.'
      : {
          all: '',
          mine: 'You own no plan yet.',
          shared: 'Nobody has shared a plan with you yet.',
          archived: 'The archive is empty.',
        }[shelf];
    return html`
      <div class="nothing-found">
        <p>${words}</p>
        ${
          searches
            ? html`<button class="button" @click=${() => this.#narrow({ q: '', stream: null, team: '' })}>Show all again</button>`
            : nothing
        }
      </div>
    `;
  }
}
