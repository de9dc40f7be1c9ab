/** Which blocks (or rows) of one document are which of the other: equal ones, then similar ones in between, then those that moved. */

import { heaviestRising } from '../rising.ts';
import type { Draft } from './draft.ts';
import { alignSequences, type Pair } from './sequence.ts';
import type { WordBag } from './word-bag.ts';

export interface Unit {
  /** Equal exactly if all of it is equal (NodeNumbers). */
  readonly number: number;
  readonly type: string;
  /** Only units of one group can be the same thing changed. */
  readonly group: string;
  /** In letters. */
  readonly length: number;
  /** Made when first asked for: of most blocks nobody asks. */
  readonly bag: WordBag;
}

export interface Match {
  readonly before: number;
  readonly after: number;
  /** Not in the order of the others. */
  readonly moved: boolean;
  /** One is little but a part of the other: worth showing as one only if the rest of it is found too. */
  readonly partial: boolean;
}

/** By word bags: less alike is something else. */
const SIMILAR = 0.45;
/** Blocks of different kinds: a heading shares words with the paragraphs under it. */
const SIMILAR_RETYPED = 0.6;
/** One block in the place of one block. */
const SIMILAR_ALONE = 0.3;
const SIMILAR_MOVED = 0.7;
/** Part of the smaller one's words that must stand in the larger one for it to be a part of it. */
const CONTAINED = 0.85;
/** Weights (letters) under which a block says too little to be found elsewhere, or as a part; unless it is the only one that says it. */
const LEAST_MOVED = 15;
const LEAST_MOVED_CHANGED = 25;
const LEAST_PART = 20;
/** So few on one side, and not too many on the other: every one is compared with every one. */
const FEW = 12;
const MANY = 1000;
/** Beyond, a unit is compared with those that share most of its rarer words. */
const CANDIDATES = 6;
const RARE = 24;

export function matchUnits(before: readonly Unit[], after: readonly Unit[], draft: Draft): Match[] {
  const anchors = alignSequences(
    before.map(({ number }) => number),
    after.map(({ number }) => number),
    (index) => before[index]!.length + 1,
  );
  const matches = anchors.map(([b, a]): Match => ({ before: b, after: a, moved: false, partial: false }));
  const taken: Taken = { before: new Set(anchors.map(([b]) => b)), after: new Set(anchors.map(([, a]) => a)) };
  const take = (found: readonly Match[]) => {
    for (const match of found) {
      taken.before.add(match.before);
      taken.after.add(match.after);
      matches.push(match);
    }
  };
  // What is equal goes before what is similar, wherever it stands.
  take(matchEqual(before, after, taken));
  let [b, a] = [0, 0];
  for (const [bEnd, aEnd] of [...anchors, [before.length, after.length] as const]) {
    take(matchGap(numbered(before, b, bEnd, taken.before), numbered(after, a, aEnd, taken.after), draft));
    [b, a] = [bEnd + 1, aEnd + 1];
  }
  take(matchMoved(before, after, taken, draft));
  return matches;
}

interface Taken {
  readonly before: Set<number>;
  readonly after: Set<number>;
}

/** A unit with its index. */
interface Numbered {
  readonly unit: Unit;
  readonly index: number;
}

function numbered(units: readonly Unit[], from: number, to: number, taken: ReadonlySet<number>): Numbered[] {
  const result: Numbered[] = [];
  for (let index = from; index < to; index++) if (!taken.has(index)) result.push({ unit: units[index]!, index });
  return result;
}

interface Edge {
  /** Places in the lists that are compared. */
  readonly b: number;
  readonly a: number;
  readonly weight: number;
  readonly partial: boolean;
}

/** Similar units between two equal ones, in order. */
function matchGap(before: readonly Numbered[], after: readonly Numbered[], draft: Draft): Match[] {
  if (before.length === 0 || after.length === 0) return [];
  const edges: Edge[] = [];
  for (const [b, a] of candidates(before, after, draft)) {
    const edge = compareUnits(before[b]!.unit, after[a]!.unit, b, a, draft);
    if (edge) edges.push(edge);
  }
  // Of edges with the same `b` at most one can be in a rising order of `a` when the later ones come first.
  edges.sort((one, other) => one.b - other.b || other.a - one.a);
  const chain = heaviestRising(
    edges.map(({ a }) => a),
    (index) => edges[index]!.weight,
  );
  const matches: Match[] = [];
  const match = (b: number, a: number, partial: boolean) =>
    matches.push({ before: before[b]!.index, after: after[a]!.index, moved: false, partial });
  let [b, a] = [0, 0];
  for (const edge of [...chain.map((index) => edges[index]!), { b: before.length, a: after.length, partial: null }]) {
    if (isAlone(before.slice(b, edge.b), after.slice(a, edge.a), draft)) match(b, a, false);
    if (edge.partial !== null) match(edge.b, edge.a, edge.partial);
    [b, a] = [edge.b + 1, edge.a + 1];
  }
  return matches;
}

function compareUnits(old: Unit, fresh: Unit, b: number, a: number, draft: Draft): Edge | null {
  if (old.group !== fresh.group) return null;
  const shared = draft.bags.shared(old.bag, fresh.bag);
  const total = old.bag.weight + fresh.bag.weight;
  const similarity = total === 0 ? 0 : (2 * shared) / total;
  if (similarity >= (old.type === fresh.type ? SIMILAR : SIMILAR_RETYPED)) {
    return { b, a, weight: similarity * (shared + 1), partial: false };
  }
  const least = Math.min(old.bag.weight, fresh.bag.weight);
  if (old.type !== fresh.type || least < LEAST_PART || shared < CONTAINED * least) return null;
  return { b, a, weight: similarity * shared, partial: true };
}

/** Whether the first of what is left of both sides at one place is the same: it was empty and was filled, or was rewritten. */
function isAlone(before: readonly Numbered[], after: readonly Numbered[], draft: Draft): boolean {
  const [old, fresh] = [before[0]?.unit, after[0]?.unit];
  if (!old || !fresh || old.group !== fresh.group || old.type !== fresh.type) return false;
  if (before.length > 1 && after.length > 1) return false;
  if (old.bag.weight === 0 || fresh.bag.weight === 0) return true;
  const isOnly = before.length === 1 && after.length === 1;
  return isOnly && draft.bags.similarity(old.bag, fresh.bag) >= SIMILAR_ALONE;
}

/** Pairs of places worth comparing: few enough for documents in which every block changed. */
function candidates(before: readonly Numbered[], after: readonly Numbered[], draft: Draft): Pair[] {
  const pairs: Pair[] = [];
  if (Math.min(before.length, after.length) <= FEW && Math.max(before.length, after.length) <= MANY) {
    for (let b = 0; b < before.length; b++) for (let a = 0; a < after.length; a++) pairs.push([b, a]);
    return pairs;
  }
  const holders = new Map<number, number[]>();
  after.forEach(({ unit }, a) => {
    for (const word of unit.bag.words) {
      const found = holders.get(word);
      if (!found) holders.set(word, [a]);
      else if (found.length <= RARE && found.at(-1) !== a) found.push(a);
    }
  });
  /** Weight of the rare words that are shared with the unit looked at. */
  const scores = new Float64Array(after.length);
  before.forEach(({ unit }, b) => {
    const likely: number[] = [];
    for (const word of unit.bag.words) {
      const found = holders.get(word);
      if (!found || found.length > RARE) continue;
      for (const a of found) {
        if (scores[a] === 0) likely.push(a);
        scores[a]! += draft.bags.weightOf(word);
      }
    }
    likely.sort((one, other) => scores[other]! - scores[one]! || one - other);
    for (const a of likely.slice(0, CANDIDATES)) pairs.push([b, a]);
    for (const a of likely) scores[a] = 0;
  });
  return pairs;
}

/** Equal units that are not in the order of the others. */
function matchEqual(before: readonly Unit[], after: readonly Unit[], taken: Taken): Match[] {
  const [timesBefore, timesAfter] = [occurrences(before), occurrences(after)];
  const tells = ({ number, length }: Unit) =>
    length >= LEAST_MOVED || (length > 0 && timesBefore.get(number) === 1 && timesAfter.get(number) === 1);
  const places = Map.groupBy(numbered(after, 0, after.length, taken.after), ({ unit }) => unit.number);
  return numbered(before, 0, before.length, taken.before).flatMap(({ unit, index }) => {
    const found = tells(unit) ? places.get(unit.number)?.shift() : undefined;
    return found ? [{ before: index, after: found.index, moved: true, partial: false }] : [];
  });
}

function occurrences(units: readonly Unit[]): Map<number, number> {
  const times = new Map<number, number>();
  for (const { number } of units) times.set(number, (times.get(number) ?? 0) + 1);
  return times;
}

/** Similar units that stand elsewhere, the most similar first. */
function matchMoved(before: readonly Unit[], after: readonly Unit[], taken: Taken, draft: Draft): Match[] {
  const gone = numbered(before, 0, before.length, taken.before);
  const come = numbered(after, 0, after.length, taken.after);
  const edges: { old: Numbered; fresh: Numbered; similarity: number }[] = [];
  for (const [b, a] of candidates(gone, come, draft)) {
    const [old, fresh] = [gone[b]!, come[a]!];
    const least = Math.min(old.unit.bag.weight, fresh.unit.bag.weight);
    if (old.unit.group !== fresh.unit.group || least < LEAST_MOVED_CHANGED) continue;
    const similarity = draft.bags.similarity(old.unit.bag, fresh.unit.bag);
    if (similarity >= SIMILAR_MOVED) edges.push({ old, fresh, similarity });
  }
  edges.sort((one, other) => other.similarity - one.similarity || one.old.index - other.old.index);
  const done = new Set<Numbered>();
  return edges.flatMap(({ old, fresh }) => {
    if (done.has(old) || done.has(fresh)) return [];
    done.add(old).add(fresh);
    return [{ before: old.index, after: fresh.index, moved: true, partial: false }];
  });
}
