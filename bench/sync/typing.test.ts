/** That a delivery is counted once for each typed character and reader, whatever frames a server makes of it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Client } from './client.ts';
import { Deliveries, insertedRuns, Typist, typedUpdates } from './typing.ts';

/** As much of a client as the ledger touches: no socket, but frames that the test hands in. */
const silentClient = () => ({ onContent: () => {}, sendUpdate: () => {} }) as unknown as Client;

it('builds one update for each typed character, which together are the text', () => {
  const doc = new Y.Doc();
  for (const update of typedUpdates(7, 50)) Y.applyUpdate(doc, update);
  expect(doc.getText('content').length).toBe(50);
  expect(Y.getState(doc.store, 7)).toBe(50);
});

it('reads every inserted clock out of a merged update and out of a state', () => {
  const updates = [...typedUpdates(7, 5), ...typedUpdates(9, 3)];
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  for (const whole of [Y.mergeUpdates(updates), Y.encodeStateAsUpdate(doc)]) {
    const clocks = (author: number) =>
      insertedRuns(whole)
        .filter((run) => run.author === author)
        .flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index));
    expect(clocks(7)).toEqual([0, 1, 2, 3, 4]);
    expect(clocks(9)).toEqual([0, 1, 2]);
  }
});

it('counts every character once for each reader but its author, however a server merges, echoes and repeats', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      (authors, keys, frameSizes) => {
        const clients = Array.from({ length: authors + 1 }, silentClient);
        const typists = clients.slice(0, authors).map((client, index) => new Typist(index, client, keys.length));
        const updates = typists.map((typist) => typedUpdates(typist.id, keys.length));
        const deliveries = new Deliveries();
        deliveries.watch(clients, typists);
        const pending: Uint8Array[] = [];
        for (const key of keys) {
          const typist = typists[key % authors]!;
          pending.push(updates[key % authors]![typist.sentAt.length]!);
          typist.type();
        }
        expect(deliveries.missing()).toBe(keys.length * authors);
        for (let frame = 0; pending.length > 0; frame++) {
          const update = Y.mergeUpdates(pending.splice(0, frameSizes[frame % frameSizes.length]!));
          for (const client of [...clients, clients[0]!]) client.onContent(update, performance.now(), false);
        }
        expect(deliveries.count).toBe(keys.length * authors);
        expect(deliveries.latencies.length).toBe(keys.length * authors);
        expect(deliveries.missing()).toBe(0);
      },
    ),
  );
});

it('calls missing what never arrived, and does not count what came after a gap', () => {
  const [author, reader] = [silentClient(), silentClient()];
  const typist = new Typist(0, author, 3);
  const deliveries = new Deliveries();
  deliveries.watch([author, reader], [typist]);
  for (let key = 0; key < 3; key++) typist.type();
  const [first, , third] = typedUpdates(typist.id, 3);
  reader.onContent(first!, performance.now(), false);
  reader.onContent(third!, performance.now(), false);
  expect(deliveries.count).toBe(1);
  expect(deliveries.missing()).toBe(2);
  expect(deliveries.seenByAnybody(typist.id)).toBe(1);
});
