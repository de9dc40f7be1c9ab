/** The program as an operator meets it: what it says when it cannot start, and how it stops. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { path } from '../shared/api.ts';
import { Visitor } from './test-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commonplan-main-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Program {
  readonly child: ChildProcess;
  /** What it wrote to both streams so far. */
  output(): string;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

function run(env: Record<string, string>, ...args: string[]): Program {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return { child, output: () => output, ended: once(child, 'close').then(([code, signal]) => code ?? signal) };
}

/** Resolves to the address that it says it is at. */
async function started({ child, output, ended }: Program): Promise<string> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (;;) {
    const url = /is at (http\S+)/.exec(output())?.[1];
    if (url) return url;
    if (over) throw new Error(output());
    await Promise.race([once(child.stderr!, 'data'), ended]);
  }
}

test('--help lists the settings, --version the version', async () => {
  const help = run({}, '--help');
  expect(await help.ended).toBe(0);
  expect(help.output()).toContain('DATA_DIR');
  const version = run({}, '--version');
  expect(await version.ended).toBe(0);
  expect(version.output()).toMatch(/^\d+\.\d+\.\d+\n$/);
  const unknown = run({}, '--bogus');
  expect(await unknown.ended).toBe(78);
  expect(unknown.output()).toContain('--bogus');
});

test('settings that cannot be used end it at once, all named, with an exit code of their own', async () => {
  const program = run({ PORT: 'many', REDIS_URL: 'redis://cache' });
  expect(await program.ended).toBe(78);
  expect(program.output()).toMatch(/PORT: Expected.*"many"/);
  expect(program.output()).toContain('REDIS_URL');
});

test('a port that is taken, a folder that is a file, and a second server on one folder are told in words', async () => {
  const other = createServer().listen(0);
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const taken = run({ PORT: String(port) });
  expect(await taken.ended).toBe(1);
  expect(taken.output()).toContain(`port ${port} is in use`);
  other.close();

  writeFileSync(join(folder, 'file'), '');
  const file = run({ DATA_DIR: join(folder, 'file') });
  expect(await file.ended).toBe(1);
  expect(file.output()).toContain('could not start');

  const first = run({});
  await started(first);
  const second = run({});
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain('Another server is running');
  first.child.kill('SIGTERM');
  await first.ended;
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it cleanly with sockets open, and what was made is there afterwards',
  async (signal) => {
    const first = run({});
    const ana = new Visitor(await started(first));
    await ana.post(path.signInAsGuest, { name: 'Ana' });
    const planId = await ana.createPlan('Kept', 'A text.');
    const socket = await ana.connect(planId, { query: '?schema=1' });
    const closed = once(socket, 'close');
    first.child.kill(signal);
    // As npm does.
    first.child.kill(signal);
    expect((await closed)[0]).toBe(1012);
    expect(await first.ended).toBe(0);
    expect(first.output()).toContain('"msg":"stopped"');

    const second = run({});
    const again = new Visitor(await started(second));
    for (const [name, value] of ana.cookies) again.cookies.set(name, value);
    expect((await again.get(path.export(planId, 'md'))).body).toContain('A text.');
    second.child.kill(signal);
    expect(await second.ended).toBe(0);
  },
);
