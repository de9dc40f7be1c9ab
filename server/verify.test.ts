/** `npm run verify` on the database of a server that runs: silent about what is well, and in plain words about every kind of damage. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { path } from '../shared/api.ts';
import { startTestServer, type TestServer, type Visitor } from './test-server.ts';

const VERIFY = fileURLToPath(new URL('./verify.ts', import.meta.url));

let server: TestServer;
let ana: Visitor;
let planId: string;
beforeEach(async () => {
  server = await startTestServer();
  ana = await server.guest('Ana');
  planId = await ana.createPlan('Water plan', 'The river is everybody’s.');
  await ana.createPlan('Empty plan');
  await ana.post(path.snapshots(planId), { label: 'For the council' });
});
afterEach(() => server.stop());

function verify(...options: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [VERIFY, ...options], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** Beside the running server, as only a person with a shell, or a disk, can. */
function damage(sql: string): void {
  const database = new DatabaseSync(join(server.dataDir, 'commonplan.db'), { timeout: 5_000 });
  database.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  database.close();
}

test('[R15] finds nothing where nothing is damaged, while the server runs, and changes nothing', () => {
  const { status, output } = verify('--data', server.dataDir);
  expect(output).toBe(
    `${join(server.dataDir, 'commonplan.db')}: 2 plans with 2 updates, 3 snapshots.\nEverything is as it was stored.\n`,
  );
  expect(status).toBe(0);
  expect(verify('--data', server.dataDir).output).toBe(output);
});

describe('[R15] finds, names and counts', () => {
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
    damage(sql);
    const { status, output } = verify('--data', server.dataDir);
    expect(output).toContain(expected);
    expect(output).toMatch(new RegExp(`plan ${planId} \\(“.*”\\): `));
    expect(output).toMatch(/\d+ problems? found\.\n$/);
    expect(status).toBe(1);
  });
});

test('says what was expected where there is no database, and makes none', () => {
  const nowhere = join(server.dataDir, 'nowhere');
  const { status, output } = verify('--data', nowhere);
  expect(output).toContain(`There is no database at ${join(nowhere, 'commonplan.db')}. Name the server's folder`);
  expect(status).toBe(2);
  expect(existsSync(nowhere)).toBe(false);
  expect(verify('--dada', 'x').status).toBe(2);
});
