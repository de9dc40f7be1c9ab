/** Who wrote and deleted what, kept when a compaction takes the updates themselves away (R5). */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { LoggedUpdate } from '../store/packed-row.ts';
import { type Carried, CarriedText } from './carried-text.ts';
import { ItemMap, type ItemRange } from './item-map.ts';

/** What one user did in one stretch of time; neighbours of the same user within a minute are one. */
export interface Attribution {
  readonly userId: string;
  /** Milliseconds since 1970: the first and the last update. */
  readonly from: number;
  readonly to: number;
  /** The last update's number. */
  readonly seq: number;
  readonly inserted: readonly ItemRange[];
  readonly deleted: readonly ItemRange[];
  /** Those of the inserted that only brought back or moved what was deleted, as far as its text was still known. */
  readonly carried: readonly Carried[];
}

interface Stretch extends Attribution {
  to: number;
  seq: number;
  readonly inserted: ItemRange[];
  readonly deleted: ItemRange[];
  readonly carried: Carried[];
}

/** Milliseconds within which a user's updates, with nobody else's between them, are told as one. */
const STRETCH = 60_000;
const LAYOUT = 1;

/** What was there before the updates that are attributed. */
export interface Before {
  readonly vector: ReadonlyMap<number, number>;
  /** Ranges by client, as in a Yjs delete set. */
  readonly deletes: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>;
  /** All of it, and what it was earlier, as Yjs updates: read only when something might be in it. */
  readonly states: () => Iterable<Uint8Array>;
}

export const NOTHING_BEFORE: Before = { vector: new Map(), deletes: new Map(), states: () => [] };

/**
 * What the updates did, in order. A client may repeat what others wrote or deleted, and does so in good faith whenever it comes back
 * (a Yjs update to catch up holds every deletion there ever was): the first to bring it did it.
 * @param standsApart whether the update of this number, with new items of these clients, is to be told by itself
 */
export function attribute(
  updates: readonly LoggedUpdate[],
  firstSeq: number,
  before: Before,
  standsApart: (seq: number, clients: readonly number[]) => boolean = () => false,
): Attribution[] {
  const known = new Map(before.vector);
  const deletes = new ItemMap<true>();
  for (const [client, ranges] of before.deletes) {
    for (const { clock, len } of ranges) deletes.fill({ client, clock, length: len }, true);
  }
  const texts = new CarriedText(before.states, deletes);
  const stretches: Stretch[] = [];
  let lastApart = false;
  for (const [index, { userId, time, update }] of updates.entries()) {
    const seq = firstSeq + index;
    const { structs, ds } = Y.decodeUpdate(update);
    const named = [...ds.clients].flatMap(([client, ranges]) =>
      ranges.map(({ clock, len }): ItemRange => ({ client, clock, length: len })),
    );
    const deleted = named.flatMap((range) => deletes.fill(range, true));
    const inserted: ItemRange[] = [];
    const items: Y.Item[] = [];
    for (const struct of structs) {
      const { client, clock } = struct.id;
      const from = Math.max(clock, known.get(client) ?? 0);
      const end = clock + struct.length;
      if (struct instanceof Y.Skip || end <= from) continue;
      known.set(client, end);
      extend(inserted, { client, clock: from, length: end - from });
      if (struct instanceof Y.Item && from === clock) items.push(struct);
    }
    if (inserted.length === 0 && deleted.length === 0) continue;
    const apart = standsApart(
      seq,
      inserted.map(({ client }) => client),
    );
    texts.add(userId, items, named);
    // What the server writes says by itself where it is from.
    const carried = apart ? [] : items.flatMap((item) => texts.carriedBy(userId, item));
    const last = stretches.at(-1);
    const joins =
      last && !apart && !lastApart && last.userId === userId && time - last.from < STRETCH && time >= last.to;
    lastApart = apart;
    if (joins) {
      last.to = time;
      last.seq = seq;
      for (const range of inserted) extend(last.inserted, range);
      for (const range of deleted) extend(last.deleted, range);
      last.carried.push(...carried);
    } else stretches.push({ userId, from: time, to: time, seq, inserted, deleted, carried });
  }
  return stretches;
}

/** Typing goes on where it stopped, deleting backwards ends where it began: most ranges join their neighbour. */
function extend(ranges: ItemRange[], next: ItemRange): void {
  const last = ranges.at(-1);
  if (last?.client === next.client && last.clock + last.length === next.clock) {
    ranges[ranges.length - 1] = { ...last, length: last.length + next.length };
  } else if (last?.client === next.client && next.clock + next.length === last.clock) {
    ranges[ranges.length - 1] = { ...next, length: next.length + last.length };
  } else ranges.push(next);
}

export function encodeAttributions(attributions: readonly Attribution[]): Uint8Array {
  const userIds = [...new Set(attributions.map(({ userId }) => userId))];
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, LAYOUT);
  encoding.writeVarUint(encoder, userIds.length);
  for (const userId of userIds) encoding.writeVarString(encoder, userId);
  for (const { userId, from, to, seq, inserted, deleted, carried } of attributions) {
    encoding.writeVarUint(encoder, userIds.indexOf(userId));
    encoding.writeVarUint(encoder, from);
    encoding.writeVarUint(encoder, Math.max(0, to - from));
    encoding.writeVarUint(encoder, seq);
    for (const ranges of [inserted, deleted]) {
      encoding.writeVarUint(encoder, ranges.length);
      for (const { client, clock, length } of ranges) {
        encoding.writeVarUint(encoder, client);
        encoding.writeVarUint(encoder, clock);
        encoding.writeVarUint(encoder, length);
      }
    }
    encoding.writeVarUint(encoder, carried.length);
    for (const { client, clock, length, of } of carried) {
      for (const value of [client, clock, length, of.client, of.clock]) encoding.writeVarUint(encoder, value);
    }
  }
  return encoding.toUint8Array(encoder);
}

/** Throws on bytes that encodeAttributions did not write. */
export function decodeAttributions(data: Uint8Array): Attribution[] {
  const decoder = decoding.createDecoder(data);
  const layout = decoding.readUint8(decoder);
  if (layout !== LAYOUT) throw new Error(`An attribution has layout ${layout}, expected ${LAYOUT}.`);
  const userIds = Array.from({ length: decoding.readVarUint(decoder) }, () => decoding.readVarString(decoder));
  const read = () => decoding.readVarUint(decoder);
  const readList = <T>(readOne: () => T): T[] => Array.from({ length: read() }, readOne);
  const readRange = (): ItemRange => ({ client: read(), clock: read(), length: read() });
  const attributions: Attribution[] = [];
  while (decoding.hasContent(decoder)) {
    const userId = userIds[decoding.readVarUint(decoder)];
    if (userId === undefined) throw new Error('An attribution names a user that is not in its list.');
    const from = decoding.readVarUint(decoder);
    const to = from + decoding.readVarUint(decoder);
    const seq = decoding.readVarUint(decoder);
    attributions.push({
      ...{ userId, from, to, seq },
      inserted: readList(readRange),
      deleted: readList(readRange),
      carried: readList(() => ({ ...readRange(), of: { client: read(), clock: read() } })),
    });
  }
  return attributions;
}
