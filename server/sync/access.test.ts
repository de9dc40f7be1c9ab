/** Who may write what: roles, authors, and changes that do not stand on their own. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { MESSAGE, SYNC } from '../../shared/protocol.ts';
import { ROLES } from '../../shared/roles.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import {
  cleanUp,
  converged,
  createPlan,
  endClients,
  RawClient,
  startTestServer,
  TestClient,
  type TestServer,
  until,
} from './test-harness.ts';

const schema = SCHEMA_VERSION;
let server: TestServer;
let planId: string;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  planId = await createPlan(server);
});
afterEach(endClients);
afterAll(cleanUp);

/** Everything that the database holds of the plan. */
const stored = (): unknown =>
  ['updates', 'bases', 'client_ids'].map((table) =>
    server.database.sqlite.prepare(`SELECT * FROM ${table} WHERE plan_id = ?`).all(planId),
  );

const sessionOf = (user: string) =>
  server.rooms.openSessions().find((session) => session.planId === planId && session.userId === user)!;

const inserting = (ydoc: Y.Doc): Uint8Array => {
  const vector = Y.encodeStateVector(ydoc);
  ydoc.getText('test').insert(0, 'smuggled');
  return Y.encodeStateAsUpdate(ydoc, vector);
};

const deleting = (ydoc: Y.Doc): Uint8Array => {
  let update: Uint8Array = Uint8Array.of(0, 0);
  ydoc.once('update', (bytes: Uint8Array) => {
    update = bytes;
  });
  ydoc.getText('content').delete(1, 3);
  return update;
};

describe('[W7] role by message', () => {
  test('no kind of message is left out below', () => {
    const { sync, awareness, queryAwareness, auth, hello, ack, notice, ...others } = MESSAGE;
    expect([sync, awareness, queryAwareness, auth, hello, ack, notice]).not.toContain(undefined);
    expect(others).toEqual({});
    expect(SYNC).toEqual({ step1: 0, step2: 1, update: 2 });
  });

  const messages: Record<string, (client: RawClient, ydoc: Y.Doc) => void> = {
    'an update that inserts': (client, ydoc) => client.sendSync(SYNC.update, inserting(ydoc)),
    'an update that deletes': (client, ydoc) => client.sendSync(SYNC.update, deleting(ydoc)),
    'a step 2 that inserts': (client, ydoc) => client.sendSync(SYNC.step2, inserting(ydoc)),
    'a step 2 that deletes': (client, ydoc) => client.sendSync(SYNC.step2, deleting(ydoc)),
  };
  for (const role of ROLES) {
    const writes = role === 'owner' || role === 'editor';
    for (const [name, send] of Object.entries(messages)) {
      test(`${name} from a ${role} is ${writes ? 'taken' : 'refused with 4405'}`, async () => {
        const watcher = await new TestClient(server, planId, { user: 'eve' }).synced();
        const before = stored();
        const client = new RawClient(server, planId, { user: 'bob', role, schema });
        const ydoc = await client.sync();
        send(client, ydoc);
        if (writes) {
          await converged(watcher, { ydoc });
          expect(stored()).not.toEqual(before);
        } else {
          await until(() => client.closed !== null);
          expect(client.closed!.code).toBe(4405);
          expect(stored()).toEqual(before);
          expect(watcher.text.toString()).toBe('');
        }
      });
    }
    test(`a ${role} may send what changes nothing, of every kind of message: an empty update, its own state, presence, an unknown message`, async () => {
      const before = stored();
      const client = new RawClient(server, planId, { user: 'bob', role, schema });
      const ydoc = await client.sync();
      client.sendSync(SYNC.update, Uint8Array.of(0, 0));
      client.sendSync(SYNC.step2, Y.encodeStateAsUpdate(ydoc));
      client.sendPresence([{ clientId: ydoc.clientID, clock: 1, state: {} }]);
      client.socket.send(Uint8Array.of(MESSAGE.queryAwareness));
      // Nobody but the server says these; 99 says nothing yet.
      for (const type of [MESSAGE.auth, MESSAGE.hello, MESSAGE.ack, MESSAGE.notice, 99])
        client.socket.send(Uint8Array.of(type, 1, 2, 3));
      await until(() => client.of(MESSAGE.ack).at(-1)?.count === 2);
      expect(client.closed).toBeNull();
      expect(stored()).toEqual(before);
    });
  }
});

test('[R10] a member who is downgraded while writing stops at once, and hears of it', async () => {
  const client = new RawClient(server, planId, { user: 'bob', schema });
  const ydoc = await client.sync();
  client.sendSync(SYNC.update, inserting(ydoc));
  await until(() => client.of(MESSAGE.ack).length > 0);
  sessionOf('bob').setRole('viewer');
  const before = stored();
  client.sendSync(SYNC.update, inserting(ydoc));
  await until(() => client.closed !== null);
  expect(client.closed!.code).toBe(4405);
  expect(client.of(MESSAGE.notice).map(({ json }) => json)).toContainEqual({ type: 'role', role: 'viewer' });
  expect(stored()).toEqual(before);
});

test('[R10] a member who is removed is closed for good; others are not touched', async () => {
  const [bob, cleo] = ['bob', 'cleo'].map((user) => new RawClient(server, planId, { user, schema })) as [
    RawClient,
    RawClient,
  ];
  await Promise.all([bob.sync(), cleo.sync()]);
  sessionOf('bob').close('access-removed');
  await until(() => bob.closed !== null);
  expect(bob.closed!.code).toBe(4403);
  await cleo.sync();
  expect(cleo.closed).toBeNull();
});

test('[R10] a session ends with its sign-in', async () => {
  const client = new RawClient(server, planId, { schema, expires: Date.now() + 1_500 });
  await client.sync();
  await until(() => client.closed !== null);
  expect(client.closed!.code).toBe(4401);
});

test("[W6] nobody writes under another's client id, and the other's own words arrive", async () => {
  const victim = await new TestClient(server, planId, { user: 'victim' }).synced();
  victim.text.insert(0, 'base ');
  const mallory = new RawClient(server, planId, { user: 'mallory', schema });
  const evil = await mallory.sync();
  await until(
    () => server.database.sqlite.prepare('SELECT count(*) AS n FROM updates WHERE plan_id = ?').get(planId)!.n === 1,
  );
  await mallory.sync(evil);
  evil.clientID = victim.ydoc.clientID;
  const before = stored();
  // At the victim's next clock: were it taken, the victim's next words would look like something known, and be dropped.
  mallory.sendSync(SYNC.update, inserting(evil));
  await until(() => mallory.closed !== null);
  expect(mallory.closed!.code).toBe(4507);
  expect(stored()).toEqual(before);
  victim.text.insert(0, 'my real work ');
  const reader = await new TestClient(server, planId, { user: 'reader' }).synced();
  await converged(victim, reader);
  expect(reader.text.toString()).toBe('my real work base ');
});

test('[W6] the same person may bring what they wrote in another window', async () => {
  const offline = new Y.Doc();
  offline.getText('test').insert(0, 'from the train ');
  const client = new RawClient(server, planId, { user: 'bob', schema });
  const ydoc = await client.sync();
  Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(offline));
  ydoc.getText('test').insert(0, 'and home ');
  client.sendSync(SYNC.step2, Y.encodeStateAsUpdate(ydoc));
  await until(() => client.of(MESSAGE.ack).length > 0);
  expect(client.closed).toBeNull();
});

test("[W6] after a power cut two people who each have the other's lost words still bring all of them", async () => {
  const annDoc = new Y.Doc();
  const bobDoc = new Y.Doc();
  const exchange = () => {
    Y.applyUpdate(annDoc, Y.encodeStateAsUpdate(bobDoc));
    Y.applyUpdate(bobDoc, Y.encodeStateAsUpdate(annDoc));
  };
  // Both are known to the server with a first word each; what follows, word upon word of each other's, it lost.
  for (const [user, ydoc] of [
    ['ann', annDoc],
    ['bob', bobDoc],
  ] as const) {
    ydoc.getText('test').insert(0, `${user} `);
    const client = new RawClient(server, planId, { user, schema });
    await client.sync();
    client.sendSync(SYNC.step2, Y.encodeStateAsUpdate(ydoc));
    await until(() => client.of(MESSAGE.ack).length > 0);
    client.end();
  }
  exchange();
  for (let round = 0; round < 4; round++) {
    const text = (round % 2 === 0 ? annDoc : bobDoc).getText('test');
    text.insert(Math.floor(text.length / 2), `${round}`);
    exchange();
  }
  const words = annDoc.getText('test').toString();
  const ann = new TestClient(server, planId, { user: 'ann' }, annDoc);
  const bob = new TestClient(server, planId, { user: 'bob' }, bobDoc);
  const reader = await new TestClient(server, planId, { user: 'reader', role: 'viewer' }).synced();
  await until(() => reader.text.toString() === words);
  await converged(ann, bob, reader);
});

test('[W7] a reader who holds what a power cut took back is not sent away for it', async () => {
  const lost = new Y.Doc();
  const author = new RawClient(server, planId, { user: 'bob', schema });
  const ydoc = await author.sync();
  ydoc.getText('test').insert(0, 'kept ');
  author.sendSync(SYNC.update, Y.encodeStateAsUpdate(ydoc));
  await until(() => author.of(MESSAGE.ack).length > 0);
  ydoc.getText('test').insert(0, 'lost ');
  Y.applyUpdate(lost, Y.encodeStateAsUpdate(ydoc));
  const reader = new RawClient(server, planId, { user: 'cleo', role: 'viewer', schema });
  await reader.sync();
  const before = stored();
  reader.sendSync(SYNC.step2, Y.encodeStateAsUpdate(lost));
  await until(() => reader.of(MESSAGE.ack).length > 0);
  expect(reader.closed).toBeNull();
  expect(stored()).toEqual(before);
});

test('[W5] what builds on text that the server does not have is not taken, and reconnecting brings it all', async () => {
  const client = new RawClient(server, planId, { user: 'bob', schema });
  const ydoc = await client.sync();
  client.sendSync(SYNC.step2, Uint8Array.of(0, 0));
  inserting(ydoc);
  const before = stored();
  client.sendSync(SYNC.update, inserting(ydoc));
  await until(() => client.closed !== null);
  expect(client.closed!.code).toBe(4508);
  expect(stored()).toEqual(before);
  const again = new RawClient(server, planId, { user: 'bob', schema });
  await again.sync();
  again.sendSync(SYNC.step2, Y.encodeStateAsUpdate(ydoc));
  await until(() => again.of(MESSAGE.ack).at(-1)?.count === 1);
  expect((await new TestClient(server, planId).synced()).text.toString()).toBe('smuggledsmuggled');
});

test('[W4] what is typed while a reconnect is under way waits for the step 2, and is not called saved before it', async () => {
  const client = new RawClient(server, planId, { user: 'bob', schema });
  const ydoc = await client.sync();
  // Offline: one word. Then, the socket being open again and our step 1 still on its way, another that builds on it.
  inserting(ydoc);
  client.sendSync(SYNC.update, inserting(ydoc));
  client.sendSync(SYNC.update, Uint8Array.of(0, 0));
  client.socket.send(Uint8Array.of(MESSAGE.queryAwareness));
  await client.sync(new Y.Doc());
  expect(client.closed).toBeNull();
  expect(client.of(MESSAGE.ack)).toEqual([]);
  client.sendSync(SYNC.step2, Y.encodeStateAsUpdate(ydoc));
  await until(() => client.of(MESSAGE.ack).at(-1)?.count === 3);
  expect((await new TestClient(server, planId).synced()).text.toString()).toBe('smuggledsmuggled');
});

test('[R7] whoever writes with a newer schema shuts older editors out', async () => {
  server.database.sqlite.prepare('UPDATE plans SET schema_version = 0 WHERE id = ?').run(planId);
  const older = new RawClient(server, planId, { user: 'bob', schema: 0 });
  await older.sync();
  const newer = new RawClient(server, planId, { user: 'cleo', schema });
  const ydoc = await newer.sync();
  newer.sendSync(SYNC.update, inserting(ydoc));
  await until(() => older.closed !== null);
  expect(older.closed!.code).toBe(4426);
  await until(() => newer.of(MESSAGE.ack).length > 0);
  const plan = server.database.sqlite.prepare('SELECT schema_version FROM plans WHERE id = ?').get(planId);
  expect(plan!.schema_version).toBe(schema);
});

test('[W2] an editor newer than the server is sent away before it is told anything', async () => {
  const newer = new RawClient(server, planId, { user: 'bob', schema: schema + 1 });
  await until(() => newer.closed !== null);
  expect(newer.closed!.code).toBe(4427);
  expect(newer.messages.map(({ json }) => json)).toMatchObject([{ type: 'error', code: 'page-too-new' }]);
});

test('[R9] a guest who becomes an account goes on writing under the same client id', async () => {
  const guest = new RawClient(server, planId, { user: 'guest', schema });
  const ydoc = await guest.sync();
  guest.sendSync(SYNC.update, inserting(ydoc));
  await until(() => guest.of(MESSAGE.ack).length > 0);
  await server.rooms.replaceUser('guest', 'account');
  await until(() => guest.closed !== null);
  expect(guest.closed!.code).toBe(1012);
  const account = new RawClient(server, planId, { user: 'account', schema });
  await account.sync(ydoc);
  account.sendSync(SYNC.update, inserting(ydoc));
  await until(() => account.of(MESSAGE.ack).length > 0);
  expect(account.closed).toBeNull();
});

test('[W9] a message that this server does not know is ignored', async () => {
  const client = new RawClient(server, planId, { user: 'bob', schema });
  const ydoc = await client.sync();
  for (const number of [2, 4, 50, 99, 103]) client.socket.send(Uint8Array.of(number, 1, 2, 3));
  client.sendSync(SYNC.update, inserting(ydoc));
  await until(() => client.of(MESSAGE.ack).length > 0);
  expect(client.closed).toBeNull();
});
