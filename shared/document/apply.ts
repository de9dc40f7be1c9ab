/** Writes a delta into the Y.Text from a block on. Yjs itself goes there from the start of the text, which makes every key as dear as the plan is long. */
import * as Y from 'yjs';
import { type Block, firstItem, formatted, PLAIN } from './blocks.ts';
import { type Attributes, sameValue } from './format.ts';

/** One operation of a Yjs delta. */
export interface Op {
  insert?: string | Y.Map<unknown>;
  delete?: number;
  retain?: number;
  attributes?: Attributes;
}

/**
 * Applies operations, the first of which takes place at `index`, where `block` starts; null when no block is known to start there.
 * Does what `YText.applyDelta` does where that needs no format items written or cleared away, and leaves the rest to it.
 * Call inside a transaction.
 */
export function applyFrom(ytext: Y.Text, block: Block | null, index: number, ops: readonly Op[]): void {
  if (!block && index > 0) {
    ytext.applyDelta([{ retain: index }, ...ops]);
    return;
  }
  ytext.doc!.transact((transaction) => {
    const cursor = new Cursor(transaction, ytext, block);
    let at = index;
    for (let i = 0; i < ops.length; i++) {
      const done = cursor.apply(ops[i]!);
      if (done === null) {
        ytext.applyDelta([{ retain: at }, ...ops.slice(i)]);
        return;
      }
      at += done;
    }
  });
}

class Cursor {
  readonly #transaction: Y.Transaction;
  readonly #ytext: Y.Text;
  #left: Y.Item | null;
  #right: Y.Item | null;
  #formatting: Attributes;

  constructor(transaction: Y.Transaction, ytext: Y.Text, block: Block | null) {
    this.#transaction = transaction;
    this.#ytext = ytext;
    const marker = block?.marker?._item;
    this.#right = marker ?? firstItem(ytext);
    this.#left = marker?.left ?? null;
    this.#formatting = (marker && block?.attributes) ?? PLAIN;
  }

  /** How far the operation moved on, in units; null when it is not one to be done here, and nothing was written. */
  apply({ insert, delete: remove, retain, attributes = PLAIN }: Op): number | null {
    if (insert !== undefined) return this.#insert(insert, attributes);
    if (remove !== undefined) return this.#remove(remove);
    return attributes === PLAIN ? this.#retain(retain ?? 0) : null;
  }

  #forward(): void {
    const item = this.#right!;
    if (!item.deleted && item.content instanceof Y.ContentFormat) {
      this.#formatting = formatted(this.#formatting, item.content);
    }
    this.#left = item;
    this.#right = item.right;
  }

  /** Cuts the item on the right where only so many of its units are meant. */
  #cut(units: number): void {
    const { id, length } = this.#right!;
    if (units < length) Y.getItemCleanStart(this.#transaction, Y.createID(id.client, id.clock + units));
  }

  #retain(units: number): number | null {
    for (let left = units; left > 0; this.#forward()) {
      if (!this.#right) return null;
      if (this.#right.deleted || !this.#right.countable) continue;
      this.#cut(left);
      left -= this.#right.length;
    }
    return units;
  }

  #insert(insert: string | Y.Map<unknown>, attributes: Attributes): number | null {
    const agrees = ({ deleted, content }: Y.Item): boolean => {
      if (deleted || !(content instanceof Y.ContentFormat)) return deleted;
      return sameValue(attributes[content.key] ?? null, content.value ?? null);
    };
    while (this.#right && agrees(this.#right)) this.#forward();
    if (!sameValue(this.#formatting, attributes)) return null;
    const { doc } = this.#transaction;
    const left = this.#left;
    const right = this.#right;
    const item = new Y.Item(
      Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID)),
      left,
      left?.lastId ?? null,
      right,
      right?.id ?? null,
      this.#ytext,
      null,
      typeof insert === 'string' ? new Y.ContentString(insert) : new Y.ContentType(insert),
    );
    item.integrate(this.#transaction, 0);
    this.#forgetMarkers();
    this.#left = item;
    this.#right = item.right;
    return item.length;
  }

  #remove(units: number): number | null {
    if (!this.#isPlain(units)) return null;
    for (let left = units; left > 0; this.#forward()) {
      const item = this.#right!;
      if (item.deleted) continue;
      this.#cut(left);
      left -= item.length;
      item.delete(this.#transaction);
    }
    this.#forgetMarkers();
    return 0;
  }

  /** Whether no format item stands among the units on the right, nor between them and what follows: none can become superfluous. */
  #isPlain(units: number): boolean {
    let left = units;
    for (let item = this.#right; item !== null; item = item.right) {
      if (item.deleted) continue;
      if (item.content instanceof Y.ContentFormat) return false;
      if (left <= 0) return true;
      left -= item.length;
      if (left < 0) return true;
    }
    return left <= 0;
  }

  /** Yjs remembers the indexes of some items, which are others now. It forgets them in the same way when it receives. */
  #forgetMarkers(): void {
    if (this.#ytext._searchMarker) this.#ytext._searchMarker.length = 0;
  }
}
