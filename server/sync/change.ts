/** Reads what an update changes without applying it: which structs are new, what it deletes, and whether all that it builds on is there. */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { DeleteSet } from './delete-set.ts';

/** For each client id, how many of its clocks are known: 0 ... value - 1. */
export type StateVector = Map<number, number>;
type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number];

export interface Change {
  /** The state vector's new entries, for the clients that the update has new structs of. */
  readonly inserts: ReadonlyMap<number, number>;
  readonly deletes: DeleteSet;
  /** False when it refers to structs that neither `vector` nor the update itself has: it would wait in Yjs, unseen, for them. */
  readonly complete: boolean;
}

/** Client ids are random 32-bit numbers. */
const MAX_CLIENT_ID = 2 ** 32 - 1;
/** No honest client comes near; beyond it sums of clocks would lose precision. */
const MAX_CLOCK = 2 ** 40;

/** Throws on bytes that are not a Yjs update, or that no Yjs could have written. */
export function readChange(update: Uint8Array, vector: StateVector): Change {
  const { structs, ds } = Y.decodeUpdate(update);
  const inserts = new Map<number, number>();
  const known = (client: number): number => inserts.get(client) ?? vector.get(client) ?? 0;
  let complete = true;
  let firstNew = structs.length;
  for (let index = 0; index < structs.length; index++) {
    const struct = structs[index]!;
    const { client, clock } = struct.id;
    const end = clock + struct.length;
    if (client > MAX_CLIENT_ID || end > MAX_CLOCK || struct.length <= 0) {
      throw new Error(`A struct at ${client}:${clock} has length ${struct.length}`);
    }
    const from = known(client);
    if (struct instanceof Y.Skip || end <= from) continue;
    if (clock > from) complete = false;
    inserts.set(client, end);
    firstNew = Math.min(firstNew, index);
  }
  if (complete && inserts.size > 0) complete = isFounded(structs.slice(firstNew), vector, inserts);
  for (const [client, ranges] of ds.clients) {
    for (const { clock, len } of ranges) {
      if (client > MAX_CLIENT_ID || clock + len > MAX_CLOCK) throw new Error(`A deletion at ${client}:${clock}+${len}`);
      if (clock + len > known(client)) complete = false;
    }
  }
  return { inserts, deletes: ds, complete };
}

type NewStructs = Map<number, (Y.Item | Y.GC)[]>;

/** Whether Yjs can integrate all of them, in some order, on top of `vector`. Else it would keep them aside, unseen, for ever. */
function isFounded(structs: readonly Struct[], vector: StateVector, inserts: ReadonlyMap<number, number>): boolean {
  if (inserts.size > 1) {
    const founded = takeFounded(structs, vector, () => true);
    return [...inserts].every(([client, end]) => {
      const last = founded.get(client)?.at(-1);
      return last !== undefined && last.id.clock + last.length === end;
    });
  }
  // By far the most updates have structs of one client, whose order is that of its clocks.
  return structs.every((struct) => {
    const has = (id: Y.ID | null) =>
      id === null || id.clock < (id.client === struct.id.client ? struct.id.clock : (vector.get(id.client) ?? 0));
    return foundations(struct).every(has);
  });
}

/** What a struct refers to: Yjs integrates it when it has all of them. */
function foundations(struct: Struct): (Y.ID | null)[] {
  if (!(struct instanceof Y.Item)) return [];
  return [struct.origin, struct.rightOrigin, struct.parent instanceof Y.ID ? struct.parent : null];
}

/** The new structs, by client and in order, each client's up to the first that builds on something neither known nor among them. */
function takeFounded(
  structs: readonly Struct[],
  vector: StateVector,
  isOwn: (clientId: number) => boolean,
): NewStructs {
  const known = new Map(vector);
  const has = (id: Y.ID | null): boolean => id === null || id.clock < (known.get(id.client) ?? 0);
  const waiting: NewStructs = new Map();
  for (const struct of structs) {
    const { client, clock } = struct.id;
    if (struct instanceof Y.Skip || !isOwn(client) || clock + struct.length <= (vector.get(client) ?? 0)) continue;
    const queue = waiting.get(client);
    if (queue) queue.push(struct as Y.Item | Y.GC);
    else waiting.set(client, [struct as Y.Item | Y.GC]);
  }
  const taken: NewStructs = new Map();
  // Clients may build on each other, so this goes round until nothing moves any more.
  for (let moved = true; moved; ) {
    moved = false;
    for (const [client, queue] of waiting) {
      let count = 0;
      for (const struct of queue) {
        if (struct.id.clock > (known.get(client) ?? 0) || !foundations(struct).every(has)) break;
        known.set(client, struct.id.clock + struct.length);
        count++;
      }
      if (count === 0) continue;
      taken.set(client, [...(taken.get(client) ?? []), ...queue.splice(0, count)]);
      moved = true;
    }
  }
  return taken;
}

/**
 * The part of an update that one user may bring: new structs of the client ids that `isOwn` allows, as far as they do not build on others
 * that are missing. Without deletions. Null: there is none.
 */
export function ownPart(
  update: Uint8Array,
  vector: StateVector,
  isOwn: (clientId: number) => boolean,
): Uint8Array | null {
  const taken = takeFounded(Y.decodeUpdate(update).structs, vector, isOwn);
  return taken.size === 0 ? null : encodeStructs(taken);
}

/** Format v1, as Yjs writes it: clients, for each its structs from one clock on, and here an empty delete set. */
function encodeStructs(clients: NewStructs): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  encoding.writeVarUint(encoder.restEncoder, clients.size);
  for (const [client, structs] of clients) {
    encoding.writeVarUint(encoder.restEncoder, structs.length);
    encoder.writeClient(client);
    encoding.writeVarUint(encoder.restEncoder, structs[0]!.id.clock);
    for (const struct of structs) struct.write(encoder, 0);
  }
  encoding.writeVarUint(encoder.restEncoder, 0);
  return encoder.toUint8Array();
}
