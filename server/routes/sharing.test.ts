/** Sharing as a person does it: links with limits, a look before joining, people by name, plans that anyone may read, plans without guests. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { accountPath } from '../../shared/accounts-api.ts';
import { path } from '../../shared/api.ts';
import { auditPath } from '../../shared/audit.ts';
import { startTestMailServer, type TestMailServer } from '../test-mail-server.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';

let server: TestServer;
let owner: Visitor;
let planId: string;
beforeAll(async () => {
  server = await startTestServer();
  owner = await account('Olga Owner', 'olga@example.org');
});
afterAll(() => server.stop());
beforeEach(async () => {
  planId = await owner.createPlan('Water', 'Some text.');
});

async function account(name: string, email: string): Promise<Visitor> {
  const visitor = server.visitor();
  const { body } = await visitor.post(path.signUp, { email, password: 'quite a long password', name });
  visitor.userId = body.user.id;
  return visitor;
}

async function makeLink(body: object): Promise<{ id: string; token: string }> {
  const answer = await owner.post(path.links(planId), body);
  expect(answer.status).toBe(201);
  return { id: answer.body.id, token: new URL(answer.body.url).hash.slice(1) };
}

const codeOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) => body.error?.code ?? status;

describe('a link', () => {
  test('shows whoever holds it where it leads, without signing in, and nothing more', async () => {
    const { token } = await makeLink({ role: 'commenter', label: 'The board' });
    const { status, body, headers } = await server.visitor().post(path.lookAtLink, { token });
    expect([status, body]).toEqual([
      200,
      { kind: 'plan', title: 'Water', role: 'commenter', invitedBy: 'Olga Owner', requiresAccount: false },
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(codeOf(await server.visitor().post(path.lookAtLink, { token: `${token}x` }))).toBe('link-invalid');
  });

  test('[R20] says in which way it is of no use any more, looked at or redeemed', async () => {
    const [late, used, gone] = [
      await makeLink({ role: 'viewer', expiresAt: new Date(Date.now() + 1_000).toISOString() }),
      await makeLink({ role: 'viewer', mostUses: 1 }),
      await makeLink({ role: 'viewer' }),
    ];
    await (await server.guest('First')).post(path.redeem, { token: used.token });
    await owner.delete(path.link(planId, gone.id));
    await vi.waitUntil(async () => codeOf(await owner.post(path.lookAtLink, { token: late.token })) !== 200, {
      timeout: 30_000,
      interval: 50,
    });
    const ben = await server.guest('Ben');
    for (const [{ token }, code] of [
      [late, 'link-expired'],
      [used, 'link-used-up'],
      [gone, 'link-withdrawn'],
    ] as const) {
      expect(codeOf(await ben.post(path.lookAtLink, { token }))).toBe(code);
      expect(codeOf(await ben.post(path.redeem, { token }))).toBe(code);
    }
    await owner.delete(path.plan(planId));
    const { links } = (await owner.get(path.links(planId))).body;
    expect(
      links.map(({ id, uses, mostUses }: { id: string; uses: number; mostUses: number | null }) => [
        id,
        uses,
        mostUses,
      ]),
    ).toEqual([
      [late.id, 0, null],
      [used.id, 1, 1],
    ]);
  });

  test.each([
    [{ role: 'owner' }, /role: Expected editor, commenter or viewer/],
    [{ role: 'editor', expiresAt: '2001-01-01T00:00:00Z' }, /expiresAt: Expected a time that is still to come/],
    [{ role: 'editor', expiresAt: 'tomorrow' }, /expiresAt/],
    [{ role: 'editor', mostUses: 0 }, /mostUses: Expected a whole number from 1 to 1000/],
    [{ role: 'editor', mostUses: 1.5 }, /mostUses: Expected a whole number from 1 to 1000/],
    [{ role: 'editor', label: 'x'.repeat(121) }, /label: Expected a label of at most 120 characters/],
  ])('is refused with what was expected: %j', async (body, expected) => {
    const answer = await owner.post(path.links(planId), body);
    expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringMatching(expected)]);
  });

  test('[R20] made before an owner put somebody out does not let them in again, one made since does', async () => {
    const before = await makeLink({ role: 'editor' });
    const ben = await server.guest('Ben');
    await ben.post(path.redeem, { token: before.token });
    await owner.delete(path.member(planId, ben.userId));
    expect(codeOf(await ben.post(path.redeem, { token: before.token }))).toBe('access-removed');
    expect(codeOf(await ben.get(path.plan(planId)))).toBe('access-removed');
    const since = await makeLink({ role: 'viewer' });
    expect((await ben.post(path.redeem, { token: since.token })).body).toEqual({ planId, role: 'viewer' });
    // And does not raise them by the old one.
    expect((await ben.post(path.redeem, { token: before.token })).body).toEqual({ planId, role: 'viewer' });
  });
});

describe('people', () => {
  test('are added by name when they share a plan with the owner, and found by no one else', async () => {
    const ann = await account('Ann Müller', 'ann@example.org');
    const stranger = await account('Anna Stranger', 'anna@example.org');
    const elsewhere = await owner.createPlan('Where we met');
    await owner.post(path.members(elsewhere), { email: 'ann@example.org', role: 'viewer' });
    const found = async (q: string) =>
      (await owner.get(`${path.people(planId)}?q=${encodeURIComponent(q)}`)).body.people;
    expect(await found('ann')).toEqual([
      { userId: ann.userId, name: 'Ann Müller', guest: false, knownFrom: 'Where we met' },
    ]);
    expect(await found('MULL')).toHaveLength(1);
    expect(await found('nn')).toEqual([]);
    expect((await owner.get(`${path.people(planId)}?q=a`)).status).toBe(400);
    const add = (userId: string) => owner.post(path.members(planId), { userId, role: 'editor' });
    expect(codeOf(await add(stranger.userId))).toBe('not-found');
    expect(codeOf(await add('nobody'))).toBe('not-found');
    const { status, body } = await add(ann.userId);
    expect([status, body.invitation, body.members.map(({ name }: { name: string }) => name)]).toEqual([
      ...[201, null],
      ['Olga Owner', 'Ann Müller'],
    ]);
    expect(await found('ann')).toEqual([]);
  });

  test('without an account are invited by a link for one, under their address', async () => {
    const invite = (role: string) => owner.post(path.members(planId), { email: 'new@example.org', role });
    expect((await invite('owner')).body.error.message).toMatch(/Expected editor, commenter or viewer/);
    const { status, body } = await invite('editor');
    expect([status, body.members.length]).toEqual([201, 1]);
    const { links } = (await owner.get(path.links(planId))).body;
    expect(links).toMatchObject([{ id: body.invitation.linkId, label: 'new@example.org', mostUses: 1, uses: 0 }]);
    const ben = await server.guest('Ben');
    await ben.post(path.redeem, { token: new URL(body.invitation.url).hash.slice(1) });
    const { members } = (await owner.get(path.members(planId))).body;
    expect(members[1]).toMatchObject({ name: 'Ben', guest: true, link: { label: 'new@example.org' } });
    // The log stays for ever, so it has no addresses; labels may be some, so they are for owners only.
    const { body: audit } = await owner.get(auditPath(planId));
    expect(audit.entries.map(({ action }: { action: string }) => action)).toContain('link-redeemed');
    expect(JSON.stringify(audit)).not.toContain('@');
    const seen = (await ben.get(path.members(planId))).body.members;
    expect(seen.map(({ link, email }: { link: unknown; email: unknown }) => [link, email])).toEqual([
      [null, null],
      [null, null],
    ]);
  });
});

test('an invitation is mailed where the server can, a few times to one address; what cannot be mailed is handed over', async () => {
  const mails = await startTestMailServer();
  const BASE_URL = 'http://plans.example.org';
  const env = { SMTP_URL: mails.url, MAIL_FROM: 'plans@example.org', BASE_URL, RATE_LIMITS: 'on' };
  const mailing = await startTestServer(env);
  const at = { origin: BASE_URL };
  const [gil, ben] = [mailing.visitor(), mailing.visitor()];
  for (const visitor of [gil, ben]) await visitor.post(path.signInAsGuest, { name: 'A guest' }, at);
  const { id } = (await gil.post(path.plans, { title: 'Water,\nand land' }, at)).body;
  const invite = async () =>
    (await gil.post(path.members(id), { email: 'new@example.org', role: 'viewer' }, at)).body.invitation;
  expect((await invite()).url).toBeNull();
  const { subject, text } = await mails.next('new@example.org');
  expect(subject).toBe('You are invited to a plan on Commonplan');
  expect(text).toContain('A guest invites you to the plan “Water, and land”');
  const token = /http:\/\/plans\.example\.org\/join#(\S+)/.exec(text)![1];
  expect((await ben.post(path.redeem, { token }, at)).body).toEqual({ planId: id, role: 'viewer' });
  await invite();
  mails.refuse();
  expect((await invite()).url).toMatch(/\/join#/);
  expect((await invite()).url).toMatch(/\/join#/);
  expect(mails.mails).toHaveLength(2);
  expect(mailing.logged.join()).not.toContain(token);
  await mailing.stop();
  await mails.stop();
});

describe('where mail is sent', () => {
  let mails: TestMailServer;
  let mailing: TestServer;
  const BASE_URL = 'http://plans.example.org';
  const at = { origin: BASE_URL };
  beforeAll(async () => {
    mails = await startTestMailServer();
    const env = { SMTP_URL: mails.url, MAIL_FROM: 'plans@example.org', BASE_URL, RATE_LIMITS: 'on' };
    mailing = await startTestServer(env);
  });
  afterAll(async () => {
    await mailing.stop();
    await mails.stop();
  });

  async function signedUp(email: string): Promise<Visitor> {
    const visitor = mailing.visitor();
    const { body } = await visitor.post(
      path.signUp,
      { email, password: 'quite a long password', name: 'Somebody' },
      at,
    );
    visitor.userId = body.user.id;
    return visitor;
  }
  const tokenIn = (text: string) => /#(\S+)/.exec(text)?.[1];

  test('[R21] nothing is shared with who made an account with an address that may be somebody else’s', async () => {
    const email = 'mayor@example.org';
    const olga = await signedUp('olga@example.org');
    const { id } = (await olga.post(path.plans, { title: 'Water' }, at)).body;
    const unconfirmed = await signedUp(email);
    const confirm = tokenIn((await mails.next(email)).text);
    const add = async (role: string) => olga.post(path.members(id), { email, role }, at);
    expect(codeOf(await add('owner'))).toBe('invalid-request');
    expect((await add('editor')).body).toMatchObject({ members: [{ role: 'owner' }], invitation: { url: null } });
    expect(codeOf(await unconfirmed.get(path.plan(id)))).toBe('not-found');
    // Whoever the address belongs to comes in by the mail.
    const invitation = await mails.next(email);
    const mayor = mailing.visitor();
    await mayor.post(path.signInAsGuest, { name: 'The mayor' }, at);
    expect((await mayor.post(path.redeem, { token: tokenIn(invitation.text) }, at)).body.role).toBe('editor');
    await mailing.visitor().post(accountPath.confirmEmail, { token: confirm }, at);
    expect((await add('owner')).body).toMatchObject({ invitation: null });
    expect((await unconfirmed.get(path.plan(id))).body.role).toBe('owner');
  });

  test('nobody has it send mails to ever more people', async () => {
    const gil = mailing.visitor();
    await gil.post(path.signInAsGuest, { name: 'A guest' }, at);
    const sent: boolean[] = [];
    const { id } = (await gil.post(path.plans, { title: 'Buy this' }, at)).body;
    for (let person = 0; person < 45; person++) {
      const answer = await gil.post(path.members(id), { email: `person${person}@example.org`, role: 'viewer' }, at);
      expect(answer.status).toBe(201);
      sent.push(answer.body.invitation.url === null);
    }
    // What was not sent can be handed over.
    expect([sent[0], sent.at(-1)]).toEqual([true, false]);
  });
});

test('of an account that is deleted no invitation keeps the address', async () => {
  await owner.post(path.members(planId), { email: 'Leaver@example.org', role: 'viewer' });
  const leaver = await account('Leaver', 'leaver@example.org');
  const labels = async () =>
    (await owner.get(path.links(planId))).body.links.map(({ label }: { label: string }) => label);
  expect(await labels()).toEqual(['leaver@example.org']);
  const { status } = await leaver.post(accountPath.deleteAccount, { password: 'quite a long password' });
  expect(status).toBeLessThan(300);
  expect(await labels()).toEqual(['']);
});

describe('a plan that anyone may read', () => {
  test('is read without signing in, and shows nothing of who holds it or how it came about', async () => {
    const nobody = server.visitor();
    for (const to of [path.plan(planId), path.content(planId), path.export(planId, 'md')]) {
      expect((await nobody.get(to)).status, to).toBe(401);
    }
    const { body } = await owner.patch(path.plan(planId), { public: true });
    expect(body).toMatchObject({ member: true, role: 'owner', publicSince: expect.any(String) });
    const stranger = await server.guest('Stranger');
    for (const visitor of [nobody, stranger]) {
      expect((await visitor.get(path.plan(planId))).body).toMatchObject({
        ...{ title: 'Water', role: 'viewer', member: false, owners: [], team: null },
      });
      expect((await visitor.get(path.content(planId))).body.frontMatter.title).toBe('Water');
      expect((await visitor.get(path.export(planId, 'md'))).body).toContain('Some text.');
    }
    const members = [
      ...[path.members(planId), path.links(planId), path.snapshots(planId), path.snapshot(planId, 1)],
      `${path.compare(planId)}?from=1&to=now`,
      `${path.export(planId, 'md')}?snapshot=1`,
    ];
    for (const to of members) {
      expect([401, 403], to).toContain((await nobody.get(to)).status);
      expect([403, 404], to).toContain((await stranger.get(to)).status);
    }
    await expect(stranger.connect(planId)).rejects.toThrow('refused with 404');
    await expect(nobody.connect(planId)).rejects.toThrow('refused with 401');
    expect((await stranger.get(path.plans)).body.plans).toEqual([]);
    await owner.patch(path.plan(planId), { public: false });
    expect((await nobody.get(path.plan(planId))).status).toBe(401);
  });

  test('is not public while it is archived', async () => {
    await owner.patch(path.plan(planId), { public: true, archived: true });
    expect((await server.visitor().get(path.plan(planId))).status).toBe(401);
    await owner.patch(path.plan(planId), { archived: false });
    expect((await server.visitor().get(path.plan(planId))).status).toBe(200);
  });

  test('is opened by owners only, and a change of nothing is refused', async () => {
    const ben = await server.guest('Ben');
    const { token } = await makeLink({ role: 'editor' });
    await ben.post(path.redeem, { token });
    expect((await ben.patch(path.plan(planId), { public: true })).status).toBe(403);
    expect((await owner.patch(path.plan(planId), {})).body.error.message).toMatch(/Expected something to change/);
  });
});

describe('a plan that requires an account', () => {
  test('lets no guest in, says so, and takes one who signs up', async () => {
    const { token } = await makeLink({ role: 'editor' });
    const ben = await server.guest('Ben');
    await ben.post(path.redeem, { token });
    expect((await owner.patch(path.plan(planId), { requiresAccount: true })).body.requiresAccount).toBe(true);
    expect(codeOf(await ben.get(path.content(planId)))).toBe('account-required');
    const cleo = await server.guest('Cleo');
    expect((await cleo.post(path.lookAtLink, { token })).body.requiresAccount).toBe(true);
    expect(codeOf(await cleo.post(path.redeem, { token }))).toBe('account-required');
    await ben.post(path.signUp, { email: 'ben@example.org', password: 'quite a long password' });
    expect((await ben.get(path.plan(planId))).body.role).toBe('editor');
  });

  test('[R20] always has an owner who has one', async () => {
    const guest = await server.guest('Gil');
    const id = await guest.createPlan('A guest’s plan');
    expect(codeOf(await guest.patch(path.plan(id), { requiresAccount: true }))).toBe('conflict');
    await guest.post(path.members(id), { email: 'olga@example.org', role: 'owner' });
    expect((await guest.patch(path.plan(id), { requiresAccount: true })).status).toBe(200);
    expect(codeOf(await owner.delete(path.member(id, owner.userId)))).toBe('last-owner');
    expect(codeOf(await guest.get(path.plan(id)))).toBe('account-required');
  });
});
