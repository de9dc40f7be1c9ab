/** Accounts from the command line, beside a running server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountPath, adminPath } from '../shared/accounts-api.ts';
import { path } from '../shared/api.ts';
import { startTestServer, type TestServer, type Visitor } from './test-server.ts';

const password = 'quite a long password';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function run(args: readonly string[], dataDir = server.dataDir, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'admin-command.ts'), ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, BASE_URL: 'https://plans.example.org/', ...env },
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const [code] = await once(child, 'close');
  return { code, output, errors };
}

async function signUp(email: string): Promise<Visitor> {
  const visitor = server.visitor();
  expect((await visitor.post(path.signUp, { email, password, name: 'Ana' })).status).toBe(200);
  return visitor;
}

test('the first administrator is made, and gets an account and a link for a password where there was none', async () => {
  const made = await run(['make-administrator', 'First@example.org']);
  expect(made.code, made.errors).toBe(0);
  const link = new URL(/https:\S+/.exec(made.output)?.[0] ?? '');
  expect(link.origin + link.pathname).toBe('https://plans.example.org/new-password');
  const newPassword = password;
  expect(
    (await server.visitor().post(accountPath.resetPassword, { token: link.hash.slice(1), newPassword })).status,
  ).toBe(204);
  const first = server.visitor();
  expect((await first.post(path.signIn, { email: 'first@example.org', password })).status).toBe(200);
  expect((await first.get(path.session)).body.user).toMatchObject({ name: 'first', administrator: true });
  const { entries } = (await first.get(adminPath.audit)).body;
  const said = entries.map(({ sentence }: { sentence: string }) => sentence);
  expect(said).toContain('The server’s administrator made first an administrator.');
  // The last one stays; a second one may go.
  expect((await run(['remove-administrator', 'first@example.org'])).errors).toContain('only administrator');
  await signUp('second@example.org');
  expect((await run(['make-administrator', 'second@example.org'])).output).toBe(
    'second@example.org is an administrator.\n',
  );
  expect((await run(['remove-administrator', 'first@example.org'])).code).toBe(0);
  expect((await first.get(adminPath.people)).status).toBe(403);
});

test('a link for a new password works once', async () => {
  await signUp('forgetful@example.org');
  const { output } = await run(['reset-link', 'forgetful@example.org']);
  const token = /#([\w-]+)/.exec(output)?.[1];
  const use = () => server.visitor().post(accountPath.resetPassword, { token, newPassword: 'another long password' });
  expect([(await use()).status, (await use()).status]).toEqual([204, 404]);
  const signIn = await server
    .visitor()
    .post(path.signIn, { email: 'forgetful@example.org', password: 'another long password' });
  expect(signIn.status).toBe(200);
});

test('suspending reaches the sockets that the running server has open', async () => {
  const ana = await signUp('ana@example.org');
  const socket = await ana.connect(await ana.createPlan('Open'));
  const closed = once(socket, 'close');
  expect((await run(['suspend', 'ana@example.org'])).output).toBe('ana@example.org is suspended.\n');
  const [code] = await closed;
  expect(code).toBe(4411);
  expect((await ana.get(path.plans)).body.error.code).toBe('suspended');
  expect((await run(['unsuspend', 'ana@example.org'])).code).toBe(0);
  expect((await ana.get(path.plans)).status).toBe(200);
});

test('people are listed and invited', async () => {
  await signUp('listed@example.org');
  const { output } = await run(['users', 'listed']);
  expect(output).toMatch(/^listed@example\.org\tAna\t0 plans\tseen \d{4}-\d\d-\d\d\n1 of 1 accounts\.\n$/);
  expect((await run(['invite', 'guest@example.org'])).output).toMatch(
    /https:\/\/plans\.example\.org\/invitation#[\w-]{43}\n$/,
  );
});

test('nobody is invited to a server that takes no new accounts', async () => {
  const child = await run(['invite'], server.dataDir, { SIGN_UP: 'closed' });
  expect(child).toMatchObject({ code: 1, errors: expect.stringContaining('takes no new accounts') });
});

test.each([
  [[], 64, 'Expected a command'],
  [['sudo'], 64, 'There is no command sudo'],
  [['toString'], 64, 'There is no command toString'],
  [['suspend'], 64, 'Expected one e-mail address'],
  [['suspend', 'nobody'], 64, 'Expected one e-mail address'],
  [['suspend', 'nobody@example.org'], 1, 'There is no account with the address nobody@example.org.'],
])('what cannot be done is said: %j', async (args, code, said) => {
  const answer = await run(args);
  expect(answer.code).toBe(code);
  expect(answer.errors).toContain(said);
});

test('a folder without a database is left as it is', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'commonplan-admin-'));
  try {
    expect(await run(['users'], empty)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('There is no database'),
    });
  } finally {
    rmSync(empty, { recursive: true });
  }
});
