/** `npm run verify` on the database of a server that runs: silent about what is well, and in plain words about every kind of damage. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { path } from '../shared/api.ts';
import { imageAddress } from '../shared/schema/image-address.ts';
import { verifyPlan } from './documents/verify-plan.ts';
import { missingImages, verifyImages } from './images/verify-images.ts';
import { verifyChain } from './snapshots/verify-chain.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const VERIFY = fileURLToPath(new URL('./verify.ts', import.meta.url));

let server: TestServer;
let planId: string;
beforeAll(async () => {
  server = await startTestServer();
  const ana = await server.guest('Ana');
  planId = await ana.createPlan('Water plan', 'The river is everybody’s.');
  await ana.createPlan('Empty plan');
  await ana.post(path.snapshots(planId), { label: 'For the council' });
});
afterAll(() => server.stop());

function verify(...options: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [VERIFY, ...options], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** A copy of the running server's database in a folder of its own. */
function copyDatabase(): string {
  const file = join(mkdtempSync(join(server.dataDir, 'copy-')), 'commonplan.db');
  const source = new DatabaseSync(join(server.dataDir, 'commonplan.db'), { readOnly: true });
  source.exec(`VACUUM INTO '${file}'`);
  source.close();
  return file;
}

/** Opens a copy on which something was done that only a person with a shell, or a disk, can do. */
function damaged(sql: string): { sqlite: DatabaseSync; file: string } {
  const file = copyDatabase();
  const sqlite = new DatabaseSync(file);
  sqlite.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  return { sqlite, file };
}

test('[R15] finds nothing where nothing is damaged, while the server runs, and changes nothing', () => {
  const { status, output } = verify('--data', server.dataDir);
  expect(output).toBe(
    `${join(server.dataDir, 'commonplan.db')}: 2 plans with 2 updates, 3 snapshots.\nEverything is as it was stored.\n`,
  );
  expect(status).toBe(0);
});

test('reads a backup, and a server that is stopped', () => {
  const expected = {
    status: 0,
    output: expect.stringContaining(': 2 plans with 2 updates, 3 snapshots.\nEverything is'),
  };
  const file = copyDatabase();
  expect(verify('--data', file)).toEqual(expected);
  // As a server leaves it.
  const sqlite = new DatabaseSync(file);
  sqlite.exec('PRAGMA journal_mode = WAL');
  sqlite.close();
  expect(verify('--data', dirname(file))).toEqual(expected);
});

test('[R15] says in which plan the damage is, counts it, and ends with 1', () => {
  const { sqlite, file } = damaged("UPDATE snapshots SET label = 'x' WHERE number = 2; UPDATE plans SET words = 99");
  sqlite.close();
  const { status, output } = verify('--data', file);
  expect(output).toContain(`plan ${planId} (“Water plan”): snapshot 2: its entry is not what was hashed.\n`);
  expect(output).toMatch(/^plan \w+ \(“Empty plan”\): the list of plans says “Empty plan” with 99 words/m);
  expect(output).toMatch(/3 problems found\.\n$/);
  expect(status).toBe(1);
});

describe('[R15] finds', () => {
  test.each([
    [
      'a changed label',
      "UPDATE snapshots SET label = 'x' WHERE number = 2",
      'snapshot 2: its entry is not what was hashed.',
    ],
    ['a content that is gone', 'DELETE FROM snapshot_contents WHERE number = 2', 'snapshot 2: its content is gone'],
    ['a changed content', "UPDATE snapshot_contents SET document = x'28b52ffd0000' WHERE number = 1", 'snapshot 1: '],
    ['a missing entry', 'DELETE FROM snapshots WHERE number = 1', 'snapshot 1: it is missing.'],
    [
      'a base that is another',
      "UPDATE bases SET state_vector = x'00'",
      'its base at update 1 is not what is stored beside it.',
    ],
    ['a base that is no base', "UPDATE bases SET state = x'ff'", 'the plan cannot be read: '],
    [
      'a log that does not begin after the base',
      "INSERT INTO updates SELECT id, 5, 1, x'01' FROM plans",
      'the plan cannot be read: ',
    ],
    [
      'records of authors that are gone',
      'DELETE FROM attributions',
      'who wrote what is told up to update 0, expected 1.',
    ],
    [
      'a list that says something else',
      "UPDATE plans SET words = 99, title = 'Forged'",
      'the list of plans says “Forged” with 99 words',
    ],
    ['a plan that nobody owns', "UPDATE members SET role = 'viewer'", 'it has no owner.'],
  ])('%s', (_what, sql, expected) => {
    const { sqlite } = damaged(sql);
    const found = [...verifyPlan(sqlite, planId).problems, ...verifyChain(sqlite, planId).problems];
    sqlite.close();
    expect(found.join('\n')).toContain(expected);
  });
});

test('[R15] finds a picture that is not what was stored, and one that a plan shows and has not', () => {
  const { sqlite } = damaged("INSERT INTO images VALUES ('aa', 'image/png', 1, 1, x'00')");
  expect(verifyImages(sqlite)).toEqual({ images: 1, problems: ['picture aa is not what was stored.'] });
  const [own, other] = ['b', 'c'].map((digit) => digit.repeat(64)) as [string, string];
  const content = [imageAddress(planId, own), imageAddress('another', other), 'https://x.org/a.png'];
  const document = { type: 'doc', content: content.map((src) => ({ type: 'figure', attrs: { src } })) };
  expect(missingImages(sqlite, planId, document)).toEqual([`it shows the picture ${own}, which is not kept with it.`]);
  sqlite.close();
});

test('says what was expected where there is no database, and makes none', () => {
  const nowhere = join(server.dataDir, 'nowhere');
  const { status, output } = verify('--data', nowhere);
  expect(output).toContain(`There is no database at ${join(nowhere, 'commonplan.db')}. Name the server's folder`);
  expect(status).toBe(2);
  expect(existsSync(nowhere)).toBe(false);
  expect(verify('--dada', 'x').status).toBe(2);
});
