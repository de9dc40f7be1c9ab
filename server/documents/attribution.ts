/** Who wrote and deleted what, kept when a compaction takes the updates themselves away (R5). */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { LoggedUpdate } from '../store/packed-row.ts';

/** Clocks from `clock` on, `length` of them, of one Yjs client. */
export interface Range {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

/** What one user did in one stretch of time; neighbours of the same user within a minute are one. */
export interface Attribution {
  readonly userId: string;
  /** Milliseconds since 1970: the first and the last update. */
  readonly from: number;
  readonly to: number;
  /** The last update's number. */
  readonly seq: number;
  readonly inserted: readonly Range[];
  readonly deleted: readonly Range[];
}

interface Stretch extends Attribution {
  to: number;
  seq: number;
  readonly inserted: Range[];
  readonly deleted: Range[];
}

/** Milliseconds within which a user's updates, with nobody else's between them, are told as one. */
const STRETCH = 60_000;
const LAYOUT = 1;

/**
 * What the updates did, in order. `vector` says what was there before them: a client may repeat what others sent. A deletion may be
 * repeated too; the first to name it did it.
 */
export function attribute(
  updates: readonly LoggedUpdate[],
  firstSeq: number,
  vector: ReadonlyMap<number, number>,
): Attribution[] {
  const known = new Map(vector);
  const stretches: Stretch[] = [];
  for (const [index, { userId, time, update }] of updates.entries()) {
    const { structs, ds } = Y.decodeUpdate(update);
    if (structs.length === 0 && ds.clients.size === 0) continue;
    const last = stretches.at(-1);
    const joins = last && last.userId === userId && time - last.from < STRETCH && time >= last.to;
    const stretch: Stretch = joins ? last : { userId, from: time, to: time, seq: 0, inserted: [], deleted: [] };
    if (!joins) stretches.push(stretch);
    stretch.to = time;
    stretch.seq = firstSeq + index;
    for (const struct of structs) {
      const { client, clock } = struct.id;
      const from = Math.max(clock, known.get(client) ?? 0);
      const end = clock + struct.length;
      if (struct instanceof Y.Skip || end <= from) continue;
      known.set(client, end);
      extend(stretch.inserted, { client, clock: from, length: end - from });
    }
    for (const [client, ranges] of ds.clients) {
      for (const { clock, len } of ranges) extend(stretch.deleted, { client, clock, length: len });
    }
  }
  return stretches;
}

/** Typing goes on where it stopped, deleting backwards ends where it began: most ranges join their neighbour. */
function extend(ranges: Range[], next: Range): void {
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
  for (const { userId, from, to, seq, inserted, deleted } of attributions) {
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
  }
  return encoding.toUint8Array(encoder);
}

/** Throws on bytes that encodeAttributions did not write. */
export function decodeAttributions(data: Uint8Array): Attribution[] {
  const decoder = decoding.createDecoder(data);
  const layout = decoding.readUint8(decoder);
  if (layout !== LAYOUT) throw new Error(`An attribution has layout ${layout}, expected ${LAYOUT}.`);
  const userIds = Array.from({ length: decoding.readVarUint(decoder) }, () => decoding.readVarString(decoder));
  const readRanges = (): Range[] =>
    Array.from({ length: decoding.readVarUint(decoder) }, () => ({
      client: decoding.readVarUint(decoder),
      clock: decoding.readVarUint(decoder),
      length: decoding.readVarUint(decoder),
    }));
  const attributions: Attribution[] = [];
  while (decoding.hasContent(decoder)) {
    const userId = userIds[decoding.readVarUint(decoder)];
    if (userId === undefined) throw new Error('An attribution names a user that is not in its list.');
    const from = decoding.readVarUint(decoder);
    const to = from + decoding.readVarUint(decoder);
    const seq = decoding.readVarUint(decoder);
    attributions.push({ userId, from, to, seq, inserted: readRanges(), deleted: readRanges() });
  }
  return attributions;
}
