/** `<cp-timeline>`: a plan's snapshots by day, of which any two, or one and the plan as it is now, are chosen to be compared. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { SnapshotList, SnapshotSummary } from '../../shared/api.ts';
import { dayName } from '../format.ts';
import { undoRestore } from '../history/restore.ts';
import { snapshotName } from '../history/snapshot-words.ts';
import { isFold, type TimelineDay, type TimelineFold, timelineDays } from '../history/timeline.ts';
import { icon } from '../icons.ts';
import { router } from '../router.ts';
import { type ComparedTo, href } from '../routes.ts';
import { LightElement } from './light-element.ts';
import { choiceBox, chosenTag, foldRow, type RowContext, snapshotRow } from './timeline-row.ts';

/** Fires `cp-restore` with the snapshot that the person wants back. */
export class RestoreEvent extends Event {
  readonly snapshot: SnapshotSummary;
  constructor(snapshot: SnapshotSummary) {
    super('cp-restore');
    this.snapshot = snapshot;
  }
}

/** The live plan is newer than every snapshot. */
const age = (end: ComparedTo): number => (end === 'now' ? Number.POSITIVE_INFINITY : end);

/** What was chosen and unfolded last: so it is again for the one who comes back from a comparison. */
let left: {
  readonly planId: string;
  readonly chosen: readonly ComparedTo[];
  readonly unfolded: ReadonlySet<number>;
} | null = null;

@customElement('cp-timeline')
export class Timeline extends LightElement {
  @property() planId = '';
  @property({ attribute: false }) list: SnapshotList | null = null;
  @property({ type: Boolean }) mayWrite = false;
  /** In the order in which they were chosen: of three the first goes. */
  @state() private chosen: readonly ComparedTo[] = [];
  /** Keys of the folds that are open. */
  @state() private unfolded: ReadonlySet<number> = new Set();

  #days: readonly TimelineDay[] = [];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    left = { planId: this.planId, chosen: this.chosen, unfolded: this.unfolded };
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('planId')) {
      const before = left?.planId === this.planId ? left : null;
      this.chosen = before?.chosen ?? [];
      this.unfolded = before?.unfolded ?? new Set();
    }
    if (changed.has('list')) this.#days = timelineDays(this.list?.snapshots ?? []);
  }

  #choose(end: ComparedTo, chosen: boolean): void {
    const others = this.chosen.filter((each) => each !== end);
    this.chosen = chosen ? [...others, end].slice(-2) : others;
  }

  #toggle({ key }: TimelineFold): void {
    const unfolded = new Set(this.unfolded);
    if (!unfolded.delete(key)) unfolded.add(key);
    this.unfolded = unfolded;
  }

  /** What Compare compares: the two chosen; one chosen with now; now with the latest snapshot. Older first. */
  get #ends(): { from: number; to: ComparedTo } | null {
    const latest = this.list?.snapshots[0]?.number;
    const [one, two] = [...this.chosen].sort((a, b) => age(a) - age(b));
    if (one === undefined) return null;
    if (one === 'now') return latest === undefined ? null : { from: latest, to: 'now' };
    return { from: one, to: two ?? 'now' };
  }

  #compare(event: Event): void {
    event.preventDefault();
    const ends = this.#ends;
    if (ends) void router.go(href.compare(this.planId, ends.from, ends.to));
  }

  /** Up and down go from row to row, staying on the boxes or on the titles. */
  #move(event: KeyboardEvent): void {
    const step = (event.target as HTMLElement).dataset.step;
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const stops = [...this.querySelectorAll<HTMLElement>('[data-step]')].filter(
      ({ dataset }) =>
        dataset.step === step || dataset.step === 'fold' || (step === 'fold' && dataset.step === 'choice'),
    );
    const at = stops.indexOf(event.target as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    stops[to]?.focus();
  }

  #context(snapshots: readonly SnapshotSummary[]): RowContext {
    const before = new Map(snapshots.map(({ number }, index) => [number, snapshots[index + 1]?.number]));
    const [older] = [...this.chosen].sort((a, b) => age(a) - age(b));
    return {
      planId: this.planId,
      people: this.list?.people ?? [],
      mayWrite: this.mayWrite,
      chosenAs: (end) => {
        if (!this.chosen.includes(end)) return null;
        if (this.chosen.length === 1) return 'alone';
        return end === older ? 'older' : 'newer';
      },
      choose: (end, chosen) => this.#choose(end, chosen),
      before: ({ number }) => before.get(number),
      restore: (snapshot) => this.dispatchEvent(new RestoreEvent(snapshot)),
      undo: ({ number }) => {
        const restore = this.list?.undoable.find((each) => each.number === number);
        return restore && (() => void undoRestore(this.planId, restore.restoreId));
      },
    };
  }

  override render() {
    const { list } = this;
    if (!list) return nothing;
    const context = this.#context(list.snapshots);
    return html`
      <form class="timeline" aria-label="Snapshots" @submit=${this.#compare} @keydown=${this.#move}>
        <ol class="entries">${this.#now(list, context)}</ol>
        ${repeat(
          this.#days,
          ({ date }) => date,
          ({ date, entries }) => html`
            <section class="day" aria-labelledby="day-${date}">
              <h2 class="day-name" id="day-${date}">${dayName(date)}</h2>
              <ol class="entries">
                ${repeat(
                  entries,
                  (entry) => (isFold(entry) ? `fold-${entry.key}` : entry.snapshot.number),
                  (entry) =>
                    isFold(entry)
                      ? foldRow(entry, this.unfolded.has(entry.key), () => this.#toggle(entry), context)
                      : snapshotRow(entry, context),
                )}
              </ol>
            </section>
          `,
        )}
        ${this.#bar()}
      </form>
    `;
  }

  #now({ snapshots, now }: SnapshotList, context: RowContext) {
    const latest = snapshots[0];
    const words = !latest
      ? 'There is no snapshot yet.'
      : now.changed
        ? `Changed since snapshot ${latest.number}.`
        : `Nothing has changed since snapshot ${latest.number}.`;
    return html`
      <li class="entry now" data-row ?data-chosen=${context.chosenAs('now') !== null}>
        ${latest ? choiceBox('now', 'the plan as it is now', context) : html`<span class="entry-choice"></span>`}
        <div class="entry-main">
          <h2 class="entry-title"><a data-step="title" href=${href.plan(this.planId)}>Now</a>${chosenTag('now', context)}</h2>
          <ul class="entry-facts"><li>${words}</li></ul>
        </div>
        <div class="entry-actions">
          ${latest && now.changed ? html`<a class="button quiet small" href=${href.compare(this.planId, latest.number, 'now')} aria-label="Changes since snapshot ${latest.number}">${icon('gitCompare')}Changes</a>` : nothing}
        </div>
      </li>
    `;
  }

  /** Stands at the lower edge as long as something is chosen. */
  #bar() {
    const ends = this.#ends;
    const clear = (): void => {
      this.chosen = [];
      this.querySelector<HTMLElement>('[data-step="choice"]')?.focus();
    };
    return html`
      <div class="visually-hidden" role="status">${ends ? `Compare ${this.#nameOf(ends.from)} with ${this.#nameOf(ends.to)}.` : ''}</div>
      ${
        ends
          ? html`<div class="choice-bar" role="group" aria-label="Comparison">
              <p class="choice-words">
                <span>${this.#nameOf(ends.from)}</span>
                <span class="choice-and">and</span>
                <span>${this.#nameOf(ends.to)}</span>
              </p>
              ${this.chosen.length === 1 ? html`<p class="choice-hint">Choose a second snapshot, or compare at once.</p>` : nothing}
              <div class="actions">
                <button type="button" class="button quiet small" @click=${clear}>Clear</button>
                <button type="submit" class="button primary small">${icon('gitCompare')}Compare</button>
              </div>
            </div>`
          : nothing
      }
    `;
  }

  #nameOf(end: ComparedTo): string {
    const snapshot = this.list?.snapshots.find(({ number }) => number === end);
    return snapshot ? snapshotName(snapshot) : end === 'now' ? 'Now' : `Snapshot ${end}`;
  }
}
