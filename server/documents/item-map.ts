/** Something known of Yjs items, by their ids: for each client a list of ranges of clocks, each with its value. */

/** Clocks from `clock` on, `length` of them, of one Yjs client. */
export interface ItemRange {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

interface Entry<Value> {
  clock: number;
  end: number;
  readonly value: Value;
}

/** What is known first of an item stays: an item is written once and deleted once, whoever claims it again. */
export class ItemMap<Value> {
  /** Sorted, without overlap. */
  readonly #clients = new Map<number, Entry<Value>[]>();

  /** The same as one `fill` after the other of ranges that do not overlap, in any order and in less time when there are many. */
  static of<Value>(entries: Iterable<readonly [ItemRange, Value]>): ItemMap<Value> {
    const map = new ItemMap<Value>();
    const sorted = [...entries].sort(([a], [b]) => a.client - b.client || a.clock - b.clock);
    for (const [range, value] of sorted) map.fill(range, value);
    return map;
  }

  /** Gives the value to those items of the range that have none yet, and answers which they were, in order. */
  fill({ client, clock, length }: ItemRange, value: Value): ItemRange[] {
    let entries = this.#clients.get(client);
    if (!entries) {
      entries = [];
      this.#clients.set(client, entries);
    }
    const gaps: ItemRange[] = [];
    const places: number[] = [];
    const end = clock + length;
    let from = clock;
    for (let at = firstEndingAfter(entries, clock); from < end; at++) {
      const next = entries[at];
      const to = Math.min(end, next?.clock ?? end);
      if (to > from) {
        gaps.push({ client, clock: from, length: to - from });
        places.push(at);
      }
      from = next?.end ?? end;
    }
    // From the last on, so that the places before stay what they are.
    for (let i = gaps.length - 1; i >= 0; i--) {
      const gap = gaps[i]!;
      put(entries, places[i]!, { clock: gap.clock, end: gap.clock + gap.length, value });
    }
    return gaps;
  }

  /** The range cut where the value changes, in order; undefined where none is known. */
  *parts({ client, clock, length }: ItemRange): Generator<ItemRange & { readonly value: Value | undefined }> {
    const entries = this.#clients.get(client) ?? [];
    const end = clock + length;
    let from = clock;
    for (let at = firstEndingAfter(entries, clock); from < end; at++) {
      const entry = entries[at];
      const start = Math.min(end, entry?.clock ?? end);
      if (start > from) yield { client, clock: from, length: start - from, value: undefined };
      if (!entry || start === end) return;
      from = Math.max(from, start);
      const to = Math.min(end, entry.end);
      yield { client, clock: from, length: to - from, value: entry.value };
      from = to;
    }
  }

  /** Those items of the range that have no value. */
  *without(range: ItemRange): Generator<ItemRange> {
    for (const part of this.parts(range)) if (part.value === undefined) yield part;
  }
}

/** Index of the first entry that ends behind `clock`. */
function firstEndingAfter(entries: readonly { end: number }[], clock: number): number {
  const last = entries.at(-1);
  if (!last || last.end <= clock) return entries.length;
  let low = 0;
  let high = entries.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.end > clock) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Puts an entry before index `at`, joined with those neighbours of the same value that it touches. */
function put<Value>(entries: Entry<Value>[], at: number, entry: Entry<Value>): void {
  const left = entries[at - 1];
  const right = entries[at];
  const joinsLeft = left?.end === entry.clock && left.value === entry.value;
  const joinsRight = right?.clock === entry.end && right.value === entry.value;
  if (joinsLeft && joinsRight) {
    left.end = right.end;
    entries.splice(at, 1);
  } else if (joinsLeft) left.end = entry.end;
  else if (joinsRight) right.clock = entry.clock;
  else if (at === entries.length) entries.push(entry);
  else entries.splice(at, 0, entry);
}
