/** `<cp-compare-page>`: two versions of a plan compared in its own text, with ways from change to change and back to what was. */
import '@awesome.me/webawesome/dist/components/drawer/drawer.js';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ComparisonAnswer, RedlineFormat } from '../../shared/api.ts';
import { api, explain } from '../api.ts';
import { downloadRedline } from '../compare/download.ts';
import { type ChangeFilter, EVERYTHING, matching, narrows } from '../compare/filter.ts';
import { letterKeys, moveOf } from '../compare/letter-keys.ts';
import type { Pointed } from '../compare/pointing.ts';
import { type Reach, reaches } from '../compare/reach.ts';
import { Reviewer } from '../compare/reviewer.ts';
import { type Survey, survey } from '../compare/survey.ts';
import { HistoryController } from '../history/history-controller.ts';
import { icon } from '../icons.ts';
import { RetryController } from '../retry-controller.ts';
import type { ComparedTo } from '../routes.ts';
import '../styles/compare.css';
import { showToast } from '../toasts.ts';
import './compare-card.ts';
import type { ChangeCard } from './compare-card.ts';
import './compare-ends.ts';
import { compareFrontMatter } from './compare-front-matter.ts';
import './compare-keys-dialog.ts';
import './compare-list.ts';
import { compareStopped } from './compare-stopped.ts';
import './compare-tools.ts';
import type { Layout } from './compare-tools.ts';
import { historyHeader } from './history-header.ts';
import { LightElement } from './light-element.ts';
import './put-back-dialog.ts';
import './restore-dialog.ts';

/** Two columns of text need this much room. */
const WIDE = matchMedia('(min-width: 60rem)');

/** What the reader has set. */
interface View {
  filter: ChangeFilter;
  layout: Layout;
  unfolded: boolean;
  shown: 'list' | 'keys' | 'restore' | null;
  putsBack: Reach | null;
}

@customElement('cp-compare-page')
export class ComparePage extends LightElement {
  @property({ attribute: 'plan-id' }) planId = '';
  @property({ type: Number }) from = 0;
  @property() to: ComparedTo = 'now';
  @state() private answer: ComparisonAnswer | null = null;
  @state() private failure: unknown = null;
  /** Whether the server can write PDF. */
  @state() private printable = false;
  @state() private filter: ChangeFilter = EVERYTHING;
  @state() private layout: Layout = 'unified';
  @state() private unfolded = false;
  @state() private wide = WIDE.matches;
  /** The change that was gone to last. */
  @state() private current: number | null = null;
  @state() private pointed: Pointed | null = null;
  @state() private shown: View['shown'] = null;
  @state() private putsBack: Reach | null = null;
  readonly #history = new HistoryController(this);
  #survey: Survey | null = null;
  #numbers: readonly number[] = [];
  #request: AbortController | null = null;
  #reviewer: Reviewer | null = null;
  readonly #widened = (): void => {
    this.wide = WIDE.matches;
  };
  readonly #addressed = (): void => this.#goToAddressed();
  readonly #pressed = (event: KeyboardEvent): void => this.#key(event);

  constructor() {
    super();
    new RetryController(
      this,
      () => this.failure,
      () => void this.#load(),
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    WIDE.addEventListener('change', this.#widened);
    window.addEventListener('hashchange', this.#addressed);
    document.addEventListener('keydown', this.#pressed);
    if (this.hasUpdated) void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    WIDE.removeEventListener('change', this.#widened);
    window.removeEventListener('hashchange', this.#addressed);
    document.removeEventListener('keydown', this.#pressed);
    this.#request?.abort();
    this.#clear();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('planId')) this.#history.open(this.planId);
    if (changed.has('planId') || changed.has('from') || changed.has('to')) {
      this.answer = null;
      this.filter = EVERYTHING;
      this.current = null;
      void this.#load();
    }
    if (changed.has('answer')) this.#survey = this.answer && survey(this.answer);
    if (changed.has('answer') || changed.has('filter'))
      this.#numbers = this.answer ? matching(this.answer.changes, this.filter) : [];
    if (this.#history.plan)
      document.title = `${this.#history.plan.title || 'Untitled plan'}: what changed · Commonplan`;
  }

  /** The newest question wins. What is shown stays until the answer has come. */
  async #load(): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.failure = null;
    try {
      const compared = api.compare(this.planId, this.from, this.to, request.signal);
      const [answer, { formats }] = await Promise.all([compared, api.exportFormats()]);
      request.signal.throwIfAborted();
      this.answer = answer;
      this.printable = formats.includes('pdf');
      this.pointed = null;
      this.current = null;
    } catch (error) {
      if (!request.signal.aborted) this.failure = error;
    }
  }

  get #layout(): Layout {
    return this.wide ? this.layout : 'unified';
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    const sheet = this.querySelector<HTMLElement>('.comparison');
    const map = this.querySelector<HTMLElement>('.change-map');
    if (!this.answer || !sheet || !map || !this.#survey) this.#clear();
    else if (this.#reviewer?.answer !== this.answer) {
      const again = this.#reviewer !== null;
      const place = this.#reviewer?.place();
      this.#clear();
      const places = { sheet, map, card: () => this.#card };
      this.#reviewer = new Reviewer(places, this.answer, this.#survey, this.#view, (pointed) => this.#point(pointed));
      if (place) this.#reviewer.resume(place);
      if (!again) this.#goToAddressed();
    } else if (['filter', 'layout', 'unfolded', 'wide'].some((name) => changed.has(name)))
      this.#reviewer.show(this.#view);
  }

  get #view() {
    return { layout: this.#layout, matters: new Set(this.#numbers), unfolded: this.unfolded };
  }

  #clear(): void {
    this.#reviewer?.destroy();
    this.#reviewer = null;
  }

  get #card(): ChangeCard | null {
    return this.querySelector('cp-change-card');
  }

  #point(pointed: Pointed | null): void {
    this.pointed?.anchor.removeAttribute('aria-describedby');
    this.pointed = pointed;
    if (!pointed) return;
    pointed.anchor.setAttribute('aria-describedby', 'change-card-words');
    if (pointed.held && this.#numbers.includes(pointed.change)) this.current = pointed.change;
  }

  /** An address that ends in #change-12 opens at that change, whatever the filter. */
  #goToAddressed(): void {
    const change = Number(/^#change-(\d+)$/.exec(location.hash)?.[1] ?? 0) - 1;
    if (!this.answer?.changes[change]) return;
    if (!this.#numbers.includes(change)) this.filter = EVERYTHING;
    void this.updateComplete.then(() => this.#reviewer?.go(change));
  }

  #key(event: KeyboardEvent): void {
    if (this.shown !== null || this.putsBack) return;
    if (event.key === 'Escape' && this.pointed) {
      // From the card back to the change first.
      if (this.#card?.contains(document.activeElement)) this.pointed.anchor.focus({ preventScroll: true });
      else this.#reviewer?.release();
      return;
    }
    if (event.key === 'Enter' && event.target === this.pointed?.anchor) this.#card?.querySelector('button')?.focus();
    else {
      const move = moveOf(event, letterKeys());
      if (move === null) return;
      if (move === 'help') this.shown = 'keys';
      else this.#reviewer?.step(move === 'next' ? 1 : -1);
    }
    event.preventDefault();
  }

  async #copyLink(): Promise<void> {
    const url = new URL(location.href);
    url.hash = `change-${(this.pointed?.change ?? 0) + 1}`;
    try {
      await navigator.clipboard.writeText(url.href);
      showToast({ text: 'The link to this change is copied.' });
    } catch {
      // No permission to use the clipboard: the address bar has it then.
      history.replaceState(history.state, '', url.hash);
      showToast({ text: 'The link to this change is in the address bar.' });
    }
  }

  /** The plan has changed: what compares with it is out of date. */
  #restored(): void {
    this.#history.reloadSoon();
    if (this.to === 'now') void this.#load();
  }

  override render() {
    const { answer, planId } = this;
    const plan = this.#history.plan;
    return html`
      <div class="compare-page">
        ${historyHeader({ planId, planTitle: plan?.title ?? '', here: 'What changed' })}
        <main id="main" class="compare-main" tabindex="-1" aria-busy=${answer || this.failure ? 'false' : 'true'}>
          <h1 class="compare-title" tabindex="-1">What changed in ${plan?.title || 'this plan'}</h1>
          <cp-compare-ends .planId=${planId} .from=${this.from} .to=${this.to} .answer=${answer} .list=${this.#history.list}></cp-compare-ends>
          ${answer ? this.#compared(answer) : this.failure ? compareStopped(planId, this.failure, () => void this.#load()) : skeleton}
        </main>
      </div>
    `;
  }

  #compared(answer: ComparisonAnswer) {
    const { changes, frontMatter } = answer;
    if (changes.length === 0 && frontMatter.length === 0)
      return html`${this.#stale(answer)}<div class="compare-nothing"><p><strong>Nothing differs between these two versions.</strong></p><p>They have the same text, and the same words about the plan.</p></div>`;
    const at = this.current === null ? -1 : this.#numbers.indexOf(this.current);
    return html`
      <cp-compare-tools
        .answer=${answer}
        .filter=${this.filter}
        .at=${at < 0 ? null : at}
        .matching=${this.#numbers.length}
        .layout=${this.#layout}
        .unfolded=${this.unfolded}
        .restores=${this.#history.mayWrite}
        .printable=${this.printable}
        @cp-step=${(event: CustomEvent<1 | -1>) => this.#reviewer?.step(event.detail)}
        @cp-filter=${(event: CustomEvent<ChangeFilter>) => this.#set({ filter: event.detail })}
        @cp-layout=${(event: CustomEvent<Layout>) => this.#set({ layout: event.detail })}
        @cp-unfold=${(event: CustomEvent<boolean>) => this.#set({ unfolded: event.detail })}
        @cp-list=${() => this.#set({ shown: 'list' })}
        @cp-keys=${() => this.#set({ shown: 'keys' })}
        @cp-restore=${() => this.#set({ shown: 'restore' })}
        @cp-redline=${(event: CustomEvent<RedlineFormat>) => void downloadRedline(this.planId, String(this.from), String(this.to), event.detail)}
      ></cp-compare-tools>
      ${this.#stale(answer)}
      <div class="compare-sheet">
        ${compareFrontMatter(answer)}
        ${this.#numbers.length === 0 && narrows(this.filter) ? html`<p class="compare-nothing">No change of this choice.</p>` : nothing}
        ${changes.length === 0 ? html`<p class="compare-nothing">The text itself is the same in both versions.</p>` : nothing}
        <div class="comparison"></div>
      </div>
      <div class="change-map"></div>
      ${this.#floating(answer)}
    `;
  }

  #set(change: Partial<View>): void {
    Object.assign(this, change);
  }

  #stale({ to }: ComparisonAnswer) {
    if (this.failure)
      return html`<div class="notice warn compare-stale" role="alert">
        ${icon('circleAlert')}<p>${explain(this.failure)} What you see may be out of date.</p>
        <button class="button small" @click=${() => this.#load()}>Try again</button>
      </div>`;
    const seq = this.#history.list?.now.seq;
    if (this.to !== 'now' || seq === undefined || seq <= to.seq) return nothing;
    return html`<div class="notice compare-stale" role="status">
      ${icon('info')}<p>The plan has been changed since this comparison was made.</p>
      <button class="button small" @click=${() => this.#load()}>Compare again</button>
    </div>`;
  }

  #floating(answer: ComparisonAnswer) {
    const { pointed, planId } = this;
    const close = (): void => this.#set({ shown: null });
    const restored = (): void => this.#restored();
    const possible =
      this.#history.mayWrite && pointed && this.#survey ? reaches(answer, this.#survey, pointed.change) : [];
    return html`
      <cp-change-card
        .anchor=${pointed?.anchor ?? null}
        .change=${pointed?.change ?? 0}
        .answer=${answer}
        .survey=${this.#survey}
        .reaches=${possible}
        @pointerenter=${() => this.#reviewer?.cardHovered(true)}
        @pointerleave=${() => this.#reviewer?.cardHovered(false)}
        @cp-put-back=${(event: CustomEvent<Reach>) => this.#set({ putsBack: event.detail })}
        @cp-copy-link=${() => void this.#copyLink()}
      ></cp-change-card>
      <wa-drawer label="Changes" class="change-drawer" ?open=${this.shown === 'list'} @wa-after-hide=${close} light-dismiss>
        ${
          this.shown === 'list'
            ? html`<cp-change-list .answer=${answer} .survey=${this.#survey} .numbers=${this.#numbers} .current=${this.current} @cp-go=${(event: CustomEvent<number>) => this.#goFromList(event.detail)}></cp-change-list>`
            : nothing
        }
      </wa-drawer>
      <cp-compare-keys-dialog ?open=${this.shown === 'keys'} @cp-close=${close}></cp-compare-keys-dialog>
      <cp-restore-dialog .planId=${planId} .snapshot=${answer.from.snapshot} ?open=${this.shown === 'restore'} @cp-close=${close} @cp-restored=${restored}></cp-restore-dialog>
      <cp-put-back-dialog
        .planId=${planId}
        .snapshot=${answer.from.snapshot}
        .reach=${this.putsBack}
        ?open=${this.putsBack !== null}
        @cp-close=${() => this.#putBackClosed()}
        @cp-restored=${restored}
      ></cp-put-back-dialog>
    `;
  }

  /** The button that opened the dialog is gone with its card. */
  #putBackClosed(): void {
    this.putsBack = null;
    setTimeout(() => this.#reviewer?.refocus());
  }

  /** The drawer gives the focus back to its button a moment after it has closed: the change gets it after that. */
  #goFromList(change: number): void {
    const closed = (): void => void setTimeout(() => this.#reviewer?.go(change));
    this.querySelector('wa-drawer')?.addEventListener('wa-after-hide', closed, { once: true });
    this.shown = null;
  }
}

const skeleton = html`
  <div class="compare-sheet">
    <p class="visually-hidden" role="status">Comparing the two versions</p>
    <div class="skeleton" aria-hidden="true">${Array.from({ length: 11 }, () => html`<span></span>`)}</div>
  </div>
`;
