/** How the client reads answers of the server, tried against a real HTTP server that gives difficult ones. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { CommonplanError } from '../shared/errors.ts';
import { api, explain, NetworkError, whenSignedOut } from './api.ts';
import { planSharing } from './sharing.ts';

let server: Server;
let answer: { status: number; body: string } = { status: 200, body: '' };
const asked: { method: string | undefined; url: string | undefined; body: string }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    asked.push({ method: request.method, url: request.url, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  }).listen(0);
  await new Promise((listening) => server.once('listening', listening));
  // In a browser an address without origin means the page's own; Node's fetch must be told.
  const { fetch } = globalThis;
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => fetch(origin + path, init));
});

beforeEach(() => {
  asked.length = 0;
});

afterAll(() => {
  vi.unstubAllGlobals();
  server.close();
});

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => Promise.reject(new Error('Expected a refusal')),
    (error: unknown) => error,
  );

it('reads a list of plans and leaves out of the question what is not asked', async () => {
  answer = { status: 200, body: '{"plans": []}' };
  await expect(api.plans({ q: 'città & più', stream: undefined, scope: 'mine' })).resolves.toEqual({ plans: [] });
  expect(asked[0]?.url).toBe('/api/plans?q=citt%C3%A0+%26+pi%C3%B9&scope=mine');
});

it("keeps the server's code, words and hint", async () => {
  answer = { status: 409, body: '{"error": {"code": "last-owner", "message": "No.", "hint": "Ask Ben."}}' };
  const error = await failure(planSharing('p/1').removeMember('u'));
  expect(asked[0]).toMatchObject({ method: 'DELETE', url: '/api/plans/p%2F1/members/u' });
  expect(error).toBeInstanceOf(CommonplanError);
  expect(error).toMatchObject({ code: 'last-owner', message: 'No.', hint: 'Ask Ben.' });
  expect(explain(error)).toBe('No. Ask Ben.');
});

it('has words of its own where the answer is not ours', async () => {
  for (const [status, code] of [
    [502, 'internal'],
    [503, 'busy'],
    [429, 'too-many'],
    [418, 'invalid-request'],
  ] as const) {
    answer = { status, body: '<h1>Bad gateway</h1>' };
    const error = await failure(api.templates());
    expect(error).toMatchObject({ code });
    expect(explain(error)).not.toBe('');
  }
});

it('an answer of an unexpected form is an error that says so, not a broken page', async () => {
  answer = { status: 200, body: '{"plans": [{"id": 3}]}' };
  expect(explain(await failure(api.plans({})))).toContain('Reload the page');
  answer = { status: 200, body: 'not JSON' };
  expect(explain(await failure(api.plans({})))).toContain('Reload the page');
});

it('tells the session when the server does not know us, and only then', async () => {
  const signedOut = vi.fn();
  whenSignedOut(signedOut);
  answer = { status: 401, body: '{"error": {"code": "wrong-credentials", "message": "No."}}' };
  await failure(api.signIn({ email: 'a@example.org', password: 'x' }));
  expect(signedOut).not.toHaveBeenCalled();
  answer = { status: 401, body: '{"error": {"code": "not-signed-in", "message": "Who?"}}' };
  await failure(api.plans({}));
  expect(signedOut).toHaveBeenCalledOnce();
});

it('a server that is gone is a network error with words for people', async () => {
  await new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
  const error = await failure(api.plans({}));
  expect(error).toBeInstanceOf(NetworkError);
  expect(explain(error)).toContain('cannot be reached');
});
