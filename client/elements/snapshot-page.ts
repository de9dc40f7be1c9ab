/** `<cp-snapshot-page>`: one snapshot to read, as the finished document it would make; who wrote what; the way to the ones beside it. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { SnapshotContent } from '../../shared/api.ts';
import type { NodeJSON } from '../../shared/compare/comparison.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { api } from '../api.ts';
import { HistoryController, isRefusal } from '../history/history-controller.ts';
import { snapshotTitle } from '../history/snapshot-words.ts';
import { icon } from '../icons.ts';
import { contents, land } from '../reading/contents.ts';
import { type LookedAt, markPassages, placeBeside } from '../reading/passages.ts';
import { headingId, type ReadHeading, type Reading, renderReading } from '../reading/render.ts';
import { RetryController } from '../retry-controller.ts';
import { href } from '../routes.ts';
import '../styles/reading.css';
import './export-dialog.ts';
import { historyHeader } from './history-header.ts';
import { LightElement } from './light-element.ts';
import type { JumpEvent } from './outline.ts';
import './outline.ts';
import { planStopped } from './plan-stopped.ts';
import './restore-dialog.ts';
import { snapshotCard } from './snapshot-card.ts';
import { snapshotFailed } from './snapshot-failed.ts';
import { snapshotTitlePage } from './snapshot-title-page.ts';

/** A heading this far (px) below the top of the window is being read. */
const READING_LINE = 140;

@customElement('cp-snapshot-page')
export class SnapshotPage extends LightElement {
  @property({ attribute: 'plan-id' }) planId = '';
  @property({ type: Number }) number = 0;
  @state() private answer: SnapshotContent | null = null;
  @state() private failure: unknown = null;
  @state() private marked = false;
  @state() private reading = -1;
  @state() private headings: readonly ReadHeading[] = [];
  @state() private notes = 0;
  @state() private restoring = false;
  @state() private exporting = false;
  @state() private looked: LookedAt | null = null;
  readonly #history = new HistoryController(this);
  #request: AbortController | null = null;
  #unmark: () => void = () => undefined;
  /** The person has gone from another version to this one. */
  #turned = false;
  readonly #scrolled = (): void => {
    requestAnimationFrame(() => {
      this.#follow();
      this.#placeName();
    });
  };

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
    window.addEventListener('scroll', this.#scrolled, { passive: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('scroll', this.#scrolled);
    this.#request?.abort();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('planId')) this.#history.open(this.planId);
    if (changed.has('planId') || changed.has('number')) void this.#load();
    if (changed.has('number') && this.hasUpdated) this.#turned = true;
  }

  async #load(): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.answer = null;
    this.failure = null;
    this.headings = [];
    this.notes = 0;
    try {
      const answer = await api.snapshot(this.planId, this.number, request.signal);
      if (request.signal.aborted) return;
      this.answer = answer;
      document.title = `Snapshot ${this.number}: ${snapshotTitle(answer.snapshot)} · ${answer.frontMatter.title || 'Untitled plan'} · Commonplan`;
    } catch (error) {
      if (!request.signal.aborted) this.failure = error;
    }
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if ((changed.has('answer') || changed.has('marked')) && this.answer) this.#draw(this.answer, changed.has('answer'));
    if (changed.has('looked')) this.#placeName();
  }

  #draw(answer: SnapshotContent, first: boolean): void {
    const reading: Reading = renderReading(answer.content as unknown as NodeJSON, this.marked ? answer : null);
    this.querySelector('.reading-text')?.replaceChildren(reading.blocks);
    this.querySelector('.notes-list')?.replaceChildren(...reading.notes);
    this.looked = null;
    this.#unmark();
    const sheet = this.querySelector<HTMLElement>('.reading-sheet');
    if (this.marked && sheet)
      this.#unmark = markPassages(sheet, reading.passages, answer.people, (looked) => {
        this.looked = looked;
      });
    this.headings = reading.headings;
    this.notes = reading.notes.length;
    if (first && location.hash.length > 1) void land(document.getElementById(location.hash.slice(1)));
    // The heading that had the focus went when the version before was taken away.
    else if (first && this.#turned) this.querySelector<HTMLElement>('#snapshot-title')?.focus({ preventScroll: true });
    this.#follow();
  }

  #jump(event: JumpEvent): void {
    void land(document.getElementById(headingId(event.pos)));
  }

  /** The last heading above the line: log n measurements. */
  #follow(): void {
    let low = 0;
    let high = this.headings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const heading = document.getElementById(headingId(this.headings[middle]?.pos ?? -1));
      if (heading && heading.getBoundingClientRect().top <= READING_LINE) low = middle + 1;
      else high = middle;
    }
    this.reading = low - 1;
  }

  #placeName(): void {
    const card = this.querySelector<HTMLElement>('.passage-name');
    if (card && this.looked) placeBeside(card, this.looked);
  }

  override render() {
    const { planId, number, answer, failure } = this;
    const { plan, list } = this.#history;
    if (isRefusal(this.#history.failure)) return planStopped(this.#history.failure);
    const listed = list?.snapshots ?? [];
    // The newest first. One that was thinned out is not among them, its neighbours are.
    const before = listed.find((each) => each.number < number)?.number;
    const after = listed.findLast((each) => each.number > number)?.number;
    const newerSchema = answer !== null && answer.schema > SCHEMA_VERSION;
    return html`
      <div class="history-page snapshot-page" @cp-jump=${this.#jump}>
        ${historyHeader({ planId, planTitle: plan?.title ?? '', here: `Snapshot ${number}`, actions: html`${this.#markButton()}${this.#neighbours(before, after)}` })}
        ${
          failure || newerSchema
            ? snapshotFailed({ planId, number, failure, before, after, retry: () => this.#load() })
            : html`
              <div class="plan-columns">
                <nav class="plan-outline" aria-label="Outline">
                  ${this.headings.length > 0 ? html`<cp-outline .headings=${this.headings} .reading=${this.reading}></cp-outline>` : nothing}
                </nav>
                <main id="main" class="snapshot-main" tabindex="-1" aria-busy=${answer ? 'false' : 'true'}>
                  ${answer ? this.#document(answer, before) : skeleton}
                </main>
              </div>
            `
        }
        <div class="passage-name" aria-hidden="true" ?hidden=${this.looked === null}>${this.looked?.words ?? ''}</div>
        <cp-restore-dialog
          .planId=${planId}
          .snapshot=${answer?.snapshot ?? null}
          ?open=${this.restoring}
          @cp-close=${() => {
            this.restoring = false;
          }}
        ></cp-restore-dialog>
        <cp-export-dialog
          .planId=${planId}
          .snapshot=${number}
          ?open=${this.exporting}
          @cp-close=${() => {
            this.exporting = false;
          }}
        ></cp-export-dialog>
      </div>
    `;
  }

  /** Stands in the line that stays on top: marks are switched off where they are in the way. */
  #markButton() {
    if (!this.answer) return nothing;
    const toggle = (): void => {
      this.marked = !this.marked;
    };
    return html`<button class="button quiet mark-button" aria-pressed=${this.marked ? 'true' : 'false'} aria-label="Who wrote what" title="Who wrote what" @click=${toggle}>
      ${icon('usersRound')}<span class="wide-only">Who wrote what</span>
    </button>`;
  }

  #neighbours(before: number | undefined, after: number | undefined) {
    const { planId } = this;
    const link = (to: number | undefined, name: string, sign: 'chevronLeft' | 'chevronRight') =>
      to === undefined
        ? html`<span class="button quiet icon-only" aria-disabled="true" title="No ${name.toLowerCase()} snapshot">${icon(sign)}</span>`
        : html`<a class="button quiet icon-only" href=${href.snapshot(planId, to)} aria-label="${name} snapshot, ${to}" title="${name} snapshot">${icon(sign)}</a>`;
    return html`${link(before, 'Older', 'chevronLeft')}${link(after, 'Newer', 'chevronRight')}`;
  }

  #document(answer: SnapshotContent, before: number | undefined) {
    const { snapshot, people, frontMatter } = answer;
    const { language } = frontMatter;
    return html`
      ${snapshotCard({
        planId: this.planId,
        snapshot,
        people,
        before,
        mayWrite: this.#history.mayWrite,
        restore: () => {
          this.restoring = true;
        },
        exportIt: () => {
          this.exporting = true;
        },
      })}
      <article class="plan-sheet reading-sheet ${this.marked ? 'who-wrote' : ''}">
        ${snapshotTitlePage(frontMatter)}
        ${contents(this.headings, language)}
        ${snapshot.words === 0 ? html`<p class="no-text">There is no text in this snapshot.</p>` : nothing}
        <div class="prose reading-text" lang=${language}></div>
        <section class="footnotes" aria-label="Notes" ?hidden=${this.notes === 0}><ol class="notes-list" lang=${language}></ol></section>
      </article>
    `;
  }
}

const skeleton = html`
  <h1 class="visually-hidden">Opening the snapshot</h1>
  <div class="plan-sheet"><div class="skeleton" aria-hidden="true">${Array.from({ length: 11 }, () => html`<span></span>`)}</div></div>
`;
