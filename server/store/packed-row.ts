/** One row of the log: the updates that one turn of the event loop brought to a plan, each with its author and time. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

export interface LoggedUpdate {
  /** The account whose session sent it. */
  readonly userId: string;
  /** When it was received, in milliseconds since 1970. For display: order is `seq` alone. */
  readonly time: number;
  /** The Yjs update as received (format v1). */
  readonly update: Uint8Array;
}

/** First byte of every packed row, so that another layout can follow one day. */
const LAYOUT = 1;

export function packRow(updates: readonly LoggedUpdate[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, LAYOUT);
  for (const { userId, time, update } of updates) {
    encoding.writeVarString(encoder, userId);
    encoding.writeVarUint(encoder, time);
    encoding.writeVarUint8Array(encoder, update);
  }
  return encoding.toUint8Array(encoder);
}

/** Throws on bytes that packRow did not write. The updates are views into `data`. */
export function unpackRow(data: Uint8Array): LoggedUpdate[] {
  const decoder = decoding.createDecoder(data);
  const layout = decoding.readUint8(decoder);
  if (layout !== LAYOUT) throw new Error(`A row of the log has layout ${layout}, expected ${LAYOUT}.`);
  const updates: LoggedUpdate[] = [];
  while (decoding.hasContent(decoder)) {
    updates.push({
      userId: decoding.readVarString(decoder),
      time: decoding.readVarUint(decoder),
      update: decoding.readVarUint8Array(decoder),
    });
  }
  return updates;
}
