/** Which entries of one sequence stand in another: equal ends, entries that occur once in each, and Myers' shortest edit between them. */
import { heaviestRising } from '../rising.ts';

export type Pair = readonly [before: number, after: number];

/** Insertions and deletions that one run of Myers' algorithm may find; its time and memory grow with their square. */
const MOST_EDITS = 1000;

/**
 * Pairs of indexes of equal entries, rising on both sides. Without `weigh` as many as possible, which suits words. With it (weights
 * by index in `before`) entries that occur once go first, the heaviest order of them: of two blocks that changed places the
 * longer one stays. Where too much differs for the shortest edit, only entries that occur once are paired.
 */
export function alignSequences(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  weigh?: (before: number) => number,
): Pair[] {
  const pairs: Pair[] = [];
  const ranges: Range[] = [{ b0: 0, b1: before.length, a0: 0, a1: after.length, unique: weigh !== undefined }];
  for (let range = ranges.pop(); range; range = ranges.pop()) {
    let { b0, b1, a0, a1 } = range;
    for (; b0 < b1 && a0 < a1 && before[b0] === after[a0]; b0++, a0++) pairs.push([b0, a0]);
    for (; b0 < b1 && a0 < a1 && before[b1 - 1] === after[a1 - 1]; b1--, a1--) pairs.push([b1 - 1, a1 - 1]);
    if (b0 === b1 || a0 === a1) continue;
    const rest: Range = { b0, b1, a0, a1, unique: range.unique };
    if (!rest.unique) {
      const found = shortestEdit(before, after, rest);
      if (found) {
        for (const pair of found) pairs.push(pair);
        continue;
      }
    }
    const anchors = uniqueAnchors(before, after, rest, weigh);
    if (anchors.length === 0 && !rest.unique) continue;
    const next = (until: Pair) => {
      ranges.push({ b0, b1: until[0], a0, a1: until[1], unique: anchors.length > 0 && rest.unique });
      [b0, a0] = [until[0] + 1, until[1] + 1];
    };
    for (const anchor of anchors) {
      pairs.push(anchor);
      next(anchor);
    }
    next([b1, a1]);
  }
  return pairs.sort((one, other) => one[0] - other[0]);
}

interface Range {
  readonly b0: number;
  readonly b1: number;
  readonly a0: number;
  readonly a1: number;
  /** Whether to look for entries that occur once first. */
  readonly unique: boolean;
}

function uniqueAnchors(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  { b0, b1, a0, a1 }: Range,
  weigh: (before: number) => number = () => 1,
): Pair[] {
  const places = new Map<number, { b: number; a: number }>();
  /** Several times on one side: -2. */
  const note = (entry: number, side: 'b' | 'a', at: number) => {
    const place = places.get(entry);
    if (place) place[side] = place[side] === -1 ? at : -2;
    else places.set(entry, { b: -1, a: -1, [side]: at });
  };
  for (let b = b0; b < b1; b++) note(before[b]!, 'b', b);
  for (let a = a0; a < a1; a++) note(after[a]!, 'a', a);
  const once = [...places.values()].filter(({ b, a }) => b >= 0 && a >= 0).sort((one, other) => one.b - other.b);
  const rising = heaviestRising(
    once.map(({ a }) => a),
    (index) => weigh(once[index]!.b),
  );
  return rising.map((index) => [once[index]!.b, once[index]!.a] as const);
}

/** Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), greedy, with its traces kept. Null: more than MOST_EDITS. */
function shortestEdit(before: ArrayLike<number>, after: ArrayLike<number>, { b0, b1, a0, a1 }: Range): Pair[] | null {
  const n = b1 - b0;
  const m = a1 - a0;
  const most = Math.min(n + m, MOST_EDITS);
  /** How far each diagonal (x - y = k) was followed, by k + most + 1. */
  const furthest = new Int32Array(2 * most + 3);
  const traces: Int32Array[] = [];
  for (let d = 0; d <= most; d++) {
    // Of the diagonals only -d to d can have been touched.
    traces.push(furthest.slice(most + 1 - d, most + 2 + d));
    for (let k = -d; k <= d; k += 2) {
      const at = k + most + 1;
      const down = k === -d || (k !== d && furthest[at - 1]! < furthest[at + 1]!);
      let x = down ? furthest[at + 1]! : furthest[at - 1]! + 1;
      while (x < n && x - k < m && before[b0 + x] === after[a0 + x - k]) x++;
      furthest[at] = x;
      if (x >= n && x - k >= m) return retrace(traces, n, m).map(([b, a]) => [b0 + b, a0 + a] as const);
    }
  }
  return null;
}

function retrace(traces: readonly Int32Array[], n: number, m: number): Pair[] {
  const pairs: Pair[] = [];
  let x = n;
  let y = m;
  for (let d = traces.length - 1; d >= 0; d--) {
    /** The diagonals -d to d as they were before step d. */
    const trace = traces[d]!;
    const k = x - y;
    const reach = (diagonal: number) => trace[diagonal + d] ?? 0;
    const down = k === -d || (k !== d && reach(k - 1) < reach(k + 1));
    const from = down ? k + 1 : k - 1;
    const startX = d === 0 ? 0 : reach(from);
    const startY = d === 0 ? 0 : startX - from;
    while (x > startX && y > startY) pairs.push([--x, --y]);
    x = startX;
    y = startY;
  }
  return pairs;
}
