/** Guests, accounts, and how one becomes the other without losing anything. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { path, session, signedIn, userName } from '../../shared/api.ts';
import { startTestServer, type TestServer } from '../test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const password = 'quite a long password';
let count = 0;
const newEmail = () => `person${++count}@example.org`;

describe('guests', () => {
  test('begin with a name of their choice, in a cookie that scripts cannot read', async () => {
    const visitor = server.visitor();
    const { status, headers, body } = await visitor.post(path.signInAsGuest, { name: '  Ana \n María  ' });
    expect(status).toBe(200);
    expect(signedIn.parse(body).user).toMatchObject({ name: 'Ana María', isAnonymous: true });
    expect(headers.getSetCookie()[0]).toMatch(/; HttpOnly/);
    expect(headers.getSetCookie()[0]).toMatch(/; SameSite=Lax/);
    expect(headers.get('cache-control')).toBe('no-store');
    const { body: present } = await visitor.get(path.session);
    expect(session.parse(present)?.user.name).toBe('Ana María');
    // Nor in an answer that the page's scripts read whenever it opens.
    expect(JSON.stringify(present)).not.toContain(body.token);
  });

  test('who have no session are nobody', async () => {
    expect((await server.visitor().get(path.session)).body).toBeNull();
    const { status, body } = await server.visitor().get(path.plans);
    expect([status, body.error.code]).toEqual([401, 'not-signed-in']);
  });

  test('are not replaced by a second guest in the same browser', async () => {
    const ana = await server.guest('Ana');
    const { status, body } = await ana.post(path.signInAsGuest, { name: 'Ben' });
    expect([status, body.error.code]).toEqual([409, 'conflict']);
    expect((await ana.get(path.session)).body.user.name).toBe('Ana');
  });

  test.each([
    ['no name', {}],
    ['an empty one', { name: ' \t ' }],
    ['one that is not text', { name: 7 }],
    ['one that is too long', { name: 'x'.repeat(81) }],
    ['one that turns the writing direction around', { name: 'Ana\u202e' }],
    ['nothing', null],
  ])('with %s are told what a name is', async (_what, body) => {
    const answer = await server.visitor().post(path.signInAsGuest, body ?? 'null');
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid-request']);
    expect(answer.body.error.message).toMatch(/[Ee]xpected/);
  });

  test('may be called in any script', () => {
    for (const name of ['Ελένη', '山田', 'می‌خواهم', "O'Neil-Müller", '🌱 Ana']) expect(userName.parse(name)).toBe(name);
  });
});

describe('a guest who signs up', () => {
  test('stays the same user and keeps plans, roles and links, and can sign in elsewhere', async () => {
    const email = newEmail();
    const ana = await server.guest('Ana');
    const planId = await ana.createPlan('Water for all');
    const before = ana.cookie;
    const answer = await ana.post(path.signUp, { email: email.toUpperCase(), password });
    expect(answer.status).toBe(200);
    expect(answer.body.user).toMatchObject({ id: ana.userId, name: 'Ana', email, isAnonymous: false });
    expect((await ana.get(path.plan(planId))).body.role).toBe('owner');

    const elsewhere = server.visitor();
    expect((await elsewhere.post(path.signIn, { email, password })).body.user.id).toBe(ana.userId);
    expect((await elsewhere.get(path.plans)).body.plans.map((plan: { id: string }) => plan.id)).toEqual([planId]);
    // The guest's session may be known to others: it ended.
    expect((await server.visitor().get(path.session, { cookie: before })).body).toBeNull();
  });

  test('may take another name with it', async () => {
    const ana = await server.guest('Ana');
    const { body } = await ana.post(path.signUp, { email: newEmail(), password, name: 'Ana Gómez' });
    expect(body.user).toMatchObject({ id: ana.userId, name: 'Ana Gómez' });
  });

  test('with an address that is taken stays a guest with everything, and learns why', async () => {
    const email = newEmail();
    await server.visitor().post(path.signUp, { email, password, name: 'Somebody' });
    const ana = await server.guest('Ana');
    const planId = await ana.createPlan('Kept');
    const { status, body } = await ana.post(path.signUp, { email, password });
    expect([status, body.error.code]).toEqual([409, 'email-taken']);
    expect((await ana.get(path.session)).body.user.isAnonymous).toBe(true);
    expect((await ana.get(path.plan(planId))).status).toBe(200);
  });

  test('in two windows at once becomes one account', async () => {
    const ana = await server.guest('Ana');
    const emails = [newEmail(), newEmail()];
    const answers = await Promise.all(emails.map((email) => ana.post(path.signUp, { email, password })));
    const made = answers.filter(({ status }) => status === 200);
    expect(made.length).toBeGreaterThanOrEqual(1);
    for (const { body } of made) expect(body.user.id).toBe(ana.userId);
    const signedInAs = await Promise.all(
      emails.map((email) => server.visitor().post(path.signIn, { email, password })),
    );
    expect(signedInAs.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe('a guest who signs in to an account', () => {
  test('brings the plans along, with the better of two roles', async () => {
    const email = newEmail();
    const account = server.visitor();
    const userId = (await account.post(path.signUp, { email, password, name: 'Ana' })).body.user.id;
    const shared = await account.createPlan('Shared');
    const { body: link } = await account.post(path.links(shared), { role: 'viewer' });

    const guest = await server.guest('Ana on the phone');
    const own = await guest.createPlan('Made on the phone');
    await guest.post(path.redeem, { token: new URL(link.url).hash.slice(1) });
    const before = guest.cookie;
    expect((await guest.post(path.signIn, { email, password })).status).toBe(200);

    expect((await guest.get(path.session)).body.user.id).toBe(userId);
    expect((await guest.get(path.plan(own))).body.role).toBe('owner');
    expect((await guest.get(path.plan(shared))).body.role).toBe('owner');
    const { members } = (await guest.get(path.members(shared))).body;
    expect(members.map((member: { userId: string }) => member.userId)).toEqual([userId]);
    expect((await server.visitor().get(path.session, { cookie: before })).body).toBeNull();
  });

  test('with a wrong password changes nothing', async () => {
    const email = newEmail();
    await server.visitor().post(path.signUp, { email, password, name: 'Ana' });
    const guest = await server.guest('Ben');
    const planId = await guest.createPlan('Mine');
    const { status, body } = await guest.post(path.signIn, { email, password: 'another long password' });
    expect([status, body.error.code]).toEqual([401, 'wrong-credentials']);
    expect((await guest.get(path.plan(planId))).status).toBe(200);
  });
});

describe('accounts', () => {
  test('an unknown address and a wrong password are answered alike', async () => {
    const email = newEmail();
    await server.visitor().post(path.signUp, { email, password, name: 'Ana' });
    const wrong = await server.visitor().post(path.signIn, { email, password: 'not the password' });
    const unknown = await server.visitor().post(path.signIn, { email: newEmail(), password });
    expect(unknown.status).toBe(401);
    expect(unknown.body).toEqual(wrong.body);
  });

  test.each([
    ['an address that is none', { email: 'ana', password, name: 'Ana' }, 'e-mail address'],
    ['a short password', { email: 'short@example.org', password: 'nine char', name: 'Ana' }, 'at least 10'],
    ['a huge password', { email: 'huge@example.org', password: 'x'.repeat(129), name: 'Ana' }, 'at most 128'],
    ['no name', { email: 'nameless@example.org', password }, 'name'],
  ])('signing up with %s is refused with what was expected', async (_what, body, expected) => {
    const answer = await server.visitor().post(path.signUp, body);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid-request']);
    expect(answer.body.error.message).toContain(expected);
  });

  test('nobody can make themselves somebody else by extra fields', async () => {
    const { body } = await server.visitor().post(path.signUp, {
      email: newEmail(),
      password,
      name: 'Ana',
      id: 'mine',
      emailVerified: true,
      isAnonymous: true,
    });
    expect(body.user).toMatchObject({ emailVerified: false, isAnonymous: false });
    expect(body.user.id).not.toBe('mine');
  });

  test('signing out ends the session on the server, not only in the browser', async () => {
    const ana = await server.guest('Ana');
    const before = ana.cookie;
    expect((await ana.get(path.plans)).status).toBe(200);
    expect((await ana.post(path.signOut)).status).toBe(200);
    expect((await server.visitor().get(path.plans, { cookie: before })).status).toBe(401);
    expect(ana.cookie).toBe('');
    expect((await server.visitor().get(path.session, { cookie: before })).body).toBeNull();
    expect((await server.visitor().get(path.plans, { authorization: `Bearer ${ana.token}` })).status).toBe(401);
  });

  test('a session ends at its time, however often its cookie was good before', async () => {
    const ana = await server.guest('Ana');
    expect((await ana.get(path.plans)).status).toBe(200);
    const database = new DatabaseSync(join(server.dataDir, 'commonplan.db'));
    const past = new Date(Date.now() - 1_000).toISOString();
    database.prepare('UPDATE session SET expiresAt = ? WHERE userId = ?').run(past, ana.userId);
    database.close();
    expect((await ana.get(path.plans)).status).toBe(401);
  });

  test('a new name shows at once, and a bad one is refused', async () => {
    const ana = await server.guest('Ana');
    expect((await ana.post(path.updateUser, { name: 'Ana G.' })).status).toBe(200);
    expect((await ana.get(path.session)).body.user.name).toBe('Ana G.');
    expect((await ana.post(path.updateUser, { name: '' })).status).toBe(400);
    expect((await server.visitor().post(path.updateUser, { name: 'Ana' })).status).toBe(401);
  });

  test('a changed password ends other sessions and is the only one that works', async () => {
    const email = newEmail();
    const ana = server.visitor();
    await ana.post(path.signUp, { email, password, name: 'Ana' });
    const phone = server.visitor();
    await phone.post(path.signIn, { email, password });
    const newPassword = 'another long password';
    const wrong = await ana.post(path.changePassword, { currentPassword: 'not the password', newPassword });
    expect([wrong.status, wrong.body.error.code]).toEqual([401, 'wrong-credentials']);
    expect((await ana.post(path.changePassword, { currentPassword: password, newPassword })).status).toBe(200);
    expect((await ana.get(path.session)).body).not.toBeNull();
    expect((await phone.get(path.session)).body).toBeNull();
    expect((await phone.post(path.signIn, { email, password })).status).toBe(401);
    expect((await phone.post(path.signIn, { email, password: newPassword })).status).toBe(200);
  });

  test('what better-auth offers beyond this list is not reachable', async () => {
    for (const other of [
      'delete-user',
      'verify-email',
      'list-sessions',
      'sign-in/social',
      'sign-up/guest',
      'session-start',
      'error',
      'ok',
    ]) {
      const ana = await server.guest('Ana');
      expect((await ana.post(`/api/auth/${other}`, {})).status, other).toBe(404);
      expect((await ana.get(`/api/auth/${other}`)).status, other).toBe(404);
    }
  });
});

test('under https the session cookie is bound to the host and Secure', async () => {
  const https = await startTestServer({ BASE_URL: 'https://plans.example.org' });
  try {
    const { headers } = await https
      .visitor()
      .post(path.signInAsGuest, { name: 'Ana' }, { origin: 'https://plans.example.org' });
    expect(headers.getSetCookie()[0]).toMatch(
      /^__Host-commonplan\.session_token=[^;]+;.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(headers.getSetCookie()[0]).not.toMatch(/domain/i);
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
  } finally {
    await https.stop();
  }
});

test('passwords and guests are rationed per address when limits are on', async () => {
  const limited = await startTestServer({ RATE_LIMITS: 'on' });
  try {
    const guess = () => limited.visitor().post(path.signIn, { email: 'ana@example.org', password: 'guess' });
    const answers = [await guess()];
    // The first ten pass; when one is refused after that depends on how fast this machine is.
    while (answers.at(-1)?.status === 401 && answers.length < 40) answers.push(await guess());
    expect(answers.length).toBeGreaterThan(10);
    expect(answers.at(-1)?.body.error.code).toBe('too-many');
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
    // Another account is not locked by that.
    expect((await limited.visitor().post(path.signIn, { email: 'ben@example.org', password: 'guess' })).status).toBe(
      401,
    );
  } finally {
    await limited.stop();
  }
});
