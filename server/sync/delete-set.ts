/** Sets of deletions: what is in one, and putting more into it at the cost of what is new, however much it holds already. */
import * as Y from 'yjs';

/** Ranges of clocks by client id. `known` ones here have theirs sorted, and no two that touch. */
export type DeleteSet = ReturnType<typeof Y.createDeleteSet>;
type Range = { readonly clock: number; readonly len: number };

/** So many new ranges of one client are put in one by one: each moves what lies behind it. More are merged in one go through all. */
const FEW = 16;

/** Puts `more`, in whatever order, into `known`. */
export function addDeletes(known: DeleteSet, more: DeleteSet): void {
  for (const [client, ranges] of more.clients) {
    const added = ranges.filter(({ len }) => len > 0).sort((a, b) => a.clock - b.clock);
    const before = known.clients.get(client) ?? [];
    if (added.length === 0) continue;
    if (added.length > FEW) known.clients.set(client, union(before, added));
    else {
      for (const range of added) insert(before, range);
      known.clients.set(client, before);
    }
  }
}

function insert(ranges: Range[], { clock, len }: Range): void {
  let from = clock;
  let to = clock + len;
  const first = firstEndingAfter(ranges, clock - 1);
  let next = first;
  for (; next < ranges.length && ranges[next]!.clock <= to; next++) {
    const { clock, len } = ranges[next]!;
    from = Math.min(from, clock);
    to = Math.max(to, clock + len);
  }
  ranges.splice(first, next - first, { clock: from, len: to - from });
}

/** Both sorted; what overlaps or touches becomes one. Looks only at those of `ranges` that are near one of `added`; the rest is copied. */
function union(ranges: readonly Range[], added: readonly Range[]): Range[] {
  const all: Range[] = [];
  let next = 0;
  for (const { clock, len } of added) {
    const first = firstEndingAfter(ranges, clock - 1);
    for (; next < first; next++) all.push(ranges[next]!);
    let from = clock;
    let to = clock + len;
    const join = (range: Range): void => {
      from = Math.min(from, range.clock);
      to = Math.max(to, range.clock + range.len);
    };
    // The one before may have grown up to here.
    const before = all.at(-1);
    if (before && before.clock + before.len >= clock) join(all.pop()!);
    for (; next < ranges.length && ranges[next]!.clock <= to; next++) join(ranges[next]!);
    all.push({ clock: from, len: to - from });
  }
  for (; next < ranges.length; next++) all.push(ranges[next]!);
  return all;
}

/** Whether everything that `deletes` names is in `known`,. */
export function covers(known: DeleteSet, deletes: DeleteSet): boolean {
  for (const [client, ranges] of deletes.clients) {
    const knownRanges = known.clients.get(client);
    for (const { clock, len } of ranges) {
      if (len === 0) continue;
      if (!knownRanges || !hasRange(knownRanges, clock, clock + len)) return false;
    }
  }
  return true;
}

function hasRange(ranges: readonly Range[], from: number, to: number): boolean {
  const range = ranges[firstEndingAfter(ranges, from)];
  return range !== undefined && range.clock <= from && to <= range.clock + range.len;
}

/** Index of the first range that ends behind `clock`; the length of the list when there is none. */
function firstEndingAfter(ranges: readonly Range[], clock: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle]!;
    if (range.clock + range.len <= clock) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many units of `deletes` are in `known`,. */
export function countOverlap(known: DeleteSet, deletes: DeleteSet): number {
  let units = 0;
  for (const [client, ranges] of deletes.clients) {
    const knownRanges = known.clients.get(client) ?? [];
    for (const { clock, len } of ranges) {
      for (let index = firstEndingAfter(knownRanges, clock); index < knownRanges.length; index++) {
        const range = knownRanges[index]!;
        if (range.clock >= clock + len) break;
        units += Math.min(clock + len, range.clock + range.len) - Math.max(clock, range.clock);
      }
    }
  }
  return units;
}

/** A delete set as an update without structs, the form in which it is stored and sent. */
export function encodeDeletes(deletes: DeleteSet): Uint8Array {
  const snapshot = Y.encodeSnapshot(Y.createSnapshot(deletes, new Map()));
  // A snapshot is the delete set and an empty state vector (one zero); an update is the structs (one zero: none) and the delete set.
  const update = new Uint8Array(snapshot.length);
  update.set(snapshot.subarray(0, -1), 1);
  return update;
}
