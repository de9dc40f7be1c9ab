/** Redlines over HTTP: what comes as a file, for whom, and what is refused. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { path } from '../../shared/api.ts';
import { pdfAvailable } from '../export/pdf/exporter.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';

let server: TestServer;
let owner: Visitor;
let planId: string;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.guest('Ana <b>Díaz</b>');
  planId = await owner.createPlan('Water & land: a “plan”', '# Water\n\nThe river is clean.\n');
});
afterAll(() => server.stop());

const get = (format: string, query: string, headers?: Record<string, string>) =>
  owner.get(`${path.redline(planId, format as 'md')}?${query}`, headers);

test('a comparison comes as a file that names the plan and both versions', async () => {
  const html = await get('html', 'from=1&to=now');
  expect(html.status).toBe(200);
  expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(html.headers.get('content-disposition')).toContain('attachment; filename="Changes 1 to now, Water');
  expect(html.body).toContain('Nothing changed.');
  expect(html.body).toMatch(/^<!doctype html>/i);
  const markdown = await get('md', 'from=1&to=1');
  expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
  expect(markdown.headers.get('content-disposition')).toContain('Changes 1 to 1, Water');
  expect(markdown.body).toContain('The river is clean.');
  const word = await get('docx', 'from=1&to=now');
  expect(word.headers.get('content-type')).toContain('wordprocessingml');
  expect(word.headers.get('content-disposition')).toContain('.docx"');
  expect(word.body.slice(0, 2)).toBe('PK');
  // The hashes in the header are those that the history shows.
  const [snapshot] = (await owner.get(path.snapshots(planId))).body.snapshots;
  for (const { body } of [html, markdown]) {
    expect(body).toContain(snapshot.hash);
    expect(body).toContain(snapshot.contentHash);
  }
});

test.runIf(pdfAvailable())('a comparison comes as PDF, on the paper that was asked for', async () => {
  const letter = await get('pdf', 'from=1&to=now&paper=letter');
  expect(letter.headers.get('content-type')).toBe('application/pdf');
  expect(letter.headers.get('content-disposition')).toContain('Changes 1 to now, Water');
  expect(letter.headers.get('content-disposition')).toContain('.pdf"');
  expect(letter.body.slice(0, 8)).toBe('%PDF-1.7');
  expect(letter.body).toContain('/MediaBox [0 0 612 792]');
  const etag = letter.headers.get('etag')!;
  expect((await get('pdf', 'from=1&to=now&paper=letter', { 'if-none-match': etag })).status).toBe(304);
  expect((await get('pdf', 'from=1&to=now', { 'if-none-match': etag })).body).toContain('/MediaBox [0 0 595.27');
  expect((await get('pdf', 'from=7&to=now')).body.error.code).toBe('not-found');
  const odd = await owner.createPlan('A plan', 'A \ue123 sign.');
  const told = await owner.get(`${path.redline(odd, 'pdf')}?from=1&to=now`);
  expect(JSON.parse(told.headers.get('export-warnings')!)).toEqual([expect.stringContaining('U+E123')]);
});

test('who has it already hears so, in each format for itself', async () => {
  const first = await get('html', 'from=1&to=now');
  const etag = first.headers.get('etag')!;
  expect((await get('html', 'from=1&to=now', { 'if-none-match': etag })).status).toBe(304);
  expect((await get('md', 'from=1&to=now', { 'if-none-match': etag })).status).toBe(200);
});

test('what cannot be asked for is refused with what was expected', async () => {
  const refused = async (format: string, query: string) => {
    const { status, body } = await get(format, query);
    return [status, body.error.code];
  };
  expect(await refused('odt', 'from=1&to=now')).toEqual([415, 'unknown-format']);
  expect(await refused('pdf', 'from=1&to=now&paper=a5')).toEqual([400, 'invalid-request']);
  expect(await refused('html', 'from=7&to=now')).toEqual([404, 'not-found']);
  expect(await refused('html', 'from=1&to=7')).toEqual([404, 'not-found']);
  expect(await refused('html', 'to=now')).toEqual([400, 'invalid-request']);
  expect(await refused('html', 'from=x&to=now')).toEqual([400, 'invalid-request']);
});

test('[R13] making one changes nothing', async () => {
  const before = await owner.get(path.content(planId));
  await get('html', 'from=1&to=now');
  await get('md', 'from=1&to=now');
  expect((await owner.get(path.content(planId))).body).toEqual(before.body);
  expect((await owner.get(path.snapshots(planId))).body.snapshots).toHaveLength(1);
});
