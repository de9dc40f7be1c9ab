/** Pictures through the HTTP door: who may add and see them, what is kept, and what comes along with a plan. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JSONContent } from '@tiptap/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addedImage, path, REDLINE_FORMATS } from '../../shared/api.ts';
import { EXPORT_FORMATS } from '../../shared/export.ts';
import { imageAddress, readImageAddress } from '../../shared/schema/image-address.ts';
import { readDocx } from '../export/docx/test-docx.ts';
import { type Answer, startTestServer, type TestServer, type Visitor } from '../test-server.ts';

const ROOM = 6_000;
let server: TestServer;
let ana: Visitor;
let planId: string;
beforeAll(async () => {
  server = await startTestServer({ MAX_IMAGE_BYTES_PER_PLAN: String(ROOM) });
  ana = await server.guest('Ana');
  planId = await ana.createPlan('River plan');
});
afterAll(() => server.stop());

const picture = (background: string, width = 8): Promise<Buffer> =>
  sharp({ create: { width, height: 6, channels: 3, background } })
    .png()
    .toBuffer();
/** A picture of so many pixels square, which takes up about three bytes for each. */
const noise = (size: number): Promise<Buffer> =>
  sharp(randomBytes(size * size * 3), { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
const add = (bytes: Uint8Array, to = planId, who = ana): Promise<Answer> => who.post(path.images(to), bytes);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** As a browser fetches it. */
const fetched = (address: string, who = ana, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}${address}`, { headers: { cookie: who.cookie, ...headers } });
const figures = (node: JSONContent): JSONContent[] =>
  node.type === 'figure' ? [node] : (node.content ?? []).flatMap(figures);
const sourcesOf = async (of: string): Promise<string[]> =>
  figures((await ana.get(path.content(of))).body.content).map(({ attrs }) => attrs?.src);
const upload = (content: string, name: string, who = ana): Promise<Answer> => {
  const form = new FormData();
  form.set('file', new File([content], name));
  return who.post(path.planImport, form);
};

describe('a picture', () => {
  test('[R24] is kept by the hash of its bytes, and served as what it is and nothing else', async () => {
    const { status, headers, body } = await add(await picture('#ff0000'));
    expect(status).toBe(201);
    const { src, width, height, animated } = addedImage.parse(body);
    expect([width, height, animated]).toEqual([8, 6, false]);
    expect(headers.get('location')).toBe(src);
    const response = await fetched(src);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(readImageAddress(src)).toEqual({ planId, hash: sha256(bytes) });
    expect((await sharp(bytes).metadata()).format).toBe('png');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
      'content-disposition': expect.stringMatching(/^inline; filename="[0-9a-f]{12}\.png"$/),
    });
    const again = await fetched(src, ana, { 'if-none-match': response.headers.get('etag')! });
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
  });

  test('is kept once, however often and to however many plans it is added', async () => {
    const bytes = await picture('#00ff00');
    const other = await ana.createPlan('Another');
    const addresses = [await add(bytes), await add(bytes), await add(bytes, other)].map(({ body }) => body.src);
    expect(addresses[1]).toBe(addresses[0]);
    expect(readImageAddress(addresses[2])).toEqual({ planId: other, hash: readImageAddress(addresses[0])?.hash });
    const sqlite = new DatabaseSync(join(server.dataDir, 'commonplan.db'), { readOnly: true });
    const { hash } = readImageAddress(addresses[0])!;
    expect(sqlite.prepare('SELECT count(*) AS n FROM images WHERE hash = ?').get(hash)?.n).toBe(1);
    sqlite.close();
  });

  test('that this server has encoded is not encoded again', async () => {
    const photo = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#123456' } })
      .jpeg({ quality: 30 })
      .toBuffer();
    const { src } = (await add(photo)).body;
    const kept = new Uint8Array(await (await fetched(src)).arrayBuffer());
    expect((await add(kept, await ana.createPlan('Copy'))).body.src).toContain(sha256(kept));
  });
});

describe('[R12] what is refused', () => {
  test.each([
    ['nothing', new Uint8Array(), 400, 'invalid-request'],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 415, 'unknown-format'],
    ['half a picture', Buffer.from('\x89PNG\r\n\x1a\nhalf', 'latin1'), 422, 'invalid-image'],
    ['[R11] too many bytes', Buffer.alloc(10 * 1024 * 1024 + 1), 413, 'too-large'],
  ])('%s', async (_what, bytes, status, code) => {
    const answer = await add(bytes);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.body.error.message.length).toBeGreaterThan(20);
  });

  test('[R11] more than the plan has room for; what it has already needs none', async () => {
    const full = await ana.createPlan('Full');
    const [one, other] = [await noise(40), await noise(40)];
    const first = await add(one, full);
    expect(first.status).toBe(201);
    const second = await add(other, full);
    expect([second.status, second.body.error.code]).toEqual([413, 'too-large']);
    expect((await add(one, full)).status).toBe(201);
  });
});

describe('[R10] who may', () => {
  test('add: who may write. See: who may read this plan. Nobody through another plan', async () => {
    const bytes = await picture('#0000ff');
    const { src } = (await add(bytes)).body;
    const roles = ['editor', 'commenter', 'viewer'] as const;
    for (const role of roles) {
      const bo = await server.guest(`Bo ${role}`);
      const { url } = (await ana.post(`${path.plan(planId)}/links`, { role })).body;
      await bo.post('/api/links/redeem', { token: new URL(url).hash.slice(1) });
      expect((await fetched(src, bo)).status).toBe(200);
      expect((await add(bytes, planId, bo)).status).toBe(role === 'editor' ? 201 : 403);
    }
    const eve = await server.guest('Eve');
    const own = await eve.createPlan('Eve’s');
    const { hash } = readImageAddress(src)!;
    expect((await fetched(src, eve)).status).toBe(404);
    expect((await add(bytes, planId, eve)).status).toBe(404);
    expect((await fetched(imageAddress(own, hash), eve)).status).toBe(404);
    expect((await fetched(imageAddress(planId, 'f'.repeat(64)))).status).toBe(404);
    expect((await fetched(`/api/plans/${planId}/images/..%2f..%2f`)).status).toBe(404);
    const nobody = server.visitor();
    expect([(await fetched(src, nobody)).status, (await add(bytes, planId, nobody)).status]).toEqual([401, 401]);
  });

  test('nobody adds to an archived plan, where all pictures are still seen', async () => {
    const old = await ana.createPlan('Old');
    const { src } = (await add(await picture('#777777'), old)).body;
    await ana.patch(path.plan(old), { archived: true });
    expect((await add(await picture('#888888'), old)).status).toBe(410);
    expect((await fetched(src)).status).toBe(200);
  });

  test('a page of another site cannot have a browser add one', async () => {
    const answer = await ana.post(path.images(planId), await picture('#999999'), { origin: 'https://evil.example' });
    expect([answer.status, answer.body.error.code]).toEqual([403, 'origin-refused']);
  });
});

describe('[R24] a plan that is made from a file', () => {
  test('has the pictures that the file carries, and says which could not be taken over', async () => {
    const bytes = await picture('#abcdef');
    const [whole, svg] = [
      `data:image/png;base64,${bytes.toString('base64')}`,
      `data:image/svg+xml;base64,${btoa('<svg/>')}`,
    ];
    const { status, body } = await upload(
      `![River](${whole})\n\n![Drawing](${svg})\n\n![Web](https://x.org/a.png)`,
      'plan.md',
    );
    expect(status).toBe(201);
    expect(body.losses).toEqual([
      { what: 'pictures that could not be taken over', count: 1, example: expect.stringMatching(/^Drawing: SVG/) },
    ]);
    const sources = await sourcesOf(body.id);
    expect(sources).toEqual([
      expect.stringMatching(`^/api/plans/${body.id}/images/[0-9a-f]{64}$`),
      null,
      'https://x.org/a.png',
    ]);
    expect((await fetched(sources[0]!)).status).toBe(200);
  });

  test('has those of plans that its maker may read; of others it says that they are missing', async () => {
    const bytes = await picture('#fedcba');
    const { src } = (await add(bytes)).body;
    const text = `![River](${src})`;
    const mine = (await upload(text, 'plan.md')).body;
    expect(await sourcesOf(mine.id)).toEqual([imageAddress(mine.id, readImageAddress(src)!.hash)]);
    const eve = await server.guest('Eve');
    const theirs = (await upload(text, 'plan.md', eve)).body;
    expect(theirs.losses).toEqual([
      { what: expect.stringContaining('pictures that the file does not hold'), count: 1, example: 'River' },
    ]);
    expect(figures((await eve.get(path.content(theirs.id))).body.content)[0]?.attrs?.src).toBeNull();
    expect((await fetched(imageAddress(theirs.id, readImageAddress(src)!.hash), eve)).status).toBe(404);
  });

  test('[R11] takes as many as one plan has room for, and says how many it left out', async () => {
    const images = await Promise.all([noise(30), noise(30), noise(30), noise(30)]);
    const text = images.map((bytes) => `![](data:image/png;base64,${bytes.toString('base64')})`).join('\n\n');
    const { body } = await upload(text, 'plan.md');
    expect(body.losses).toEqual([expect.objectContaining({ what: expect.stringContaining('that one plan may have') })]);
    expect((await sourcesOf(body.id)).filter(Boolean)).toHaveLength(4 - body.losses[0].count);
  });
});

describe('[R24] a plan that is taken away', () => {
  test.each(['md', 'html', 'json', 'docx', 'pdf', 'wikitext'])(
    'as %s, with its pictures and nobody else’s',
    async (format) => {
      const bytes = await picture('#13579b', 16);
      const { src } = (await add(bytes)).body;
      const stranger = await server.guest('Stranger');
      const theirs = (await add(await picture('#2468ac', 16), await stranger.createPlan('Theirs'), stranger)).body.src;
      // Whoever writes may name any address, also of a plan that is not theirs.
      const made = (
        await upload(
          JSON.stringify({
            content: { type: 'doc', content: [{ type: 'figure', attrs: { src, alt: 'River' } }] },
            frontMatter: { title: 'Out' },
          }),
          'plan.json',
        )
      ).body;
      const [own] = await sourcesOf(made.id);
      const stored = Buffer.from(await (await fetched(own!)).arrayBuffer());
      const file = Buffer.from(await (await fetched(path.export(made.id, format as 'md'))).arrayBuffer());
      const carried = {
        md: () => file.includes(`data:image/png;base64,${stored.toString('base64')}`),
        html: () => file.includes(`data:image/png;base64,${stored.toString('base64')}`),
        json: () => JSON.parse(file.toString()).images[own!] === `data:image/png;base64,${stored.toString('base64')}`,
        docx: async () => JSON.stringify(await readDocx(file)).includes(stored.toString('base64')),
        pdf: () => file.includes('/Subtype/Image') || file.includes('/Subtype /Image'),
        wikitext: () => file.includes(`[[File:Out-${readImageAddress(own)!.hash.slice(0, 12)}.png|thumb|alt=River]]`),
      }[format];
      expect(await carried?.()).toBe(true);
      expect(file.includes(theirs)).toBe(false);
    },
  );

  test.each(REDLINE_FORMATS)('as a comparison in %s, with the pictures of both sides', async (format) => {
    const { src } = (await add(await picture('#2b4d6f', 16))).body;
    const made = (await upload(`![River](${src})`, 'plan.md')).body;
    const stored = Buffer.from(await (await fetched((await sourcesOf(made.id))[0]!)).arrayBuffer());
    await ana.post(path.snapshots(made.id), { label: 'One' });
    const response = await fetched(`${path.redline(made.id, format)}?from=1&to=2`);
    const file = Buffer.from(await response.arrayBuffer());
    const text = format === 'docx' ? JSON.stringify(await readDocx(file)) : file.toString('latin1');
    expect(text).toMatch(
      format === 'pdf' ? /\/Subtype ?\/Image/ : new RegExp(stored.toString('base64').replaceAll('+', '\\+')),
    );
  });

  test('[R12] fetches nothing from anywhere, whatever its figures name', async () => {
    const asked: string[] = [];
    const elsewhere = createServer(({ url }, response) => {
      asked.push(String(url));
      response.end();
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const at = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><image href="${at}/svg"/></svg>`);
    await add(svg);
    await add(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), svg]));
    const text = `![River](${at}/a.png)\n\n<figure><img src="${at}/b.png"></figure>\n\n![](data:image/svg+xml;base64,${svg.toString('base64')})`;
    const made = (await upload(text, 'plan.md')).body;
    expect(await sourcesOf(made.id)).toEqual([`${at}/a.png`, `${at}/b.png`, null]);
    for (const format of EXPORT_FORMATS) expect((await fetched(path.export(made.id, format))).status).toBe(200);
    await ana.post(path.snapshots(made.id), { label: 'One' });
    for (const format of REDLINE_FORMATS) {
      expect((await fetched(`${path.redline(made.id, format)}?from=1&to=2`)).status).toBe(200);
    }
    elsewhere.close();
    expect(asked).toEqual([]);
  });

  test('as JSON, it is whole on another server', async () => {
    const { src } = (await add(await picture('#a1b2c3'))).body;
    const made = (await upload(`![River](${src})`, 'plan.md')).body;
    const file = (await ana.get(path.export(made.id, 'json'))).body;
    const elsewhere = await startTestServer();
    try {
      const bo = await elsewhere.guest('Bo');
      const form = new FormData();
      form.set('file', new File([JSON.stringify(file)], 'plan.json'));
      const there = (await bo.post(path.planImport, form)).body;
      expect(there).toMatchObject({ losses: [] });
      const [figure] = figures((await bo.get(path.content(there.id))).body.content);
      const answer = await fetch(`${elsewhere.url}${figure?.attrs?.src}`, { headers: { cookie: bo.cookie } });
      expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(readImageAddress(src)!.hash);
    } finally {
      await elsewhere.stop();
    }
  });
});
