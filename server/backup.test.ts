/** A backup taken while people write can be put in the place of the database, and says what it cannot do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './store/database.ts';
import { startTestServer } from './test-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commonplan-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function backUp(dataDir: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'backup.ts'), ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

test('the copy of a running server holds every plan', async () => {
  const server = await startTestServer();
  const ada = await server.guest('Ada');
  const planId = await ada.createPlan('Before the backup', 'Words that must survive.');
  const file = join(folder, 'copy.db');
  expect(await backUp(server.dataDir, file)).toMatchObject({ code: 0 });
  await server.stop();

  mkdirSync(join(folder, 'restored'));
  copyFileSync(file, join(folder, 'restored/commonplan.db'));
  const restored = openDatabase(join(folder, 'restored'));
  const plans = await restored.kysely.selectFrom('plans').select(['id', 'title']).execute();
  restored.close();
  expect(plans).toEqual([{ id: planId, title: 'Before the backup' }]);
});

test('says what it expected, and never writes over a file', async () => {
  const missing = join(folder, 'no-such-folder');
  expect(await backUp(missing)).toMatchObject({ code: 1, output: expect.stringContaining('npm run backup -- FILE') });
  expect(await backUp(missing, join(folder, 'a.db'))).toMatchObject({
    code: 1,
    output: expect.stringContaining(missing),
  });
  openDatabase(folder).close();
  const taken = join(folder, 'commonplan.db');
  expect(await backUp(folder, taken)).toMatchObject({ code: 1, output: expect.stringContaining('exists already') });
});

test("the data folder is its owner's alone", () => {
  const dataDir = join(folder, 'data');
  openDatabase(dataDir).close();
  expect(statSync(dataDir).mode & 0o077).toBe(0);
});
