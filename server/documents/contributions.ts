/** Who contributed what to a state of a plan: between two of them, as shares of the text, passage by passage. */
import type { Contribution } from '../../shared/api.ts';
import type { Authorship } from './authorship.ts';
import type { Deed, History, Told } from './history.ts';
import { ItemMap, type ItemRange } from './item-map.ts';

const MINUTE = 60_000;

/**
 * Characters of content and front matter that came and that went from the older state (null: the empty plan) to the newer, by who
 * wrote and who deleted them, the most first. Who only moved text or changed other things (formatting, kinds of blocks), or wrote
 * only what went again before the newer state, is among them with zeros: text that no state shows is in no state's count.
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
  const oldItems = older ? itemsOf(older, history) : new ItemMap<true>();
  for (const range of charactersOf(newer)) {
    for (const fresh of missingFrom(oldItems, range, history)) {
      for (const { length, value } of history.inserted(fresh)) if (value) countsOf(value.userId).inserted += length;
    }
  }
  if (older) {
    const newItems = itemsOf(newer, history);
    const count = (range: ItemRange, unit: 0 | 1) => {
      for (const gone of missingFrom(newItems, range, history)) {
        for (const { length, value } of history.deleted(gone, toSeq)) {
          if (value) countsOf(value.userId).deleted += unit * length;
        }
      }
    };
    for (const range of charactersOf(older)) count(range, 1);
    for (const range of othersOf(older)) count(range, 0);
  }
  return [...counts.values()].sort((a, b) => b.inserted + b.deleted - a.inserted - a.deleted);
}

/** Characters of content and front matter by who wrote them, the most first. */
export function sharesOf(authorship: Authorship, history: History): { userId: string; characters: number }[] {
  const shares = new Map<string, number>();
  for (const range of charactersOf(authorship)) {
    for (const { length, value } of written(range, history)) {
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
    for (const { clock, length, value } of written(run, history)) {
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

export const contributionOf = ({ userId, time, how, source }: Deed): Contribution => ({
  userId,
  at: new Date(time - (time % MINUTE)).toISOString(),
  how,
  source,
});

/** All items of a state; for text that was moved or brought back, those of the text that it was before. */
export function itemsOf(authorship: Authorship, history: History): ItemMap<true> {
  const ranges = [...charactersOf(authorship), ...othersOf(authorship)];
  return ItemMap.of(
    ranges.flatMap((range) => [...history.originals(range)].map(({ original }) => [original, true] as const)),
  );
}

/** The part of a range that `items` lack: neither themselves are among them, nor what they stand for. */
export function* missingFrom(items: ItemMap<true>, range: ItemRange, history: History): Generator<ItemRange> {
  for (const { client, clock, original } of history.originals(range)) {
    for (const missing of items.without(original)) {
      yield { client, clock: clock + missing.clock - original.clock, length: missing.length };
    }
  }
}

/** Who wrote a text first, whoever may have brought it back since. */
function* written(range: ItemRange, history: History): Iterable<Told> {
  for (const { clock, original } of history.originals(range)) {
    for (const part of history.inserted(original)) {
      yield { ...part, client: range.client, clock: clock + part.clock - original.clock };
    }
  }
}

function* charactersOf({ runs, fields }: Authorship): Generator<ItemRange> {
  for (const run of runs) if (run.text) yield run;
  for (const { text } of fields) yield* text;
}

/** Markers, embeds, entries, formats. */
function* othersOf({ runs, shapes, formats, fields }: Authorship): Generator<ItemRange> {
  for (const run of runs) if (!run.text) yield run;
  yield* shapes;
  for (const { client, clock } of formats) yield { client, clock, length: 1 };
  for (const { entry } of fields) yield entry;
}
