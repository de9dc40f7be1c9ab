/** Snapshots on a real database: what is taken and what is not, that each opens as it was, and that no byte of one changes unseen. */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { CommonplanError } from '../../shared/errors.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { readChain, readEntry, readLinks, type SnapshotEntry } from '../store/snapshots.ts';
import { canonicalDocument, entryHash, sha256 } from './entry.ts';
import { readSnapshot } from './stored.ts';
import { cleanUp, DAY, HOUR, TestHistory, type TestPlan } from './test-history.ts';
import { verifyChain } from './verify-chain.ts';

afterEach(cleanUp);

const chainOf = ({ database }: TestHistory, { planId }: TestPlan): SnapshotEntry[] =>
  readChain(database.sqlite, planId);
const textOf = ({ database }: TestHistory, { planId }: TestPlan, number: number): string =>
  JSON.stringify(readSnapshot(database.sqlite, planId, number).document.content);

describe('taking', () => {
  test('every plan begins with a snapshot of its own making, in the transaction that makes it', async () => {
    const history = new TestHistory();
    const plan = await history.createPlan('Once upon a time');
    const [first, ...rest] = chainOf(history, plan);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ number: 1, kind: 'created', seq: 1, author: 'ann', previousHash: null, words: 4 });
    expect(first!.shares).toEqual([{ userId: 'ann', characters: expect.any(Number) }]);
    expect(history.snapshots.ahead()).toEqual([]);
  });

  test('nothing is taken when nothing changed, nor when what changed was changed back', async () => {
    const history = new TestHistory();
    const plan = await history.createPlan();
    expect(await plan.take('idle')).toBeNull();
    await plan.edit('bob', (ytext) => ytext.insert(1, 'XYZ'));
    await plan.edit('bob', (ytext) => ytext.delete(1, 3));
    expect(await plan.take('interval')).toBeNull();
    expect(chainOf(history, plan)).toHaveLength(1);
  });

  test("a label is news after an automatic snapshot, but not after another person's of the same text", async () => {
    const history = new TestHistory();
    const plan = await history.createPlan();
    const named = { author: 'ann', label: 'For the council', note: 'First reading' };
    expect(await history.snapshots.takeNamed(plan.planId, named)).toMatchObject({ number: 2, kind: 'named', ...named });
    const refused = history.snapshots.takeNamed(plan.planId, { ...named, label: 'Again' });
    await expect(refused).rejects.toThrow('Nothing has changed since snapshot 2, “For the council”.');
    await expect(refused).rejects.toMatchObject({ code: 'nothing-changed' });
    await plan.type(' there was');
    expect(await history.snapshots.takeNamed(plan.planId, { ...named, label: 'Again' })).toMatchObject({ number: 3 });
  });

  test('[R11] a plan has a most of labels, and says so', async () => {
    const history = new TestHistory();
    const plan = await history.createPlan();
    history.database.sqlite.exec(
      `WITH RECURSIVE n(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM n WHERE x < 2001)
       INSERT INTO snapshots SELECT plan_id, x, 'named', time, seq, author, label, note, contributors, NULL, NULL, content_hash,
         authorship_hash, previous_hash, hash, words, shares FROM snapshots, n`,
    );
    const named = history.snapshots.takeNamed(plan.planId, { author: 'ann', label: 'One more', note: '' });
    await expect(named).rejects.toMatchObject({ code: 'plan-too-large' });
    await expect(named).rejects.toThrow('This plan has 2000 snapshots with a label');
  });

  test('a restore is noted even where it brings back what the snapshot before holds', async () => {
    const history = new TestHistory();
    const plan = await history.createPlan();
    const restored = { number: 1, whole: true };
    const entry = await history.snapshots.take(plan.planId, { kind: 'restored', author: 'bob', restored });
    expect(entry).toMatchObject({ number: 2, kind: 'restored', author: 'bob', restored });
  });

  test('many at once make one chain, in order, each with what was written when it was asked for', async () => {
    const history = new TestHistory();
    const plan = await history.createPlan();
    const taken: Promise<SnapshotEntry | null>[] = [];
    for (let index = 0; index < 12; index++) {
      await plan.type(` word${index}`);
      taken.push(plan.take(index % 3 === 0 ? 'named' : 'idle', { label: `label ${index}` }));
    }
    const entries = (await Promise.all(taken)).filter((entry) => entry !== null);
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 2));
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 2));
    for (const { number, seq } of entries) {
      expect(textOf(history, plan, number)).toContain(`word${seq - 2}`);
      expect(textOf(history, plan, number)).not.toContain(`word${seq - 1}`);
    }
    expect(verifyChain(history.database.sqlite, plan.planId).problems).toEqual([]);
  });

  test('the state before an update can be taken after it, as long as it is not merged into a base', async () => {
    const history = new TestHistory();
    const plan = await history.createPlan('Precious words');
    await plan.edit('bob', (ytext) => ytext.delete(0, ytext.length));
    await plan.type('Nothing left');
    await plan.take('before-deletion', { upTo: 1 });
    // Snapshot 1 holds it already.
    expect(chainOf(history, plan)).toHaveLength(1);
    await plan.type('!');
    expect(await plan.take('before-merge', { upTo: plan.seq - 1 })).toMatchObject({ seq: plan.seq - 1 });
    await plan.type('!');
    await history.documents.compact(plan.planId);
    await plan.take('idle');
    await plan.type('!');
    await history.documents.compact(plan.planId);
    expect(await plan.take('before-deletion', { upTo: plan.seq - 1 })).toBeNull();
  });

  test('who contributed since the snapshot before, and whose the text is, is in each', async () => {
    const history = new TestHistory();
    const plan = await history.createPlan('Ann wrote');
    await plan.type(' and Bob added', 'bob');
    const entry = await plan.take();
    expect(entry!.contributors).toEqual([{ userId: 'bob', inserted: 14, deleted: 0 }]);
    expect(new Map(entry!.shares.map(({ userId, characters }) => [userId, characters])).get('bob')).toBe(14);
    await plan.edit('cho', (ytext) => ytext.delete(ytext.length - 5, 5));
    expect((await plan.take())!.contributors).toEqual([{ userId: 'cho', inserted: 0, deleted: 5 }]);
  });

  test('an unknown plan is not found, and a failed take does not hold up the next', async () => {
    const history = new TestHistory();
    const plan = await history.createPlan();
    await expect(history.snapshots.take('no-such-plan', { kind: 'idle', author: null })).rejects.toMatchObject({
      code: 'not-found',
    });
    await plan.type(' more');
    const { sqlite } = history.database;
    sqlite.exec("CREATE TRIGGER full BEFORE INSERT ON snapshot_contents BEGIN SELECT raise(ABORT, 'disk full'); END");
    await expect(plan.take()).rejects.toThrow('disk full');
    // All or nothing: no entry without its content.
    expect(chainOf(history, plan)).toHaveLength(1);
    expect(history.snapshots.ahead()).toEqual([plan.planId]);
    sqlite.exec('DROP TRIGGER full');
    expect(await plan.take()).toMatchObject({ number: 2 });
    expect(history.snapshots.ahead()).toEqual([]);
  });
});

describe('what was taken', () => {
  test('[R15] opens byte for byte as it was after thousands of edits, compactions, thinning and a restart', {
    timeout: 240_000,
  }, async () => {
    const history = new TestHistory();
    const plan = await history.createPlan();
    const kept = new Map<number, Buffer>();
    const random = fc.sample(fc.integer({ min: 0, max: 1_000_000 }), { numRuns: 2_000, seed: 7 });
    for (const [index, value] of random.entries()) {
      await plan.edit(['ann', 'bob', 'cho'][value % 3]!, (ytext) => {
        const at = value % (ytext.length + 1);
        if (value % 4 === 0) ytext.delete(at, Math.min(5, ytext.length - at));
        else if (value % 4 === 1) ytext.format(at, Math.min(9, ytext.length - at), { bold: value % 8 === 1 || null });
        else ytext.insert(at, `word${value} `);
      });
      history.now += 30 * 60_000;
      if (index % 40 === 39) {
        const entry = await plan.take(index % 400 === 399 ? 'named' : 'idle', { label: 'A label' });
        kept.set(entry!.number, readSnapshot(history.database.sqlite, plan.planId, entry!.number).canonical);
      }
      if (index % 450 === 449) await history.documents.compact(plan.planId);
    }
    expect(kept.size).toBe(50);
    const opensAsItWas = (): void => {
      for (const [number, canonical] of kept) {
        expect(readSnapshot(history.database.sqlite, plan.planId, number).canonical.equals(canonical)).toBe(true);
      }
    };
    opensAsItWas();
    // From here on as if two months had gone by.
    await history.snapshots.thin(history.now + 60 * DAY);
    const held = new Set(readLinks(history.database.sqlite, plan.planId).map(({ number }) => number));
    expect(held.size).toBeLessThan(20);
    for (const number of kept.keys()) if (!held.has(number)) kept.delete(number);
    opensAsItWas();
    await history.documents.compact(plan.planId);
    await history.restart();
    opensAsItWas();
    expect(verifyChain(history.database.sqlite, plan.planId)).toMatchObject({ snapshots: 51, problems: [] });
  });

  test('is hashed as README.md says', async () => {
    const history = new TestHistory();
    const plan = await history.createPlan();
    await plan.type(' and ever after');
    await plan.take('named', { label: 'Label' });
    const { document, canonical, entry, authorship } = readSnapshot(history.database.sqlite, plan.planId, 2);
    expect(document.schema).toBe(SCHEMA_VERSION);
    expect(canonicalDocument(document).equals(canonical)).toBe(true);
    expect([sha256(canonical), sha256(authorship)]).toEqual([entry.contentHash, entry.authorshipHash]);
    expect(entryHash(entry)).toBe(entry.hash);
    expect(entry.previousHash).toBe(readSnapshot(history.database.sqlite, plan.planId, 1).entry.hash);
  });

  test('may hold half a character that hostile formatting brought', async () => {
    const history = new TestHistory();
    const plan = await history.createPlan('A link');
    await plan.edit('bob', (ytext) => ytext.format(1, 3, { link: { href: 'https://example.org/', title: 'x\ud800' } }));
    const entry = await plan.take();
    expect(entry).not.toBeNull();
    expect(textOf(history, plan, 2)).toContain('x\ufffd');
  });

  test('of another plan is not found under this one', async () => {
    const history = new TestHistory();
    const one = await history.createPlan();
    const other = await history.createPlan();
    await one.type('more');
    await one.take();
    expect(() => readSnapshot(history.database.sqlite, other.planId, 2)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    for (const number of [0, -1, 3, 1.5]) {
      expect(() => readSnapshot(history.database.sqlite, one.planId, number)).toThrow(
        expect.objectContaining({ code: 'not-found' }),
      );
    }
  });
});

const SWAP =
  'UPDATE snapshots SET number = number + 100; UPDATE snapshots SET number = CASE number WHEN 102 THEN 3 WHEN 103 THEN 2 ELSE number - 100 END';
const REHASH = "UPDATE snapshots SET label = 'other', hash = '$HASH' WHERE number = 2";

describe('damage', () => {
  /** A plan with snapshots 1 to 4. */
  async function scene(): Promise<{ history: TestHistory; plan: TestPlan }> {
    const history = new TestHistory();
    const plan = await history.createPlan();
    for (const word of ['one', 'two', 'three']) {
      await plan.type(` ${word}`, word);
      history.now += HOUR;
      await plan.take('named', { label: word });
    }
    return { history, plan };
  }

  test('[R15] of any byte of a row is found by reading and by verifying, or what is read is the same', async () => {
    const { history, plan } = await scene();
    const { sqlite } = history.database;
    const columns = {
      snapshots: [
        ...['kind', 'time', 'seq', 'author', 'label', 'note', 'contributors', 'restored_number', 'restored_whole'],
        ...['content_hash', 'authorship_hash', 'previous_hash', 'hash', 'words', 'shares'],
      ],
      snapshot_contents: ['document', 'authorship', 'dictionary'],
    };
    const places = Object.entries(columns).flatMap(([table, names]) => names.map((name) => ({ table, name })));
    const show = (number: number): unknown => {
      const { entry, canonical, authorship } = readSnapshot(sqlite, plan.planId, number);
      return [entry, canonical.toString('utf8'), Buffer.from(authorship).toString('hex')];
    };
    let found = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        ({ table, name }, number, position, mask) => {
          const before = show(number);
          sqlite.exec('SAVEPOINT tampering');
          try {
            const where = `WHERE plan_id = '${plan.planId}' AND number = ${number}`;
            const value = sqlite.prepare(`SELECT ${name} AS value FROM ${table} ${where}`).get()!.value!;
            const changed = tamper(value, position, mask);
            sqlite.prepare(`UPDATE ${table} SET ${name} = ? ${where}`).run(changed);
            let after: unknown;
            try {
              after = show(number);
            } catch (error) {
              expect(error).toMatchObject({ code: 'snapshot-damaged' });
              expect((error as CommonplanError).message).toMatch(/^Snapshot \d is not what was stored: /);
              expect(verifyChain(sqlite, plan.planId).problems.join()).toMatch(/snapshot \d: /);
              found++;
              return;
            }
            expect(after).toEqual(before);
          } finally {
            sqlite.exec('ROLLBACK TO tampering; RELEASE tampering');
          }
        },
      ),
      { numRuns: 1_500 },
    );
    expect(found).toBeGreaterThan(1_000);
    expect(verifyChain(sqlite, plan.planId).problems).toEqual([]);
  });

  test.each([
    ['an entry that is gone', 'DELETE FROM snapshots WHERE number = 2', 'snapshot 2: it is missing.'],
    ['a content that is gone', 'DELETE FROM snapshot_contents WHERE number = 3', 'snapshot 3: its content is gone'],
    ['entries that changed places', SWAP, 'snapshot 2: its entry is not what was hashed.'],
    ['a chain that was continued otherwise', REHASH, 'snapshot 3: it does not follow the one before it.'],
    ['a dictionary that goes round', 'UPDATE snapshot_contents SET dictionary = 3 WHERE number = 3', 'snapshot 3: '],
  ])('%s is found', async (_what, sql, expected) => {
    const { history, plan } = await scene();
    const { sqlite } = history.database;
    sqlite.exec('PRAGMA foreign_keys = OFF');
    sqlite.exec(sql.replaceAll('$HASH', entryHash({ ...readEntry(sqlite, plan.planId, 2)!, label: 'other' })));
    expect(verifyChain(sqlite, plan.planId).problems.join('\n')).toContain(expected);
  });

  test('of the latest one does not keep the history from going on', async () => {
    const { history, plan } = await scene();
    history.database.sqlite.exec(`
      UPDATE snapshot_contents SET document = x'00' WHERE number = 4; UPDATE snapshots SET shares = '[' WHERE number = 4`);
    await plan.type(' four', 'dan');
    const entry = await plan.take();
    expect(entry).toMatchObject({ number: 5, contributors: [{ userId: 'dan' }] });
    expect(textOf(history, plan, 5)).toContain('four');
    expect(verifyChain(history.database.sqlite, plan.planId).problems).toEqual([
      'snapshot 4: its entry is not what was hashed.',
      'snapshot 4: its content cannot be unpacked.',
    ]);
  });
});

function tamper(value: unknown, position: number, mask: number): Uint8Array | string | number {
  if (typeof value === 'number') return value + mask;
  if (value instanceof Uint8Array) {
    const bytes = Uint8Array.from(value);
    if (bytes.length > 0) bytes[position % bytes.length]! ^= mask;
    return bytes;
  }
  if (typeof value !== 'string' || value === '') return typeof value === 'string' ? 'x' : mask;
  const at = position % value.length;
  return value.slice(0, at) + String.fromCharCode(33 + (mask % 90)) + value.slice(at + 1);
}
