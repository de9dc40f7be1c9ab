/** Attacks that such servers really saw, replayed against the whole server: other sites, other names, and floods before and after the door. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { path } from '../shared/api.ts';
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

/** fetch would set Host and Sec-Fetch-* by itself. */
function ask(
  to: string,
  headers: Record<string, string>,
  method = 'GET',
  port = new URL(server.url).port,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: to, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    sent.once('error', reject);
    sent.end();
  });
}

const upgrade = (headers: Record<string, string>, port?: string): Promise<number> =>
  ask(
    path.sync(planId),
    {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      ...headers,
    },
    'GET',
    port,
  );

describe('another site', () => {
  test('that leads its own name here learns nothing, and cannot knock either (DNS rebinding)', async () => {
    const { port } = new URL(server.url);
    for (const name of ['evil.example', 'plans.evil.example', '127.0.0.1.evil.example', 'localhost.evil.example']) {
      const host = `${name}:${port}`;
      const own = { host, origin: `http://${host}` };
      expect(await ask(path.templates, own), name).toBe(403);
      expect(await ask('/', own), name).toBe(403);
      expect(await ask(path.signInAsGuest, own, 'POST'), name).toBe(403);
      expect(await upgrade({ ...own, authorization: `Bearer ${ana.token}` }), name).toBe(403);
    }
    for (const host of [
      `localhost:${port}`,
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      `my-server:${port}`,
      `plans.local:${port}`,
      `plans.localhost:${port}`,
    ]) {
      expect(await ask(path.templates, { host }), host).toBe(200);
    }
  });

  test('is recognised by what the browser says of it, also where it sends no Origin', async () => {
    const cookie = ana.cookie;
    const { host } = new URL(server.url);
    for (const site of ['cross-site', 'same-site']) {
      const other = { host, cookie, 'sec-fetch-site': site };
      expect(await ask(path.plans, { ...other, 'sec-fetch-mode': 'no-cors' })).toBe(403);
      expect(await ask(path.plans, { ...other, 'sec-fetch-mode': 'cors' })).toBe(403);
      expect(await ask(path.signOut, { ...other, origin: server.url, 'sec-fetch-mode': 'navigate' }, 'POST')).toBe(403);
      expect(await upgrade({ ...other, origin: server.url, 'sec-fetch-mode': 'websocket' })).toBe(403);
      // A link on another page to a plan, or to its export, is one that people may follow.
      expect(await ask(path.plan(planId), { ...other, 'sec-fetch-mode': 'navigate' })).toBe(200);
    }
    expect(await ask(path.plans, { host, cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })).toBe(
      200,
    );
    expect(await ask(path.plans, { host, cookie, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })).toBe(200);
    expect(await upgrade({ host, cookie, origin: server.url, 'sec-fetch-site': 'same-origin' })).toBe(101);
  });

  test('is never told that it may read: no answer has CORS headers, and somebody’s own answers are kept nowhere', async () => {
    for (const to of [
      path.plans,
      path.plan(planId),
      path.session,
      path.members(planId),
      path.content(planId),
      '/api/account',
      '/api/none',
    ]) {
      const { headers } = await ana.get(to, { origin: 'https://evil.example' });
      expect(
        [...headers.keys()].filter((name) => name.startsWith('access-control')),
        to,
      ).toEqual([]);
      expect(headers.get('cache-control'), to).toMatch(/no-store/);
      expect(headers.get('cross-origin-resource-policy'), to).toBe('same-origin');
    }
  });
});

test('a page may make HTML of text by the named policies alone (Trusted Types)', async () => {
  const { headers } = await ana.get('/');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).toMatch(/trusted-types lit-html ProseMirrorClipboard inert-html pdf-worker(;|$)/);
  expect(policy).not.toContain('allow-duplicates');
});

describe('a flood', () => {
  test('of a thousand upgrades without a session gets a refusal each, and leaves nothing behind', async () => {
    const answers = new Map<number, number>();
    const before = process.memoryUsage();
    for (let round = 0; round < 20; round++) {
      const statuses = await Promise.all(Array.from({ length: 50 }, () => upgrade({ origin: server.url })));
      for (const status of statuses) answers.set(status, (answers.get(status) ?? 0) + 1);
    }
    expect([...answers]).toEqual([[401, 1_000]]);
    // Clients and server are one process here: both are counted.
    expect(process.memoryUsage().external - before.external).toBeLessThan(32 * 1024 * 1024);
    expect((await ana.get(path.plan(planId))).status).toBe(200);
  });

  test('of upgrades is slowed down per address when limits are on, and so is a pile of open windows', async () => {
    const strict = await startTestServer({ RATE_LIMITS: 'on', MAX_SOCKETS_PER_ADDRESS: '3' });
    try {
      const ben = await strict.guest('Ben');
      const { body } = await ben.post(path.plans, { title: 'Another plan' });
      const sockets = [await ben.connect(body.id), await ben.connect(body.id), await ben.connect(body.id)];
      await expect(ben.connect(body.id)).rejects.toThrow('429');
      const closed = once(sockets[0]!, 'close');
      sockets[0]!.terminate();
      await closed;
      await expect.poll(() => ben.connect(body.id).then(() => 'open', String), { timeout: 20_000 }).toBe('open');

      // Left alone, everybody may knock again, until that is too much by itself.
      for (const socket of sockets) socket.terminate();
      const last = await ben.connect(body.id).catch(() => null);
      last?.terminate();
      const { port } = new URL(strict.url);
      const knock = (): Promise<number> => upgrade({ origin: strict.url }, port);
      await expect.poll(knock, { timeout: 20_000 }).toBe(401);
      const statuses = new Set<number>();
      for (let round = 0; round < 16; round++) {
        for (const status of await Promise.all(Array.from({ length: 50 }, knock))) statuses.add(status);
      }
      expect([...statuses].sort()).toEqual([401, 429]);
    } finally {
      await strict.stop();
    }
  });

  test('of pieces of one message, or of one message too large, ends its own socket', async () => {
    const watcher = await ana.connect(planId);
    const closeOf = async (socket: WebSocket): Promise<number> => {
      const [code] = await once(socket, 'close');
      return code;
    };
    const pieces = await ana.connect(planId);
    const closed = closeOf(pieces);
    pieces.on('error', () => undefined);
    for (let piece = 0; piece < 1_100; piece++)
      pieces.send(Uint8Array.of(0), { fin: false, binary: true }, () => undefined);
    expect(await closed).toBe(1008);

    const huge = await ana.connect(planId);
    huge.on('error', () => undefined);
    const ended = closeOf(huge);
    huge.send(Buffer.alloc(99 * 1024 * 1024), () => undefined);
    expect([1009, 1006]).toContain(await ended);
    expect(watcher.readyState).toBe(WebSocket.OPEN);
    watcher.terminate();
  });

  test('of half requests is not waited for for ever, and keeps nobody else from being served', async () => {
    const { port } = new URL(server.url);
    const slow = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        socket.write('GET /api/plans HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
        return socket;
      }),
    );
    expect((await ana.get(path.plans)).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });
});
