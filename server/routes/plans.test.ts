/** Plans through the HTTP door: made, imported, found, read and taken away as files. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { path, planContent, planSummary, templateList } from '../../shared/api.ts';
import { convertPath } from '../../shared/convert-api.ts';
import { schema } from '../../shared/schema/schema.ts';
import { type Answer, startTestServer, type TestServer, type Visitor } from '../test-server.ts';
import { attachment } from './export.ts';

const MAX_IMPORT = 64 * 1024;
let server: TestServer;
let ana: Visitor;
beforeAll(async () => {
  server = await startTestServer({ MAX_IMPORT_BYTES: String(MAX_IMPORT) });
  ana = await server.guest('Ana');
});
afterAll(() => server.stop());

const upload = (content: BlobPart, name = 'plan.md', more: Record<string, string> = {}): Promise<Answer> => {
  const form = new FormData();
  form.set('file', new File([content], name));
  for (const [field, value] of Object.entries(more)) form.set(field, value);
  return ana.post(path.planImport, form);
};
const titles = async (query: string, who = ana): Promise<string[]> =>
  (await who.get(`${path.plans}?${query}`)).body.plans.map((plan: { title: string }) => plan.title);

describe('a new plan', () => {
  test('is there with its title and its owner, and opens', async () => {
    const { status, headers, body } = await ana.post(path.plans, { title: '  Food commons ', language: 'nl-BE' });
    expect(status).toBe(201);
    const plan = planSummary.parse(body);
    expect(plan).toMatchObject({ title: 'Food commons', language: 'nl-BE', role: 'owner', archivedAt: null });
    expect(plan.owners).toEqual([{ id: ana.userId, name: 'Ana' }]);
    expect(headers.get('location')).toBe(path.plan(plan.id));
    const { frontMatter, content } = planContent.parse((await ana.get(path.content(plan.id))).body);
    expect(frontMatter).toMatchObject({ title: 'Food commons', language: 'nl-BE' });
    schema.nodeFromJSON(content).check();
  });

  test('can begin from each template, under its own title', async () => {
    const { templates } = templateList.parse((await server.visitor().get(path.templates)).body);
    expect(templates.length).toBeGreaterThan(0);
    for (const template of templates) {
      const { status, body } = await ana.post(path.plans, { title: `From ${template.id}`, template: template.id });
      expect([status, body.title]).toEqual([201, `From ${template.id}`]);
      const { content } = (await ana.get(path.content(body.id))).body;
      expect(schema.nodeFromJSON(content).childCount).toBeGreaterThan(1);
    }
  });

  test.each([
    ['no title', {}, 400],
    ['an empty title', { title: ' ' }, 400],
    ['a title that is too long', { title: 'x'.repeat(501) }, 400],
    ['a language that is none', { title: 'x', language: 'klingon!' }, 400],
    ['a template that is not there', { title: 'x', template: '../../package' }, 404],
  ])('with %s is refused, and nothing is made', async (_what, body, status) => {
    const before = await titles('');
    const answer = await ana.post(path.plans, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error.message.length).toBeGreaterThan(10);
    expect(await titles('')).toEqual(before);
  });
});

describe('an import', () => {
  test('brings text and front matter in', async () => {
    const { status, body } = await upload(
      '---\ntitle: Bee plan\nstream: open-coops\n---\n\n# Bees\n\nThey *matter*.\n',
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({ title: 'Bee plan', stream: 'open-coops' });
    const { content } = (await ana.get(path.content(body.id))).body;
    expect(schema.nodeFromJSON(content).textContent).toContain('They matter.');
  });

  test('of MediaWiki text follows links to its wiki, and tells what it could not carry over', async () => {
    const text = '== Land ==\n[[Commons]] [[File:Map.png]]\n[[Category:P2P Law]]';
    const { status, body } = await upload(text, 'Land.mediawiki', { wiki: 'https://wiki.example.org' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ title: 'Land', losses: [{ count: 1, example: 'File:Map.png' }] });
    const { content, frontMatter } = (await ana.get(path.content(body.id))).body;
    expect(frontMatter.keywords).toEqual(['P2P Law']);
    expect(JSON.stringify(content)).toContain('https://wiki.example.org/Commons');
    // A file that does not say what it is is looked into.
    expect((await upload(text, 'land.txt')).body.losses).toHaveLength(2);
    expect((await upload('# Land\n\ntext', 'land.txt')).body).toMatchObject({ title: 'Land', losses: [] });
    const refused = await upload(text, 'Land.wiki', { wiki: 'wiki' });
    expect([refused.status, refused.body.error.code]).toEqual([400, 'invalid-request']);
  });

  test('of an HTML file, and of a plan’s own JSON export, brings text and front matter in', async () => {
    const page =
      '<title>Land</title><h2>Soil</h2><p>Text<sup><a id="r1" href="#n1">1</a></sup></p><p id="n1">A note <a href="#r1">↑</a></p>';
    const { status, body } = await upload(page, 'land.html');
    expect([status, body.title, body.losses]).toEqual([201, 'Land', []]);
    const { content } = (await ana.get(path.content(body.id))).body;
    expect(JSON.stringify(content)).toContain('"footnote"');
    const exported = await ana.get(path.export(body.id, 'json'));
    const again = await upload(JSON.stringify(exported.body), 'land.json');
    expect([again.status, again.body.title]).toEqual([201, 'Land']);
    expect((await ana.get(path.content(again.body.id))).body.content).toEqual(content);
    expect((await upload('{}', 'land.json')).body.error.code).toBe('invalid-document');
  });

  test('of a plan’s own Word export brings it in again; damaged and older Word files are refused in words', async () => {
    const { body } = await upload(
      '---\ntitle: Land\nauthors: [Ana]\n---\n\n# Soil\n\nText[^1]\n\n1. a\n2. b\n\n[^1]: A note.',
    );
    const word = await fetch(`${server.url}${path.export(body.id, 'docx')}`, { headers: { cookie: ana.cookie } });
    const bytes = new Uint8Array(await word.arrayBuffer());
    const again = await upload(bytes, 'land.docx');
    expect([again.status, again.body.title, again.body.losses]).toEqual([201, 'Land', []]);
    const of = async (id: string) => (await ana.get(path.content(id))).body;
    const [before, after] = [await of(body.id), await of(again.body.id)];
    expect(after.content).toEqual(before.content);
    expect(after.frontMatter).toEqual(before.frontMatter);
    for (const broken of [bytes.subarray(0, 1000), Buffer.from('d0cf11e0a1b11ae1', 'hex')]) {
      const refused = await upload(broken, 'land.docx');
      expect([refused.status, refused.body.error.code]).toEqual([422, 'invalid-document']);
    }
    expect((await upload(bytes, 'land.odt')).body.error.hint).toContain('.docx');
  });

  test('without a title is called as its file is', async () => {
    expect((await upload('Just text.', 'my_water-plan.md')).body.title).toBe('My water plan');
    expect((await upload('Just text.', 'énergie--2030_v1.2.md')).body.title).toBe('Énergie 2030 v1.2');
    expect((await upload('', '.md')).body.title).toBe('Imported plan');
  });

  test.each<[string, () => Promise<Answer>, number, string]>([
    ['bytes that are no UTF-8', () => upload(new Uint8Array([0x41, 0xff])), 415, 'not-text'],
    ['another format', () => upload('x', 'plan.pdf'), 415, 'unknown-format'],
    ['another format by field', () => upload('x', 'plan.md', { format: 'odt' }), 415, 'unknown-format'],
    ['a file that is too large', () => upload('x'.repeat(MAX_IMPORT * 2)), 413, 'too-large'],
    ['no file', () => ana.post(path.planImport, new FormData()), 400, 'invalid-request'],
    ['JSON', () => ana.post(path.planImport, { file: 'x' }), 400, 'invalid-request'],
    [
      'a broken form',
      () => ana.post(path.planImport, 'x', { 'content-type': 'multipart/form-data; boundary=y' }),
      400,
      'invalid-request',
    ],
  ])('of %s is refused and makes nothing', async (_what, send, status, code) => {
    const before = await titles('');
    const answer = await send();
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(await titles('')).toEqual(before);
  });
});

describe('pasted text', () => {
  const convert = (body: unknown) => ana.post(convertPath, body);

  test('is content of the schema, whole, and nothing is made of it', async () => {
    const before = await titles('');
    const { status, body } = await convert({
      text: '---\ntitle: x\n---\n# Land\n\nText[^1] <blink>\n\n[^1]: A note.',
      format: 'md',
    });
    expect(status).toBe(200);
    const document = schema.nodeFromJSON(body.content);
    document.check();
    expect(document.textContent).toContain('Land');
    expect(body.losses).toMatchObject([{ example: '<blink>' }]);
    const wiki = await convert({ text: "== Land ==\n''a'' <ref>b</ref>", format: 'wikitext' });
    expect(JSON.stringify(wiki.body.content)).toContain('"footnote"');
    expect(await titles('')).toEqual(before);
  });

  test.each([
    ['no text', { text: '', format: 'md' }, 400],
    ['another format', { text: 'x', format: 'html' }, 400],
    ['what is no text', { text: 'a\0b', format: 'md' }, 415],
    ['too much text', { text: 'x'.repeat(MAX_IMPORT * 2), format: 'md' }, 413],
  ])('%s is refused', async (_what, body, status) => {
    expect((await convert(body)).status).toBe(status);
  });
});

describe('the list', () => {
  let reader: Visitor;
  beforeAll(async () => {
    reader = await server.guest('Reader');
    for (const [title, stream] of [
      ['Énergie citoyenne', 'open-coops'],
      ['Σχέδιο Αθήνας', 'circular-economy'],
      ['Water 100% commons', 'open-coops'],
    ]) {
      const form = new FormData();
      form.set('file', new File([`---\ntitle: "${title}"\nstream: ${stream}\nplace: Ghent\n---\n\ntext`], 'plan.md'));
      await reader.post(path.planImport, form);
    }
    const { body } = await ana.post(path.links(await ana.createPlan('Shared by Ana')), { role: 'viewer' });
    await reader.post(path.redeem, { token: new URL(body.url).hash.slice(1) });
  });

  test.each([
    ['q=energie', ['Énergie citoyenne']],
    ['q=ΑΘΗΝΑΣ', ['Σχέδιο Αθήνας']],
    ['q=ghent+water', ['Water 100% commons']],
    ['q=%25', ['Water 100% commons']],
    ['q=_', []],
    ['q=nothing+of+that', []],
    ['stream=open-coops', ['Water 100% commons', 'Énergie citoyenne']],
    ['stream=open-coops&q=water', ['Water 100% commons']],
    ['scope=shared', ['Shared by Ana']],
    ['scope=mine&q=plan', []],
    ['archived=true', []],
  ])('%s', async (query, expected) => {
    expect((await titles(query, reader)).sort()).toEqual([...expected].sort());
  });

  test('has only what somebody is a member of', async () => {
    expect(await titles('', await server.guest('Nobody'))).toEqual([]);
  });

  test('refuses a filter that does not exist', async () => {
    for (const query of ['stream=politics', 'scope=all', 'archived=maybe', `q=${'x'.repeat(201)}`]) {
      const { error } = (await ana.get(`${path.plans}?${query}`)).body;
      expect(error?.code, query).toBe('invalid-request');
      expect(error?.message, query).toMatch(/^\w+: Expected /);
    }
  });

  test('keeps archived plans apart', async () => {
    const owner = await server.guest('Owner');
    const planId = await owner.createPlan('Done');
    await owner.delete(path.plan(planId));
    expect(await titles('', owner)).toEqual([]);
    expect(await titles('archived=true', owner)).toEqual(['Done']);
    await owner.patch(path.plan(planId), { archived: false });
    expect(await titles('', owner)).toEqual(['Done']);
  });
});

describe('an export', () => {
  test('is a file with the name of the plan, and changes nothing', async () => {
    const planId = await ana.createPlan('Plan für Gent / 2030', 'Some *text*.');
    const { status, headers, body } = await ana.get(path.export(planId, 'md'));
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="Plan fur Gent 2030.md"; filename*=UTF-8''Plan%20f%C3%BCr%20Gent%202030.md`,
    );
    expect(body).toContain('Some *text*.');
    const again = await ana.get(path.export(planId, 'md'));
    expect([again.body, again.headers.get('etag')]).toEqual([body, headers.get('etag')]);
  });

  test('as JSON is the whole plan in our schema', async () => {
    const planId = await ana.createPlan('As JSON', 'Text.');
    const { headers, body } = await ana.get(path.export(planId, 'json'));
    expect(headers.get('content-type')).toMatch('application/json');
    expect(body).toMatchObject({ schema: 1, frontMatter: { title: 'As JSON' } });
    expect(schema.nodeFromJSON(body.content).textContent).toBe('Text.');
  });

  test('is not sent again to who has it', async () => {
    const planId = await ana.createPlan('Cached');
    const etag = (await ana.get(path.export(planId, 'md'))).headers.get('etag') ?? '';
    for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, body } = await ana.get(path.export(planId, 'md'), { 'if-none-match': header });
      expect([status, body], header).toEqual([304, '']);
    }
    expect((await ana.get(path.export(planId, 'json'), { 'if-none-match': etag })).status).toBe(200);
    // Somebody without access learns nothing from a tag.
    const stranger = await server.guest('Stranger');
    expect((await stranger.get(path.export(planId, 'md'), { 'if-none-match': etag })).status).toBe(404);
  });

  test('in an unknown format names those that are known', async () => {
    const planId = await ana.createPlan('Formats');
    const { status, body } = await ana.get(`${path.plan(planId)}/export/exe`);
    expect([status, body.error.code]).toEqual([415, 'unknown-format']);
    expect(body.error.message).toContain('md');
  });

  test.each([
    ['', 'plan', 'plan'],
    ['..', 'plan', 'plan'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a b c d e f g h i j', 'a%20b%20c%20d%20e%20f%20g%20h%20i%20j'],
    ['line\r\nSet-Cookie: x', 'line Set-Cookie x', 'line%20Set-Cookie%20x'],
    ["it's (100%)", "it's (100_)", 'it%27s%20%28100%25%29'],
    ['Ελλάδα', '______', '%CE%95%CE%BB%CE%BB%CE%AC%CE%B4%CE%B1'],
    [`${'x'.repeat(99)}🌱`, 'x'.repeat(99), 'x'.repeat(99)],
  ])('names the file safely for the title %j', (title, ascii, encoded) => {
    expect(attachment(title, 'md')).toBe(`attachment; filename="${ascii}.md"; filename*=UTF-8''${encoded}.md`);
  });
});
