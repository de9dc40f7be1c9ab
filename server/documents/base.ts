/** A plan's Y.Doc as a base: encoded, and loaded back before anything that it replaces may go (R5). */
import * as Y from 'yjs';
import type { Base } from '../store/update-log.ts';

export function encodeBase(ydoc: Y.Doc): Omit<Base, 'seq'> {
  const stateVector = Y.encodeStateVector(ydoc);
  // What somebody lacks who has it all: no structs, and the whole delete set.
  return { state: Y.encodeStateAsUpdate(ydoc), stateVector, deleteSet: Y.encodeStateAsUpdate(ydoc, stateVector) };
}

/** Throws when something is missing from the Y.Doc, or when what was encoded does not come back. */
export function verifyBase(ydoc: Y.Doc, { state }: Pick<Base, 'state'>): void {
  if (ydoc.store.pendingStructs !== null || ydoc.store.pendingDs !== null) {
    throw new Error('The log has updates that build on others which it does not have.');
  }
  const reloaded = new Y.Doc();
  Y.applyUpdate(reloaded, state);
  const expected = withGapsJoined(Y.encodeStateAsUpdate(ydoc));
  const same = Buffer.compare(withGapsJoined(Y.encodeStateAsUpdate(reloaded)), expected) === 0;
  reloaded.destroy();
  if (!same) throw new Error('The merged state, loaded back, is not the same.');
}

/**
 * The same update with neighbouring gaps (what is left of deleted items whose parent is deleted, too) as one. Loading joins them, but
 * in a Y.Doc that heard of the deletions one after the other they stay apart.
 */
function withGapsJoined(update: Uint8Array): Uint8Array {
  const { structs, ds } = Y.decodeUpdate(update);
  const encoder = new Y.UpdateEncoderV1();
  let last: (typeof structs)[number] | undefined;
  for (const struct of structs) {
    const { client, clock } = struct.id;
    const joins =
      last instanceof Y.GC &&
      struct instanceof Y.GC &&
      last.id.client === client &&
      last.id.clock + last.length === clock;
    if (joins) last!.length += struct.length;
    else {
      if (last) last.write(encoder, 0);
      encoder.writeClient(client);
      last = struct;
    }
  }
  last?.write(encoder, 0);
  return Buffer.concat([encoder.toUint8Array(), Y.encodeSnapshot(Y.createSnapshot(ds as never, new Map()))]);
}
