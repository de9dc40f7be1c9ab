/** Who did each change of a comparison: by the items that only one of its ends has, and the history of those. */
import type { Contribution } from '../../shared/api.ts';
import type { Change, ChangeKind, ComparedField, Place } from '../../shared/compare/comparison.ts';
import type { Authorship, Format, Run } from './authorship.ts';
import { contributionOf, itemsOf, missingFrom } from './contributions.ts';
import type { Deed, History } from './history.ts';
import { ItemMap, type ItemRange } from './item-map.ts';

/** One end of a comparison, and what tells it from the other. */
interface Side {
  readonly authorship: Authorship;
  readonly items: ItemMap<true>;
  /** The same without looking at what moved or undone text was before. */
  readonly exact: ItemMap<true>;
  /** Where each of them is shown. */
  readonly runs: ItemMap<Run>;
  readonly formats: ReadonlyMap<string, readonly Format[]>;
  /** Who made the items that only this side has the difference: who wrote them, on the later side, or else who deleted them. */
  readonly deeds: History['inserted'];
}

/**
 * Who did each change, the latest first: the writers of what only `after` has at that place and the deleters of what only `before` has.
 * Where the records tell nobody, whoever alone did anything between the two; otherwise nobody.
 * @param fromSeq of `before`; may be higher than `toSeq`, of `after`: then each difference is told by who made it the other way
 */
export function authorsOfChanges(
  changes: readonly Change[],
  before: Authorship,
  after: Authorship,
  history: History,
  fromSeq: number,
  toSeq: number,
): Contribution[][] {
  const [old, fresh] = sidesOf(before, after, history, fromSeq, toSeq);
  const fallback = onlyOneBetween(history, fromSeq, toSeq);
  return changes.map(({ kind, ...places }) => {
    const difference = (itemsAt: ItemsAt): Deed[] => [
      ...deedsOf(fresh, old, history, itemsAt(fresh, places.after)),
      ...deedsOf(old, fresh, history, itemsAt(old, places.before)),
    ];
    // A map entry or format that lost against one written at the same time went without anybody deleting it: who wrote comes first.
    const latest = (itemsAt: ItemsAt): Deed[] => {
      const oldDeeds = () => deedsOf(old, fresh, history, itemsAt(old, places.before));
      const freshDeeds = () => deedsOf(fresh, old, history, itemsAt(fresh, places.after));
      const [written, deleted] = fromSeq <= toSeq ? [freshDeeds(), oldDeeds] : [oldDeeds(), freshDeeds];
      return written.length > 0 ? written : deleted();
    };
    for (const tell of TOLD_BY[kind] ?? [TEXT, SHAPES, FORMATS]) {
      const deeds = tell({ difference, latest });
      if (deeds.length > 0) return listed(deeds);
    }
    // Words that were only moved: whoever moved them.
    const moved = [
      ...exactly(fresh, old, runsIn(fresh, places.after)),
      ...exactly(old, fresh, runsIn(old, places.before)),
    ];
    if (moved.length > 0) return listed(moved);
    const around = [
      ...deedsOf(fresh, old, history, runsIn(fresh, stretchOf(old, places.before, fresh, history))),
      ...deedsOf(old, fresh, history, runsIn(old, stretchOf(fresh, places.after, old, history))),
      ...difference((side, place) => runsIn(side, widened(place))),
    ];
    return around.length > 0 ? listed(around) : fallback;
  });
}

type ItemsAt = (side: Side, place: Place) => ItemRange[];
type Tell = (of: Record<'difference' | 'latest', (itemsAt: ItemsAt) => Deed[]>) => Deed[];

const TEXT: Tell = ({ difference }) => difference(runsIn);
const SHAPES: Tell = ({ latest }) => latest(shapesIn);
const FORMATS: Tell = ({ latest }) => latest(formatsIn);
const BLOCKS: Tell = ({ difference, latest }) => [...difference(markersIn), ...latest(shapesIn)];

/** Which items tell whose a change is; the next ones only when those tell nothing. Of the kinds not listed it is all that stands there. */
const TOLD_BY: Partial<Record<ChangeKind, readonly Tell[]>> = {
  moved: [BLOCKS, TEXT, FORMATS],
  split: [BLOCKS, TEXT, FORMATS],
  joined: [BLOCKS, TEXT, FORMATS],
  retyped: [BLOCKS, TEXT, FORMATS],
  formatting: [FORMATS, SHAPES, TEXT],
  attributes: [(of) => [...SHAPES(of), ...FORMATS(of)], TEXT],
};

/** The same for fields of the front matter. */
export function authorsOfFields(
  fields: readonly ComparedField[],
  before: Authorship,
  after: Authorship,
  history: History,
  fromSeq: number,
  toSeq: number,
): Contribution[][] {
  const [old, fresh] = sidesOf(before, after, history, fromSeq, toSeq);
  const fallback = onlyOneBetween(history, fromSeq, toSeq);
  const itemsIn = ({ authorship }: Side, name: string): ItemRange[] =>
    authorship.fields.filter(({ field }) => field === name).flatMap(({ entry, text }) => [entry, ...text]);
  return fields.map(({ field }) => {
    const deeds = [
      ...deedsOf(fresh, old, history, itemsIn(fresh, field)),
      ...deedsOf(old, fresh, history, itemsIn(old, field)),
    ];
    return deeds.length > 0 ? listed(deeds) : fallback;
  });
}

function sidesOf(
  before: Authorship,
  after: Authorship,
  history: History,
  fromSeq: number,
  toSeq: number,
): [Side, Side] {
  const sideOf = (authorship: Authorship, later: boolean): Side => ({
    authorship,
    items: itemsOf(authorship, history),
    exact: ItemMap.of(authorship.runs.map((run) => [run, true] as const)),
    runs: runsByItem(authorship, history),
    formats: Map.groupBy(authorship.formats, ({ key }) => key),
    deeds: later ? history.inserted : (range) => history.deleted(range, Math.max(fromSeq, toSeq)),
  });
  return [sideOf(before, fromSeq > toSeq), sideOf(after, fromSeq <= toSeq)];
}

function onlyOneBetween(history: History, fromSeq: number, toSeq: number): Contribution[] {
  const active = history.activeBetween(Math.min(fromSeq, toSeq), Math.max(fromSeq, toSeq));
  return active.size === 1 ? listed([...active.values()]) : [];
}

/** Who made the difference of those items that the other side has not. */
function deedsOf(side: Side, other: Side, history: History, items: Iterable<ItemRange>): Deed[] {
  const deeds = new Set<Deed>();
  for (const range of items) {
    for (const own of missingFrom(other.items, range, history)) {
      for (const { value } of side.deeds(own)) if (value) deeds.add(value);
    }
  }
  return [...deeds];
}

function exactly(side: Side, other: Side, items: readonly ItemRange[]): Deed[] {
  return items.flatMap((range) =>
    [...other.exact.without(range)].flatMap((own) => [...side.deeds(own)].flatMap(({ value }) => value ?? [])),
  );
}

/**
 * Where the items of a place are on the other side, with what stands among and right beside them there: a word is another word when
 * letters come between its own, and none of them is new or gone.
 */
function stretchOf(side: Side, place: Place, other: Side, history: History): Place {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (const range of runsIn(side, place)) {
    for (const { original } of history.originals(range)) {
      for (const { clock, length, value: run } of other.runs.parts(original)) {
        if (!run) continue;
        const start = run.from + clock - run.clock;
        from = Math.min(from, start - 1);
        to = Math.max(to, start + length + 1);
      }
    }
  }
  // Farther apart, they were not only pushed aside.
  return to - from <= 2 * (place.to - place.from) + FARTHEST_ASIDE ? { from, to } : { from: 0, to: 0 };
}

/** With as much on either side: of words that stand twice in a row, either may be called the one that came or went. */
const widened = ({ from, to }: Place): Place => ({ from: 2 * from - to, to: 2 * to - from });

/** ProseMirror positions. */
const FARTHEST_ASIDE = 1_000;

function runsByItem({ runs }: Authorship, history: History): ItemMap<Run> {
  return ItemMap.of(
    runs.flatMap((run) =>
      [...history.originals(run)].map(({ clock, original }) => {
        const shown: Run = { ...original, from: run.from + clock - run.clock, text: run.text };
        return [original, shown] as const;
      }),
    ),
  );
}

/** One entry per person and way, with the latest time; the latest first. */
function listed(deeds: readonly Deed[]): Contribution[] {
  const latest = new Map<string, Deed>();
  for (const deed of deeds) {
    const key = JSON.stringify([deed.userId, deed.how, deed.source]);
    const known = latest.get(key);
    if (!known || known.time < deed.time) latest.set(key, deed);
  }
  return [...latest.values()].sort((a, b) => b.time - a.time).map(contributionOf);
}

/** The parts of the runs that lie in a place. */
function runsIn({ authorship: { runs } }: Side, { from, to }: Place): (ItemRange & Pick<Run, 'text'>)[] {
  const result: (ItemRange & Pick<Run, 'text'>)[] = [];
  for (let i = firstBehind(runs, (run) => run.from + run.length, from); i < runs.length; i++) {
    const run = runs[i]!;
    if (run.from >= to) break;
    const start = Math.max(run.from, from);
    const end = Math.min(run.from + run.length, to);
    result.push({ client: run.client, clock: run.clock + start - run.from, length: end - start, text: run.text });
  }
  return result;
}

const markersIn: ItemsAt = (side, place) => runsIn(side, place).filter(({ text }) => !text);

function shapesIn({ authorship: { shapes } }: Side, { from, to }: Place): ItemRange[] {
  const result: ItemRange[] = [];
  for (let i = firstBehind(shapes, ({ at }) => at + 1, from); i < shapes.length && shapes[i]!.at < to; i++) {
    result.push(shapes[i]!);
  }
  return result;
}

/** The format items in force anywhere in a place, those that switch off among them. */
function formatsIn({ formats }: Side, { from, to }: Place): ItemRange[] {
  const result: ItemRange[] = [];
  if (from === to) return result;
  for (const ofKey of formats.values()) {
    const next = firstBehind(ofKey, ({ at }) => at, from);
    for (let i = Math.max(0, next - 1); i < ofKey.length && ofKey[i]!.at < to; i++) {
      result.push({ client: ofKey[i]!.client, clock: ofKey[i]!.clock, length: 1 });
    }
  }
  return result;
}

/** Index of the first of sorted entries whose value is above `bound`. */
function firstBehind<T>(entries: readonly T[], keyOf: (entry: T) => number, bound: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyOf(entries[middle]!) > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
