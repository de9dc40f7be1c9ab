/** One snapshot in the timeline, and a run of automatic ones folded into one row. */
import { html, nothing } from 'lit';
import type { Person, SnapshotSummary } from '../../shared/api.ts';
import { clockTime, exactTime, listNames, signedNumber, wordCount } from '../format.ts';
import { isLandmark, nameOf, snapshotName, snapshotTitle } from '../history/snapshot-words.ts';
import type { TimelineFold, TimelineItem } from '../history/timeline.ts';
import { icon } from '../icons.ts';
import { type ComparedTo, href } from '../routes.ts';
import { personDiscs } from './person-disc.ts';

/** What a row needs to know of the timeline that it stands in. */
export interface RowContext {
  readonly planId: string;
  readonly people: readonly Person[];
  readonly mayWrite: boolean;
  /** Which end of the comparison that is: chosen alone, or the older or newer of two; null: not chosen. */
  readonly chosenAs: (end: ComparedTo) => 'alone' | 'older' | 'newer' | null;
  readonly choose: (end: ComparedTo, chosen: boolean) => void;
  /** The snapshot before this one whose text is there; undefined for the oldest. */
  readonly before: (snapshot: SnapshotSummary) => number | undefined;
  readonly restore: (snapshot: SnapshotSummary) => void;
  /** Takes back the restore that this snapshot was taken after; undefined where there is none to take back. */
  readonly undo: (snapshot: SnapshotSummary) => (() => void) | undefined;
}

/** A box on the line of time. `name` says to screen readers what is chosen. */
export function choiceBox(end: ComparedTo, name: string, { chosenAs, choose }: RowContext) {
  const as = chosenAs(end);
  return html`
    <label class="entry-choice">
      <input
        type="checkbox"
        data-step="choice"
        aria-label="Compare ${name}"
        .checked=${as !== null}
        @change=${(event: Event) => choose(end, (event.target as HTMLInputElement).checked)}
      />
    </label>
  `;
}

export function chosenTag(end: ComparedTo, { chosenAs }: RowContext) {
  const as = chosenAs(end);
  return as === 'older' || as === 'newer' ? html`<span class="tag chosen-tag">${as}</span>` : nothing;
}

export function snapshotRow({ snapshot, change }: TimelineItem, context: RowContext) {
  const { planId, people, mayWrite, before, restore } = context;
  const undo = mayWrite ? context.undo(snapshot) : undefined;
  const { number, time, author, note, words } = snapshot;
  const previous = before(snapshot);
  const title = snapshotTitle(snapshot);
  return html`
    <li class="entry ${isLandmark(snapshot) ? snapshot.kind : 'automatic'}" data-row ?data-chosen=${context.chosenAs(number) !== null}>
      ${choiceBox(number, snapshotName(snapshot), context)}
      <div class="entry-main">
        <h3 class="entry-title"><a data-step="title" href=${href.snapshot(planId, number)}>${title}</a>${chosenTag(number, context)}</h3>
        ${note ? html`<p class="entry-note" dir="auto">${note}</p>` : nothing}
        <ul class="entry-facts">
          <li><span class="entry-number">#${number}</span> <time datetime=${time} title=${exactTime(time)}>${clockTime(time)}</time></li>
          ${author ? html`<li>${snapshot.kind === 'named' ? 'Named by' : 'By'} ${nameOf(people, author)}</li>` : nothing}
          <li>${wordCount(words)}${change === null || change === 0 ? nothing : html` <span class="entry-change">${signedNumber(change)}</span>`}</li>
          ${snapshot.contributors.length > 0 ? html`<li>${personDiscs(known(people, snapshot.contributors))}</li>` : nothing}
        </ul>
      </div>
      <div class="entry-actions">
        ${previous === undefined ? nothing : html`<a class="button quiet small" href=${href.compare(planId, previous, number)} aria-label="Changes in snapshot ${number}" title="What changed since the snapshot before">${icon('gitCompare')}Changes</a>`}
        ${undo ? html`<button type="button" class="button quiet small" aria-label="Undo the restore that snapshot ${number} shows" title="Take this restore back; what was written since stays" @click=${undo}>${icon('undo2')}Undo restore</button>` : nothing}
        ${mayWrite ? html`<button type="button" class="button quiet small" aria-label="Restore snapshot ${number}" title="Make the plan what it was then" @click=${() => restore(snapshot)}>${icon('rotateCcw')}Restore</button>` : nothing}
      </div>
    </li>
  `;
}

/** `open`: its snapshots are shown below it. */
export function foldRow(fold: TimelineFold, open: boolean, toggle: () => void, context: RowContext) {
  const { items, key, contributors } = fold;
  const newest = items[0]?.snapshot.time ?? '';
  const oldest = items.at(-1)?.snapshot.time ?? '';
  const names = contributors.map((userId) => nameOf(context.people, userId));
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return html`
    <li class="fold" data-row>
      <button type="button" class="fold-button" data-step="fold" aria-expanded=${open ? 'true' : 'false'} aria-controls="fold-${key}" @click=${toggle}>
        ${icon('chevronRight')}
        <span>
          ${items.length} automatic snapshots, ${span(oldest, newest)}${names.length > 0 ? html` <span class="fold-names">· ${listNames(shown)}</span>` : nothing}
        </span>
      </button>
      <ol class="entries" id="fold-${key}" ?hidden=${!open}>${open ? items.map((item) => snapshotRow(item, context)) : nothing}</ol>
    </li>
  `;
}

/** "14:02–17:40"; one time where both are the same minute. */
function span(from: string, to: string): string {
  const [start, end] = [clockTime(from), clockTime(to)];
  return start === end ? start : `${start}–${end}`;
}

function known(people: readonly Person[], contributors: readonly { readonly userId: string }[]): Person[] {
  return contributors.flatMap(({ userId }) => people.find(({ id }) => id === userId) ?? []);
}
