/** Undoing a deletion: Yjs brings text back as new items of whoever undoes. This tells them from typing, so that the words stay their author's. */
import * as Y from 'yjs';
import type { ItemMap, ItemRange } from './item-map.ts';

/** Items that stand for others, which were deleted before: the same text, clock for clock. */
export interface Revival extends ItemRange {
  readonly of: { readonly client: number; readonly clock: number };
}

interface Text {
  readonly clock: number;
  readonly text: string;
}

/** The text of items in the order in which they came, and which of them are deleted. */
export class TextRecord {
  readonly #states: () => Iterable<Uint8Array>;
  /** By client, in the order of their clocks; of the states only once somebody asks for them. */
  readonly #texts = new Map<number, Text[]>();
  #ofStates: Map<number, Text[]>[] | null = null;
  readonly #deleted: ItemMap<true>;

  /**
   * @param states Yjs updates that came before all others; of what was deleted in one already, it has no text
   * @param deleted kept up to date by the caller
   */
  constructor(states: () => Iterable<Uint8Array>, deleted: ItemMap<true>) {
    this.#states = states;
    this.#deleted = deleted;
  }

  add(item: Y.Item): void {
    if (item.content instanceof Y.ContentString) note(this.#texts, item.id, item.content.str);
  }

  /**
   * What an item revives; null: nothing. Yjs puts a revived item right before the deleted one. That alone is what a client says of
   * itself, so the text must be the same, too: nobody can put words into another's mouth, only give back what was theirs.
   */
  revivedBy({ id, length, rightOrigin, content }: Y.Item): Revival | null {
    if (!(content instanceof Y.ContentString) || rightOrigin === null) return null;
    const of = { client: rightOrigin.client, clock: rightOrigin.clock, length };
    for (const { value } of this.#deleted.parts(of)) if (!value) return null;
    if (this.#textOf(of) !== content.str) return null;
    return { client: id.client, clock: id.clock, length, of: { client: of.client, clock: of.clock } };
  }

  /** Undefined where some of it is not known. */
  #textOf(range: ItemRange): string | undefined {
    const known = textIn(this.#texts, range);
    if (known !== undefined) return known;
    this.#ofStates ??= Array.from(this.#states(), textsOf);
    for (const texts of this.#ofStates) {
      const found = textIn(texts, range);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function textsOf(update: Uint8Array): Map<number, Text[]> {
  const texts = new Map<number, Text[]>();
  for (const struct of Y.decodeUpdate(update).structs) {
    if (struct instanceof Y.Item && struct.content instanceof Y.ContentString)
      note(texts, struct.id, struct.content.str);
  }
  return texts;
}

function note(texts: Map<number, Text[]>, { client, clock }: Y.ID, text: string): void {
  const ofClient = texts.get(client);
  if (ofClient) ofClient.push({ clock, text });
  else texts.set(client, [{ clock, text }]);
}

function textIn(ofClients: ReadonlyMap<number, readonly Text[]>, range: ItemRange): string | undefined {
  const { client, clock, length } = range;
  const texts = ofClients.get(client) ?? [];
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (texts[middle]!.clock + texts[middle]!.text.length > clock) high = middle;
    else low = middle + 1;
  }
  let found = '';
  for (let i = low; found.length < length; i++) {
    const next = texts[i];
    const from = clock + found.length;
    if (!next || next.clock > from) return undefined;
    found += next.text.slice(from - next.clock, clock + length - next.clock);
  }
  return found;
}
