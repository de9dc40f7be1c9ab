/** What other sites, other programs and odd requests get: refusals, headers, and nothing that they should not see. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorBody, path } from '../shared/api.ts';
import { startTestServer, type TestServer, type Visitor } from './test-server.ts';

let server: TestServer;
let ana: Visitor;
let planId: string;
beforeAll(async () => {
  server = await startTestServer();
  ana = await server.guest('Ana');
  planId = await ana.createPlan('A plan');
});
afterAll(() => server.stop());

describe('an unsafe request', () => {
  const create = (headers: Record<string, string>) => ana.post(path.plans, { title: 'x' }, headers);
  /** An empty value takes the header away. */
  test.each<[string, () => Record<string, string>, number]>([
    ['with our origin', () => ({}), 201],
    ['of another site', () => ({ origin: 'https://evil.example' }), 403],
    ['of a sandboxed frame', () => ({ origin: 'null' }), 403],
    ['of another port', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['of another scheme', () => ({ origin: server.url.replace('http:', 'https:') }), 403],
    ['of a name that begins like ours', () => ({ origin: `${server.url}.evil.example` }), 403],
    ['without an origin but with a cookie', () => ({ origin: '' }), 403],
    [
      'without an origin, with a bearer token',
      () => ({ origin: '', cookie: '', authorization: `Bearer ${ana.token}` }),
      201,
    ],
    [
      'of another site with a bearer token',
      () => ({ origin: 'https://evil.example', authorization: `Bearer ${ana.token}` }),
      403,
    ],
    ['without an origin and with nothing else', () => ({ origin: '', cookie: '' }), 401],
    ['with a bearer token that is none', () => ({ origin: '', cookie: '', authorization: 'Bearer nonsense' }), 401],
  ])('%s', async (_what, headers, status) => {
    const answer = await create(headers());
    expect(answer.status).toBe(status);
    if (status === 403)
      expect(answer.body.error).toMatchObject({ code: 'origin-refused', hint: expect.stringContaining(server.url) });
  });

  test('is refused before its body is looked at, whatever the route', async () => {
    for (const [method, to] of [
      ['PATCH', path.plan(planId)],
      ['DELETE', path.plan(planId)],
      ['POST', path.signOut],
      ['POST', '/anything'],
    ] as const) {
      expect((await ana.send(method, to, '{', { origin: 'https://evil.example' })).status, to).toBe(403);
    }
    expect((await ana.get(path.session)).body).not.toBeNull();
  });
});

describe('an upgrade', () => {
  const status = async (
    options: Parameters<Visitor['connect']>[1],
    who = ana,
    id = planId,
  ): Promise<number | string> => {
    try {
      (await who.connect(id, options)).terminate();
      return 101;
    } catch (error) {
      return Number(/refused with (\d+)/.exec((error as Error).message)?.[1]) || (error as Error).message;
    }
  };
  const none = { origin: undefined, headers: {} } as unknown as { origin: string };

  test('needs exactly our origin, or a bearer token and none', async () => {
    expect(await status({})).toBe(101);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({ origin: 'null' })).toBe(403);
    expect(await status({ origin: server.url.replace('http:', 'https:') })).toBe(403);
    expect(await status({ ...none, headers: { cookie: ana.cookie } })).toBe(403);
    expect(await status({ ...none, headers: { authorization: `Bearer ${ana.token}` } })).toBe(101);
    expect(await status({ ...none, headers: { authorization: 'Bearer nonsense' } })).toBe(401);
    expect(await status({ ...none })).toBe(403);
  });

  test('[W1] is refused with the status of the reason, and leaves no socket', async () => {
    expect(await status({}, server.visitor())).toBe(401);
    expect(await status({}, await server.guest('Stranger'))).toBe(404);
    expect(await status({}, ana, 'no-such-plan')).toBe(404);
    expect(await status({ query: '?schema=old' })).toBe(400);
    expect(await status({ query: '?schema=0' })).toBe(400);
    expect(await status({ query: '?schema=1' })).toBe(101);
    expect((await ana.get(path.sync(planId))).status).toBe(400);
  });

  test('anywhere else is refused', async () => {
    const refused = new Promise((resolve) => {
      const upgrade = request(`${server.url}/api/health`, {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          origin: server.url,
          cookie: ana.cookie,
          'sec-websocket-version': '13',
          'sec-websocket-key': Buffer.alloc(16).toString('base64'),
        },
      });
      upgrade.once('upgrade', () => resolve('upgraded'));
      upgrade.once('response', ({ statusCode }) => resolve(statusCode));
      upgrade.once('error', resolve);
      upgrade.end();
    });
    expect(await refused).not.toBe('upgraded');
  });

  test('ends when its person signs out there, and not when signing out elsewhere', async () => {
    const email = 'two-devices@example.org';
    const password = 'quite a long password';
    const laptop = server.visitor();
    await laptop.post(path.signUp, { email, password, name: 'Ana' });
    const phone = server.visitor();
    await phone.post(path.signIn, { email, password });
    const id = await laptop.createPlan('Two devices');
    const [onLaptop, onPhone] = await Promise.all([laptop.connect(id), phone.connect(id)]);
    const closed = new Promise((resolve) => onPhone.once('close', resolve));
    await phone.post(path.signOut);
    expect(await closed).toBe(4501);
    expect(onLaptop.readyState).toBe(onLaptop.OPEN);
    onLaptop.terminate();
  });
});

describe('what changes for a member reaches open sockets', () => {
  test('[R10] removal, archive', async () => {
    const ben = await server.guest('Ben');
    const letIn = async () => {
      const { body } = await ana.post(path.links(planId), { role: 'editor' });
      await ben.post(path.redeem, { token: new URL(body.url).hash.slice(1) });
    };
    await letIn();
    const closeOf = async (change: () => Promise<unknown>): Promise<unknown> => {
      const socket = await ben.connect(planId);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      await change();
      return closed;
    };
    expect(await closeOf(() => ana.delete(path.member(planId, ben.userId)))).toBe(4403);
    await letIn();
    expect(await closeOf(() => ana.delete(path.plan(planId)))).toBe(4410);
    await ana.patch(path.plan(planId), { archived: false });
    expect(await closeOf(() => ben.delete(path.member(planId, ben.userId)))).toBe(4403);
  });
});

describe('every answer', () => {
  test('tells the browser to trust nothing but this server', async () => {
    for (const to of ['/', '/plans/x', path.health, path.plans, '/assets/none.js', '/api/none']) {
      const { headers } = await ana.get(to);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, to).toContain("default-src 'none'");
      expect(policy, to).toContain("frame-ancestors 'none'");
      expect(policy, to).not.toMatch(/unsafe|https?:|\*/);
      expect(headers.get('x-content-type-options'), to).toBe('nosniff');
      expect(headers.get('referrer-policy'), to).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy'), to).toBe('same-origin');
      expect(headers.get('permissions-policy'), to).toContain('camera=()');
      expect(headers.get('x-request-id'), to).toMatch(/^[\w-]{36}$/);
    }
  });

  test('that refuses has the same form', async () => {
    for (const [method, to, body] of [
      ['GET', '/api/none', undefined],
      ['PUT', path.plans, '{}'],
      ['POST', path.plans, 'not JSON'],
      ['POST', path.plans, '[]'],
      ['POST', path.plans, JSON.stringify({ title: 'x'.repeat(70_000) })],
      ['PATCH', path.plan(planId), '{"archived":"yes"}'],
    ] as const) {
      const answer = await ana.send(method, to, body);
      expect(answer.status, to).toBeGreaterThanOrEqual(400);
      expect(answer.status, to).toBeLessThan(500);
      errorBody.parse(answer.body);
    }
    const form = await ana.post(path.plans, 'title=x', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(form.body.error.message).toContain('application/json');
  });
});

test('a body that is larger than its route takes is refused while it comes in', async () => {
  // Without a length, in pieces: the server must count.
  const { status } = await new Promise<{ status: number | undefined }>((resolve, reject) => {
    const upload = request(`${server.url}${path.plans}`, {
      method: 'POST',
      headers: {
        origin: server.url,
        cookie: ana.cookie,
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
      },
    });
    upload.once('response', (response) => resolve({ status: response.resume().statusCode }));
    upload.once('error', reject);
    upload.write('{"title":"');
    for (let piece = 0; piece < 5; piece++) upload.write('x'.repeat(16 * 1024));
    upload.end('"}');
  });
  expect(status).toBe(413);
});

test('nothing secret is in the log or in the clear on disk', async () => {
  const password = 'a password to look for';
  const email = 'look-for-me@example.org';
  const visitor = server.visitor();
  await visitor.post(path.signUp, { email, password, name: 'Somebody' });
  const cookie = visitor.cookie;
  await visitor.post(path.signUp, { email, password, name: 'Somebody' });
  await visitor.post(path.signIn, { email, password: `${password}?` });
  const { body: account } = await visitor.post(path.signIn, { email, password });
  const { body: link } = await ana.post(path.links(planId), { role: 'viewer' });
  const linkToken = new URL(link.url).hash.slice(1);
  await visitor.post(path.redeem, { token: linkToken });
  await visitor.post(path.redeem, `{"token":"${linkToken}"`);
  (await visitor.connect(planId, { query: '?schema=1' })).terminate();
  await visitor.get(`${path.plans}?q=private`);
  const log = server.logged.join('\n');
  expect(log).toContain('/api/links/redeem');
  for (const secret of [password, email, linkToken, account.token, ana.token, cookie, 'q=private', '@guest.invalid']) {
    expect(log, secret).not.toContain(secret);
  }
  const disk = ['commonplan.db', 'commonplan.db-wal']
    .map((name) => readFileSync(join(server.dataDir, name), 'latin1'))
    .join('');
  expect(disk).toContain(email);
  // Of sessions, too, only hashes are kept: whoever reads a backup can sign in as nobody.
  for (const secret of [password, linkToken, account.token.split('.')[0], ana.token.split('.')[0]])
    expect(disk, secret).not.toContain(secret);
});

test('behind proxies the client address is the one that the nearest trusted one saw', async () => {
  const baseUrl = 'https://plans.example.org';
  const proxied = await startTestServer({ RATE_LIMITS: 'on', TRUST_PROXY: '1', BASE_URL: baseUrl });
  try {
    const begin = (forwarded: string) =>
      proxied.visitor().post(path.signInAsGuest, { name: 'Ana' }, { origin: baseUrl, 'x-forwarded-for': forwarded });
    let last = 200;
    // What the client itself claims (the left one) does not help it.
    for (let round = 0; last === 200 && round < 400; round++)
      last = (await begin(`10.0.0.${round % 250}, 192.0.2.7`)).status;
    expect(last).toBe(429);
    expect((await begin('192.0.2.7, 192.0.2.8')).status).toBe(200);
  } finally {
    await proxied.stop();
  }
});
