/** `npm run restore`: only a whole backup, only where no server runs, and what was there before stays. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './store/database.ts';
import { startTestServer } from './test-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commonplan-restore-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(command: 'backup' | 'restore', dataDir: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${command}.ts`), ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

const titles = (file: string): unknown[] => {
  const sqlite = new DatabaseSync(file, { readOnly: true });
  const rows = sqlite.prepare('SELECT title FROM plans ORDER BY title').all();
  sqlite.close();
  return rows.map(({ title }) => title);
};

test('a running server is not touched; stopped, it has what the backup has, and the rest lies beside it', async () => {
  const server = await startTestServer();
  const ada = await server.guest('Ada');
  await ada.createPlan('Before the backup');
  const backup = join(folder, 'backup.db');
  expect(await run('backup', server.dataDir, backup)).toMatchObject({ code: 0 });
  expect(statSync(backup).mode & 0o077).toBe(0);
  // As when somebody has sent it round.
  chmodSync(backup, 0o644);
  await ada.createPlan('After the backup');
  expect(await run('restore', server.dataDir, backup)).toMatchObject({
    code: 1,
    output: expect.stringContaining(`Another server is running on ${server.dataDir}`),
  });
  expect((await ada.get('/api/plans')).body.plans).toHaveLength(2);

  // A server that was killed leaves a write-ahead log behind: it belongs to what is replaced.
  const killed = join(folder, 'killed');
  const target = openDatabase(killed);
  target.close();
  for (const end of ['', '-wal'])
    copyFileSync(join(server.dataDir, `commonplan.db${end}`), join(killed, `commonplan.db${end}`));
  const restored = await run('restore', killed, backup);
  expect(restored).toMatchObject({ code: 0, output: expect.stringContaining('Everything is as it was stored.') });
  expect(restored.output).toContain('everybody has to sign in again');
  expect(titles(join(killed, 'commonplan.db'))).toEqual(['Before the backup']);
  expect(statSync(join(killed, 'commonplan.db')).mode & 0o077).toBe(0);
  const [kept = ''] = readdirSync(killed).filter((name) => name.startsWith('commonplan-replaced-'));
  expect(titles(join(killed, kept))).toEqual(['After the backup', 'Before the backup']);
  expect(readdirSync(killed).sort()).toEqual([kept, 'commonplan.db', 'lock.db'].sort());

  const sqlite = new DatabaseSync(join(killed, 'commonplan.db'), { readOnly: true });
  expect(sqlite.prepare('SELECT actor, action FROM audit ORDER BY id DESC').get()).toEqual({
    actor: null,
    action: 'database-restored',
  });
  sqlite.close();
  expect(titles(backup)).toEqual(['Before the backup']);
  await server.stop();
});

test('a damaged backup, one of a newer program, and what is no backup are refused, and nothing changes', async () => {
  const server = await startTestServer();
  const ada = await server.guest('Ada');
  await ada.createPlan('Water');
  const backup = join(folder, 'backup.db');
  await run('backup', server.dataDir, backup);
  await server.stop();
  const dataDir = join(folder, 'data');
  openDatabase(dataDir).close();
  const before = readFileSync(join(dataDir, 'commonplan.db'));

  const changed = (name: string, sql: string): string => {
    const file = join(folder, name);
    copyFileSync(backup, file);
    const sqlite = new DatabaseSync(file);
    sqlite.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
    sqlite.close();
    return file;
  };
  const nonsense = join(folder, 'nonsense.db');
  writeFileSync(nonsense, 'This is a letter.');
  const empty = join(folder, 'empty.db');
  new DatabaseSync(empty).close();
  const cut = join(folder, 'cut.db');
  writeFileSync(cut, readFileSync(backup).subarray(0, 40_000));
  for (const [file, message] of [
    [changed('forged.db', "UPDATE snapshots SET label = 'forged'"), 'Nothing was restored'],
    [changed('newer.db', 'PRAGMA user_version = 999'), 'schema version 999'],
    [nonsense, 'no backup that can be restored'],
    [empty, 'holds no plans'],
    [cut, /malformed|damaged|no backup/],
    [join(folder, 'missing.db'), 'There is no file'],
  ] as const) {
    const { code, output } = await run('restore', dataDir, file);
    expect(code, String(message)).toBe(1);
    expect(output).toMatch(message);
    expect(readFileSync(join(dataDir, 'commonplan.db')).equals(before)).toBe(true);
    expect(existsSync(join(dataDir, 'commonplan-restoring.db'))).toBe(false);
  }
  expect(await run('restore', dataDir)).toMatchObject({
    code: 1,
    output: expect.stringContaining('npm run restore -- FILE'),
  });
});
