/** Plans as documents: created once, read, compacted without loss, opened even when the log holds what cannot be applied. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createUpdateLog, type UpdateLog } from '../store/update-log.ts';
import { decodeAttributions } from './attribution.ts';
import { createDocuments, type Documents } from './documents.ts';

vi.setConfig({ testTimeout: 120_000 });

let dataDir: string;
let database: Database;
let documents: Documents;
let updateLog: UpdateLog;
const logged: Record<string, unknown>[] = [];

function open(): void {
  database = openDatabase(dataDir);
  documents = createDocuments({
    database,
    log: pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) }),
  });
  updateLog = createUpdateLog(database);
}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'commonplan-documents-'));
  logged.length = 0;
  open();
});
afterEach(async () => {
  await documents.stop();
  database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const frontMatter = frontMatterSchema.parse({
  title: 'Commons of Ghent',
  keywords: ['commons', 'city'],
  stream: 'open-coops',
});

async function create(planId: string, ...texts: string[]): Promise<void> {
  await documents.create({
    planId,
    ownerId: 'ann',
    frontMatter,
    content: { type: 'doc', content: texts.map(paragraph) },
  });
}

async function append(planId: string, firstSeq: number, ...updates: Uint8Array[]): Promise<void> {
  const logged = updates.map((update, index) => ({ userId: 'ann', time: 1_000 * (firstSeq + index), update }));
  await updateLog.append([{ planId, firstSeq, updates: logged, claims: new Map(), schemaVersion: null }]);
}

/** Base and tail as a joining client gets them. */
async function replica(planId: string): Promise<Y.Doc> {
  const loaded = (await updateLog.load(planId))!;
  const ydoc = new Y.Doc();
  Y.applyUpdate(ydoc, loaded.base.state);
  for (const { update } of loaded.tail) Y.applyUpdate(ydoc, update);
  return ydoc;
}

test('[R6] a plan is created with its owner, its first base and its digest at once, or not at all', async () => {
  await create('p1', 'Two words.', 'Three more words.');
  const { sqlite } = database;
  expect(sqlite.prepare('SELECT title, keywords, stream, words, digest_seq FROM plans').get()).toEqual({
    ...{ title: 'Commons of Ghent', keywords: 'commons\ncity', stream: 'open-coops', words: 5, digest_seq: 1 },
  });
  expect(sqlite.prepare('SELECT user_id, role FROM members').all()).toEqual([{ user_id: 'ann', role: 'owner' }]);
  const { content, seq } = await documents.materialise('p1');
  expect([content.content, seq]).toEqual([
    [paragraph('Two words.'), paragraph('Three more words.')].map((p) =>
      expect.objectContaining({ content: p.content }),
    ),
    1,
  ]);
  await expect(create('p1', 'again')).rejects.toThrow('UNIQUE');
  expect(sqlite.prepare('SELECT count(*) AS n FROM bases').get()!.n).toBe(1);
});

test('content outside the schema is refused with a sentence, and nothing is created', async () => {
  const content = { type: 'doc', content: [{ type: 'marquee' }] };
  await expect(documents.create({ planId: 'p1', ownerId: 'ann', frontMatter, content })).rejects.toMatchObject({
    code: 'invalid-document',
  });
  expect(database.sqlite.prepare('SELECT count(*) AS n FROM plans').get()!.n).toBe(0);
  await expect(documents.materialise('p1')).rejects.toMatchObject({ code: 'not-found' });
});

test('the digest follows the text', async () => {
  await create('p1', 'Old.');
  const ydoc = await replica('p1');
  const vector = Y.encodeStateVector(ydoc);
  (ydoc.getMap('frontMatter').get('title') as Y.Text).insert(0, 'New ');
  ydoc.getText('content').insert(1, 'many more words than ');
  expect(await documents.lagging()).toEqual([]);
  await append('p1', 2, Y.encodeStateAsUpdate(ydoc, vector));
  expect(await documents.lagging()).toEqual(['p1']);
  await documents.digest('p1');
  expect(await documents.lagging()).toEqual([]);
  expect(database.sqlite.prepare('SELECT title, words, updated_at, digest_seq FROM plans').get()).toEqual({
    ...{ title: 'New Commons of Ghent', words: 5, updated_at: 2_000, digest_seq: 2 },
  });
});

test('[R5] a compaction deletes exactly what it merged, keeps two bases, and says who wrote it', async () => {
  await create('p1', 'Base.');
  for (let round = 0; round < 4; round++) {
    const ydoc = await replica('p1');
    const vector = Y.encodeStateVector(ydoc);
    ydoc.getText('test').insert(0, `round ${round} `);
    await append('p1', 2 + round, Y.encodeStateAsUpdate(ydoc, vector));
    const { seq } = await documents.compact('p1');
    expect(seq).toBe(2 + round);
    expect(database.sqlite.prepare('SELECT count(*) AS n FROM updates').get()!.n).toBe(0);
  }
  expect(
    database.sqlite
      .prepare('SELECT seq FROM bases ORDER BY seq')
      .all()
      .map(({ seq }) => seq),
  ).toEqual([4, 5]);
  expect((await replica('p1')).getText('test').toString()).toBe('round 3 round 2 round 1 round 0 ');
  const attributions = database.sqlite
    .prepare('SELECT data FROM attributions ORDER BY last_seq')
    .all()
    .flatMap(({ data }) => decodeAttributions(data as Uint8Array));
  expect(attributions.map(({ userId, seq }) => [userId, seq])).toEqual([1, 2, 3, 4, 5].map((seq) => ['ann', seq]));
  expect(attributions.slice(1).map(({ inserted }) => inserted.reduce((sum, { length }) => sum + length, 0))).toEqual([
    8, 8, 8, 8,
  ]);
});

test('[R5] of two compactions at once, one counts', async () => {
  await create('p1', 'Base.');
  const ydoc = await replica('p1');
  ydoc.getText('test').insert(0, 'x');
  await append('p1', 2, Y.encodeStateAsUpdate(ydoc));
  const bases = await Promise.all([documents.compact('p1'), documents.compact('p1'), documents.compact('p1')]);
  expect(bases.map(({ seq }) => seq)).toEqual([2, 2, 2]);
  expect(database.sqlite.prepare('SELECT count(*) AS n FROM attributions WHERE last_seq = 2').get()!.n).toBe(1);
});

test('[R5] updates that arrive while a compaction is under way stay', async () => {
  await create('p1', 'Base.');
  const ydoc = await replica('p1');
  const updates: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => updates.push(update));
  for (let index = 0; index < 10; index++) ydoc.getText('test').insert(0, `${index} `);
  await append('p1', 2, ...updates.slice(0, 5));
  const compaction = documents.compact('p1');
  await append('p1', 7, ...updates.slice(5));
  await compaction;
  expect((await replica('p1')).getText('test').toString()).toBe('9 8 7 6 5 4 3 2 1 0 ');
});

test('[R5] whatever is appended, compacted and reopened in whatever order, the replay is what the writers have', async () => {
  let plans = 0;
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('edit' as const),
        writer: fc.nat(2),
        at: fc.nat(),
        text: fc.string({ maxLength: 5 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('delete' as const),
        writer: fc.nat(2),
        at: fc.nat(),
        text: fc.constant(''),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('sync' as const),
        writer: fc.nat(2),
        at: fc.nat(),
        text: fc.constant(''),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'compact' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'compact, killed before its transaction' as const }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const planId = `random-${++plans}`;
      await create(planId, 'Start.');
      const base = (await updateLog.load(planId))!.base.state;
      const oracle = new Y.Doc();
      Y.applyUpdate(oracle, base);
      const writers = [0, 1, 2].map(() => {
        const ydoc = new Y.Doc();
        Y.applyUpdate(ydoc, base);
        return ydoc;
      });
      let seq = 1;
      for (const action of steps) {
        if (action.kind === 'compact') {
          await documents.compact(planId);
        } else if (action.kind === 'compact, killed before its transaction') {
          // What a kill leaves behind is a transaction that was never committed.
          database.sqlite.exec('BEGIN');
          database.sqlite.prepare('DELETE FROM updates WHERE plan_id = ?').run(planId);
          database.sqlite.exec('ROLLBACK');
        } else {
          const writer = writers[action.writer]!;
          const text = writer.getText('test');
          const vector = Y.encodeStateVector(writer);
          if (action.kind === 'sync') {
            Y.applyUpdate(writer, Y.encodeStateAsUpdate(oracle, vector));
            continue;
          }
          const at = text.length === 0 ? 0 : action.at % text.length;
          if (action.kind === 'edit') text.insert(at, action.text || 'x');
          else if (text.length > 0) text.delete(at, 1);
          const update = Y.encodeStateAsUpdate(writer, vector);
          await append(planId, ++seq, update);
          Y.applyUpdate(oracle, update);
        }
        const replayed = await replica(planId);
        expect(Y.equalSnapshots(Y.snapshot(replayed), Y.snapshot(oracle))).toBe(true);
        expect(replayed.getText('test').toString()).toBe(oracle.getText('test').toString());
      }
    }),
    { numRuns: 30 },
  );
});

test('[R8] an update that cannot be applied is set aside: the plan opens, the operator and the room are told', async () => {
  await create('p1', 'Kept.');
  const ydoc = await replica('p1');
  const updates: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => updates.push(update));
  ydoc.getText('test').insert(0, 'before ');
  ydoc.getText('test').insert(0, 'after ');
  await append('p1', 2, updates[0]!, Uint8Array.of(1, 2, 3, 255), updates[1]!);
  const told: [string, string[]][] = [];
  documents.onSetAside((planId, authors) => void told.push([planId, [...authors]]));

  const { seq } = await documents.materialise('p1');
  expect(seq).toBe(4);
  expect(told).toEqual([['p1', ['ann']]]);
  expect(logged.some(({ msg }) => msg === 'updates that cannot be applied were set aside')).toBe(true);
  expect(database.sqlite.prepare('SELECT plan_id, seq, user_id, update_bytes FROM set_aside').all()).toEqual([
    { plan_id: 'p1', seq: 3, user_id: 'ann', update_bytes: Uint8Array.of(1, 2, 3, 255) },
  ]);
  expect((await replica('p1')).getText('test').toString()).toBe('after before ');
  expect((await documents.compact('p1')).seq).toBe(4);
  expect((await replica('p1')).getText('test').toString()).toBe('after before ');
});

test('Markdown goes in by a worker', async () => {
  const { frontMatter: read, content } = await documents.importFile({
    bytes: Buffer.from('# A title\n\nText with *emphasis*.\n'),
    format: 'md',
    wiki: null,
  });
  await documents.create({ planId: 'p1', ownerId: 'ann', frontMatter: read, content });
  const plan = await documents.materialise('p1');
  expect(plan.frontMatter.title).toBe('A title');
  expect(JSON.stringify(plan.content)).toContain('emphasis');
});
