/** Reading what an update changes agrees with what Yjs does when it applies it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { ownPart, readChange } from './change.ts';
import { covers, encodeDeletes } from './delete-set.ts';

interface Edit {
  writer: number;
  kind: 'insert' | 'delete' | 'format' | 'embed' | 'merge';
  at: number;
}

const edits = fc.array(
  fc.record<Edit>({
    writer: fc.nat(2),
    kind: fc.constantFrom('insert', 'delete', 'format', 'embed', 'merge'),
    at: fc.nat(),
  }),
  { minLength: 1, maxLength: 40 },
);

/** Three replicas that edit and, now and then, take over what another has. */
function play(history: readonly Edit[]): { replicas: Y.Doc[]; updates: Uint8Array[] } {
  const updates: Uint8Array[] = [];
  const replicas = [1, 2, 3].map((clientId) => {
    const ydoc = new Y.Doc();
    ydoc.clientID = clientId;
    ydoc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'merge') updates.push(update);
    });
    return ydoc;
  });
  for (const { writer, kind, at } of history) {
    const ydoc = replicas[writer]!;
    const text = ydoc.getText('test');
    const index = text.length === 0 ? 0 : at % text.length;
    if (kind === 'merge') Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(replicas[at % 3]!), 'merge');
    else if (kind === 'insert') text.insert(index, 'ab');
    else if (kind === 'embed') text.insertEmbed(index, new Y.Map([['k', at]]));
    else if (kind === 'delete' && text.length > 0) text.delete(index, 1);
    else if (text.length > 0) text.format(index, 1, { bold: true });
  }
  return { replicas, updates };
}

test('an update is complete exactly when Yjs has nothing left waiting after applying it, and the vectors agree', () => {
  fc.assert(
    fc.property(edits, fc.array(fc.nat(), { maxLength: 40 }), (history, order) => {
      const { updates } = play(history);
      const server = new Y.Doc();
      const vector = new Map<number, number>();
      for (const pick of order) {
        const update = updates[pick % updates.length];
        if (!update) break;
        const { inserts, complete } = readChange(update, vector);
        if (!complete) {
          const trial = new Y.Doc();
          Y.applyUpdate(trial, Y.encodeStateAsUpdate(server));
          Y.applyUpdate(trial, update);
          expect(trial.store.pendingStructs ?? trial.store.pendingDs).not.toBeNull();
          continue;
        }
        Y.applyUpdate(server, update);
        expect(server.store.pendingStructs ?? server.store.pendingDs).toBeNull();
        for (const [client, clock] of inserts) vector.set(client, clock);
        expect(new Map([...vector].sort())).toEqual(
          new Map([...Y.decodeStateVector(Y.encodeStateVector(server))].sort()),
        );
      }
    }),
    { numRuns: 300 },
  );
});

test('a whole replica is complete for whoever has nothing, and changes nothing for whoever has it', () => {
  fc.assert(
    fc.property(edits, (history) => {
      for (const ydoc of play(history).replicas) {
        const state = Y.encodeStateAsUpdate(ydoc);
        expect(readChange(state, new Map()).complete).toBe(true);
        const { inserts, deletes, complete } = readChange(state, Y.decodeStateVector(Y.encodeStateVector(ydoc)));
        expect([inserts.size, complete]).toEqual([0, true]);
        expect(covers(Y.snapshot(ydoc).ds, deletes)).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

test('[W6] round by round, owners bring all of their own, however their texts build on each other', () => {
  fc.assert(
    fc.property(edits, (history) => {
      const { replicas } = play(history);
      const whole = new Y.Doc();
      for (const ydoc of replicas) Y.applyUpdate(whole, Y.encodeStateAsUpdate(ydoc));
      const state = Y.encodeStateAsUpdate(whole);
      const server = new Y.Doc();
      for (let idle = 0, turn = 0; idle < 3; turn++) {
        const vector = Y.decodeStateVector(Y.encodeStateVector(server));
        const part = ownPart(state, vector, (clientId) => clientId === (turn % 3) + 1);
        idle = part ? 0 : idle + 1;
        if (!part) continue;
        expect(readChange(part, vector).complete).toBe(true);
        expect([...readChange(part, vector).inserts.keys()]).toEqual([(turn % 3) + 1]);
        Y.applyUpdate(server, part);
        expect(server.store.pendingStructs).toBeNull();
      }
      expect(Y.encodeStateVector(server)).toEqual(Y.encodeStateVector(whole));
    }),
    { numRuns: 200 },
  );
});

test('a delete set survives being stored as an update without structs', () => {
  fc.assert(
    fc.property(edits, (history) => {
      const ydoc = play(history).replicas[0]!;
      const { ds } = Y.snapshot(ydoc);
      const stored = encodeDeletes(ds);
      expect(readChange(stored, Y.decodeStateVector(Y.encodeStateVector(ydoc))).inserts.size).toBe(0);
      expect(Y.equalDeleteSets(Y.decodeUpdate(stored).ds, ds)).toBe(true);
      const other = new Y.Doc();
      Y.applyUpdate(other, stored);
      expect(covers(ds, Y.decodeUpdate(stored).ds)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('structs that build on each other in a circle, or on themselves, are not complete', () => {
  const ydoc = new Y.Doc();
  ydoc.clientID = 1;
  ydoc.getText('test').insert(0, 'a');
  ydoc.getText('test').insert(1, 'b');
  const update = Y.encodeStateAsUpdate(ydoc);
  expect(readChange(update, new Map()).complete).toBe(true);
  const { structs } = Y.decodeUpdate(update);
  const encoder = new Y.UpdateEncoderV1();
  const self = new Y.Item(
    Y.createID(1, 0),
    null,
    Y.createID(1, 0),
    null,
    null,
    null,
    null,
    (structs[0] as Y.Item).content,
  );
  // One client, one struct, at clock 0, whose origin is itself; no deletions.
  const header = Uint8Array.of(1, 1, 1, 0);
  self.write(encoder, 0);
  const circular = Buffer.concat([header, encoder.toUint8Array(), Uint8Array.of(0)]);
  expect(readChange(circular, new Map()).complete).toBe(false);
});
