/** Signing in by an OpenID Connect provider: a real one, which this test runs and signs in to as a browser would. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountPath } from '../../shared/accounts-api.ts';
import { path } from '../../shared/api.ts';
import { startTestMailServer } from '../test-mail-server.ts';
import { startTestServer, type TestServer, Visitor } from '../test-server.ts';

const BASE_URL = 'http://plans.example.org';
const at = { origin: BASE_URL };
const password = 'quite a long password';

interface Claims {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}
/** Whom the provider knows, by the login that they type there. */
const people = new Map<string, Claims>();

let issuer: string;
let http: Server;
let env: Record<string, string>;
let server: TestServer;

beforeAll(async () => {
  http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'commonplan',
        client_secret: 'the secret of the client',
        redirect_uris: [`${BASE_URL}${accountPath.providerCallback}`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
    cookies: { keys: ['a key of this test alone'] },
  });
  http.on('request', provider.callback());
  env = {
    ...{ BASE_URL, OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'commonplan', OIDC_NAME: 'City of Águas' },
    OIDC_CLIENT_SECRET: 'the secret of the client',
  };
  server = await startTestServer(env);
});
afterAll(async () => {
  await server.stop();
  http.closeAllConnections();
  http.close();
});

let count = 0;
/** A new person at the provider; resolves to the login there. */
function person(claims: Claims = {}): string {
  const login = `person${++count}`;
  people.set(login, { email: `${login}@example.org`, email_verified: true, name: `Person ${count}`, ...claims });
  return login;
}
const emailOf = (login: string) => people.get(login)?.email ?? '';

/** Signs in at the provider as a browser does, form by form; resolves to the address that it is sent back to. */
async function signInAtProvider(url: string, login: string): Promise<URL> {
  const browser = new Visitor(issuer);
  let to = new URL(url);
  for (let step = 0; step < 12; step++) {
    if (to.origin === BASE_URL) return to;
    const page = await browser.get(to.pathname + to.search);
    let next = page.headers.get('location');
    if (next === null) {
      const prompt = /name="prompt" value="(\w+)"/.exec(page.body)?.[1] ?? '';
      const form = new URLSearchParams({ prompt, login, password: 'any' }).toString();
      const sent = await browser.post(to.pathname, form, { 'content-type': 'application/x-www-form-urlencoded' });
      next = sent.headers.get('location');
    }
    to = new URL(next ?? '', issuer);
  }
  throw new Error('The provider did not send the browser back.');
}

async function setOut(visitor: Visitor, body: Record<string, unknown> = {}): Promise<string> {
  const answer = await visitor.post(accountPath.providerSignIn, body, at);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.url;
}

/** The whole way; resolves to the page that one comes back to. */
async function signIn(visitor: Visitor, login: string, body: Record<string, unknown> = {}): Promise<string | null> {
  const back = await signInAtProvider(await setOut(visitor, body), login);
  return (await visitor.get(back.pathname + back.search)).headers.get('location');
}

const userOf = async (visitor: Visitor) => (await visitor.get(path.session)).body?.user ?? null;

describe('a person whom the provider knows', () => {
  test('gets an account with a confirmed address, and is the same one each time', async () => {
    const login = person();
    const ana = server.visitor();
    expect(await signIn(ana, login, { returnTo: '/account' })).toBe('/account');
    const user = await userOf(ana);
    expect(user).toMatchObject({ name: people.get(login)?.name, email: emailOf(login), emailVerified: true });
    const { body } = await ana.get(accountPath.account);
    expect(body).toMatchObject({ hasPassword: false, hasProvider: true, emailConfirmed: true });
    const again = server.visitor();
    // What the provider says of the address later is no reason to be somebody else.
    people.set(login, { ...people.get(login), email: 'other@example.org' });
    expect(await signIn(again, login)).toBe('/');
    expect((await userOf(again)).id).toBe(user.id);
  });

  test('is proved by PKCE, state and nonce, in a cookie that scripts cannot read', async () => {
    const visitor = server.visitor();
    const answer = await visitor.post(accountPath.providerSignIn, {}, at);
    const query = new URL(answer.body.url).searchParams;
    expect(query.get('code_challenge_method')).toBe('S256');
    for (const name of ['code_challenge', 'state', 'nonce']) expect(query.get(name)?.length).toBeGreaterThan(20);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^commonplan\.provider=[\w-]{43}; .*HttpOnly; SameSite=Lax/);
  });

  test('keeps what they had as a guest, as the same user', async () => {
    const guest = server.visitor();
    const { body } = await guest.post(path.signInAsGuest, { name: 'Hana' }, at);
    const made = await guest.post(path.plans, { title: 'Begun as a guest' }, at);
    const before = guest.cookie;
    expect(await signIn(guest, person())).toBe('/');
    const user = await userOf(guest);
    expect(user).toMatchObject({ id: body.user.id, name: 'Hana', isAnonymous: false });
    expect((await guest.get(path.plan(made.body.id))).body.role).toBe('owner');
    expect((await server.visitor().get(path.session, { cookie: before })).body).toBeNull();
  });

  test('brings a guest’s plans along into the account that they have', async () => {
    const login = person();
    await signIn(server.visitor(), login);
    const guest = server.visitor();
    await guest.post(path.signInAsGuest, { name: 'Hana' }, at);
    const made = await guest.post(path.plans, { title: 'Begun on the phone' }, at);
    await signIn(guest, login);
    expect((await userOf(guest)).email).toBe(emailOf(login));
    expect((await guest.get(path.plan(made.body.id))).body.role).toBe('owner');
  });

  test('may be called what no name can be: the address gives one', async () => {
    const login = person({ name: '\u202e ' });
    const visitor = server.visitor();
    await signIn(visitor, login);
    expect((await userOf(visitor)).name).toBe(login);
  });

  test('but whose address it has not confirmed is not let in', async () => {
    for (const claims of [{ email_verified: false }, { email: undefined as never }]) {
      const visitor = server.visitor();
      expect(await signIn(visitor, person(claims))).toBe('/sign-in?refused=email-unconfirmed');
      expect(await userOf(visitor)).toBeNull();
    }
  });
});

describe('an account with the same address', () => {
  async function account(login: string): Promise<Visitor> {
    const visitor = server.visitor();
    await visitor.post(path.signUp, { email: emailOf(login), password, name: 'Ana' }, at);
    return visitor;
  }

  test('is not given away while nobody has confirmed that the address is its owner’s', async () => {
    const login = person();
    await account(login);
    const visitor = server.visitor();
    expect(await signIn(visitor, login)).toBe('/sign-in?refused=email-taken');
    expect(await userOf(visitor)).toBeNull();
  });

  test('is signed in to once it is confirmed', async () => {
    const login = person();
    const ana = await account(login);
    const database = new DatabaseSync(join(server.dataDir, 'commonplan.db'));
    database.prepare('UPDATE user SET emailVerified = 1 WHERE email = ?').run(emailOf(login));
    database.close();
    const visitor = server.visitor();
    expect(await signIn(visitor, login)).toBe('/');
    expect((await userOf(visitor)).id).toBe((await userOf(ana)).id);
  });

  test('is connected by its owner, who is signed in to it; one identity opens one account', async () => {
    const login = person();
    const ana = await account(login);
    expect(await signIn(ana, login, { connect: true, returnTo: '/account' })).toBe('/account');
    const visitor = server.visitor();
    await signIn(visitor, login);
    expect((await userOf(visitor)).id).toBe((await userOf(ana)).id);
    const other = await account(person());
    expect(await signIn(other, login, { connect: true, returnTo: '/account' })).toBe('/account?refused=conflict');
  });

  test('keeps no identity that was connected before its address was confirmed by a new password', async () => {
    const mails = await startTestMailServer();
    const mailing = await startTestServer({ ...env, SMTP_URL: mails.url, MAIL_FROM: 'plans@example.org' });
    try {
      const [login, email] = [person(), 'victim@example.org'];
      const impostor = mailing.visitor();
      await impostor.post(path.signUp, { email, password, name: 'Victim' }, at);
      await mails.next(email);
      expect(await signIn(impostor, login, { connect: true, returnTo: '/account' })).toBe('/account');
      const victim = mailing.visitor();
      await victim.post(accountPath.requestPasswordReset, { email }, at);
      const token = /#(\S+)/.exec((await mails.next(email)).text)?.[1];
      expect((await victim.post(accountPath.resetPassword, { token, newPassword: `${password}!` }, at)).status).toBe(
        204,
      );
      await victim.post(path.signIn, { email, password: `${password}!` }, at);
      const again = mailing.visitor();
      await signIn(again, login);
      expect((await userOf(again)).id).not.toBe((await userOf(victim)).id);
    } finally {
      await mailing.stop();
      await mails.stop();
    }
  });

  test('is not connected on the way back of somebody who has signed out, or in as another', async () => {
    const login = person();
    const ana = await account(person());
    const url = await setOut(ana, { connect: true });
    const back = await signInAtProvider(url, login);
    const ben = await account(person());
    for (const [name, value] of ben.cookies) ana.cookies.set(name, value);
    expect((await ana.get(back.pathname + back.search)).headers.get('location')).toBe(
      '/account?refused=provider-failed',
    );
    const visitor = server.visitor();
    await signIn(visitor, login);
    expect((await userOf(visitor)).email).toBe(emailOf(login));
  });
});

describe('the way back', () => {
  test('is of use to the browser that set out alone, once', async () => {
    const login = person();
    const ana = server.visitor();
    const url = await setOut(ana);
    const kept = ana.cookie;
    const back = await signInAtProvider(url, login);
    // Somebody else's browser, which was made to open the address: it would be signed in as another.
    const victim = server.visitor();
    expect((await victim.get(back.pathname + back.search)).headers.get('location')).toBe(
      '/sign-in?refused=provider-failed',
    );
    const another = server.visitor();
    await setOut(another);
    expect((await another.get(back.pathname + back.search)).headers.get('location')).toContain('refused');
    expect(await userOf(another)).toBeNull();
    expect((await ana.get(back.pathname + back.search)).headers.get('location')).toBe('/');
    expect(await userOf(ana)).not.toBeNull();
    const replay = await server.visitor().get(back.pathname + back.search, { cookie: kept });
    expect(replay.headers.get('location')).toBe('/sign-in?refused=provider-failed');
    expect(server.logged.join('\n')).not.toContain(back.searchParams.get('code'));
  });

  test.each(['//evil.example', '/\\evil.example', '/\t/evil.example', 'https://evil.example', 'javascript:alert(1)'])(
    'never leads to another site: %s',
    async (returnTo) => {
      const { status, body } = await server.visitor().post(accountPath.providerSignIn, { returnTo }, at);
      expect([status, body.error.code]).toEqual([400, 'invalid-request']);
    },
  );

  test('cannot be begun by another site', async () => {
    const { body } = await server.visitor().post(accountPath.providerSignIn, {}, { origin: 'https://evil.example' });
    expect(body.error.code).toBe('origin-refused');
    expect((await server.visitor().get(accountPath.providerSignIn)).status).toBe(404);
  });
});

describe('who may come', () => {
  test('is what SIGN_UP says, unless the provider opens it; a suspended account stays out', async () => {
    const closed = await startTestServer({ ...env, SIGN_UP: 'closed' });
    const opened = await startTestServer({ ...env, SIGN_UP: 'closed', OIDC_SIGN_UP: 'open' });
    try {
      expect(await signIn(closed.visitor(), person())).toBe('/sign-in?refused=sign-up-closed');
      const login = person();
      const ana = opened.visitor();
      expect(await signIn(ana, login)).toBe('/');
      const database = new DatabaseSync(join(opened.dataDir, 'commonplan.db'));
      database.prepare('UPDATE user SET suspendedAt = 1 WHERE email = ?').run(emailOf(login));
      database.close();
      expect((await ana.get(path.plans)).body.error.code).toBe('suspended');
      const back = opened.visitor();
      expect(await signIn(back, login)).toBe('/sign-in?refused=suspended');
      expect(back.cookie).toBe('');
    } finally {
      await closed.stop();
      await opened.stop();
    }
  });

  test('a provider that is down is said so, and everything else goes on', async () => {
    const lonely = await startTestServer({ ...env, OIDC_ISSUER: 'http://127.0.0.1:9' });
    try {
      expect((await lonely.visitor().get(accountPath.waysIn)).body.provider).toBe('City of Águas');
      const { status, body } = await lonely.visitor().post(accountPath.providerSignIn, {}, at);
      expect([status, body.error.code]).toEqual([502, 'provider-failed']);
      expect((await lonely.visitor().post(path.signInAsGuest, { name: 'Ana' }, at)).status).toBe(200);
    } finally {
      await lonely.stop();
    }
  });
});
