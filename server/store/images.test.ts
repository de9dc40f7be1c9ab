/** Pictures in the database: each once, for as long as a plan has it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { findImage, imageBytes, insertImages, readImage, type StoredImage } from './images.ts';

const folder = mkdtempSync(join(tmpdir(), 'commonplan-'));
let database: Database;
beforeAll(() => {
  database = openDatabase(folder);
  const plan = database.sqlite.prepare(
    `INSERT INTO plans (id, generation, schema_version, created_at, created_by, title, subtitle, place, keywords, status, language, words,
       updated_at, digest_seq) VALUES (?, '', 1, 0, 'u', '', '', '', '', 'draft', 'en', 0, 0, 1)`,
  );
  for (const id of ['one', 'other']) plan.run(id);
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const image = (hash: string, length: number): StoredImage => ({
  ...{ hash, mediaType: 'image/png', width: 1, height: 1 },
  bytes: new Uint8Array(length),
});

test('[R24] a picture is kept once for all of its plans, and goes with the last of them', () => {
  const { sqlite } = database;
  const by = { userId: 'u', time: 0 };
  insertImages(sqlite, 'one', [image('a', 10), image('b', 5), image('a', 10)], by);
  insertImages(sqlite, 'other', [image('a', 10)], by);
  expect([imageBytes(sqlite, 'one'), imageBytes(sqlite, 'other'), imageBytes(sqlite, 'none')]).toEqual([15, 10, 0]);
  expect(readImage(sqlite, 'other', 'b')).toBeUndefined();
  sqlite.exec("DELETE FROM plans WHERE id = 'one'");
  expect([findImage(sqlite, 'a')?.bytes.length, findImage(sqlite, 'b')]).toEqual([10, undefined]);
  sqlite.exec("DELETE FROM plans WHERE id = 'other'");
  expect(findImage(sqlite, 'a')).toBeUndefined();
});
