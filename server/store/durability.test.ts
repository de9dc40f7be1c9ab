/** The write-ahead log is written back as far as readers allow, and says how much they do not. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { openDurability } from './durability.ts';

test('a reader that does not end holds the log up, and is told of; when it ends the log starts anew and grows no more', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'commonplan-durability-'));
  const database = openDatabase(dataDir);
  const durability = openDurability(database);
  const { sqlite, file } = database;
  const write = (megabytes: number): void => {
    for (let written = 0; written < megabytes; written++)
      sqlite.exec('DELETE FROM filler; INSERT INTO filler VALUES (randomblob(1048576))');
  };
  const logBytes = (): number => statSync(`${file}-wal`).size;
  sqlite.exec('CREATE TABLE filler (bytes BLOB)');
  write(1);
  expect(await durability.checkpoint()).toBe(0);

  const reader = new DatabaseSync(file, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM filler').get();
  write(20);
  expect(await durability.checkpoint()).toBeGreaterThan(16 * 1024 * 1024);
  const held = logBytes();
  reader.exec('ROLLBACK');
  reader.close();

  for (let round = 0; round < 5; round++) {
    expect(await durability.checkpoint()).toBe(0);
    write(4);
  }
  expect(logBytes()).toBeLessThanOrEqual(held);
  await durability.stop();
  database.close();
  rmSync(dataDir, { recursive: true });
});
