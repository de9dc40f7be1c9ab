/** Exporting from the command line, beside a running server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { path } from '../shared/api.ts';
import { pdfAvailable } from './export/pdf/exporter.ts';
import { startTestServer, type TestServer, type Visitor } from './test-server.ts';

let server: TestServer;
let ada: Visitor;
let folder: string;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.guest('Ada');
  folder = mkdtempSync(join(tmpdir(), 'commonplan-export-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

async function run(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'export-command.ts'), ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: server.dataDir, BASE_URL: 'https://plans.example.org/' },
    cwd: folder,
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const [code] = await once(child, 'close');
  return { code, output, errors };
}

test('writes what the route answers, with the address that the server is reached at, and changes nothing', async () => {
  const planId = await ada.createPlan('A plan: for all', 'The text.');
  const route = await ada.get(`${path.export(planId, 'json')}?snapshot=1`);
  expect(await run('--plan', planId, '--format', 'json', '--snapshot', '1')).toMatchObject({
    code: 0,
    errors: expect.stringMatching(/^A plan for all \(snapshot 1\)\.json: \d+ bytes\.\n$/),
  });
  const written = JSON.parse(readFileSync(join(folder, 'A plan for all (snapshot 1).json'), 'utf8'));
  const plan = { ...route.body.plan, url: `https://plans.example.org/plans/${planId}/history/1` };
  expect(written).toEqual({ ...route.body, plan });
  // A second one does not write over the first; into a file that was named it does.
  expect(await run('--plan', planId, '--format', 'json', '--snapshot', '1')).toMatchObject({
    code: 64,
    errors: expect.stringContaining('exists already'),
  });
  const live = join(folder, 'live.md');
  for (const _ of [1, 2]) expect((await run('--plan', planId, '--format', 'md', '--out', live)).code).toBe(0);
  const { output } = await run('--plan', planId, '--format', 'md', '--out', '-');
  expect(output).toBe(readFileSync(live, 'utf8'));
  expect(output).toContain('# Version: Live draft as of update 1\n');
  expect((await ada.get(path.content(planId))).body.seq).toBe(1);
});

test.runIf(pdfAvailable())('writes a PDF as the server does, and says what could be better in it', async () => {
  const planId = await ada.createPlan('A plan', '![](https://example.org/map.png)\n\n*A map*');
  const file = join(folder, 'plan.pdf');
  const { code, errors } = await run('--plan', planId, '--format', 'pdf', '--paper', 'letter', '--out', file);
  expect([code, errors]).toEqual([0, expect.stringMatching(/^(Warning: .+\n)*.*plan\.pdf: \d+ bytes\.\n$/)]);
  expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-');
});

test('says what it expected', async () => {
  const planId = await ada.createPlan('Plan');
  const asked = async (...args: string[]) => {
    const { code, errors } = await run(...args);
    return [code, errors.split('\n')[0]];
  };
  expect(await asked()).toEqual([64, 'Expected the id of a plan.']);
  expect(await asked('--plan', planId, '--format', 'exe')).toEqual([
    64,
    expect.stringContaining('Expected a format: '),
  ]);
  expect(await asked('--plan', planId, '--format', 'md', '--snapshot', 'x')).toEqual([
    64,
    '--snapshot: Expected the number of a snapshot.',
  ]);
  expect(await asked('--plan', planId, '--format', 'md', '--colour', 'red')).toEqual([
    64,
    expect.stringContaining("'--colour'"),
  ]);
  expect(await asked('--plan', 'nobody', '--format', 'md')).toEqual([1, expect.stringContaining('nothing at this')]);
  expect(await asked('--plan', planId, '--format', 'md', '--snapshot', '9')).toEqual([
    1,
    'This plan has no snapshot 9.',
  ]);
  const elsewhere = join(folder, 'nowhere');
  expect(await asked('--plan', planId, '--format', 'md', '--data', elsewhere)).toEqual([
    64,
    expect.stringContaining(elsewhere),
  ]);
  expect(existsSync(elsewhere)).toBe(false);
  expect((await run('--help')).output).toContain('npm run export -- --plan ID');
});
