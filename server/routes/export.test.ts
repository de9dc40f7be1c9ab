/** Exports over HTTP: which version they are of, what they say of it, when they are made anew, who gets them. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import canonicalize from 'canonicalize';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { path } from '../../shared/api.ts';
import { EXPORT_FORMATS, FORMATS } from '../../shared/export.ts';
import { pdfAvailable } from '../export/pdf/exporter.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';
import { warningsHeader } from './export.ts';

let server: TestServer;
let ana: Visitor;
beforeAll(async () => {
  server = await startTestServer();
  ana = await server.guest('Ana');
});
afterAll(() => server.stop());

const of = (planId: string, format: (typeof EXPORT_FORMATS)[number], query = ''): string =>
  `${path.export(planId, format)}?${query}`;

test.each(EXPORT_FORMATS)(
  '[R18] %s is a file of its kind with the plan in it, the same whenever it is asked for',
  async (format) => {
    const planId = await ana.createPlan('A plan', 'Unmistakable words.');
    const first = await ana.get(of(planId, format, 'snapshot=1'));
    expect([first.status, first.headers.get('content-type')]).toEqual([200, FORMATS[format].mediaType]);
    expect(first.headers.get('content-disposition')).toContain(`(snapshot 1).${FORMATS[format].extension}"`);
    const again = await ana.get(of(planId, format, 'snapshot=1'));
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(again.body).toEqual(first.body);
    const seen = { 'if-none-match': first.headers.get('etag')! };
    expect((await ana.get(of(planId, format, 'snapshot=1'), seen)).status).toBe(304);
    expect((await ana.get(of(planId, format), seen)).status).toBe(200);
  },
);

test('[R18] what it says of itself holds: the hash is of its text, the names are of those who wrote', async () => {
  const planId = await ana.createPlan('A plan', 'Words.');
  for (const query of ['', 'snapshot=1']) {
    const { body } = await ana.get(of(planId, 'json', query));
    const { content, frontMatter, schema } = body;
    const hash = createHash('sha256').update(canonicalize({ content, frontMatter, schema })!).digest('hex');
    expect([body.contentHash, body.plan.contributors, body.plan.seq]).toEqual([hash, ['Ana'], 1]);
    const address = `${server.url}/plans/${planId}${query ? '/history/1' : ''}`;
    expect(body.plan.url).toBe(address);
    const { body: markdown } = await ana.get(of(planId, 'md', query));
    for (const fact of [query ? 'Snapshot 1' : 'Live draft as of update 1', `Written by: Ana`, address, hash]) {
      expect(markdown.split('---')[1]).toContain(fact);
    }
  }
});

test('the file of a snapshot that was thinned out, or that there is not, is refused in words', async () => {
  const planId = await ana.createPlan('A plan', 'Words.');
  await ana.post(path.snapshots(planId), { label: 'Label' });
  const database = new DatabaseSync(join(server.dataDir, 'commonplan.db'), { timeout: 5_000 });
  database.prepare('UPDATE snapshot_contents SET dictionary = NULL WHERE plan_id = ?').run(planId);
  database.prepare('DELETE FROM snapshot_contents WHERE plan_id = ? AND number = 1').run(planId);
  database.close();
  for (const format of EXPORT_FORMATS) {
    const { status, body } = await ana.get(of(planId, format, 'snapshot=1'));
    expect([status, body.error.code]).toEqual([410, 'snapshot-thinned']);
    expect((await ana.get(of(planId, format, 'snapshot=9'))).body.error.code).toBe('not-found');
  }
});

test('a name that a file shows is new in the next one', async () => {
  const cy = await server.guest('Cy');
  const planId = await cy.createPlan('A plan', 'Words.');
  const before = await cy.get(of(planId, 'md', 'snapshot=1'));
  await cy.post(path.updateUser, { name: 'Cyril' });
  const after = await cy.get(of(planId, 'md', 'snapshot=1'), { 'if-none-match': before.headers.get('etag')! });
  expect([after.status, after.body]).toEqual([200, before.body.replace('Written by: Cy\n', 'Written by: Cyril\n')]);
});

test('the address in a file is the public one where the server knows it', async () => {
  const other = await startTestServer({ BASE_URL: 'https://plans.example.org' });
  try {
    const bo = other.visitor();
    const origin = 'https://plans.example.org';
    const { body } = await bo.post(path.signInAsGuest, { name: 'Bo' }, { origin });
    const headers = { origin, authorization: `Bearer ${body.token}` };
    const { body: plan } = await bo.post(path.plans, { title: 'A plan' }, headers);
    expect((await bo.get(of(plan.id, 'json'), headers)).body.plan.url).toBe(`${origin}/plans/${plan.id}`);
  } finally {
    await other.stop();
  }
});

test('a hostile title and label stay in the comment and in the name of the file', async () => {
  const planId = await ana.createPlan('x"\n---\nowned: true', 'Words.');
  await ana.post(path.snapshots(planId), { label: 'a --- b: # c' });
  const { body, headers } = await ana.get(of(planId, 'md', 'snapshot=2'));
  expect(body.split('\n').slice(0, 2)).toEqual(['---', '# Version: Snapshot 2, “a --- b: # c”']);
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[^"\n]+"; filename\*=UTF-8''\S+$/);
});

test('exports have a rate limit of their own, for each person', async () => {
  const limited = await startTestServer({ RATE_LIMITS: 'on' });
  try {
    const [bo, cy] = [await limited.guest('Bo'), await limited.guest('Cy')];
    const planId = await bo.createPlan('A plan', 'Words.');
    const answers = [];
    for (let number = 0; number < 65; number += 1) answers.push(await bo.get(of(planId, 'md')));
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused.body.error).toMatchObject({ code: 'too-many', hint: expect.stringContaining('Try again') });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answers[0]!.status).toBe(200);
    // Not what others ask for, and not what need not be made.
    const seen = { 'if-none-match': answers[0]!.headers.get('etag')! };
    expect((await bo.get(of(planId, 'md'), seen)).status).toBe(304);
    const own = await cy.createPlan('Another plan', 'Words.');
    expect((await cy.get(of(own, 'md'))).status).toBe(200);
  } finally {
    await limited.stop();
  }
});

test.runIf(pdfAvailable())(
  'a PDF to look at is shown, with a policy that lets a browser show it; nothing else is',
  async () => {
    const planId = await ana.createPlan('A plan', 'Words.');
    const pdf = await ana.get(of(planId, 'pdf', 'view=true&paper=letter'));
    expect(pdf.headers.get('content-disposition')).toMatch(/^inline; filename="A plan.pdf"/);
    expect(pdf.headers.get('content-security-policy')).not.toContain('default-src');
    expect(pdf.headers.get('x-content-type-options')).toBe('nosniff');
    const page = await ana.get(of(planId, 'html', 'view=true'));
    expect(page.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const { status, body } = await ana.get(of(planId, 'pdf', 'paper=a3'));
    expect([status, body.error.message]).toEqual([400, 'paper: Expected a4 or letter.']);
  },
);

test('warnings go into a header that every proxy takes: ASCII, not too long, the rest counted', () => {
  expect(warningsHeader(['Figure 3 has no description.'])).toBe('["Figure 3 has no description."]');
  const odd = ['“Ελλάδα” 🌱\r\nX: y'];
  expect(warningsHeader(odd)).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(warningsHeader(odd))).toEqual(odd);
  const many = Array.from({ length: 500 }, (_, number) => `Figure ${number} has no description.`);
  const kept = JSON.parse(warningsHeader(many));
  expect(warningsHeader(many).length).toBeLessThanOrEqual(1_500);
  expect(kept.at(-1)).toBe(`And ${500 - kept.length + 1} more.`);
  expect(kept.slice(0, -1)).toEqual(many.slice(0, kept.length - 1));
  expect(JSON.parse(warningsHeader(['🌱'.repeat(1_000)]))).toEqual(['And 1 more.']);
  const most = JSON.parse(warningsHeader(Array(100_000).fill('Figure 7 has no description.')));
  expect(most.at(-1)).toBe(`And ${100_000 - most.length + 1} more.`);
});

test.runIf(pdfAvailable())(
  'who goes away while a PDF is made is not waited for, and that is no fault in the log',
  async () => {
    const words = 'Some words of a long plan, one after the other, which take a while. '.repeat(10);
    const long = Array.from({ length: 1_000 }, (_, number) => `${words} ${number}`).join('\n\n');
    const planId = await ana.createPlan('A long plan', long);
    const gone = new AbortController();
    const answer = fetch(server.url + path.export(planId, 'pdf'), {
      headers: { authorization: `Bearer ${ana.token}` },
      signal: gone.signal,
    });
    answer.catch(() => undefined);
    // It is under way when another request of the same kind, sent after it, has been answered.
    await ana.get(path.exportFormats);
    const before = server.logged.length;
    gone.abort();
    await expect(answer).rejects.toThrow('aborted');
    await expect
      .poll(() => server.logged.slice(before).find((line) => line.includes('/export/pdf')))
      .toContain('"status":499');
    expect(server.logged.slice(before).filter((line) => line.includes('"level":"error"'))).toEqual([]);
    expect((await ana.get(of(await ana.createPlan('Short'), 'pdf'))).status).toBe(200);
  },
);
