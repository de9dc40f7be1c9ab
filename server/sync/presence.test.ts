/** Presence belongs to accounts: nobody speaks for another, and what clients claim about themselves does not count. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { helloSchema, MESSAGE } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { COLORS } from './colors.ts';
import { cleanUp, createPlan, RawClient, startTestServer, TestClient, type TestServer, until } from './test-harness.ts';

let server: TestServer;
let planId: string;
beforeEach(async () => {
  server = await startTestServer();
  planId = await createPlan(server);
});
afterEach(cleanUp);

const join = (user: string) => new RawClient(server, planId, { user }).opened();
const ann = { id: 'ann', name: 'ANN', color: COLORS[0]!, guest: false };
const cursor = { anchor: { item: 1 }, head: { item: 2 } };

test('[W8] the account is shown, whatever the client says that it is called', async () => {
  const [client, watcher] = [await join('ann'), await join('bob')];
  client.sendPresence([
    { clientId: 7, clock: 1, state: { user: { id: 'boss', name: 'The Mayor' }, cursor, typing: true } },
  ]);
  await until(() => watcher.presenceOf(7) !== undefined);
  expect(watcher.presenceOf(7)).toEqual({ user: ann, cursor, typing: true });
});

test('[W8] entries for other ids are dropped: not changed, not removed, not made', async () => {
  const [victim, mallory, watcher] = [await join('ann'), await join('mallory'), await join('bob')];
  victim.sendPresence([{ clientId: 7, clock: 1, state: { cursor } }]);
  await until(() => watcher.presenceOf(7) !== undefined);
  mallory.sendPresence([{ clientId: 7, clock: 2 ** 32, state: { cursor: null } }]);
  mallory.sendPresence([{ clientId: 7, clock: 2 ** 32, state: null }]);
  mallory.sendPresence([{ clientId: 8, clock: 1, state: {} }]);
  mallory.sendPresence([
    { clientId: 8, clock: 2, state: { here: true } },
    { clientId: 7, clock: 2 ** 32, state: null },
    { clientId: 9, clock: 1, state: {} },
  ]);
  await until(() => (watcher.presenceOf(8) as { here?: boolean } | undefined)?.here === true);
  expect(watcher.presenceOf(7)).toEqual({ user: ann, cursor });
  expect(watcher.presenceOf(9)).toBeUndefined();
});

test('[W8] a client id that an account has written with is shown for no other account', async () => {
  const writer = await new TestClient(server, planId, { user: 'ann' }).synced();
  const { clientID } = writer.ydoc;
  writer.text.insert(0, 'x');
  const watcher = await join('bob');
  await until(() => watcher.presenceOf(clientID) !== undefined);
  writer.end();
  await until(() => watcher.presenceOf(clientID) === null);
  const mallory = await join('mallory');
  mallory.sendPresence([{ clientId: clientID, clock: 999, state: {} }]);
  mallory.sendPresence([{ clientId: 8, clock: 1, state: {} }]);
  await until(() => watcher.presenceOf(8) !== undefined);
  expect(watcher.presenceOf(clientID)).toBeNull();
});

test('whoever comes is told who is there, and whoever leaves is taken out', async () => {
  const client = await join('ann');
  client.sendPresence([{ clientId: 7, clock: 5, state: {} }]);
  const watcher = await join('bob');
  await until(() => watcher.presenceOf(7) !== undefined);
  client.end();
  await until(() => watcher.presenceOf(7) === null);
  const late = await join('cleo');
  late.socket.send(Uint8Array.of(MESSAGE.queryAwareness));
  late.sendPresence([{ clientId: 8, clock: 1, state: {} }]);
  await until(() => watcher.presenceOf(8) !== undefined);
  expect(late.presenceOf(7)).toBeUndefined();
});

test('whoever reconnects with the clock they left with is seen again at once, by stock clients too', async () => {
  const watcher = await new TestClient(server, planId, { user: 'bob' }).synced();
  const states = () => watcher.provider.awareness.getStates();
  for (let visit = 0; visit < 3; visit++) {
    const client = await join('ann');
    client.sendPresence([{ clientId: 7, clock: 3, state: { visit } }]);
    await until(() => states().get(7)?.visit === visit);
    client.end();
    await until(() => !states().has(7));
  }
});

test('a renamed account is renamed where it is present', async () => {
  const [client, watcher] = [await join('ann'), await join('bob')];
  client.sendPresence([{ clientId: 7, clock: 1, state: { cursor } }]);
  await until(() => watcher.presenceOf(7) !== undefined);
  server.rooms.userChanged({ ...ann, name: 'Anna' });
  await until(() => (watcher.presenceOf(7) as { user: { name: string } }).user.name === 'Anna');
  expect(watcher.presenceOf(7)).toEqual({ user: { ...ann, name: 'Anna' }, cursor });
});

test('what is no state is not shown: too large, not an object, a caret that is none', async () => {
  const [client, watcher] = [await join('ann'), await join('bob')];
  client.sendPresence([{ clientId: 7, clock: 1, state: { long: 'x'.repeat(5_000) } }]);
  client.sendPresence([{ clientId: 7, clock: 2, state: ['array'] }]);
  client.sendPresence([{ clientId: 7, clock: 3, state: { cursor: 'here' } }]);
  await until(() => watcher.presenceOf(7) !== undefined);
  expect(watcher.presenceOf(7)).toEqual({ user: ann });
  expect(client.closed).toBeNull();
});

test('idle people cost little: renewals are gathered, and still nobody forgets them', async () => {
  const clients = await Promise.all([...Array(10).keys()].map((index) => join(`user${index}`)));
  const renew = (clock: number) => {
    clients.forEach((client, index) => {
      client.sendPresence([{ clientId: 100 + index, clock, state: { idle: true } }]);
    });
  };
  renew(1);
  await until(() => clients.every((client) => [...Array(10).keys()].every((index) => client.presenceOf(100 + index))));
  const before = clients[0]!.of(MESSAGE.awareness).length;
  for (let clock = 2; clock < 6; clock++) renew(clock);
  // One frame for all of it, some seconds later, to the renewers as well: stock clients take a silent server for dead.
  await until(() => clients.every((client) => client.of(MESSAGE.awareness).length > before));
  expect(clients[0]!.of(MESSAGE.awareness).length).toBe(before + 1);
});

test('the first people in a room have colours far apart, and one person has one in every window', async () => {
  const people = Array.from({ length: COLORS.length }, (_, index) => `person-${index}`);
  const colors: string[] = [];
  for (const user of [...people, 'person-3']) {
    const client = await new RawClient(server, planId, { user, schema: SCHEMA_VERSION }).opened();
    await until(() => client.messages.length > 0);
    colors.push(helloSchema.parse(client.messages[0]?.json).user.color);
  }
  expect(new Set(colors.slice(0, 4)).size).toBe(4);
  // The first few are told apart at a glance: no two of them are neighbours on the circle of hues.
  const places = colors.slice(0, 4).map((color) => COLORS.indexOf(color));
  for (const place of places) expect(places).not.toContain((place + 1) % COLORS.length);
  expect(colors.at(-1)).toBe(colors[3]);
});
