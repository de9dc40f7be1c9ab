/** Commit before anybody sees, sync before anybody is told that it is saved; and what happens when the disk fails. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { MESSAGE, SYNC } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { cleanUp, createPlan, RawClient, startTestServer, TestClient, until } from './test-harness.ts';

afterEach(cleanUp);

const schema = SCHEMA_VERSION;

/** A disk whose sync the test holds up, or fails, by hand. */
function createDisk() {
  let open: () => void = () => {};
  let opened = Promise.resolve();
  let fault: Error | null = null;
  return {
    waiting: 0,
    /** How many syncs have come to wait since the disk was made. */
    beforeSync: async () => {
      disk.waiting++;
      await opened;
      if (fault) throw fault;
    },
    open: () => open(),
    shut() {
      opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      disk.waiting = 0;
    },
    fail(error: Error | null) {
      fault = error;
    },
  };
}
let disk = createDisk();
beforeEach(() => {
  disk = createDisk();
});

/** Types a word and sends what is new as one update. */
function type(client: RawClient, ydoc: Y.Doc, word: string): void {
  const vector = Y.encodeStateVector(ydoc);
  ydoc.getText('test').insert(0, word);
  client.sendSync(SYNC.update, Y.encodeStateAsUpdate(ydoc, vector));
}

test('[R1] others see an update that is committed; its author is told that it is saved only after the sync', async () => {
  const server = await startTestServer({ beforeSync: disk.beforeSync });
  const planId = await createPlan(server);
  const author = new RawClient(server, planId, { schema });
  const ydoc = await author.sync();
  const reader = await new TestClient(server, planId, { user: 'bob' }).synced();
  type(author, ydoc, 'first ');
  await until(() => author.of(MESSAGE.ack).length === 1);
  disk.shut();
  type(author, ydoc, 'seen ');
  await until(() => reader.text.toString() === 'seen first ' && disk.waiting > 0);
  expect(server.database.sqlite.prepare('SELECT max(seq) AS seq FROM updates').get()!.seq).toBe(3);
  expect(author.of(MESSAGE.ack).length).toBe(1);
  disk.open();
  await until(() => author.of(MESSAGE.ack).at(-1)?.count === 2);
});

test('[R1] an ack never covers what was committed after its sync began', async () => {
  const server = await startTestServer({ beforeSync: disk.beforeSync, limits: { syncInterval: 0 } });
  const planId = await createPlan(server);
  const author = new RawClient(server, planId, { schema });
  const ydoc = await author.sync();
  const reader = await new TestClient(server, planId, { user: 'bob' }).synced();
  type(author, ydoc, 'zero ');
  await until(() => author.of(MESSAGE.ack).length === 1);
  disk.shut();
  type(author, ydoc, 'one ');
  await until(() => disk.waiting === 1);
  type(author, ydoc, 'two ');
  await until(() => reader.text.toString() === 'two one zero ');
  disk.open();
  disk.shut();
  await until(() => author.of(MESSAGE.ack).length === 2);
  expect(author.of(MESSAGE.ack)[1]!.count).toBe(2);
  disk.open();
  await until(() => author.of(MESSAGE.ack).length === 3);
  expect(author.of(MESSAGE.ack)[2]!.count).toBe(3);
});

test('[W6] who a client id belongs to is on the disk before anybody sees what was written with it', async () => {
  const server = await startTestServer({ beforeSync: disk.beforeSync });
  const planId = await createPlan(server);
  const author = new RawClient(server, planId, { schema });
  const ydoc = await author.sync();
  const reader = await new TestClient(server, planId, { user: 'bob' }).synced();
  disk.shut();
  type(author, ydoc, 'mine');
  await until(() => disk.waiting > 0);
  expect((await new RawClient(server, planId, { user: 'cleo' }).sync()).getText('test').toString()).toBe('');
  disk.open();
  await until(() => reader.text.toString() === 'mine');
});

test('[R1] with strict durability nobody sees what is not on the disk', async () => {
  const server = await startTestServer({ beforeSync: disk.beforeSync, strict: true });
  const planId = await createPlan(server);
  const author = await new TestClient(server, planId, { schema }).synced();
  const reader = await new TestClient(server, planId, { user: 'bob' }).synced();
  disk.shut();
  author.text.insert(0, 'later');
  await until(() => disk.waiting > 0);
  // A round trip of another message shows that the server had its chance to broadcast.
  const other = await new RawClient(server, planId, { user: 'cleo' }).opened();
  expect((await other.sync()).getText('test').toString()).toBe('');
  expect(reader.text.toString()).toBe('');
  disk.open();
  await until(() => reader.text.toString() === 'later' && author.acknowledged > 0);
});

test('[W4] every message with an update counts, empty ones too, and the count starts at 0 with every session', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  for (let session = 0; session < 2; session++) {
    const client = new RawClient(server, planId, { schema });
    const ydoc = await client.sync();
    client.sendSync(SYNC.step2, Uint8Array.of(0, 0));
    await until(() => client.of(MESSAGE.ack).at(-1)?.count === 1);
    ydoc.getText('test').insert(0, 'x');
    client.sendSync(SYNC.update, Y.encodeStateAsUpdate(ydoc));
    client.sendSync(SYNC.update, Uint8Array.of(0, 0));
    await until(() => client.of(MESSAGE.ack).at(-1)?.count === 3);
    client.end();
  }
});

test('[R1] when the log cannot be written, nothing is shown or acknowledged, and everything heals once it can', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const author = await new TestClient(server, planId, { schema }).synced();
  const reader = await new TestClient(server, planId, { user: 'bob' }).synced();
  await until(() => author.acknowledged === 1);
  const { sqlite } = server.database;
  sqlite.exec("CREATE TRIGGER full_disk BEFORE INSERT ON updates BEGIN SELECT RAISE(ABORT, 'no space left'); END");
  author.text.insert(0, 'unlucky');
  await until(() => author.closes.includes(4500) && reader.closes.includes(4500));
  expect(reader.text.toString()).toBe('');
  expect(server.rooms.health()).toMatchObject({ ok: false, reason: expect.stringContaining('no space left') });
  expect(sqlite.prepare('SELECT count(*) AS n FROM updates').get()!.n).toBe(0);
  sqlite.exec('DROP TRIGGER full_disk');
  await until(() => reader.text.toString() === 'unlucky');
  expect(server.rooms.health()).toEqual({ ok: true });
});

test('[R1] a failed append of one plan is a failed append of all in its commit, and all of them come through it', async () => {
  const server = await startTestServer();
  const plans = [await createPlan(server), await createPlan(server)];
  const pairs = await Promise.all(
    plans.map(async (planId) => ({
      author: await new TestClient(server, planId, { schema }).synced(),
      reader: await new TestClient(server, planId, { user: 'bob' }).synced(),
    })),
  );
  const { sqlite } = server.database;
  sqlite.exec(
    `CREATE TRIGGER one_plan BEFORE INSERT ON updates WHEN NEW.plan_id = '${plans[0]}' BEGIN SELECT RAISE(ABORT, 'broken'); END`,
  );
  for (const { author } of pairs) author.text.insert(0, 'words');
  await until(() => pairs[0]!.author.closes.includes(4500));
  await until(() => pairs[1]!.reader.text.toString() === 'words');
  expect(pairs[0]!.reader.text.toString()).toBe('');
  sqlite.exec('DROP TRIGGER one_plan');
  await until(() => pairs[0]!.reader.text.toString() === 'words');
});

test('[R1] when the disk refuses a sync, nothing is acknowledged until all of it has been written anew', async () => {
  const server = await startTestServer({ beforeSync: disk.beforeSync });
  const planId = await createPlan(server);
  const author = await new TestClient(server, planId, { schema }).synced();
  await until(() => author.acknowledged === 1);
  disk.fail(new Error('input/output error'));
  author.acknowledged = 0;
  author.text.insert(0, 'careful');
  await until(() => author.closes.includes(4500));
  expect(author.acknowledged).toBe(0);
  expect(server.rooms.health()).toMatchObject({ ok: false, reason: expect.stringContaining('input/output error') });
  disk.fail(null);
  await until(() => server.rooms.health().ok);
  await until(() => author.acknowledged > 0);
  const reader = await new TestClient(server, planId, { user: 'bob' }).synced();
  expect(reader.text.toString()).toBe('careful');
});

test('[R2] a deletion is acknowledged like everything else, though no state vector shows it', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const author = new RawClient(server, planId, { schema });
  const ydoc = await author.sync();
  const before = Y.encodeStateVector(ydoc);
  ydoc.once('update', (update: Uint8Array) => author.sendSync(SYNC.update, update));
  ydoc.getText('content').delete(1, 5);
  expect(Y.encodeStateVector(ydoc)).toEqual(before);
  await until(() => author.of(MESSAGE.ack).at(-1)?.count === 1);
  const restarted = await server.restart();
  const reader = await new TestClient(restarted, planId).synced();
  expect(reader.ydoc.getText('content').toString()).toBe('upon a time');
});
