/** Which blocks (or rows) of one document are which of the other: equal ones, then similar ones in between, then those that moved. */
import type { Draft } from './draft.ts';
import { heaviestRising } from './rising.ts';
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
const LEAST_MOVED = 12;
const LEAST_MOVED_CHANGED = 25;
const LEAST_PART = 20;
/** So few on one side, and not too many on the other: every one is compared with every one. */
const FEW = 12;
const MANY = 1000;
/** Beyond, a unit is compared with those that share most of its rarer words. */
const CANDIDATES = 6;
const RARE = 24;

export function matchUnits(before: readonly Unit[], after: readonly Unit[], draft: Draft): Match[] {
  const matches: Match[] = [];
  const exact = alignSequences(
    before.map(({ number }) => number),
    after.map(({ number }) => number),
    (index) => before[index]!.length + 1,
  );
  let [b, a] = [0, 0];
  for (const [bEnd, aEnd] of [...exact, [before.length, after.length] as const]) {
    for (const match of matchGap(before, after, [b, a], [bEnd, aEnd], draft)) matches.push(match);
    if (bEnd < before.length && aEnd < after.length) matches.push(inPlace(bEnd, aEnd));
    [b, a] = [bEnd + 1, aEnd + 1];
  }
  for (const match of matchMoved(before, after, matches, draft)) matches.push(match);
  return matches;
}

const inPlace = (before: number, after: number, partial = false): Match => ({ before, after, moved: false, partial });

interface Edge {
  readonly before: number;
  readonly after: number;
  readonly weight: number;
  readonly partial: boolean;
}

/** Similar units between two equal ones, in order. */
function matchGap(
  before: readonly Unit[],
  after: readonly Unit[],
  [b0, a0]: Pair,
  [b1, a1]: Pair,
  draft: Draft,
): Match[] {
  if (b0 >= b1 || a0 >= a1) return [];
  const edges: Edge[] = [];
  for (const [b, a] of candidates(before, after, [b0, a0], [b1, a1], draft)) {
    const edge = compareUnits(before[b]!, after[a]!, b, a, draft);
    if (edge) edges.push(edge);
  }
  // Of edges with the same `before` at most one can be in a rising order of `after` when the later ones come first.
  edges.sort((one, other) => one.before - other.before || other.after - one.after);
  const chain = heaviestRising(
    edges.map((edge) => edge.after),
    (index) => edges[index]!.weight,
  );
  const matches: Match[] = [];
  let [b, a] = [b0, a0];
  const rest = (bEnd: number, aEnd: number) => {
    const alone = matchAlone(before, after, [b, a], [bEnd, aEnd], draft);
    if (alone) matches.push(alone);
    [b, a] = [bEnd + 1, aEnd + 1];
  };
  for (const index of chain) {
    const edge = edges[index]!;
    rest(edge.before, edge.after);
    matches.push(inPlace(edge.before, edge.after, edge.partial));
  }
  rest(b1, a1);
  return matches;
}

function compareUnits(old: Unit, fresh: Unit, before: number, after: number, draft: Draft): Edge | null {
  if (old.group !== fresh.group) return null;
  const shared = draft.bags.shared(old.bag, fresh.bag);
  const total = old.bag.weight + fresh.bag.weight;
  const similarity = total === 0 ? 0 : (2 * shared) / total;
  if (similarity >= (old.type === fresh.type ? SIMILAR : SIMILAR_RETYPED)) {
    return { before, after, weight: similarity * (shared + 1), partial: false };
  }
  const least = Math.min(old.bag.weight, fresh.bag.weight);
  if (old.type !== fresh.type || least < LEAST_PART || shared < CONTAINED * least) return null;
  return { before, after, weight: similarity * shared, partial: true };
}

/** What is left of both sides at one place: a block that was empty and was filled, or one that was rewritten. */
function matchAlone(
  before: readonly Unit[],
  after: readonly Unit[],
  [b0, a0]: Pair,
  [b1, a1]: Pair,
  draft: Draft,
): Match | null {
  const [old, fresh] = [before[b0], after[a0]];
  if (b0 >= b1 || a0 >= a1 || !old || !fresh || old.group !== fresh.group || old.type !== fresh.type) return null;
  if (b1 - b0 > 1 && a1 - a0 > 1) return null;
  if (old.bag.weight === 0 || fresh.bag.weight === 0) return inPlace(b0, a0);
  if (b1 - b0 > 1 || a1 - a0 > 1) return null;
  return draft.bags.similarity(old.bag, fresh.bag) >= SIMILAR_ALONE ? inPlace(b0, a0) : null;
}

/** Pairs worth comparing: few enough for documents in which every block changed. */
function candidates(
  before: readonly Unit[],
  after: readonly Unit[],
  [b0, a0]: Pair,
  [b1, a1]: Pair,
  draft: Draft,
): Pair[] {
  const pairs: Pair[] = [];
  if (Math.min(b1 - b0, a1 - a0) <= FEW && Math.max(b1 - b0, a1 - a0) <= MANY) {
    for (let b = b0; b < b1; b++) for (let a = a0; a < a1; a++) pairs.push([b, a]);
    return pairs;
  }
  const holders = new Map<number, number[]>();
  for (let a = a0; a < a1; a++) {
    for (const word of after[a]!.bag.words) {
      const found = holders.get(word);
      if (!found) holders.set(word, [a]);
      else if (found.length <= RARE && found.at(-1) !== a) found.push(a);
    }
  }
  /** Weight of the rare words that are shared with the unit looked at. */
  const scores = new Float64Array(a1 - a0);
  for (let b = b0; b < b1; b++) {
    const likely: number[] = [];
    for (const word of before[b]!.bag.words) {
      const found = holders.get(word);
      if (!found || found.length > RARE) continue;
      for (const a of found) {
        if (scores[a - a0] === 0) likely.push(a);
        scores[a - a0]! += draft.bags.weightOf(word);
      }
    }
    likely.sort((one, other) => scores[other - a0]! - scores[one - a0]! || one - other);
    for (const a of likely.slice(0, CANDIDATES)) pairs.push([b, a]);
    for (const a of likely) scores[a - a0] = 0;
  }
  return pairs;
}

/** What stands elsewhere now: equal units first, then similar ones, the most similar first. */
function matchMoved(before: readonly Unit[], after: readonly Unit[], matches: readonly Match[], draft: Draft): Match[] {
  const takenBefore = new Set(matches.map((match) => match.before));
  const takenAfter = new Set(matches.map((match) => match.after));
  const [onceBefore, onceAfter] = [once(before), once(after)];
  const tells = ({ number, bag }: Unit) =>
    bag.weight >= LEAST_MOVED || (bag.weight > 0 && onceBefore.has(number) && onceAfter.has(number));
  const left = (units: readonly Unit[], taken: ReadonlySet<number>) =>
    units.flatMap((unit, index) => (!taken.has(index) && tells(unit) ? [{ unit, index }] : []));
  const gone = left(before, takenBefore);
  const come = left(after, takenAfter);
  if (gone.length === 0 || come.length === 0) return [];
  const edges: { b: number; a: number; similarity: number }[] = [];
  const goneUnits = gone.map(({ unit }) => unit);
  const comeUnits = come.map(({ unit }) => unit);
  for (const [b, a] of candidates(goneUnits, comeUnits, [0, 0], [gone.length, come.length], draft)) {
    const [old, fresh] = [goneUnits[b]!, comeUnits[a]!];
    if (old.group !== fresh.group) continue;
    const similarity = old.number === fresh.number ? 2 : draft.bags.similarity(old.bag, fresh.bag);
    if (similarity < SIMILAR_MOVED) continue;
    if (similarity < 2 && Math.min(old.bag.weight, fresh.bag.weight) < LEAST_MOVED_CHANGED) continue;
    edges.push({ b, a, similarity });
  }
  edges.sort((one, other) => other.similarity - one.similarity || one.b - other.b || one.a - other.a);
  const [doneBefore, doneAfter] = [new Set<number>(), new Set<number>()];
  const moved: Match[] = [];
  for (const { b, a } of edges) {
    if (doneBefore.has(b) || doneAfter.has(a)) continue;
    doneBefore.add(b);
    doneAfter.add(a);
    moved.push({ before: gone[b]!.index, after: come[a]!.index, moved: true, partial: false });
  }
  return moved;
}

/** The numbers of units that occur once. */
function once(units: readonly Unit[]): Set<number> {
  const [found, again] = [new Set<number>(), new Set<number>()];
  for (const { number } of units) (found.has(number) ? again : found).add(number);
  return new Set([...found].filter((number) => !again.has(number)));
}
