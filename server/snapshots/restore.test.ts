/** Restoring on the real server, while people type: nobody loses a word that they typed after it, and it can be taken back. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { path, type SnapshotSummary } from '../../shared/api.ts';
import { readContent } from '../../shared/document/ydoc.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const PARAGRAPHS = Array.from(
  { length: 12 },
  (_, index) => `Paragraph ${index}: the river is the city's, and everybody drinks of it.`,
);
const MARKDOWN = ['## Water', ...PARAGRAPHS.slice(0, 6), '## Land', ...PARAGRAPHS.slice(6)].join('\n\n');
const WORD = /⟨[^⟩]*⟩/g;

/** Somebody with the plan open in an editor: a stock client. */
class Writer {
  readonly ydoc = new Y.Doc();
  readonly provider: WebsocketProvider;
  readonly name: string;
  readonly typed: string[] = [];

  constructor(visitor: Visitor, planId: string, name: string) {
    const { cookie, url } = visitor;
    class Socket extends WebSocket {
      constructor(address: string) {
        super(address, { origin: url, headers: { cookie } });
      }
    }
    this.name = name;
    this.provider = new WebsocketProvider(`${url.replace('http', 'ws')}/sync`, planId, this.ydoc, {
      disableBc: true,
      WebSocketPolyfill: Socket as never,
      maxBackoffTime: 200,
    });
    writers.add(this);
  }

  get ytext(): Y.Text {
    return this.ydoc.getText('content');
  }

  /** The plan's words without those that were typed in this test. */
  get text(): string {
    return readContent(this.ydoc).textBetween(0, readContent(this.ydoc).content.size, '\n').replace(WORD, '');
  }

  /** Types a word that occurs nowhere else, somewhere. */
  type(): void {
    const word = `⟨${this.name}-${this.typed.length}⟩`;
    this.typed.push(word);
    const flow = this.ytext
      .toDelta()
      .map(({ insert }: { insert: unknown }) => (typeof insert === 'string' ? insert : '\uFFFC'))
      .join('');
    // Not inside another's word.
    let at = 1 + Math.floor(Math.random() * (flow.length - 1));
    while (/⟨[^⟩]*$/.test(flow.slice(0, at))) at++;
    this.ytext.insert(at, word);
  }

  count(word: string): number {
    return this.ytext.toString().split(word).length - 1;
  }
}

const writers = new Set<Writer>();
afterEach(() => {
  for (const { provider, ydoc } of writers) {
    provider.destroy();
    ydoc.destroy();
  }
  writers.clear();
});

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function converged(all: readonly Writer[]): Promise<void> {
  const [first, ...rest] = all;
  await until(
    () => rest.every(({ ydoc }) => Y.equalSnapshots(Y.snapshot(ydoc), Y.snapshot(first!.ydoc))),
    'the same document everywhere',
  );
  for (const { ydoc } of rest) expect(readContent(ydoc).toJSON()).toEqual(readContent(first!.ydoc).toJSON());
}

/** A plan whose snapshot 1 is MARKDOWN, its owner, and `count` editors who have it open. */
async function scene(count: number) {
  const owner = await server.guest('Owner');
  const planId = await owner.createPlan('River plan', MARKDOWN);
  const { body: link } = await owner.post(path.links(planId), { role: 'editor' });
  const token = new URL(link.url).hash.slice(1);
  const editors: { visitor: Visitor; writer: Writer }[] = [];
  for (let index = 0; index < count; index++) {
    const visitor = await server.guest(`Editor ${index}`);
    await visitor.post(path.redeem, { token });
    editors.push({ visitor, writer: new Writer(visitor, planId, `e${index}`) });
  }
  const all = editors.map(({ writer }) => writer);
  await until(() => all.every(({ provider }) => provider.synced), 'everybody to have the plan');
  const restore = (body: object = {}, visitor = owner) => visitor.post(path.restore(planId, 1), body);
  const undo = (restoreId: string, visitor = owner) => visitor.post(path.undoRestore(planId, restoreId));
  const history = async (): Promise<SnapshotSummary[]> => (await owner.get(path.snapshots(planId))).body.snapshots;
  const undoable = async (): Promise<unknown> => (await owner.get(path.snapshots(planId))).body.undoable;
  /** What the plan says on the server. */
  const content = async () => (await owner.get(path.content(planId))).body;
  return { owner, planId, editors, all, restore, undo, history, undoable, content };
}

/** Takes out a third of the text and rewrites some of the rest, as one of the writers. */
function vandalise({ ytext }: Writer): void {
  const { length } = ytext;
  ytext.delete(Math.floor(length / 3), Math.floor(length / 3));
  ytext.insert(Math.floor(length / 4), 'Something else altogether. ');
  ytext.delete(10, 20);
}

/** Lets everybody type until told to stop. */
function typing(all: readonly Writer[]): () => Promise<void> {
  let stopped = false;
  const done = Promise.all(
    all.map(async (writer) => {
      while (!stopped) {
        writer.type();
        await pause(5 + Math.random() * 30);
      }
    }),
  );
  return async () => {
    stopped = true;
    await done;
  };
}

describe('while ten people type', () => {
  test('[R14] the whole: every word typed after it is there once, nothing restored is lost, all see the same', async () => {
    const { all, restore, history, content } = await scene(10);
    const original = all[0]!.text;
    vandalise(all[0]!);
    await converged(all);
    const stop = typing(all);
    const afterwards = new Set<string>();
    // Again and again: each brings back what there was, whatever came in between.
    for (let round = 0; round < 3; round++) {
      await pause(100);
      const before = all.map(({ typed }) => typed.length);
      const { status, body } = await restore();
      expect([status, body.restoreId === null]).toEqual([200, false]);
      afterwards.clear();
      // In the log after the restore's answer is after the restore, also where the writer had not heard of it.
      const counts = all.map(({ typed }) => typed.length);
      await pause(150);
      for (const [index, { typed }] of all.entries()) {
        expect(counts[index]).toBeGreaterThanOrEqual(before[index]!);
        for (const word of typed.slice(counts[index])) afterwards.add(word);
      }
    }
    await stop();
    for (const { typed } of all) for (const word of typed.slice(-1)) afterwards.add(word);
    await converged(all);
    for (const word of afterwards) expect([word, all[0]!.count(word)]).toEqual([word, 1]);
    for (const word of all.flatMap(({ typed }) => typed)) expect(all[0]!.count(word)).toBeLessThanOrEqual(1);
    expect(all[0]!.text).toBe(original);
    expect((await content()).content).toEqual(readContent(all[0]!.ydoc).toJSON());
    const kinds = (await history()).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'restored')).toHaveLength(3);
    expect(kinds.filter((kind) => kind === 'before-restore').length).toBeGreaterThanOrEqual(1);
  });

  test('[R14] a section: the rest of the plan stays as it is', async () => {
    const { all, restore } = await scene(10);
    const original = all[0]!.text.split('\n');
    vandalise(all[0]!);
    all[1]!.ytext.insert(all[1]!.ytext.length, ' The end.');
    await converged(all);
    const stop = typing(all);
    await pause(50);
    const counts = () => all.map(({ typed }) => typed.length);
    // From the heading "Land" on.
    const from = 2 + 'Water'.length + PARAGRAPHS.slice(0, 6).reduce((sum, words) => sum + words.length + 2, 0);
    const to = from + 2 + 'Land'.length + PARAGRAPHS.slice(6).reduce((sum, words) => sum + words.length + 2, 0);
    const { status } = await restore({ range: { from, to } });
    expect(status).toBe(200);
    const since = counts();
    await pause(100);
    await stop();
    await converged(all);
    for (const [index, { typed }] of all.entries()) {
      for (const word of typed.slice(since[index])) expect(all[0]!.count(word)).toBe(1);
    }
    expect(all[0]!.text.split('\n').slice(-7)).toEqual(original.slice(-7));
    expect(all[0]!.text).toContain('Something else altogether.');
  });

  test('[R14] undoing brings back exactly what the restore took, with the words of others kept', async () => {
    const { all, restore, undo, history, undoable } = await scene(10);
    for (const writer of all.slice(0, 3)) vandalise(writer);
    await converged(all);
    const before = all[0]!.text;
    const { body } = await restore();
    const shownBy = (await history())[0]!.number;
    expect(await undoable()).toEqual([{ restoreId: body.restoreId, number: shownBy }]);
    const stop = typing(all);
    await pause(150);
    const { status, body: undone } = await undo(body.restoreId);
    expect(status).toBe(200);
    expect(undone.seq).toBeGreaterThan(body.seq);
    await pause(50);
    await stop();
    await converged(all);
    for (const word of all.flatMap(({ typed }) => typed)) expect([word, all[0]!.count(word)]).toEqual([word, 1]);
    expect(all[0]!.text).toBe(before);
    expect((await history())[0]).toMatchObject({ kind: 'restored', restored: { whole: true } });
    expect(await undoable()).toEqual([]);
    expect(await undo(body.restoreId)).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
  });

  test('a tab that was offline meanwhile brings its own words, and nothing that the restore took away', async () => {
    const { all, restore } = await scene(3);
    const [ana, bo, cleo] = all as [Writer, Writer, Writer];
    const original = ana.text;
    vandalise(ana);
    await converged(all);
    bo.provider.disconnect();
    for (let index = 0; index < 20; index++) bo.type();
    expect((await restore()).status).toBe(200);
    for (let index = 0; index < 20; index++) cleo.type();
    bo.provider.connect();
    await until(() => bo.provider.synced, 'the tab to be back');
    await converged(all);
    for (const word of [...bo.typed, ...cleo.typed]) expect([word, ana.count(word)]).toEqual([word, 1]);
    expect(ana.text).toBe(original);
  });
});

describe('restoring', () => {
  test('a plan that nobody has open; the front matter too', async () => {
    const { owner, planId, restore, content, history } = await scene(0);
    const first = await content();
    const writer = new Writer(owner, planId, 'owner');
    await until(() => writer.provider.synced, 'the plan');
    vandalise(writer);
    const title = writer.ydoc.getMap('frontMatter').get('title') as Y.Text;
    title.insert(0, 'Another ');
    await until(() => writer.provider.wsconnected, 'the socket');
    const isStored = async () => (await content()).frontMatter.title === 'Another River plan';
    while (!(await isStored())) await pause(10);
    writer.provider.destroy();
    const { status, body } = await restore();
    expect([status, typeof body.restoreId]).toEqual([200, 'string']);
    const { content: text, frontMatter, seq } = await content();
    expect({ content: text, frontMatter }).toEqual({ content: first.content, frontMatter: first.frontMatter });
    expect(seq).toBe(body.seq);
    const [after, before] = await history();
    expect(after).toMatchObject({ kind: 'restored', author: owner.userId, restored: { number: 1, whole: true }, seq });
    expect(before).toMatchObject({ kind: 'before-restore', author: null });
    expect(after!.contentHash).toBe((await history()).at(-1)!.contentHash);
  });

  test('what is as it was is left alone: no update, no snapshot', async () => {
    const { restore, content, history } = await scene(0);
    const { seq } = await content();
    expect((await restore()).body).toEqual({ restoreId: null, seq });
    expect((await content()).seq).toBe(seq);
    expect(await history()).toHaveLength(1);
  });

  test('of two people who restore the same at once, one does it', async () => {
    const { all, editors, restore } = await scene(2);
    const original = all[0]!.text;
    vandalise(all[0]!);
    await converged(all);
    const answers = await Promise.all(editors.map(({ visitor }) => restore({}, visitor)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.filter(({ body }) => body.restoreId !== null)).toHaveLength(1);
    await until(() => all[1]!.text === original, 'the text to be back, once');
  });

  test('one that another restore followed is not undone: what that one brought back would come twice', async () => {
    const { all, owner, planId, restore, undo, undoable, content } = await scene(1);
    const [writer] = all as [Writer];
    const original = writer.text;
    vandalise(writer);
    const seen = JSON.stringify(readContent(writer.ydoc).toJSON());
    while (JSON.stringify((await content()).content) !== seen) await pause(20);
    const { body: named } = await owner.post(path.snapshots(planId), { label: 'Vandalised' });
    const vandalised = writer.text;
    const { body: first } = await restore();
    const { body: second } = await owner.post(path.restore(planId, named.number), {});
    expect((await undoable()) as object[]).toMatchObject([{ restoreId: second.restoreId }]);
    const refusal = { error: { code: 'conflict', hint: expect.stringContaining(`Restore snapshot ${named.number}:`) } };
    const file = new DatabaseSync(join(server.dataDir, 'commonplan.db'), { readOnly: true });
    const kept = file.prepare('SELECT id FROM restores WHERE plan_id = ? AND length(undo) > 0').all(planId);
    file.close();
    expect(kept).toEqual([{ id: second.restoreId }]);
    expect(await undo(first.restoreId)).toMatchObject({ status: 409, body: refusal });
    await until(() => writer.text === vandalised, 'the second restore');
    expect((await undo(second.restoreId)).status).toBe(200);
    await until(() => writer.text === original, 'the first restore, alone');
    expect(await undoable()).toEqual([]);
    expect(await undo(first.restoreId)).toMatchObject({ status: 409, body: refusal });
    expect(writer.text).toBe(original);
  });

  test('[R11] a plan is restored 2,000 times at most', async () => {
    const { all, planId, restore } = await scene(1);
    vandalise(all[0]!);
    const file = new DatabaseSync(join(server.dataDir, 'commonplan.db'), { timeout: 5_000 });
    const insert = file.prepare(
      "INSERT INTO restores (id, plan_id, number, user_id, time, undo) VALUES (?, ?, 1, 'eve', 0, x'')",
    );
    file.exec('BEGIN');
    for (let index = 0; index < 2_000; index++) insert.run(`${planId} ${index}`, planId);
    file.exec('COMMIT');
    const { status, body } = await restore();
    expect([status, body.error?.code]).toEqual([413, 'plan-too-large']);
    file.prepare('DELETE FROM restores WHERE id = ?').run(`${planId} 0`);
    file.close();
    expect((await restore()).status).toBe(200);
  });

  test('restored text says who restored it, and from which snapshot; what undoing brings back says so too', async () => {
    const { all, editors, restore, undo, owner, planId } = await scene(1);
    vandalise(all[0]!);
    const { visitor } = editors[0]!;
    await owner.post(path.snapshots(planId), { label: 'Vandalised' });
    const { body } = await restore({}, visitor);
    const read = async (number: number) => (await owner.get(path.snapshot(planId, number))).body;
    const { body: list } = await owner.get(path.snapshots(planId));
    const { contributions } = await read(list.snapshots[0].number);
    expect(contributions).toContainEqual(
      expect.objectContaining({ userId: visitor.userId, how: 'restored', source: '1' }),
    );
    expect(contributions).toContainEqual(expect.objectContaining({ userId: owner.userId, how: 'imported' }));
    await undo(body.restoreId, owner);
    const { body: later } = await owner.get(path.snapshots(planId));
    const [last] = later.snapshots;
    const shown = await read(last.number);
    expect(shown.contributions).toContainEqual(
      expect.objectContaining({ userId: owner.userId, how: 'restored', source: String(last.restored.number) }),
    );
  });

  test('refusals say what was expected', async () => {
    const { owner, planId, restore, undo } = await scene(0);
    const refused = async (answer: ReturnType<typeof restore>) => {
      const { status, body } = await answer;
      return [status, body.error?.code];
    };
    expect(await refused(owner.post(path.restore(planId, 99), {}))).toEqual([404, 'not-found']);
    expect(await refused(owner.post(`${path.snapshots(planId)}/one/restore`, {}))).toEqual([404, 'not-found']);
    expect(await refused(restore({ range: { from: -1, to: 4 } }))).toEqual([400, 'invalid-request']);
    expect(await refused(restore({ range: { from: 5, to: 4 } }))).toEqual([400, 'invalid-request']);
    expect(await refused(restore({ range: { from: 0, to: 1e9 } }))).toEqual([400, 'invalid-request']);
    expect(await refused(undo('no-such-restore'))).toEqual([404, 'not-found']);
    const elsewhere = await scene(0);
    await owner.patch(path.plan(planId), { archived: true });
    expect(await refused(restore())).toEqual([410, 'archived']);
    expect((await elsewhere.content()).seq).toBe(1);
  });

  test('[R11] one that would take the plan over its size is refused and leaves nothing behind', async () => {
    const small = await startTestServer({ MAX_PLAN_BYTES: '100000' });
    try {
      const owner = await small.guest('Owner');
      const planId = await owner.createPlan('Long', 'It was long. '.repeat(3_800));
      const writer = new Writer(owner, planId, 'owner');
      await until(() => writer.provider.synced, 'the plan');
      writer.ydoc.transact(() => {
        writer.ytext.delete(1, writer.ytext.length - 1);
        writer.ytext.insert(1, 'It is another. '.repeat(3_000));
      });
      const length = async () => (await owner.get(path.content(planId))).body.content.content[0].content[0].text.length;
      while ((await length()) !== 45_000) await pause(20);
      const { status, body } = await owner.post(path.restore(planId, 1), {});
      expect([status, body.error?.code]).toEqual([413, 'plan-too-large']);
      const file = new DatabaseSync(join(small.dataDir, 'commonplan.db'), { readOnly: true });
      expect(file.prepare('SELECT count(*) AS rows FROM restores').get()).toEqual({ rows: 0 });
      expect(file.prepare("SELECT count(*) AS rows FROM origins WHERE how = 'restored'").get()).toEqual({ rows: 0 });
      file.close();
    } finally {
      await small.stop();
    }
  });

  test('a restore of one plan cannot be undone in another', async () => {
    const [one, other] = [await scene(1), await scene(0)];
    vandalise(one.all[0]!);
    const text = () => one.all[0]!.text;
    await one.owner.post(path.snapshots(one.planId), { label: 'Vandalised' });
    const { body } = await one.restore();
    await until(() => text().startsWith('Water'), 'the restore');
    expect((await other.owner.post(path.undoRestore(other.planId, body.restoreId))).status).toBe(404);
    expect((await other.owner.post(path.undoRestore(one.planId, body.restoreId))).status).toBe(404);
  });
});
