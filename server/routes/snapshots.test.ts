/** The history over HTTP and sockets, against the real server: take, list, read, compare, hear of it, and check the hashes as the README says. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import * as api from '../../shared/api.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';

const { path } = api;

let server: TestServer;
let ana: Visitor;
beforeAll(async () => {
  server = await startTestServer();
  ana = await server.guest('Ana');
});
afterAll(() => server.stop());

/** Writes into a plan through a real socket, and waits until the server has it. */
async function write(visitor: Visitor, planId: string, change: (ytext: Y.Text) => void): Promise<void> {
  const ydoc = new Y.Doc();
  const before = await seqOf(visitor, planId);
  class Socket extends WebSocket {
    constructor(address: string) {
      super(address, { origin: visitor.url, headers: { cookie: visitor.cookie } });
    }
  }
  const provider = new WebsocketProvider(`${visitor.url.replace('http', 'ws')}/sync`, planId, ydoc, {
    disableBc: true,
    WebSocketPolyfill: Socket as never,
  });
  await new Promise<void>((done) => void provider.once('sync', () => done()));
  ydoc.transact(() => change(ydoc.getText('content')));
  await until(async () => (await seqOf(visitor, planId)) > before);
  provider.destroy();
  ydoc.destroy();
}

const seqOf = async (visitor: Visitor, planId: string): Promise<number> =>
  (await visitor.get(path.snapshots(planId))).body.now.seq;

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('Waited in vain.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const append = (text: string) => (ytext: Y.Text) => ytext.insert(ytext.length, text);
const take = (visitor: Visitor, planId: string, label: string, note?: string) =>
  visitor.post(path.snapshots(planId), { label, note });

describe('a history', () => {
  test('begins with the plan, grows by labels, and says what is new since', async () => {
    const planId = await ana.createPlan('Water plan', 'The river is everybody’s.');
    const { status, body } = await ana.get(path.snapshots(planId));
    expect(status).toBe(200);
    expect(api.snapshotList.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      snapshots: [{ number: 1, kind: 'imported', author: ana.userId, previousHash: null }],
      people: [{ id: ana.userId, name: 'Ana', guest: true }],
      thinned: 0,
      undoable: [],
      now: { seq: 1, changed: false },
    });
    await write(ana, planId, append(' And the springs are.'));
    expect((await ana.get(path.snapshots(planId))).body.now).toEqual({ seq: 2, changed: true });
    const taken = await take(ana, planId, '  For the   council ', 'First reading');
    expect(taken.status).toBe(201);
    expect(taken.headers.get('location')).toBe(path.snapshot(planId, 2));
    expect(taken.body).toMatchObject({
      number: 2,
      kind: 'named',
      label: 'For the council',
      note: 'First reading',
      seq: 2,
    });
    const list = (await ana.get(path.snapshots(planId))).body;
    expect(list.snapshots.map(({ number }: { number: number }) => number)).toEqual([2, 1]);
    expect(list.snapshots[0]).toEqual(taken.body);
    expect(list.now.changed).toBe(false);
  });

  test('refuses a label over what has one already, an empty one, and one that is too long', async () => {
    const planId = await ana.createPlan('Plan');
    expect((await take(ana, planId, 'One')).status).toBe(201);
    const again = await take(ana, planId, 'Two');
    expect([again.status, again.body.error.code]).toEqual([409, 'nothing-changed']);
    expect(again.body.error.message).toContain('snapshot 2, “One”');
    for (const label of ['', '   ', 'x'.repeat(201), 'a\u202eb', 7, undefined]) {
      const { status, body } = await ana.post(path.snapshots(planId), { label });
      expect([status, body.error.code]).toEqual([400, 'invalid-request']);
    }
    await write(ana, planId, append(' More.'));
    for (const note of ['a\0b', 'a\ud800', 'x'.repeat(2_001), 7]) {
      const { status, body } = await ana.post(path.snapshots(planId), { label: 'Two', note });
      expect([status, body.error.code]).toEqual([400, 'invalid-request']);
    }
    expect((await ana.get(path.snapshots(planId))).body.snapshots).toHaveLength(2);
    const { body } = await take(ana, planId, 'Two', ' two\r\n\tlines ');
    expect(body.note).toBe('two\n\tlines');
    expect((await ana.get(path.snapshot(planId, 3))).body.snapshot.note).toBe('two\n\tlines');
  });

  test('of an archived plan is read, and takes no new one', async () => {
    const planId = await ana.createPlan('Plan');
    await ana.delete(path.plan(planId));
    expect((await ana.get(path.snapshot(planId, 1))).status).toBe(200);
    expect((await take(ana, planId, 'Late')).body.error.code).toBe('archived');
  });
});

describe('a snapshot', () => {
  test('[R15] is read as it was, with who wrote what, whatever was written since', async () => {
    const bob = await server.guest('Bob');
    const planId = await ana.createPlan('Plan', 'Ana wrote this.');
    const { body: link } = await ana.post(path.links(planId), { role: 'editor' });
    await bob.post(path.redeem, { token: new URL(link.url).hash.slice(1) });
    await write(bob, planId, append(' Bob wrote that.'));
    await take(ana, planId, 'Both');
    const first = await ana.get(path.snapshot(planId, 2));
    await write(bob, planId, (ytext) => ytext.delete(0, ytext.length));
    const second = await bob.get(path.snapshot(planId, 2));
    expect(second.body).toEqual(first.body);
    expect(api.snapshotContent.parse(first.body)).toEqual(first.body);
    expect(first.body.schema).toBe(SCHEMA_VERSION);
    const text: string = first.body.content.content[0].content[0].text;
    expect(text).toBe('Ana wrote this. Bob wrote that.');
    const by = new Map<string, string>();
    for (const { from, to, by: index } of first.body.authorship) {
      const { userId } = first.body.contributions[index];
      by.set(userId, (by.get(userId) ?? '') + text.slice(Math.max(0, from - 1), to - 1));
    }
    expect(by.get(bob.userId)).toBe(' Bob wrote that.');
    expect(by.get(ana.userId)).toBe('Ana wrote this.');
    expect(first.body.contributions).toContainEqual(
      expect.objectContaining({ userId: ana.userId, how: 'imported', source: 'plan.md' }),
    );
  });

  test('that does not exist is not found, in any spelling, nor is one of another plan', async () => {
    const one = await ana.createPlan('One');
    const other = await ana.createPlan('Other');
    await take(ana, one, 'Label');
    for (const number of ['2', '99999999999999', '0', '-1', '1.0', 'one', '%31%00', '01', '1e0']) {
      const { status, body } = await ana.get(`${path.snapshots(other)}/${number}`);
      expect([number, status, body.error.code]).toEqual([number, 404, 'not-found']);
    }
    const eve = await server.guest('Eve');
    expect((await eve.get(path.snapshot(one, 2))).status).toBe(404);
  });

  test('is sent again only when it, or the name of somebody in it, is another', async () => {
    const cy = await server.guest('Cy');
    const planId = await cy.createPlan('Plan', 'Text.');
    const { headers } = await cy.get(path.snapshot(planId, 1));
    const seen = { 'if-none-match': headers.get('etag')! };
    expect((await cy.get(path.snapshot(planId, 1), seen)).status).toBe(304);
    await write(cy, planId, append(' More.'));
    expect((await cy.get(path.snapshot(planId, 1), seen)).status).toBe(304);
    await cy.post(path.updateUser, { name: 'Cyril' });
    const renamed = await cy.get(path.snapshot(planId, 1), seen);
    expect([renamed.status, renamed.body.people[0].name]).toEqual([200, 'Cyril']);
  });
});

test('a snapshot is exported as the plan is, under a name that says which it is', async () => {
  const planId = await ana.createPlan('Plan', 'The old text.');
  await write(ana, planId, append(' More.'));
  const file = await ana.get(`${path.export(planId, 'md')}?snapshot=1`);
  expect(file.headers.get('content-disposition')).toContain('filename="Plan (snapshot 1).md"');
  expect(file.body).toContain('The old text.');
  expect(file.body).not.toContain('More.');
  const { body: read } = await ana.get(path.snapshot(planId, 1));
  const { body: json } = await ana.get(`${path.export(planId, 'json')}?snapshot=1`);
  const { schema, frontMatter, content, snapshot } = read;
  expect(json).toMatchObject({ schema, frontMatter, content, snapshot, contentHash: snapshot.contentHash });
  expect(file.body).toContain(`# SHA-256 of the text: ${snapshot.contentHash}\n`);
  const seen = { 'if-none-match': file.headers.get('etag')! };
  expect((await ana.get(`${path.export(planId, 'md')}?snapshot=1`, seen)).status).toBe(304);
  expect((await ana.get(path.export(planId, 'md'), seen)).status).toBe(200);
  const answers = await Promise.all(['2', '0', 'x'].map((n) => ana.get(`${path.export(planId, 'md')}?snapshot=${n}`)));
  expect(answers.map(({ body }) => body.error.code)).toEqual(['not-found', 'invalid-request', 'invalid-request']);
});

test('a snapshot that was thinned out is gone from the list, and says so; its entry stays in the chain', async () => {
  const planId = await ana.createPlan('Plan', 'Text.');
  await take(ana, planId, 'Label');
  const database = new DatabaseSync(join(server.dataDir, 'commonplan.db'), { timeout: 5_000 });
  database.prepare('DELETE FROM snapshot_contents WHERE plan_id = ? AND number = 1').run(planId);
  database.prepare('UPDATE snapshot_contents SET dictionary = NULL WHERE plan_id = ? AND number = 2').run(planId);
  database.close();
  const numbers = async (query: string): Promise<number[]> =>
    (await ana.get(path.snapshots(planId) + query)).body.snapshots.map(({ number }: { number: number }) => number);
  expect(await numbers('')).toEqual([2]);
  expect(await numbers('?all=true')).toEqual([2, 1]);
  expect((await ana.get(path.snapshots(planId))).body.thinned).toBe(1);
  for (const address of [path.snapshot(planId, 1), `${path.compare(planId)}?from=1&to=now`]) {
    const { status, headers, body } = await ana.get(address);
    expect([status, body.error.code]).toEqual([410, 'snapshot-thinned']);
    // With the tag of the answer that it is not, a browser would keep it and be told that it is fresh.
    expect([headers.get('etag'), headers.get('cache-control')]).toEqual([null, 'no-store']);
  }
  expect((await ana.get(`${path.snapshots(planId)}?all=yes`)).status).toBe(400);
});

test('[R11] whole chains cannot be asked for without end', async () => {
  const limited = await startTestServer({ RATE_LIMITS: 'on' });
  try {
    const dan = await limited.guest('Dan');
    const planId = await dan.createPlan('Plan', 'Text.');
    const asked = await Promise.all(Array.from({ length: 300 }, () => dan.get(`${path.snapshots(planId)}?all=true`)));
    expect(asked.some(({ status }) => status === 429)).toBe(true);
    expect((await dan.get(path.snapshots(planId))).status).toBe(200);
  } finally {
    await limited.stop();
  }
});

describe('a comparison', () => {
  test('shows what changed between two snapshots, or to now, and who did it', async () => {
    const planId = await ana.createPlan('Plan', 'The old text.\n\nA paragraph that stays.');
    await write(ana, planId, (ytext) => {
      const at = ytext.toString().indexOf('old');
      ytext.delete(at, 3);
      ytext.insert(at, 'new');
    });
    await take(ana, planId, 'Edited');
    const compared = await ana.get(`${path.compare(planId)}?from=1&to=2`);
    expect(compared.status).toBe(200);
    expect(api.comparison.parse(compared.body)).toEqual(compared.body);
    expect(compared.body).toMatchObject({
      from: { snapshot: { number: 1 }, seq: 1 },
      to: { snapshot: { number: 2 }, seq: 2 },
      changes: [{ kind: 'replaced', by: [{ userId: ana.userId, how: 'written' }] }],
      people: [{ id: ana.userId, name: 'Ana' }],
    });
    const now = await ana.get(`${path.compare(planId)}?from=1&to=now`);
    expect(now.body.to).toEqual({ snapshot: null, seq: 2 });
    expect(now.body.blocks).toEqual(compared.body.blocks);
    const back = await ana.get(`${path.compare(planId)}?from=2&to=1`);
    expect(back.body).toMatchObject({ from: { seq: 2 }, to: { seq: 1 }, changes: [{ kind: 'replaced' }] });
    expect((await ana.get(`${path.compare(planId)}?from=2&to=2`)).body.changes).toEqual([]);
  });

  test('[R13] changes nothing, is sent once, and again when the plan has moved on', async () => {
    const planId = await ana.createPlan('Plan', 'Text.');
    const address = `${path.compare(planId)}?from=1&to=now`;
    const before = (await ana.get(path.snapshots(planId))).body;
    const seen = { 'if-none-match': (await ana.get(address)).headers.get('etag')! };
    expect((await ana.get(address, seen)).status).toBe(304);
    expect((await ana.get(path.snapshots(planId))).body).toEqual(before);
    await write(ana, planId, append(' More.'));
    expect((await ana.get(address, seen)).status).toBe(200);
  });

  test.each([
    ['', 'from: Expected the number of a snapshot'],
    ['?from=1', 'to: Expected the number of a snapshot, or now'],
    ['?from=1&to=then', 'to: Expected the number of a snapshot, or now'],
    ['?from=now&to=1', 'from: Expected the number of a snapshot'],
    ['?from=0&to=1', 'from: Expected the number of a snapshot'],
    ['?from=1&to=1.5', 'to: Expected the number of a snapshot, or now'],
    ['?from=0x1&to=now', 'from: Expected the number of a snapshot'],
  ])('of "%s" is refused with what was expected', async (query, expected) => {
    const planId = await ana.createPlan('Plan');
    const { status, body } = await ana.get(path.compare(planId) + query);
    expect([status, body.error.code]).toEqual([400, 'invalid-request']);
    expect(body.error.message).toContain(expected);
  });

  test('with a snapshot that is not there says which', async () => {
    const planId = await ana.createPlan('Plan');
    const { status, body } = await ana.get(`${path.compare(planId)}?from=1&to=7`);
    expect([status, body.error.message]).toEqual([404, 'This plan has no snapshot 7.']);
  });
});

test('open pages hear of a new snapshot at once', async () => {
  const planId = await ana.createPlan('Plan', 'Text.');
  const socket = await ana.connect(planId, { query: `?schema=${SCHEMA_VERSION}` });
  const heard = new Promise<string>((done) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      if (text.includes('"snapshots"')) done(text.slice(text.indexOf('{')));
    });
  });
  await take(ana, planId, 'Label');
  expect(JSON.parse(await heard)).toEqual({ type: 'snapshots', number: 2 });
  socket.terminate();
});

describe('the hashes', () => {
  /** The program in the README, as a reader would save it. */
  const recipe = (): string =>
    /```js\n([\s\S]*?)```/.exec(readFileSync(resolve(import.meta.dirname, '../snapshots/README.md'), 'utf8'))![1]!;

  test('[R15] can be made again by anybody, from what the routes answer and as the README says', async () => {
    const planId = await ana.createPlan('Plan', 'Ünïcödé 🌱 text with **bold**.\n\n| a | b |\n|---|---|\n| 1 | 2 |');
    for (const label of ['One', 'Two “quoted”', 'Drei\\']) {
      await write(ana, planId, append(` ${label}`));
      await take(ana, planId, label, 'A note\nin two lines');
    }
    const file = (name: string, body: unknown): string => {
      const to = join(server.dataDir, name);
      writeFileSync(to, typeof body === 'string' ? body : JSON.stringify(body));
      return to;
    };
    const chain = (await ana.get(`${path.snapshots(planId)}?all=true`)).body;
    const texts = await Promise.all(
      [1, 2, 3, 4].map(async (number) => (await ana.get(path.snapshot(planId, number))).body),
    );
    const script = file('check.mjs', recipe());
    const check = (...files: string[]): string =>
      execFileSync(process.execPath, [script, planId, ...files], { encoding: 'utf8' });
    const files = texts.map((text, index) => file(`${index + 1}.json`, text));
    expect(check(file('chain.json', chain), ...files)).toBe('4 entries and 4 texts are as their hashes say.\n');
    texts[2].frontMatter.title = 'Another';
    expect(() => check(file('chain.json', chain), file('changed.json', texts[2]))).toThrow('Command failed');
    chain.snapshots[1].note = 'Another';
    expect(() => check(file('chain.json', chain))).toThrow('Command failed');
  });

  test('[R15] that do not match are told, and the text is not', async () => {
    const planId = await ana.createPlan('Plan', 'Text.');
    const database = new DatabaseSync(join(server.dataDir, 'commonplan.db'), { timeout: 5_000 });
    database.prepare("UPDATE snapshots SET label = 'forged' WHERE plan_id = ?").run(planId);
    database.close();
    for (const address of [path.snapshot(planId, 1), `${path.compare(planId)}?from=1&to=now`]) {
      const { status, body } = await ana.get(address);
      expect([status, body.error.code]).toEqual([500, 'snapshot-damaged']);
      expect(body.error.message).toBe('Snapshot 1 is not what was stored: its entry is not what was hashed.');
    }
    // The plan itself is none the worse, and its history goes on.
    expect((await ana.get(path.content(planId))).status).toBe(200);
    await write(ana, planId, append(' More.'));
    expect((await take(ana, planId, 'After')).status).toBe(201);
  });
});
