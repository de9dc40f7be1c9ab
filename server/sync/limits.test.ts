/** Every resource has an end, and reaching it shows plainly and harms nobody else (R11). */
import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { MESSAGE, SYNC } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { cleanUp, converged, createPlan, RawClient, startTestServer, TestClient, until } from './test-harness.ts';

afterEach(cleanUp);

const schema = SCHEMA_VERSION;
const typing = (text: string): Uint8Array => {
  const ydoc = new Y.Doc();
  ydoc.getText('test').insert(0, text);
  return Y.encodeStateAsUpdate(ydoc);
};

test('[W11] a message over the size limit closes its own socket with 1009 and no other', async () => {
  const server = await startTestServer({ maxPayload: 10_000 });
  const planId = await createPlan(server);
  const other = await new TestClient(server, planId, { user: 'bob' }).synced();
  const client = new RawClient(server, planId, { schema });
  await client.sync();
  client.sendSync(SYNC.update, typing('x'.repeat(20_000)));
  await until(() => client.closed !== null);
  expect(client.closed!.code).toBe(1009);
  other.text.insert(0, 'unharmed');
  expect((await new TestClient(server, planId).synced()).closes).toEqual([]);
  expect(other.closes).toEqual([]);
});

test('[R11] a plan near its limit says so; at it, text is refused and deleting is not', async () => {
  const server = await startTestServer({ limits: { planWarnBytes: 20_000, planBytes: 40_000 } });
  const planId = await createPlan(server);
  const client = new RawClient(server, planId, { schema });
  const ydoc = await client.sync();
  const send = () => {
    const vector = Y.encodeStateVector(ydoc);
    ydoc.getText('test').insert(0, 'x'.repeat(15_000));
    client.sendSync(SYNC.update, Y.encodeStateAsUpdate(ydoc, vector));
  };
  send();
  send();
  await until(() => client.of(MESSAGE.notice).some(({ json }) => json?.type === 'size'));
  expect(client.of(MESSAGE.notice).at(-1)!.json).toMatchObject({ limit: 40_000 });
  send();
  send();
  await until(() => client.closed !== null);
  expect(client.closed!.code).toBe(4414);

  const again = new RawClient(server, planId, { schema });
  const rest = await again.sync();
  expect(rest.getText('test').length).toBeGreaterThanOrEqual(30_000);
  rest.on('update', (update: Uint8Array) => again.sendSync(SYNC.update, update));
  rest.getText('test').delete(0, 10_000);
  await until(() => again.of(MESSAGE.ack).length > 0);
  expect(again.closed).toBeNull();
});

test('[R11] one session too many in a room, or of an account, is sent away for now', async () => {
  const server = await startTestServer({ limits: { sessionsPerRoom: 2, sessionsPerUser: 3 } });
  const [first, second] = [await createPlan(server), await createPlan(server)];
  const inRoom = ['ann', 'bob'].map((user) => new RawClient(server, first, { user }));
  for (const client of inRoom) await client.sync();
  const third = new RawClient(server, first, { user: 'cleo' });
  await until(() => third.closed !== null);
  expect(third.closed!.code).toBe(4503);
  for (let window = 0; window < 2; window++) await new RawClient(server, second, { user: 'ann' }).sync();
  const fourth = new RawClient(server, second, { user: 'ann' });
  await until(() => fourth.closed !== null);
  expect(fourth.closed!.code).toBe(4529);
  inRoom[0]!.end();
  await until(() => server.rooms.counts().sessions === 3);
  await new RawClient(server, first, { user: 'cleo' }).sync();
});

test('[R11] a flood is slowed down, then ended; what was taken before is kept', async () => {
  const server = await startTestServer({ limits: { messagesPerSecond: 10, messageBurst: 20, throttle: 500 } });
  const planId = await createPlan(server);
  const flooder = new RawClient(server, planId, { user: 'bob', schema });
  await flooder.sync();
  const flood = setInterval(() => {
    for (let count = 0; count < 50; count++) flooder.sendSync(SYNC.update, Uint8Array.of(0, 0));
  }, 50);
  await until(() => flooder.closed !== null);
  clearInterval(flood);
  expect(flooder.closed!.code).toBe(4529);
  const other = await new TestClient(server, planId).synced();
  expect(other.closes).toEqual([]);
});

test('[R11] whoever does not read is left out without growing, and gets everything when they read again', async () => {
  const server = await startTestServer({
    limits: {
      lagBytes: 200_000,
      bytesPerSecond: 1e9,
      byteBurst: 1e9,
      planBytes: 1e9,
      planWarnBytes: 1e9,
      messageBurst: 1e5,
    },
  });
  const planId = await createPlan(server);
  const slow = new RawClient(server, planId, { user: 'slow' });
  const ydoc = await slow.sync();
  slow.socket.pause();
  const writer = await new TestClient(server, planId, { user: 'bob' }).synced();
  const reader = await new TestClient(server, planId, { user: 'cleo' }).synced();
  // Far more than what the kernel buffers for a socket that nobody reads.
  for (let block = 0; block < 160; block++) {
    writer.text.insert(0, `${block}:${'y'.repeat(100_000)}`);
    if (block % 20 === 19) await until(() => reader.text.length === writer.text.length);
  }
  const before = slow.messages.length;
  slow.socket.resume();
  await until(() => slow.messages.length > before);
  const caughtUp = () => {
    for (const { bytes } of slow.ofSync(SYNC.update)) Y.applyUpdate(ydoc, bytes!);
    slow.messages.length = 0;
    return ydoc.getText('test').length === writer.text.length;
  };
  await until(caughtUp, 'the slow reader to have everything');
  await converged(writer, reader, { ydoc });
  expect(slow.closed).toBeNull();
});

test('[R11] a plan that is longer than what may wait in a socket still reaches a slow reader', async () => {
  const server = await startTestServer({
    limits: {
      deadBytes: 500_000,
      lagBytes: 100_000,
      bytesPerSecond: 1e9,
      byteBurst: 1e9,
      planBytes: 1e9,
      planWarnBytes: 1e9,
    },
  });
  const planId = await createPlan(server);
  const writer = await new TestClient(server, planId, { user: 'bob' }).synced();
  for (let block = 0; block < 120; block++) writer.text.insert(0, `${block}:${'y'.repeat(100_000)}`);
  const witness = await new TestClient(server, planId, { user: 'cleo' }).synced();
  await converged(writer, witness);
  const slow = await new RawClient(server, planId, { user: 'slow' }).opened();
  slow.sendSync(SYNC.step1, Y.encodeStateVector(new Y.Doc()));
  slow.socket.pause();
  // The room looks at its sockets once a second.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  slow.socket.resume();
  const ydoc = new Y.Doc();
  const taken = new Set<unknown>();
  await until(() => {
    for (const message of slow.ofSync(SYNC.update)) {
      if (!taken.has(message)) Y.applyUpdate(ydoc, message.bytes!);
      taken.add(message);
    }
    return ydoc.getText('test').length === writer.text.length;
  }, 'the slow reader to have the plan');
  expect(slow.closed).toBeNull();
});

test('[R11] whoever does not read for long is ended', async () => {
  const server = await startTestServer({
    limits: {
      lagBytes: 100_000,
      lagTime: 500,
      bytesPerSecond: 1e9,
      byteBurst: 1e9,
      planBytes: 1e9,
      planWarnBytes: 1e9,
    },
  });
  const planId = await createPlan(server);
  const dead = new RawClient(server, planId, { user: 'dead' });
  await dead.sync();
  dead.socket.pause();
  const writer = await new TestClient(server, planId, { user: 'bob' }).synced();
  const alone = () => server.rooms.counts().sessions === 1;
  await until(() => {
    writer.text.insert(0, 'z'.repeat(100_000));
    return alone();
  });
  expect(writer.closes).toEqual([]);
});

test('[R11] a socket that answers no ping is ended', async () => {
  const server = await startTestServer({ limits: { heartbeat: 100 } });
  const planId = await createPlan(server);
  const mute = new RawClient(server, planId);
  await mute.sync();
  const alive = await new TestClient(server, planId).synced();
  mute.socket.pause();
  await until(() => server.rooms.counts().sessions === 1);
  expect(alive.closes).toEqual([]);
});

test('a client to which nobody speaks still hears something within each heartbeat', async () => {
  const server = await startTestServer({ limits: { heartbeat: 100 } });
  const planId = await createPlan(server);
  const lonely = new RawClient(server, planId);
  await lonely.sync();
  const before = lonely.messages.length;
  await until(() => lonely.messages.length > before + 1);
  expect(lonely.messages.slice(before).map(({ type }) => type)).toEqual(expect.arrayContaining([MESSAGE.awareness]));
});
