/** Whatever bytes a socket sends, the server stays up, other rooms are not touched, and every plan opens (R8). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { MESSAGE, SYNC } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import {
  cleanUp,
  converged,
  createPlan,
  RawClient,
  startTestServer,
  TestClient,
  type TestServer,
  until,
} from './test-harness.ts';

const FRAMES = 400;
const unlimited = {
  messageBurst: 1e6,
  messagesPerSecond: 1e6,
  byteBurst: 1e9,
  bytesPerSecond: 1e9,
  sessionsPerUser: 1e6,
};

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ limits: unlimited });
});
afterEach(cleanUp);

/** Random numbers from a seed that a failing test prints (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

/** Real messages of every kind, to be broken. */
function samples(): Uint8Array[] {
  const ydoc = new Y.Doc();
  const updates: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => updates.push(update));
  const text = ydoc.getText('content');
  text.insert(0, 'some words to be broken');
  text.format(2, 5, { bold: true });
  text.insertEmbed(3, new Y.Map([['type', 'paragraph']]));
  text.delete(4, 6);
  ydoc.getMap('attrs').set('key', { nested: ['value', 1, null] });
  ydoc.getArray('list').push([new Y.Text('inner'), new Uint8Array([1, 2, 3])]);
  updates.push(Y.mergeUpdates(updates), Y.encodeStateAsUpdate(ydoc));
  const framed = updates.flatMap((update) =>
    [SYNC.step2, SYNC.update].map((type) => Buffer.concat([Uint8Array.of(MESSAGE.sync, type), varBytes(update)])),
  );
  const presence = Buffer.from('{"cursor":{"anchor":{},"head":{}}}');
  const entry = Buffer.concat([Uint8Array.of(1, 9, 1), varBytes(presence)]);
  return [
    ...framed,
    Buffer.concat([Uint8Array.of(MESSAGE.sync, SYNC.step1), varBytes(Y.encodeStateVector(ydoc))]),
    Buffer.concat([Uint8Array.of(MESSAGE.awareness), varBytes(entry)]),
    Uint8Array.of(MESSAGE.queryAwareness),
  ];
}

function varBytes(bytes: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 127; rest >>>= 7) length.push(128 | (rest & 127));
  return Buffer.concat([Uint8Array.of(...length, rest), bytes]);
}

function mutate(sample: Uint8Array, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(sample);
  for (let times = random(3) + 1; times > 0 && bytes.length > 0; times--) {
    const at = random(bytes.length);
    switch (random(5)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        bytes[at]! ^= 1 << random(8);
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), Uint8Array.of(255, 255, 255, 255, 127), bytes.subarray(at)]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(bytes.length))]);
    }
  }
  return bytes;
}

async function bombard(planId: string, role: 'editor' | 'viewer', seed: number): Promise<void> {
  const random = randomNumbers(seed);
  const all = samples();
  // A room that has just set something aside may close a socket as soon as it opens: then there is another.
  const connect = async (): Promise<RawClient> => {
    const client = new RawClient(server, planId, { user: 'mallory', role, schema: SCHEMA_VERSION });
    await until(() => client.socket.readyState === WebSocket.OPEN || client.closed !== null);
    return client.closed === null ? client : connect();
  };
  let client = await connect();
  for (let frame = 0; frame < FRAMES; frame++) {
    if (client.socket.readyState !== WebSocket.OPEN) client = await connect();
    client.socket.send(mutate(all[random(all.length)]!, random));
    // The answer to a question of the test's own shows that the frame has been dealt with.
    if (client.socket.readyState === WebSocket.OPEN) client.sendSync(SYNC.step1, Uint8Array.of(0));
    const before = client.ofSync(SYNC.step2).length;
    await until(
      () => client.closed !== null || client.ofSync(SYNC.step2).length > before,
      `seed ${seed}, frame ${frame}`,
    );
  }
}

test('[R8] broken frames from a reader change nothing at all', async () => {
  const planId = await createPlan(server);
  const stored = () =>
    ['updates', 'bases', 'client_ids', 'plans', 'set_aside'].map((table) =>
      server.database.sqlite.prepare(`SELECT * FROM ${table}`).all(),
    );
  const before = stored();
  await bombard(planId, 'viewer', 1);
  expect(stored()).toEqual(before);
  expect(server.rooms.health()).toEqual({ ok: true });
});

test('[R8] broken frames from a writer touch no other room, and the plan still opens for everybody', async () => {
  const [planId, otherId] = [await createPlan(server), await createPlan(server, 'Untouched')];
  const others = await Promise.all(['bob', 'cleo'].map((user) => new TestClient(server, otherId, { user }).synced()));
  const honest = await new TestClient(server, planId, { user: 'bob' }).synced();
  honest.text.insert(0, 'honest words');
  for (const seed of [2, 3]) await bombard(planId, 'editor', seed);

  others[0]!.text.insert(0, 'still here');
  await converged(...others);
  expect(others.flatMap(({ closes }) => closes)).toEqual([]);
  const { content } = await server.documents.materialise(planId);
  expect(content.type).toBe('doc');
  const late = await new TestClient(server, planId, { user: 'late' }).synced();
  expect(late.text.toString()).toContain('honest words');
  await server.documents.compact(planId);
  const restarted = await server.restart();
  expect((await new TestClient(restarted, planId).synced()).text.toString()).toContain('honest words');
});
