/** Live rights when the telling of what changed, or the reading of it, fails. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { watchUsers } from '../store/access-changes.ts';
import { addMember } from '../store/members.ts';
import { cleanUp, createPlan, RawClient, startTestServer, type TestServer, until } from '../sync/test-harness.ts';
import { createRevocation, type Revocation } from './revocation.ts';

let server: TestServer;
let planId: string;
let revocation: Revocation;

beforeEach(async () => {
  server = await startTestServer();
  const { sqlite, kysely } = server.database;
  // What is read of better-auth's tables here.
  sqlite.exec('CREATE TABLE user (id TEXT PRIMARY KEY, isAnonymous INTEGER, suspendedAt INTEGER)');
  sqlite.exec('CREATE TABLE session (id TEXT PRIMARY KEY, userId TEXT, expiresAt TEXT)');
  for (const user of ['ann', 'bob']) {
    sqlite.prepare('INSERT INTO user VALUES (?, 0, NULL)').run(user);
    sqlite.prepare("INSERT INTO session VALUES ('sign-in of ' || ?1, ?1, '2999-01-01')").run(user);
  }
  watchUsers(sqlite);
  planId = await createPlan(server);
  await addMember(kysely, { planId }, { userId: 'bob', role: 'editor', by: 'ann' });
});
afterEach(async () => {
  await revocation.stop();
  await cleanUp();
});

async function start(times: { pollEvery: number; checkAllEvery: number }): Promise<void> {
  const { rooms, database } = server;
  const log = { error: (found: object, message: string) => server.logged.push({ ...found, message }) };
  revocation = await createRevocation({ kysely: database.kysely, rooms, log: log as never, ...times });
}

const remove = (): void => server.database.sqlite.exec("DELETE FROM members WHERE user_id = 'bob'");

test('[R10] with nothing told at all, the look at all sockets finds who has lost the plan', async () => {
  await start({ pollEvery: 0, checkAllEvery: 20 });
  const [ann, bob] = ['ann', 'bob'].map((user) => new RawClient(server, planId, { user, schema: SCHEMA_VERSION }));
  await Promise.all([ann!.sync(), bob!.sync()]);
  server.database.sqlite.exec('DROP TRIGGER members_removed');
  remove();
  await until(() => bob!.closed !== null);
  expect(bob!.closed!.code).toBe(4403);
  await ann!.sync();
  expect(ann!.closed).toBeNull();
});

test('[R10] without looks by the clock, a request that changed something is enough', async () => {
  await start({ pollEvery: 0, checkAllEvery: 0 });
  const bob = new RawClient(server, planId, { user: 'bob', schema: SCHEMA_VERSION });
  await bob.sync();
  remove();
  await bob.sync();
  expect(bob.closed).toBeNull();
  await revocation.catchUp();
  await until(() => bob.closed !== null);
  expect(bob.closed!.code).toBe(4403);
});

test('[R10] what could not be read is logged, and read again', async () => {
  await start({ pollEvery: 0, checkAllEvery: 0 });
  const bob = new RawClient(server, planId, { user: 'bob', schema: SCHEMA_VERSION });
  await bob.sync();
  remove();
  server.database.sqlite.exec('ALTER TABLE aliases RENAME TO hidden');
  await revocation.catchUp();
  expect(server.logged.map(({ message }) => message)).toContain('rights of open sockets could not be read');
  expect(bob.closed).toBeNull();
  server.database.sqlite.exec('ALTER TABLE hidden RENAME TO aliases');
  await revocation.catchUp();
  await until(() => bob.closed !== null);
});

test('[R10] changes that every server has long seen are forgotten', async () => {
  const { sqlite } = server.database;
  sqlite.exec('UPDATE access_changes SET time = 1');
  remove();
  await start({ pollEvery: 0, checkAllEvery: 20 });
  const count = (): unknown => sqlite.prepare('SELECT count(*) AS n FROM access_changes').get()!.n;
  await until(() => count() === 1);
});
