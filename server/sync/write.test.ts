/** Edits that no socket brings: they go the way of every update. */
import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { readStoredPlan, replay } from '../documents/replay.ts';
import {
  cleanUp,
  converged,
  createPlan,
  expectSame,
  startTestServer,
  TestClient,
  type TestServer,
  until,
} from './test-harness.ts';

afterEach(cleanUp);

/** What is in the log, whoever has the plan open. */
const stored = ({ database }: TestServer, planId: string): Y.Doc =>
  replay(readStoredPlan(database.sqlite, planId)).ydoc;

/** An update that writes `words` into the tests' own text, made on `ydoc` as somebody else. */
function typed(ydoc: Y.Doc, words: string): Uint8Array {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(ydoc));
  let update: Uint8Array | undefined;
  copy.on('update', (each: Uint8Array) => {
    update = each;
  });
  copy.getText('test').insert(0, words);
  return update!;
}

test('[R1] an edit of the server goes to everybody, is in the log under its user, and resolves with its number', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const [bob, cleo] = [
    await new TestClient(server, planId, { user: 'bob' }).synced(),
    await new TestClient(server, planId, { user: 'cleo' }).synced(),
  ];
  const update = typed(bob.ydoc, 'restored ');
  const seq = await server.rooms.write(planId, 'ann', update);
  expect(seq).toBe(2);
  await until(() => bob.text.toString() === 'restored ' && cleo.text.toString() === 'restored ');
  const { tail } = readStoredPlan(server.database.sqlite, planId);
  expect(tail.map(({ userId }) => userId)).toEqual(['ann']);
  expectSame(stored(server, planId), bob.ydoc, cleo.ydoc);
});

test('a plan that nobody has open is opened for an edit, and let go again', async () => {
  const server = await startTestServer({ limits: { idleRoom: 0 } });
  const planId = await createPlan(server);
  await server.rooms.write(planId, 'ann', typed(stored(server, planId), 'alone'));
  expect(stored(server, planId).getText('test').toString()).toBe('alone');
  await until(() => server.rooms.counts().rooms === 0);
  await expect(server.rooms.write('no-such-plan', 'ann', new Uint8Array([0, 0]))).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('an edit of the server and what people type at the same time meet', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const people = await Promise.all(
    ['bob', 'cleo', 'dan'].map((user) => new TestClient(server, planId, { user }).synced()),
  );
  const writes: Promise<number>[] = [];
  for (let round = 0; round < 20; round++) {
    for (const { text } of people) text.insert(text.length, `${round} `);
    writes.push(server.rooms.write(planId, 'ann', typed(stored(server, planId), `<${round}>`)));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  const numbers = await Promise.all(writes);
  expect(new Set(numbers).size).toBe(20);
  await until(() => people.every(({ text }) => text.toString().includes('<19>')));
  await converged(...people);
  expectSame(stored(server, planId), people[0]!.ydoc);
  const text = people[0]!.text.toString();
  for (let round = 0; round < 20; round++) expect(text.split(`<${round}>`)).toHaveLength(2);
});

test('[R9] the client id of an edit is its user’s from then on', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const bob = await new TestClient(server, planId, { user: 'bob' }).synced();
  await server.rooms.write(planId, 'ann', typed(bob.ydoc, 'mine'));
  const claims = server.database.sqlite
    .prepare('SELECT client_id, user_id FROM client_ids WHERE plan_id = ?')
    .all(planId);
  expect(new Set(claims.map(({ user_id }) => user_id))).toEqual(new Set(['ann']));
  // Bob's own client id is not Ann's.
  bob.text.insert(0, 'his ');
  await until(() => stored(server, planId).getText('test').toString().includes('his'));
  await expect(server.rooms.write(planId, 'ann', typedAs(bob.ydoc))).rejects.toMatchObject({ code: 'foreign-author' });
});

/** An update with new text under the same client id. */
function typedAs(ydoc: Y.Doc): Uint8Array {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(ydoc));
  copy.clientID = ydoc.clientID;
  const before = Y.encodeStateVector(copy);
  copy.getText('test').insert(0, 'forged');
  return Y.encodeStateAsUpdate(copy, before);
}

test('[R8] [W5] bytes that are no update, and one that builds on text that is nowhere, are refused and not stored', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  await expect(server.rooms.write(planId, 'ann', Uint8Array.of(9, 9, 9))).rejects.toMatchObject({
    code: 'invalid-update',
  });
  const elsewhere = new Y.Doc();
  elsewhere.getText('test').insert(0, 'first');
  const before = Y.encodeStateVector(elsewhere);
  elsewhere.getText('test').insert(5, 'second');
  await expect(server.rooms.write(planId, 'ann', Y.encodeStateAsUpdate(elsewhere, before))).rejects.toMatchObject({
    code: 'missing-context',
  });
  expect(readStoredPlan(server.database.sqlite, planId).tail).toEqual([]);
});

test('[R1] an edit whose sync fails is not called durable', async () => {
  let failing = false;
  const server = await startTestServer({
    beforeSync: async () => {
      if (failing) throw new Error('the disk is gone');
    },
  });
  const planId = await createPlan(server);
  const update = typed(stored(server, planId), 'perhaps');
  failing = true;
  await expect(server.rooms.write(planId, 'ann', update)).rejects.toMatchObject({ code: 'storage-failed' });
  // Also one that claims no client id, whose sync comes after its commit.
  failing = false;
  await until(() => server.rooms.health().ok);
  const deletion = new Y.Doc();
  Y.applyUpdate(deletion, Y.encodeStateAsUpdate(stored(server, planId)));
  const vector = Y.encodeStateVector(deletion);
  deletion.getText('test').delete(0, 1);
  failing = true;
  await expect(server.rooms.write(planId, 'ann', Y.encodeStateAsUpdate(deletion, vector))).rejects.toMatchObject({
    code: 'storage-failed',
  });
  failing = false;
  await until(() => server.rooms.health().ok);
});

test('[R1] an edit in a room that fails right after its commit is not waited for for ever, and is in the log', async () => {
  let failing = true;
  const server = await startTestServer({
    changes: {
      changed() {
        if (failing) throw new Error('a listener fails');
      },
      left: () => undefined,
      drastic: async () => undefined,
    },
  });
  const planId = await createPlan(server);
  const update = typed(stored(server, planId), 'perhaps');
  await expect(server.rooms.write(planId, 'ann', update)).rejects.toMatchObject({ code: 'internal' });
  expect(stored(server, planId).getText('test').toString()).toBe('perhaps');
  failing = false;
  expect(await server.rooms.write(planId, 'ann', typed(stored(server, planId), 'again '))).toBe(3);
});

test('[R11] an edit that would take the plan over its size is refused', async () => {
  const server = await startTestServer({ limits: { planBytes: 2_000 } });
  const planId = await createPlan(server);
  const update = typed(stored(server, planId), 'x'.repeat(4_000));
  await expect(server.rooms.write(planId, 'ann', update)).rejects.toMatchObject({ code: 'plan-too-large' });
});

test('an edit that is under way when the server stops is in the log', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const bob = await new TestClient(server, planId, { user: 'bob' }).synced();
  const written = server.rooms.write(planId, 'ann', typed(bob.ydoc, 'in time'));
  await Promise.resolve();
  const again = await server.restart();
  expect(await written).toBe(2);
  expect(stored(again, planId).getText('test').toString()).toBe('in time');
  await expect(server.rooms.write(planId, 'ann', Uint8Array.of(0, 0))).rejects.toMatchObject({ code: 'restarting' });
});
