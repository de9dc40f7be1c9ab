/** Stock and own clients on real sockets: joining, writing, restarting, unloading. */
import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { helloSchema, MESSAGE, SYNC } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import {
  cleanUp,
  converged,
  createPlan,
  expectSame,
  RawClient,
  startTestServer,
  TestClient,
  until,
} from './test-harness.ts';

afterEach(cleanUp);

test('three stock clients write at once and end with the same document', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const writers = ['ann', 'bob', 'cleo'].map((user) => new TestClient(server, planId, { user }));
  for (const writer of writers) await writer.synced();
  for (let round = 0; round < 20; round++) {
    for (const [index, { text }] of writers.entries()) {
      text.insert(Math.floor(text.length / 2), `${index}${round} `);
      if (round % 5 === 4) text.delete(0, 1);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await converged(...writers);
  expect(writers[0]!.text.length).toBeGreaterThan(100);
  expect(writers[0]!.ydoc.getText('content').toString()).toContain('Once upon a time');
});

test('[W2] a client that names its schema version hears who it is before anything else', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const client = await new RawClient(server, planId, { user: 'bob', role: 'viewer', schema: SCHEMA_VERSION }).opened();
  await until(() => client.messages.length >= 2);
  expect(client.messages[0]!.type).toBe(MESSAGE.hello);
  expect(helloSchema.parse(client.messages[0]!.json)).toMatchObject({
    schema: SCHEMA_VERSION,
    role: 'viewer',
    user: { id: 'bob', name: 'BOB', guest: false },
  });
  expect(client.messages[1]).toMatchObject({ type: MESSAGE.sync, sync: SYNC.step1 });
});

test('[W2] a client with an older schema than the plan is closed before it is told any content', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  server.database.sqlite.exec(`UPDATE plans SET schema_version = ${SCHEMA_VERSION + 1}`);
  const client = new RawClient(server, planId, { schema: SCHEMA_VERSION });
  await until(() => client.closed !== null);
  expect(client.closed!.code).toBe(4426);
  expect(client.messages.map(({ type }) => type)).toEqual([MESSAGE.notice]);
  const stock = new TestClient(server, planId);
  await stock.synced();
});

test('[W2] a stock client gets none of our messages', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const client = new RawClient(server, planId);
  const ydoc = await client.sync();
  ydoc.getText('test').insert(0, 'words');
  client.sendSync(SYNC.update, Y.encodeStateAsUpdate(ydoc));
  const other = await new TestClient(server, planId).synced();
  await until(() => other.text.toString() === 'words');
  expect(client.messages.filter(({ type }) => type >= 100)).toEqual([]);
});

test('[W3] when a client fires `synced`, it has base and tail', async () => {
  const server = await startTestServer({ limits: { tailUpdates: 10_000, messageBurst: 1_000 } });
  const planId = await createPlan(server);
  const writer = await new TestClient(server, planId).synced();
  for (let word = 0; word < 300; word++) {
    writer.text.insert(writer.text.length, `${word} `);
    // Each in a turn of its own, so that the tail gets frames enough to be merged for whoever joins.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { text } = writer;
  const whole = text.toString();
  const late = await new TestClient(server, planId).synced();
  await until(() => late.text.toString() === whole);
  // Everything committed by now is there at the very moment of `synced`.
  for (let joiner = 0; joiner < 3; joiner++) {
    const client = new TestClient(server, planId);
    let seen: string | undefined;
    client.provider.on('sync', () => {
      seen ??= client.text.toString();
    });
    await client.synced();
    expect(seen).toBe(whole);
    expect(client.ydoc.getText('content').toString()).toContain('Once upon a time');
  }
});

test('[W3] a client that has the base gets only what it lacks, deletions included', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server, 'x'.repeat(50_000));
  const writer = await new TestClient(server, planId).synced();
  const other = await new TestClient(server, planId).synced();
  writer.text.insert(0, 'one two three');
  await until(() => other.text.toString() === 'one two three');
  const returning = new RawClient(server, planId);
  const ydoc = await returning.sync();
  expect(ydoc.getText('test').toString()).toBe('one two three');
  returning.end();
  writer.text.delete(0, 4);
  await until(() => other.text.toString() === 'two three');

  const again = new RawClient(server, planId);
  await again.sync(ydoc);
  const bytes = again.messages.reduce((sum, message) => sum + (message.bytes?.length ?? 0), 0);
  expect(bytes).toBeLessThan(1_000);
  expectSame(ydoc, writer.ydoc);
});

test('the author of an update gets no echo of it, everybody else gets it once', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const author = new RawClient(server, planId, { user: 'bob' });
  const ydoc = await author.sync();
  const reader = new RawClient(server, planId, { user: 'cleo' });
  await reader.sync();
  const before = [author, reader].map((client) => client.ofSync(SYNC.update).length);
  ydoc.on('update', (update) => author.sendSync(SYNC.update, update));
  ydoc.getText('test').insert(0, 'hello');
  await until(() => reader.ofSync(SYNC.update).length > before[1]!);
  // Presence of both comes after whatever the server had to say before it.
  author.sendPresence([{ clientId: ydoc.clientID, clock: 1, state: {} }]);
  reader.socket.send(Uint8Array.of(MESSAGE.queryAwareness));
  await until(() => reader.of(MESSAGE.awareness).length > 0);
  expect(author.ofSync(SYNC.update).length).toBe(before[0]);
  expect(reader.ofSync(SYNC.update).length).toBe(before[1]! + 1);
});

test('[R4] after a restart the plan is what it was', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const writer = await new TestClient(server, planId, { schema: SCHEMA_VERSION }).synced();
  writer.text.insert(0, 'kept');
  writer.text.delete(0, 1);
  await until(() => writer.acknowledged >= 3);
  writer.end();
  const restarted = await server.restart();
  const reader = await new TestClient(restarted, planId).synced();
  expect(reader.text.toString()).toBe('ept');
});

test('[R3] an empty room is unloaded, and whoever comes back finds everything', async () => {
  const server = await startTestServer({ limits: { idleRoom: 1 } });
  const planId = await createPlan(server);
  for (let visit = 0; visit < 3; visit++) {
    const writer = await new TestClient(server, planId, { schema: SCHEMA_VERSION }).synced();
    expect(writer.text.toString()).toBe('again '.repeat(visit));
    const before = writer.acknowledged;
    writer.text.insert(0, 'again ');
    await until(() => writer.acknowledged > before);
    writer.end();
    await until(() => server.rooms.counts().rooms === 0);
  }
});

test('[R3] people come, write and go at random while the room is unloaded under them: one room, and no word lost', async () => {
  const server = await startTestServer({ limits: { idleRoom: 0, tailUpdates: 20 } });
  const planId = await createPlan(server);
  const words: string[] = [];
  const visits = [...Array(60).keys()].map(async (visit) => {
    await new Promise((resolve) => setTimeout(resolve, (visit * 7919) % 4_000));
    const visitor = await new TestClient(server, planId, {
      user: `user ${visit % 7}`,
      schema: SCHEMA_VERSION,
    }).synced();
    words.push(`word${visit}`);
    visitor.text.insert(0, `word${visit} `);
    await until(() => visitor.acknowledged >= 2);
    visitor.end();
  });
  await Promise.all(visits);
  expect(server.rooms.counts().rooms).toBeLessThanOrEqual(1);
  const reader = await new TestClient(server, planId).synced();
  expect(reader.text.toString().split(' ').filter(Boolean).sort()).toEqual(words.sort());
});

test('[R3] a plan that cannot be read whole is not opened at all, and not touched', async () => {
  const server = await startTestServer({ limits: { idleRoom: 1 } });
  const planId = await createPlan(server);
  const writer = await new TestClient(server, planId, { schema: SCHEMA_VERSION }).synced();
  writer.text.insert(0, 'precious');
  await until(() => writer.acknowledged >= 2);
  writer.end();
  await until(() => server.rooms.counts().rooms === 0);
  const { sqlite } = server.database;
  const good = sqlite.prepare('SELECT data FROM updates').get()!.data as Uint8Array;
  sqlite.prepare('UPDATE updates SET data = ?').run(good.subarray(0, good.length - 3));

  const refused = new RawClient(server, planId, { schema: SCHEMA_VERSION });
  await until(() => refused.closed !== null);
  expect(refused.closed!.code).toBe(4500);
  expect(refused.of(MESSAGE.sync)).toEqual([]);
  expect(server.rooms.counts().rooms).toBe(0);

  sqlite.prepare('UPDATE updates SET data = ?').run(good);
  const reader = await new TestClient(server, planId).synced();
  expect(reader.text.toString()).toBe('precious');
});

test('a plan that does not exist, or is archived, closes the socket with its own code', async () => {
  const server = await startTestServer();
  const nowhere = new RawClient(server, 'no-such-plan');
  await until(() => nowhere.closed !== null);
  expect(nowhere.closed!.code).toBe(4404);
  const planId = await createPlan(server);
  server.database.sqlite.exec('UPDATE plans SET archived_at = 1');
  const late = new RawClient(server, planId);
  await until(() => late.closed !== null);
  expect(late.closed!.code).toBe(4410);
});

test('stopping commits what has come in, closes every socket with 1012 and leaves a database that opens', async () => {
  const server = await startTestServer();
  const planId = await createPlan(server);
  const client = new RawClient(server, planId, { schema: SCHEMA_VERSION });
  const ydoc = await client.sync();
  const reader = await new TestClient(server, planId).synced();
  ydoc.getText('test').insert(0, 'last words');
  client.sendSync(SYNC.update, Y.encodeStateAsUpdate(ydoc));
  await until(() => reader.text.toString() === 'last words');
  reader.end();
  const restarted = await server.restart();
  await until(() => client.closed !== null);
  expect(client.closed!.code).toBe(1012);
  expect(client.of(MESSAGE.ack).at(-1)?.count).toBe(1);
  expect((await new TestClient(restarted, planId).synced()).text.toString()).toBe('last words');
});
