/** Administration over HTTP: who may, what it shows, and that a suspended person is out at once. */
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountPath, adminPath, adminPeople, adminStorage } from '../../shared/accounts-api.ts';
import { path } from '../../shared/api.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';

const password = 'quite a long password';
let server: TestServer;
let admin: Visitor & { email: string };
beforeAll(async () => {
  server = await startTestServer({ SIGN_UP: 'invitation' });
  const database = new DatabaseSync(join(server.dataDir, 'commonplan.db'));
  database
    .prepare("INSERT INTO tokens (id, purpose, hash, created_at, expires_at) VALUES ('first', 'invitation', ?, 0, ?)")
    // SHA-256 of "first".
    .run('p5N7ZLjKpY8Dchu2us9ceMsjX-vg5wsbhM2ZVBRhoI4', Date.now() + 60_000);
  database.close();
  admin = await signUp('first', 'Ada');
  setAdministrator(admin.userId);
});
afterAll(() => server.stop());

function setAdministrator(userId: string): void {
  const database = new DatabaseSync(join(server.dataDir, 'commonplan.db'));
  database.prepare('UPDATE user SET administrator = 1 WHERE id = ?').run(userId);
  database.close();
}

let count = 0;
async function signUp(invitation: string, name: string): Promise<Visitor & { email: string }> {
  const visitor = server.visitor();
  const email = `admin${++count}@example.org`;
  const { status, body } = await visitor.post(path.signUp, { email, password, name, invitation });
  expect(status, JSON.stringify(body)).toBe(200);
  visitor.userId = body.user.id;
  return Object.assign(visitor, { email });
}

async function invite(body: Record<string, unknown> = {}): Promise<{ token: string; id: string }> {
  const answer = await admin.post(adminPath.invitations, body);
  expect(answer.status).toBe(201);
  const url = new URL(answer.body.url);
  expect(url.pathname).toBe('/invitation');
  return { token: url.hash.slice(1), id: answer.body.id };
}

describe('signing up by invitation', () => {
  test('works once for one, and is taken up by nobody who fails', async () => {
    const { token } = await invite();
    const taken = await server
      .visitor()
      .post(path.signUp, { email: admin.email, password, name: 'X', invitation: token });
    expect(taken.body.error.code).toBe('email-taken');
    const answers = await Promise.all(
      [1, 2].map((n) =>
        server.visitor().post(path.signUp, { email: `race${n}@example.org`, password, name: 'R', invitation: token }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect((await admin.get(`${adminPath.people}?q=race`)).body.total).toBe(1);
  });

  test('needs one: without it there are neither accounts nor guests, and the page can say so', async () => {
    expect((await server.visitor().get(accountPath.waysIn)).body.signUp).toBe('invitation');
    const body = { email: 'nobody@example.org', password, name: 'N' };
    expect((await server.visitor().post(path.signUp, body)).body.error.code).toBe('sign-up-closed');
    const guessed = await server.visitor().post(path.signUp, { ...body, invitation: 'guess' });
    expect(guessed.body.error.code).toBe('token-invalid');
    expect((await server.visitor().post(path.signInAsGuest, { name: 'N' })).body.error.code).toBe('sign-up-closed');
  });

  test('is no matter of a plan’s link: guests come in by it, and become accounts by an invitation alone', async () => {
    const planId = await admin.createPlan('Open to guests');
    const { body } = await admin.post(path.links(planId), { role: 'editor' });
    const link = new URL(body.url).hash.slice(1);
    const guest = server.visitor();
    expect((await guest.post(path.signInAsGuest, { name: 'G', link: 'guess' })).status).toBe(404);
    expect((await guest.post(path.signInAsGuest, { name: 'G', link })).status).toBe(200);
    expect((await guest.post(path.redeem, { token: link })).body.role).toBe('editor');
    const account = { email: 'guest@example.org', password };
    expect((await guest.post(path.signUp, account)).body.error.code).toBe('sign-up-closed');
    const { token } = await invite();
    expect((await guest.post(path.signUp, { ...account, invitation: token })).status).toBe(200);
    expect((await guest.get(path.plan(planId))).status).toBe(200);
  });

  test('invitations are listed without their tokens, and withdrawn', async () => {
    const { token, id } = await invite({ email: 'ben@example.org' });
    const { body } = await admin.get(adminPath.invitations);
    expect(body.invitations).toContainEqual(
      expect.objectContaining({ id, email: 'ben@example.org', createdBy: 'Ada' }),
    );
    expect(JSON.stringify(body)).not.toContain(token);
    expect((await admin.delete(adminPath.invitation(id))).status).toBe(204);
    expect((await admin.delete(adminPath.invitation(id))).status).toBe(404);
    const late = await server
      .visitor()
      .post(path.signUp, { email: 'l@example.org', password, name: 'L', invitation: token });
    expect(late.body.error.code).toBe('token-invalid');
  });
});

describe('administrators', () => {
  test('alone may administer, and none of it lets them into a plan', async () => {
    const ben = await signUp((await invite()).token, 'Ben');
    const planId = await ben.createPlan('Ben’s own');
    for (const visitor of [ben, server.visitor()]) {
      const expected = visitor === ben ? 403 : 401;
      for (const to of [adminPath.people, adminPath.storage, adminPath.invitations, adminPath.audit]) {
        expect((await visitor.get(to)).status, to).toBe(expected);
      }
      expect((await visitor.patch(adminPath.person(admin.userId), { suspended: true })).status).toBe(expected);
      expect((await visitor.post(adminPath.invitations, {})).status).toBe(expected);
    }
    expect((await admin.get(path.plan(planId))).status).toBe(404);
    expect((await admin.get(path.content(planId))).status).toBe(404);
  });

  test('find people by parts of name and address, guests apart', async () => {
    const ben = await signUp((await invite()).token, 'Bénédicte 100%');
    const found = adminPeople.parse(
      (await admin.get(`${adminPath.people}?q=${encodeURIComponent('100% dicte')}`)).body,
    );
    expect(found).toMatchObject({ total: 1, people: [{ id: ben.userId, email: ben.email, administrator: false }] });
    expect((await admin.get(`${adminPath.people}?q=${encodeURIComponent('%_%')}`)).body.total).toBe(0);
    const byAddress = await admin.get(`${adminPath.people}?q=${ben.email}`);
    expect(byAddress.body.people.map(({ id }: { id: string }) => id)).toEqual([ben.userId]);
    const { body } = await admin.get(`${adminPath.people}?kind=guests`);
    expect(body.people.every(({ email }: { email: string | null }) => email === null)).toBe(true);
    expect(JSON.stringify(body)).not.toContain('.invalid');
  });

  test('suspend: the person is out everywhere at once, cannot come back, and is let in again with everything', async () => {
    const ben = await signUp((await invite()).token, 'Ben');
    const planId = await ben.createPlan('Kept');
    const socket = await ben.connect(planId);
    const closed = once(socket, 'close');
    const { body } = await admin.patch(adminPath.person(ben.userId), { suspended: true });
    expect(body.suspendedAt).not.toBeNull();
    const [code] = await closed;
    expect(code).toBe(4411);
    const refused = await ben.get(path.plans);
    expect([refused.status, refused.body.error.code]).toEqual([403, 'suspended']);
    expect((await ben.get(path.session)).body).toBeNull();
    const again = server.visitor();
    expect((await again.post(path.signIn, { email: ben.email, password })).body.error.code).toBe('suspended');
    expect(again.cookie).toBe('');
    const guess = await server.visitor().post(path.signIn, { email: ben.email, password: 'not the password' });
    expect(guess.body.error.code).toBe('wrong-credentials');
    await admin.patch(adminPath.person(ben.userId), { suspended: false });
    expect((await ben.get(path.plan(planId))).body.role).toBe('owner');
  });

  test('cannot lock themselves out, nor leave the server without one', async () => {
    expect((await admin.patch(adminPath.person(admin.userId), { suspended: true })).body.error.code).toBe('conflict');
    expect((await admin.patch(adminPath.person(admin.userId), { administrator: false })).body.error.code).toBe(
      'conflict',
    );
    expect((await admin.patch(adminPath.person('nobody'), { suspended: true })).status).toBe(404);
    expect((await admin.patch(adminPath.person(admin.userId), {})).status).toBe(400);
    const guest = await admin.get(`${adminPath.people}?kind=guests`);
    const ben = await signUp((await invite()).token, 'Ben');
    expect((await admin.patch(adminPath.person(ben.userId), { administrator: true })).body.administrator).toBe(true);
    expect((await ben.get(adminPath.people)).status).toBe(200);
    expect((await ben.patch(adminPath.person(ben.userId), { administrator: false })).body.administrator).toBe(false);
    expect((await ben.get(adminPath.people)).status).toBe(403);
    expect(guest.status).toBe(200);
  });

  test('see what plans take on the disk, and what was done with accounts', async () => {
    const planId = await admin.createPlan('Large', 'word '.repeat(20_000));
    const storage = adminStorage.parse((await admin.get(adminPath.storage)).body);
    const plan = storage.plans.find(({ id }) => id === planId);
    expect(plan).toMatchObject({ title: 'Large', archived: false, members: 1, images: 0 });
    expect(plan?.log).toBeGreaterThan(100_000);
    expect(plan?.snapshots).toBeGreaterThan(0);
    expect(storage.total.log).toBe(storage.plans.reduce((sum, { log }) => sum + log, 0));
    expect(storage.database + storage.writeAheadLog).toBeGreaterThan(100_000);
    expect(storage.free).toBeGreaterThan(0);
    const { entries } = (await admin.get(adminPath.audit)).body;
    expect(entries.map(({ action }: { action: string }) => action)).toContain('user-suspended');
    expect(JSON.stringify(entries)).not.toContain('@');
  });
});

test('a closed server takes nobody, and says so to administrators who invite', async () => {
  const closed = await startTestServer({ SIGN_UP: 'closed' });
  try {
    const body = { email: 'a@example.org', password, name: 'A', invitation: 'any' };
    expect((await closed.visitor().post(path.signUp, body)).body.error.code).toBe('sign-up-closed');
    expect((await closed.visitor().post(path.signInAsGuest, { name: 'A' })).body.error.code).toBe('sign-up-closed');
  } finally {
    await closed.stop();
  }
});
