/** The database opens for one server, migrated and set as the rules ask, or not at all. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './database.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'commonplan-database-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const plan = {
  id: 'p1',
  generation: 'g1',
  schema_version: 1,
  created_at: 1,
  created_by: 'u1',
  archived_at: null,
  title: 'A plan',
  subtitle: '',
  place: '',
  keywords: '',
  status: 'draft',
  language: 'en',
  stream: null,
  words: 0,
  updated_at: 1,
  digest_seq: 0,
} as const;

test('a directory that does not exist is made, and what is written is there after opening again', async () => {
  const nested = join(dataDir, 'a', 'b');
  const first = openDatabase(nested);
  await first.kysely.insertInto('plans').values(plan).execute();
  first.close();
  const second = openDatabase(nested);
  expect(await second.kysely.selectFrom('plans').selectAll().execute()).toMatchObject([plan]);
  second.close();
});

test('commits go to a write-ahead log that this connection neither checkpoints nor syncs', () => {
  const { sqlite, close } = openDatabase(dataDir);
  const pragma = (name: string) => Object.values(sqlite.prepare(`PRAGMA ${name}`).get()!)[0];
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('wal_autocheckpoint'), pragma('foreign_keys')]).toEqual(
    ['wal', 1, 0, 1],
  );
  close();
});

test('a second server on the same directory is refused with the directory in the message', () => {
  const first = openDatabase(dataDir);
  expect(() => openDatabase(dataDir)).toThrow(`Another server is running on ${dataDir}`);
  const program = `import { openDatabase } from '${join(import.meta.dirname, 'database.ts')}'; openDatabase(process.argv[1]);`;
  const other = spawnSync(process.execPath, ['--input-type=module', '-e', program, dataDir], { encoding: 'utf8' });
  expect(other.status).not.toBe(0);
  expect(other.stderr).toContain('Another server is running');
  first.close();
  openDatabase(dataDir).close();
});

test('a database that a newer program wrote is refused and left as it is', () => {
  openDatabase(dataDir).close();
  const file = join(dataDir, 'commonplan.db');
  const raw = new DatabaseSync(file);
  raw.exec('PRAGMA user_version = 999');
  raw.close();
  expect(() => openDatabase(dataDir)).toThrow('schema version 999');
  expect(() => openDatabase(dataDir)).toThrow('restore a backup');
});

test('a failed transaction leaves nothing behind and the connection usable', async () => {
  const { kysely, close } = openDatabase(dataDir);
  const failing = kysely.transaction().execute(async (transaction) => {
    await transaction.insertInto('plans').values(plan).execute();
    await transaction.insertInto('members').values({ plan_id: 'p2', user_id: 'u1', role: 'owner', since: 1 }).execute();
  });
  await expect(failing).rejects.toThrow('FOREIGN KEY');
  expect(await kysely.selectFrom('plans').selectAll().execute()).toEqual([]);
  close();
});

test('before a newer program changes it, the database is kept as it was', () => {
  const file = join(dataDir, 'commonplan.db');
  // What the program made whose schema had two steps.
  const old = new DatabaseSync(file);
  old.exec(
    `CREATE TABLE plans (id TEXT PRIMARY KEY, title TEXT) STRICT; INSERT INTO plans VALUES ('p1', 'Old'); PRAGMA user_version = 2`,
  );
  old.close();
  // Its next step fails, so that both are seen: the copy, and that nothing of the upgrade was kept.
  expect(() => openDatabase(dataDir)).toThrow('Migration 3');
  const [kept = ''] = readdirSync(dataDir).filter((name) => name.startsWith('commonplan-before-upgrade-2-to-'));
  for (const each of [file, join(dataDir, kept)]) {
    const sqlite = new DatabaseSync(each, { readOnly: true });
    expect(sqlite.prepare('SELECT * FROM plans').all()).toEqual([{ id: 'p1', title: 'Old' }]);
    expect(sqlite.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
    sqlite.close();
  }
  expect(() => openDatabase(dataDir)).toThrow('Migration 3');
});
