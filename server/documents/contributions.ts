/** Who contributed what: to a snapshot, between two of them, and to each change of their comparison. */
import type { Contribution } from '../../shared/api.ts';
import type { Change, ChangeKind, ComparedField, Place } from '../../shared/compare/comparison.ts';
import type { Authorship, Format, Run } from './authorship.ts';
import type { Deed, History } from './history.ts';
import { ItemMap, type ItemRange } from './item-map.ts';

const MINUTE = 60_000;

/**
 * Characters of content and front matter that came and that went from the older state (null: the empty plan) to the newer, by who
 * wrote and who deleted them, the most first. Who only changed other things (formatting, kinds of blocks), or wrote only what went
 * again before the newer state, is among them with zeros: text that no state shows is in no state's count.
 */
export function contributorsBetween(
  older: Authorship | null,
  newer: Authorship,
  history: History,
  fromSeq: number,
  toSeq: number,
): { userId: string; inserted: number; deleted: number }[] {
  const counts = new Map<string, { userId: string; inserted: number; deleted: number }>();
  const countsOf = (userId: string) => {
    const known = counts.get(userId) ?? { userId, inserted: 0, deleted: 0 };
    counts.set(userId, known);
    return known;
  };
  for (const userId of history.activeBetween(fromSeq, toSeq).keys()) countsOf(userId);
  const oldItems = older ? itemsOf(older) : new ItemMap<true>();
  for (const range of charactersOf(newer)) {
    for (const fresh of oldItems.without(range)) {
      for (const { length, value } of history.inserted(fresh)) if (value) countsOf(value.userId).inserted += length;
    }
  }
  if (older) {
    const newItems = itemsOf(newer);
    for (const range of charactersOf(older)) {
      for (const gone of newItems.without(range)) {
        for (const { length, value } of history.deleted(gone)) if (value) countsOf(value.userId).deleted += length;
      }
    }
  }
  return [...counts.values()].sort((a, b) => b.inserted + b.deleted - a.inserted - a.deleted);
}

/** Characters of content and front matter by who wrote them, the most first. */
export function sharesOf(authorship: Authorship, history: History): { userId: string; characters: number }[] {
  const shares = new Map<string, number>();
  for (const range of charactersOf(authorship)) {
    for (const { length, value } of history.inserted(range)) {
      if (value) shares.set(value.userId, (shares.get(value.userId) ?? 0) + length);
    }
  }
  return [...shares]
    .map(([userId, characters]) => ({ userId, characters }))
    .sort((a, b) => b.characters - a.characters);
}

/** Who wrote which text of the content: ranges of ProseMirror positions in order; neighbours by one person in one minute are one. */
export function authorRanges(
  authorship: Authorship,
  history: History,
): { authorship: { from: number; to: number; by: number }[]; contributions: Contribution[] } {
  const contributions = new Map<string, { index: number; contribution: Contribution }>();
  const ranges: { from: number; to: number; by: number }[] = [];
  for (const run of authorship.runs) {
    if (!run.text) continue;
    for (const { clock, length, value } of history.inserted(run)) {
      if (!value) continue;
      const contribution = contributionOf(value);
      const key = JSON.stringify(contribution);
      const known = contributions.get(key) ?? { index: contributions.size, contribution };
      contributions.set(key, known);
      const from = run.from + clock - run.clock;
      const last = ranges.at(-1);
      if (last?.by === known.index) last.to = from + length;
      else ranges.push({ from, to: from + length, by: known.index });
    }
  }
  return { authorship: ranges, contributions: [...contributions.values()].map(({ contribution }) => contribution) };
}

/** One end of a comparison, and what tells it from the other. */
interface Side {
  readonly authorship: Authorship;
  readonly items: ItemMap<true>;
  readonly formats: ReadonlyMap<string, readonly Format[]>;
  /** Who made the items that only this side has the difference: who wrote them, on the later side, or else who deleted them. */
  readonly deeds: History['inserted'];
}

/** Which of its items tell whose a change is; the others only when these tell nothing. */
const NODES_AND_SHAPES: ReadonlySet<ChangeKind> = new Set(['split', 'joined', 'retyped']);
const SHAPES_AND_FORMATS: ReadonlySet<ChangeKind> = new Set(['formatting', 'attributes']);

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
  return changes.map((change) => {
    const text = () => [
      ...deedsOf(fresh, old, runsIn(fresh, change.after)),
      ...deedsOf(old, fresh, runsIn(old, change.before)),
    ];
    const nodes = () => [
      ...deedsOf(
        fresh,
        old,
        runsIn(fresh, change.after, (run) => !run.text),
      ),
      ...deedsOf(
        old,
        fresh,
        runsIn(old, change.before, (run) => !run.text),
      ),
    ];
    // A map entry or format that lost against one written at the same time went without anybody deleting it: who wrote comes first.
    const either = (items: (side: Side, place: Place) => ItemRange[]) => () => {
      const [later, earlier, laterPlace, earlierPlace] =
        fromSeq <= toSeq ? [fresh, old, change.after, change.before] : [old, fresh, change.before, change.after];
      const written = deedsOf(later, earlier, items(later, laterPlace));
      return written.length > 0 ? written : deedsOf(earlier, later, items(earlier, earlierPlace));
    };
    const shapes = either(shapesIn);
    const formats = either(formatsIn);
    const sources = NODES_AND_SHAPES.has(change.kind)
      ? [() => [...nodes(), ...shapes()], text, formats]
      : change.kind === 'formatting'
        ? [formats, shapes, text]
        : SHAPES_AND_FORMATS.has(change.kind)
          ? [() => [...shapes(), ...formats()], text]
          : [text, shapes, formats];
    for (const source of sources) {
      const deeds = source();
      if (deeds.length > 0) return listed(deeds);
    }
    return fallback;
  });
}

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
    const deeds = [...deedsOf(fresh, old, itemsIn(fresh, field)), ...deedsOf(old, fresh, itemsIn(old, field))];
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
    items: itemsOf(authorship),
    formats: Map.groupBy(authorship.formats, ({ key }) => key),
    deeds: later ? history.inserted : history.deleted,
  });
  return [sideOf(before, fromSeq > toSeq), sideOf(after, fromSeq <= toSeq)];
}

function onlyOneBetween(history: History, fromSeq: number, toSeq: number): Contribution[] {
  const active = history.activeBetween(Math.min(fromSeq, toSeq), Math.max(fromSeq, toSeq));
  return active.size === 1 ? listed([...active.values()]) : [];
}

/** Who made the difference of those items that the other side has not. */
function deedsOf(side: Side, other: Side, items: Iterable<ItemRange>): Deed[] {
  const deeds = new Set<Deed>();
  for (const range of items) {
    for (const own of other.items.without(range)) {
      for (const { value } of side.deeds(own)) if (value) deeds.add(value);
    }
  }
  return [...deeds];
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

const contributionOf = ({ userId, time, how, source }: Deed): Contribution => ({
  userId,
  at: new Date(time - (time % MINUTE)).toISOString(),
  how,
  source,
});

function itemsOf({ runs, shapes, formats, fields }: Authorship): ItemMap<true> {
  const items = new ItemMap<true>();
  for (const range of runs) items.fill(range, true);
  for (const range of shapes) items.fill(range, true);
  for (const { client, clock } of formats) items.fill({ client, clock, length: 1 }, true);
  for (const { entry, text } of fields) for (const range of [entry, ...text]) items.fill(range, true);
  return items;
}

function* charactersOf({ runs, fields }: Authorship): Generator<ItemRange> {
  for (const run of runs) if (run.text) yield run;
  for (const { text } of fields) yield* text;
}

/** The parts of the runs that lie in a place. */
function runsIn(
  { authorship: { runs } }: Side,
  { from, to }: Place,
  passes: (run: Run) => boolean = () => true,
): ItemRange[] {
  const result: ItemRange[] = [];
  for (let i = firstBehind(runs, (run) => run.from + run.length, from); i < runs.length; i++) {
    const run = runs[i]!;
    if (run.from >= to) break;
    if (!passes(run)) continue;
    const start = Math.max(run.from, from);
    const end = Math.min(run.from + run.length, to);
    result.push({ client: run.client, clock: run.clock + start - run.from, length: end - start });
  }
  return result;
}

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
