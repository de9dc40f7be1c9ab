/**
 * Undone deletions and moved text: Yjs brings both as new items of whoever undoes or moves. This tells them from typing, so that the words
 * stay their author's. Nobody can put words into another's mouth by it: only the same text that was deleted counts.
 */
import * as Y from 'yjs';
import { ItemMap, type ItemRange } from './item-map.ts';

/** Items that stand for others, which were deleted: the same text, clock for clock. */
export interface Carried extends ItemRange {
  readonly of: { readonly client: number; readonly clock: number };
}

/** Text of neighbouring clocks of one client. */
interface Piece {
  readonly client: number;
  readonly clock: number;
  readonly text: string;
}

/** What one user deleted, be it that somebody else was first: two who move a block at once make two copies of it. */
interface DeletedText {
  readonly all: ItemMap<true>;
  /** What stands elsewhere again: a second copy is its writer's. */
  readonly taken: ItemMap<true>;
  /** Not yet looked at: only who puts in much at once may have moved something. */
  readonly unread: ItemRange[];
  /** By every run of so many characters: where they begin. */
  readonly grams: Map<string, { readonly piece: Piece; readonly offset: number }[]>;
  readonly wholes: Map<string, Piece[]>;
  characters: number;
}

/** Fewer characters in a row may be the same by chance. */
const GRAM = 12;
/** Fewer are not looked for: typing comes in ones and twos. */
const FEWEST = 4;
/** Bounds for those who delete a great deal, or the same again and again. */
const MOST_CHARACTERS = 200_000;
const MOST_ALIKE = 8;

export class CarriedText {
  readonly #states: () => Iterable<Uint8Array>;
  /** By client, in the order of their clocks; of the states only once somebody asks for them. */
  readonly #texts = new Map<number, Piece[]>();
  #ofStates: Map<number, Piece[]>[] | null = null;
  readonly #deleted: ItemMap<true>;
  readonly #byUser = new Map<string, DeletedText>();

  /**
   * @param states Yjs updates that came before all others; of what was deleted in one already, it has no text
   * @param deleted all deleted items, kept up to date by the caller
   */
  constructor(states: () => Iterable<Uint8Array>, deleted: ItemMap<true>) {
    this.#states = states;
    this.#deleted = deleted;
  }

  /** Notes the new items of an update, and what it deletes. */
  add(userId: string, items: readonly Y.Item[], deleted: readonly ItemRange[]): void {
    for (const item of items) note(this.#texts, item);
    if (deleted.length === 0) return;
    const own = this.#byUser.get(userId) ?? nothingDeleted();
    this.#byUser.set(userId, own);
    // One by one: a hostile deletion may have more parts than a call takes arguments.
    for (const range of deleted) for (const part of own.all.fill(range, true)) own.unread.push(part);
  }

  /** Which parts of a new item only bring back, or put elsewhere, what had been deleted. */
  carriedBy(userId: string, item: Y.Item): Carried[] {
    if (!(item.content instanceof Y.ContentString)) return [];
    const undone = this.#undoneBy(item, item.content.str);
    if (undone) return [undone];
    const own = this.#byUser.get(userId);
    if (!own || item.length < FEWEST) return [];
    this.#read(own);
    const { client, clock } = item.id;
    return this.#movedIn(own, item.content.str).map(({ at, of, length }) => {
      own.taken.fill({ ...of, length }, true);
      return { client, clock: clock + at, length, of };
    });
  }

  /** Yjs puts what an undo brings back right before the deleted item. */
  #undoneBy({ id, length, rightOrigin }: Y.Item, text: string): Carried | null {
    if (rightOrigin === null) return null;
    const of = { client: rightOrigin.client, clock: rightOrigin.clock };
    for (const { value } of this.#deleted.parts({ ...of, length })) if (!value) return null;
    const [piece] = this.#piecesOf({ ...of, length });
    return piece?.text === text ? { client: id.client, clock: id.clock, length, of } : null;
  }

  #movedIn(own: DeletedText, text: string): Found[] {
    if (text.length < GRAM) {
      const whole = this.#wholeOf(own, text);
      return whole ? [{ at: 0, of: whole, length: text.length }] : [];
    }
    const found: Found[] = [];
    for (let at = 0; at + GRAM <= text.length; ) {
      const longest = this.#longestAt(own, text, at);
      if (longest) found.push(longest);
      at += longest?.length ?? 1;
    }
    return found.length === 0 ? [] : this.#withGaps(own, text, found);
  }

  #longestAt(own: DeletedText, text: string, at: number): Found | null {
    let longest: Found | null = null;
    for (const { piece, offset } of own.grams.get(text.slice(at, at + GRAM)) ?? []) {
      const of = { client: piece.client, clock: piece.clock + offset };
      const most = untaken(own, { ...of, length: piece.text.length - offset });
      if (most < GRAM) continue;
      let length = GRAM;
      while (length < most && at + length < text.length && piece.text[offset + length] === text[at + length]) length++;
      if (!longest || length > longest.length) longest = { at, of, length };
    }
    return longest;
  }

  /** What stands between is moved, too, where it is all of what somebody put in there: a word mended in another's sentence. */
  #withGaps(own: DeletedText, text: string, found: readonly Found[]): Found[] {
    const all: Found[] = [];
    let end = 0;
    for (const next of [...found, { at: text.length, of: null, length: 0 }]) {
      const whole = next.at > end ? this.#wholeOf(own, text.slice(end, next.at)) : null;
      if (whole) all.push({ at: end, of: whole, length: next.at - end });
      if (next.of) all.push(next);
      end = next.at + next.length;
    }
    return all;
  }

  #wholeOf(own: DeletedText, text: string): Carried['of'] | null {
    const piece = own.wholes
      .get(text)
      ?.find(({ client, clock }) => untaken(own, { client, clock, length: text.length }) === text.length);
    return piece ? { client: piece.client, clock: piece.clock } : null;
  }

  #read(own: DeletedText): void {
    for (const range of own.unread.splice(0)) {
      for (const piece of this.#piecesOf(range)) {
        own.characters += piece.text.length;
        if (own.characters > MOST_CHARACTERS) return;
        put(own.wholes, piece.text, piece);
        for (let offset = 0; offset + GRAM <= piece.text.length; offset++) {
          put(own.grams, piece.text.slice(offset, offset + GRAM), { piece, offset });
        }
      }
    }
  }

  /** As far as the text of a range is known, in order. */
  #piecesOf(range: ItemRange): Piece[] {
    const pieces = piecesIn(this.#texts, range);
    const length = pieces.reduce((sum, { text }) => sum + text.length, 0);
    if (length === range.length) return pieces;
    const covered = ItemMap.of(pieces.map((piece) => [{ ...piece, length: piece.text.length }, true] as const));
    this.#ofStates ??= Array.from(this.#states(), textsOf);
    for (const texts of this.#ofStates) {
      for (const missing of [...covered.without(range)]) {
        for (const piece of piecesIn(texts, missing)) {
          covered.fill({ ...piece, length: piece.text.length }, true);
          pieces.push(piece);
        }
      }
    }
    return joined(pieces.sort((a, b) => a.clock - b.clock));
  }
}

const nothingDeleted = (): DeletedText => ({
  ...{ all: new ItemMap<true>(), taken: new ItemMap<true>(), unread: [] },
  ...{ grams: new Map(), wholes: new Map(), characters: 0 },
});

/** How much of a range, from its start on, does not stand elsewhere already. */
function untaken({ taken }: DeletedText, range: ItemRange): number {
  for (const { length, value } of taken.parts(range)) return value ? 0 : length;
  return 0;
}

interface Found {
  readonly at: number;
  readonly of: Carried['of'];
  readonly length: number;
}

function put<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key);
  if (!known) map.set(key, [value]);
  else if (known.length < MOST_ALIKE) known.push(value);
}

function textsOf(update: Uint8Array): Map<number, Piece[]> {
  const texts = new Map<number, Piece[]>();
  for (const struct of Y.decodeUpdate(update).structs) if (struct instanceof Y.Item) note(texts, struct);
  return texts;
}

function note(texts: Map<number, Piece[]>, { id: { client, clock }, content }: Y.Item): void {
  if (!(content instanceof Y.ContentString)) return;
  const piece = { client, clock, text: content.str };
  const ofClient = texts.get(client);
  if (ofClient) ofClient.push(piece);
  else texts.set(client, [piece]);
}

/** Of a range its text, clocks without any between them: a marker, say. */
function piecesIn(texts: ReadonlyMap<number, readonly Piece[]>, { client, clock, length }: ItemRange): Piece[] {
  const ofClient = texts.get(client) ?? [];
  let low = 0;
  let high = ofClient.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ofClient[middle]!.clock + ofClient[middle]!.text.length > clock) high = middle;
    else low = middle + 1;
  }
  const pieces: Piece[] = [];
  for (let i = low; i < ofClient.length && ofClient[i]!.clock < clock + length; i++) {
    const next = ofClient[i]!;
    const from = Math.max(next.clock, clock);
    pieces.push({ client, clock: from, text: next.text.slice(from - next.clock, clock + length - next.clock) });
  }
  return joined(pieces);
}

/** Pieces of one client in order, neighbours as one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last && last.clock + last.text.length === piece.clock) {
      result[result.length - 1] = { ...last, text: last.text + piece.text };
    } else result.push(piece);
  }
  return result;
}
