/** The built application is served so that browsers keep what never changes and never keep what does. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageRoutes } from './pages.ts';

let outside: string;
let folder: string;
beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'commonplan-pages-'));
  folder = join(outside, 'dist');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(outside, 'secret'), 'do not tell');
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Commonplan</title>');
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets', 'main-abc123.js'), 'export {};\n'.repeat(500));
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

const get = async (to: string, headers: Record<string, string> = {}) => pageRoutes(folder).request(to, { headers });

test.each(['/', '/plans/abc', '/join', '/account', '/index', '/assetsandmore'])(
  '%s is the page, never kept',
  async (to) => {
    const answer = await get(to);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(answer.headers.get('content-type')).toMatch('text/html');
    expect(await answer.text()).toContain('<title>Commonplan');
  },
);

test('files with a hash in their name are kept for good, and compressed where that is understood', async () => {
  const answer = await get('/assets/main-abc123.js', { 'accept-encoding': 'gzip' });
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(answer.headers.get('content-type')).toMatch('text/javascript');
  expect(answer.headers.get('content-encoding')).toBe('gzip');
});

test('other files are asked for again each time', async () => {
  const answer = await get('/favicon.svg');
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache']);
});

test('a script of another build is missing, not a page', async () => {
  const answer = await get('/assets/main-old.js');
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toMatch('text/plain');
});

test.each([
  '/../secret',
  '/%2e%2e/secret',
  '/assets/..%2f..%2fsecret',
  '/assets/%2e%2e/%2e%2e/secret',
  '/..%5csecret',
  '//secret',
])('%s leads nowhere outside', async (to) => {
  expect(await (await get(to)).text()).not.toContain('do not tell');
});

test('before anything is built the page says what to do', async () => {
  const answer = await pageRoutes(join(outside, 'nothing')).request('/');
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('npm run build');
});
