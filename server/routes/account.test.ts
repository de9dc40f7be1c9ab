/** My own account: sessions, what is stored about it, and leaving. */
import { once } from 'node:events';
import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountData, accountPath, sessionList } from '../../shared/accounts-api.ts';
import { path } from '../../shared/api.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const password = 'quite a long password';
let count = 0;

async function account(name = 'Ana'): Promise<Visitor & { email: string }> {
  const visitor = server.visitor();
  const email = `own${++count}@example.org`;
  const { body } = await visitor.post(path.signUp, { email, password, name });
  visitor.userId = body.user.id;
  visitor.token = body.token;
  return Object.assign(visitor, { email });
}

async function elsewhere({ email }: { email: string }, userAgent = 'Phone'): Promise<Visitor> {
  const visitor = server.visitor();
  expect((await visitor.post(path.signIn, { email, password }, { 'user-agent': userAgent })).status).toBe(200);
  return visitor;
}

async function join(owner: Visitor, planId: string, role: string, other: Visitor): Promise<void> {
  const { body } = await owner.post(path.links(planId), { role });
  expect((await other.post(path.redeem, { token: new URL(body.url).hash.slice(1) })).status).toBe(200);
}

describe('sessions', () => {
  test('are listed with their browsers, and show no token', async () => {
    const ana = await account();
    const phone = await elsewhere(ana);
    const { body } = await ana.get(accountPath.sessions);
    const { sessions } = sessionList.parse(body);
    expect(sessions).toHaveLength(2);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(sessions.find(({ current }) => !current)?.userAgent).toBe('Phone');
    expect(JSON.stringify(body)).not.toContain(ana.token);
    expect(
      (await phone.get(accountPath.sessions)).body.sessions.find((one: { current: boolean }) => one.current).userAgent,
    ).toBe('Phone');
  });

  test('are ended one by one, only by their owner, with the sockets that they opened', async () => {
    const ana = await account();
    const planId = await ana.createPlan('Open on the phone');
    const phone = await elsewhere(ana);
    const socket = await phone.connect(planId);
    const closed = once(socket, 'close');
    const { sessions } = sessionList.parse((await ana.get(accountPath.sessions)).body);
    const other = sessions.find(({ current }) => !current)!;
    const stranger = await account();
    expect((await stranger.delete(accountPath.session(other.id))).status).toBe(404);
    expect((await ana.delete(accountPath.session(other.id))).status).toBe(204);
    await closed;
    expect((await phone.get(path.session)).body).toBeNull();
    expect((await ana.get(path.plan(planId))).status).toBe(200);
    expect((await ana.delete(accountPath.session(other.id))).status).toBe(404);
  });

  test('all end at once: every browser, every bearer token, every socket, this one too', async () => {
    const ana = await account();
    const planId = await ana.createPlan('Open everywhere');
    const phone = await elsewhere(ana);
    const sockets = await Promise.all([ana, phone].map((visitor) => visitor.connect(planId)));
    const closed = sockets.map((socket) => once(socket, 'close'));
    expect((await ana.post(accountPath.signOutEverywhere)).status).toBe(204);
    await Promise.all(closed);
    expect(ana.cookie).toBe('');
    expect((await phone.get(path.session)).body).toBeNull();
    expect((await server.visitor().get(path.plans, { authorization: `Bearer ${ana.token}` })).status).toBe(401);
    expect((await server.visitor().post(path.signIn, { email: ana.email, password })).status).toBe(200);
  });
});

describe('deleting an account', () => {
  test('[R22] needs the password, and leaves what was written under a name that is nobody’s', async () => {
    const ana = await account('Ana Ferreira');
    const ben = await account('Ben');
    const planId = await ben.createPlan('Shared', 'Text of Ben.');
    await join(ben, planId, 'editor', ana);
    expect((await ana.post(path.snapshots(planId), { label: 'Ana looked at it' })).status).toBe(201);
    const guest = await server.guest('Ana Ferreira on the phone');
    await join(ben, planId, 'editor', guest);
    expect((await guest.post(path.signIn, { email: ana.email, password })).status).toBe(200);
    const phone = await elsewhere(ana);
    const socket = await phone.connect(planId);
    const closed = once(socket, 'close');

    for (const body of [{}, { password: 'not the password' }]) {
      expect((await ana.post(accountPath.deleteAccount, body)).body.error.code).toBe('wrong-credentials');
    }
    expect((await ana.post(accountPath.deleteAccount, { password })).status).toBe(204);
    expect(ana.cookie).toBe('');
    await closed;
    expect((await phone.get(path.session)).body).toBeNull();
    expect((await server.visitor().post(path.signIn, { email: ana.email, password })).status).toBe(401);

    const { members } = (await ben.get(path.members(planId))).body;
    expect(members.map(({ userId }: { userId: string }) => userId)).toEqual([ben.userId]);
    const { people, snapshots } = (await ben.get(path.snapshots(planId))).body;
    expect(snapshots[0]).toMatchObject({ label: 'Ana looked at it', author: ana.userId });
    expect(people.find(({ id }: { id: string }) => id === ana.userId).name).toBe('former member');
    expect(JSON.stringify([members, people, snapshots])).not.toContain('Ferreira');
    const database = new DatabaseSync(joinPath(server.dataDir, 'commonplan.db'), { readOnly: true });
    const named = database.prepare("SELECT count(*) AS count FROM user WHERE name LIKE '%Ferreira%'").get();
    database.close();
    expect(named?.count).toBe(0);
    // The address is free again, for somebody who is not the one before.
    const again = server.visitor();
    const { body } = await again.post(path.signUp, { email: ana.email, password, name: 'Another' });
    expect(body.user.id).not.toBe(ana.userId);
    expect((await again.get(path.plan(planId))).status).toBe(404);
  });

  test('is refused with the list while somebody else is in a plan that has no other owner', async () => {
    const ana = await account();
    const ben = await account('Ben');
    const shared = await ana.createPlan('Needs an owner');
    const alone = await ana.createPlan('Nobody else’s');
    await join(ana, shared, 'editor', ben);
    expect((await ana.get(accountPath.account)).body.leaving).toEqual({
      plansToHandOver: [{ id: shared, title: 'Needs an owner' }],
      teamsToHandOver: [],
      plansToArchive: [{ id: alone, title: 'Nobody else’s' }],
    });
    const refused = await ana.post(accountPath.deleteAccount, { password });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'sole-owner']);
    expect(refused.body.error.hint).toContain('Needs an owner');
    expect((await ana.get(path.plan(alone))).body.archivedAt).toBeNull();
    expect((await ana.patch(path.member(shared, ben.userId), { role: 'owner' })).status).toBe(200);
    expect((await ana.post(accountPath.deleteAccount, { password })).status).toBe(204);
    expect((await ben.get(path.plan(shared))).body.role).toBe('owner');
  });

  test('[R22] is refused while the only other owner is a guest whom the plan does not let in', async () => {
    const [ana, guest] = [await account(), await server.guest('Gil')];
    const planId = await ana.createPlan('Without guests');
    await join(ana, planId, 'editor', guest);
    await ana.patch(path.member(planId, guest.userId), { role: 'owner' });
    const toHandOver = async () => (await ana.get(accountPath.account)).body.leaving.plansToHandOver.length;
    expect(await toHandOver()).toBe(0);
    await ana.patch(path.plan(planId), { requiresAccount: true });
    expect(await toHandOver()).toBe(1);
    expect((await ana.post(accountPath.deleteAccount, { password })).body.error.code).toBe('sole-owner');
  });

  test('a guest does it without a password', async () => {
    const guest = await server.guest('Ben');
    expect((await guest.post(accountPath.deleteAccount, {})).status).toBe(204);
    expect((await guest.get(path.session)).body).toBeNull();
  });
});

describe('my data', () => {
  test('is a file with the account, roles, own plans whole, contributions, and nothing of others', async () => {
    const ana = await account('Ana');
    const ben = await account('Ben');
    const own = await ana.createPlan('Mine', 'Words of mine.');
    const foreign = await ben.createPlan('Ben’s', 'Words of Ben.');
    await join(ben, foreign, 'editor', ana);
    await ana.post(path.snapshots(own), { label: 'First' });
    const { status, headers, body } = await ana.get(accountPath.accountData);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="My Commonplan data\.json"/);
    const data = accountData.parse(body);
    expect(data.account).toMatchObject({ id: ana.userId, name: 'Ana', email: ana.email, guest: false });
    expect(data.memberships.map(({ planId, role }) => [planId, role])).toEqual([
      [own, 'owner'],
      [foreign, 'editor'],
    ]);
    expect(data.plans.map(({ id }) => id)).toEqual([own]);
    expect(data.plans[0]?.markdown).toContain('Words of mine.');
    expect(data.plans[0]?.document).toHaveProperty('content');
    const mine = data.contributions.find(({ planId }) => planId === own);
    expect(mine?.snapshots.map(({ label }) => label)).toEqual(['', 'First']);
    expect(mine?.inserted).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toContain('Words of Ben');
    expect(JSON.stringify(body)).not.toContain(ben.email);
    expect(JSON.stringify(body)).not.toContain(ana.token);
  });

  test('has the text of no plan that does not let its guests in any more', async () => {
    const [ana, guest] = [await account(), await server.guest('Gil')];
    const planId = await ana.createPlan('Without guests', 'Words for accounts.');
    const own = await guest.createPlan('Of the guest');
    await join(ana, planId, 'editor', guest);
    await ana.patch(path.member(planId, guest.userId), { role: 'owner' });
    const plans = async () =>
      accountData.parse((await guest.get(accountPath.accountData)).body).plans.map(({ id }) => id);
    expect((await plans()).sort()).toEqual([planId, own].sort());
    await ana.patch(path.plan(planId), { requiresAccount: true });
    expect(await plans()).toEqual([own]);
  });

  test('is nobody else’s', async () => {
    expect((await server.visitor().get(accountPath.accountData)).status).toBe(401);
  });
});
