/** Rights that are taken, in every way and by every program, leave nobody at an open socket. */
import { execFile } from 'node:child_process';
import { join as joinPath } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { path } from '../../shared/api.ts';
import { MESSAGE } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';

/** For what must come to pass, on a machine that may be busy. */
const WAIT = { timeout: 30_000, interval: 10 };

let server: TestServer;
let file: string;
let owner: Visitor;
let planId: string;
beforeAll(async () => {
  server = await startTestServer();
  file = joinPath(server.dataDir, 'commonplan.db');
  owner = await account('Owner');
});
afterAll(() => server.stop());
beforeEach(async () => {
  planId = await owner.createPlan('A plan');
});

let accounts = 0;
async function account(name: string): Promise<Visitor> {
  const visitor = server.visitor();
  const email = `person${++accounts}@example.org`;
  const { body } = await visitor.post(path.signUp, { email, password: 'quite a long password', name });
  visitor.userId = body.user.id;
  return visitor;
}

async function makeLink(body: object): Promise<{ id: string; token: string }> {
  const answer = await owner.post(path.links(planId), body);
  return { id: answer.body.id, token: new URL(answer.body.url).hash.slice(1) };
}

/** Comes in by a new link; resolves to the link's id. */
async function join(visitor: Visitor, role = 'editor'): Promise<string> {
  const { id, token } = await makeLink({ role });
  expect((await visitor.post(path.redeem, { token })).body).toEqual({ planId, role });
  return id;
}

interface Watched {
  readonly socket: WebSocket;
  /** The code that it is closed with, and the error that it is told before. */
  readonly end: Promise<{ code: number; error: string | undefined }>;
  readonly notices: Record<string, unknown>[];
}

async function watch(visitor: Visitor): Promise<Watched> {
  const socket = await visitor.connect(planId, { query: `?schema=${SCHEMA_VERSION}` });
  const notices: Record<string, unknown>[] = [];
  socket.on('message', (data: Buffer) => {
    if (data[0] === MESSAGE.notice) notices.push(JSON.parse(data.subarray(data.indexOf('{')).toString()));
  });
  const end = new Promise<{ code: number; error: string | undefined }>((resolve) => {
    socket.once('close', (code) =>
      resolve({ code, error: notices.find(({ type }) => type === 'error')?.code as string }),
    );
  });
  return { socket, end, notices };
}

/** As an administrator's command, or anybody with the file: a program of its own. */
async function elsewhere(sql: string, ...values: (string | number)[]): Promise<void> {
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    const [file, sql, ...values] = process.argv.slice(1);
    const database = new DatabaseSync(file, { timeout: 5000 });
    database.prepare(sql).run(...values);
    database.close();`;
  await promisify(execFile)(process.execPath, ['-e', script, file, sql, ...values.map(String)]);
}

/** Team, its member and its plan, as another program would write them. */
async function giveToTeam(visitor: Visitor): Promise<void> {
  await elsewhere("INSERT INTO teams VALUES ('t' || ?, 'A team', 1, 'u', NULL)", planId);
  await elsewhere(
    "INSERT INTO members (team_id, user_id, role, since) VALUES ('t' || ?, ?, 'editor', 1)",
    planId,
    visitor.userId,
  );
  await elsewhere("UPDATE plans SET team_id = 't' || ?1 WHERE id = ?1", planId);
}

interface Ending {
  readonly name: string;
  readonly code: number;
  readonly error: string;
  /** Lets the visitor in; resolves to what then takes it away. */
  readonly letIn: (visitor: Visitor) => Promise<() => Promise<unknown>>;
}

const ENDINGS: readonly Ending[] = [
  {
    ...{ name: 'an owner removes the member', code: 4403, error: 'access-removed' },
    letIn: async (visitor) => {
      await join(visitor);
      return () => owner.delete(path.member(planId, visitor.userId));
    },
  },
  {
    ...{ name: 'the member leaves in another window', code: 4403, error: 'access-removed' },
    letIn: async (visitor) => {
      await join(visitor);
      return () => visitor.delete(path.member(planId, visitor.userId));
    },
  },
  {
    ...{ name: 'the link is withdrawn', code: 4406, error: 'link-withdrawn' },
    letIn: async (visitor) => {
      const linkId = await join(visitor);
      return () => owner.delete(path.link(planId, linkId));
    },
  },
  {
    ...{ name: 'guests are kept out from now on', code: 4407, error: 'account-required' },
    letIn: async (visitor) => {
      await join(visitor);
      return () => owner.patch(path.plan(planId), { requiresAccount: true });
    },
  },
  {
    ...{ name: 'the plan is archived', code: 4410, error: 'archived' },
    letIn: async (visitor) => {
      await join(visitor);
      return () => owner.delete(path.plan(planId));
    },
  },
  {
    ...{ name: 'the person signs out', code: 4501, error: 'session-ended' },
    letIn: async (visitor) => {
      await join(visitor);
      return () => visitor.post(path.signOut, {});
    },
  },
  {
    ...{ name: 'another program ends the sign-in', code: 4501, error: 'session-ended' },
    letIn: async (visitor) => {
      await join(visitor);
      return () => elsewhere('DELETE FROM session WHERE userId = ?', visitor.userId);
    },
  },
  {
    ...{ name: 'another program suspends the person', code: 4411, error: 'suspended' },
    letIn: async (visitor) => {
      await join(visitor);
      return () => elsewhere('UPDATE user SET suspendedAt = 1 WHERE id = ?', visitor.userId);
    },
  },
  {
    ...{ name: 'another program removes the member', code: 4403, error: 'access-removed' },
    letIn: async (visitor) => {
      await join(visitor);
      return () => elsewhere('DELETE FROM members WHERE plan_id = ? AND user_id = ?', planId, visitor.userId);
    },
  },
  {
    ...{ name: 'another program puts the person out of the team', code: 4403, error: 'access-removed' },
    letIn: async (visitor) => {
      await giveToTeam(visitor);
      return () => elsewhere('DELETE FROM members WHERE user_id = ?', visitor.userId);
    },
  },
  {
    ...{ name: 'the plan is the team’s no longer', code: 4403, error: 'access-removed' },
    letIn: async (visitor) => {
      await giveToTeam(visitor);
      return () => elsewhere('UPDATE plans SET team_id = NULL WHERE id = ?', planId);
    },
  },
];

describe('[R10] an open socket ends, and says why, when', () => {
  test.each(ENDINGS)('$name', async ({ code, error, letIn }) => {
    const ben = await server.guest('Ben');
    const other = await server.guest('Other');
    await join(other, 'viewer');
    const takeAway = await letIn(ben);
    const [watched, sole] = await Promise.all([watch(ben), watch(owner)]);
    await takeAway();
    expect(await watched.end).toEqual({ code, error });
    await expect(ben.connect(planId)).rejects.toThrow(/refused with 4/);
    // Nobody else is touched by what concerns one person.
    const concernsAll = error === 'archived';
    if (!concernsAll) expect(sole.socket.readyState).toBe(sole.socket.OPEN);
    sole.socket.terminate();
  });
});

test('[R10] a role that another program changes is told on the open socket', async () => {
  const ben = await server.guest('Ben');
  await join(ben, 'editor');
  const { socket, notices } = await watch(ben);
  await elsewhere("UPDATE members SET role = 'viewer' WHERE plan_id = ? AND user_id = ?", planId, ben.userId);
  await vi.waitUntil(() => notices.some(({ type, role }) => type === 'role' && role === 'viewer'), WAIT);
  await owner.patch(path.member(planId, ben.userId), { role: 'editor' });
  await vi.waitUntil(() => notices.some(({ type, role }) => type === 'role' && role === 'editor'), WAIT);
  expect(socket.readyState).toBe(socket.OPEN);
  socket.terminate();
});

test('[R10] who has access in another way too keeps it, with what that way gives', async () => {
  const ben = await account('Ben');
  const linkId = await join(ben, 'editor');
  await elsewhere("INSERT INTO members (plan_id, user_id, role, since) VALUES (?, ?, 'viewer', 1)", planId, ben.userId);
  const { socket, notices } = await watch(ben);
  await owner.delete(path.link(planId, linkId));
  await vi.waitUntil(() => notices.some(({ type, role }) => type === 'role' && role === 'viewer'), WAIT);
  expect((await ben.get(path.plan(planId))).body.role).toBe('viewer');
  expect(socket.readyState).toBe(socket.OPEN);
  socket.terminate();
});

test('[R10] a socket that opens while its rights are taken does not stay open', async () => {
  const people = await Promise.all(Array.from({ length: 12 }, (_, index) => server.guest(`Guest ${index}`)));
  for (const visitor of people) await join(visitor);
  const sockets: WebSocket[] = [];
  await Promise.all(
    people.flatMap((visitor) => [
      ...[1, 2, 3].map(() =>
        visitor.connect(planId).then(
          (socket) => void sockets.push(socket),
          // Refused: too late for it.
          () => undefined,
        ),
      ),
      owner.delete(path.member(planId, visitor.userId)),
    ]),
  );
  await vi.waitUntil(() => sockets.every(({ readyState }) => readyState === WebSocket.CLOSED), WAIT);
});

test('[R10] a guest who signs in to an account comes back with it, and is not told to have lost the plan', async () => {
  const email = 'guest-before@example.org';
  const password = 'quite a long password';
  await server.visitor().post(path.signUp, { email, password, name: 'Gil' });
  const gil = await server.guest('Gil');
  await join(gil);
  const { end } = await watch(gil);
  expect((await gil.post(path.signIn, { email, password })).status).toBe(200);
  expect([1012, 4501]).toContain((await end).code);
  (await gil.connect(planId)).terminate();
});
