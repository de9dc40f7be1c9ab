/** An account as people have it: in several windows, without its password, with words that are not saved; and the pages of administrators. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { openPlan, saveState } from './plan-page.ts';
import type { ServerProcess } from './server.ts';

const password = 'a long enough password';
const newEmail = (name: string) => `${name}-${Date.now()}-${Math.random()}@example.org`;

/** What the operator types on the server's command line; resolves to what it says. */
async function admin({ dataDir, url }: ServerProcess, ...args: string[]): Promise<string> {
  const command = resolve(import.meta.dirname, '../server/admin-command.ts');
  const child = spawn(process.execPath, [command, ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, BASE_URL: url },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  expect(code, output).toBe(0);
  return output;
}

async function signUp(page: Page, name: string, email: string): Promise<void> {
  await page.goto('/account');
  await page.getByRole('button', { name: 'create an account' }).click();
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account');
}

async function signIn(page: Page, email: string, secret = password): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(secret);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('somebody signs out everywhere from one window, and comes back by a link of the administrator', async ({
  stranger,
  at,
}) => {
  test.slow();
  const email = newEmail('ana');
  const { page } = await stranger();
  await signUp(page, 'Ana', email);
  await page.request.post('/api/plans', { data: { title: 'A plan' }, headers: { origin: at.url } });
  const other = (await stranger()).page;
  await other.goto('/sign-in');
  await signIn(other, email);
  await expect(other.getByRole('button', { name: 'Menu of Ana' })).toBeVisible();

  await page.reload();
  const sessions = page.getByRole('region', { name: 'Where you are signed in' });
  await expect(sessions.getByRole('listitem')).toHaveCount(2);
  await expect(sessions.getByText('This browser')).toHaveCount(1);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Write the plan together');
  await other.getByLabel('Search in titles').fill('anything');
  await expect(other.getByRole('dialog', { name: 'Please sign in again' })).toBeVisible();

  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgotten your password?' }).click();
  await expect(page.getByText('This server sends no e-mail.')).toBeVisible();
  await expectAccessible(page);
  const [link = ''] = /http\S+/.exec(await admin(at, 'reset-link', email)) ?? [];
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose a new password');
  expect(page.url()).toBe(`${at.url}/new-password`);
  await page.getByLabel('New password').fill('another long password');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByText('Your new password is set.')).toBeVisible();
  await signIn(page, email, 'another long password');
  await expect(page).toHaveTitle('Plans · Commonplan');
  await expect(page.getByRole('button', { name: 'Menu of Ana' })).toBeVisible();
  // A link that was used says so.
  await page.goto(link);
  await page.getByLabel('New password').fill('a third long password');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'has been used' })).toBeVisible();
});

test.describe('on a server that stops', () => {
  test.use({ at: async ({ ownServer }, use) => use(await ownServer()) });

  test('who signs out with words that are not saved is asked, and the browser keeps none of them after it', async ({
    stranger,
    at,
  }) => {
    test.slow();
    const { context, page: first } = await stranger();
    await signUp(first, 'Ana', newEmail('ana'));
    const made = await context.request.post('/api/plans', { data: { title: 'Plan' }, headers: { origin: at.url } });
    const { id } = (await made.json()) as { id: string };
    const writing = await openPlan({ name: 'Ana', context, page: first }, id);
    await writing.locator('.ProseMirror').click();
    await writing.keyboard.type('Saved. ');
    await expect(saveState(writing)).toHaveText('Saved');
    await at.stop('SIGKILL');
    await writing.keyboard.type('Not saved.');
    await expect(saveState(writing)).toHaveText('Not saved (kept on this device)');
    await writing.close({ runBeforeUnload: false });
    await at.start();

    const page = await context.newPage();
    await page.goto('/');
    await page.getByRole('button', { name: 'Menu of Ana' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page.getByText('holds words of yours in 1 plan that are not saved')).toBeVisible();
    await page.getByRole('button', { name: 'Sign out …' }).click();
    await page.getByRole('button', { name: 'Sign out and throw them away' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Write the plan together');
    const kept = await page.evaluate(
      () =>
        new Promise((done) => {
          const open = indexedDB.open('commonplan-unsaved');
          open.onsuccess = () => {
            const count = open.result.transaction('updates').objectStore('updates').count();
            count.onsuccess = () => done(count.result);
          };
        }),
    );
    expect(kept).toBe(0);
  });
});

test.describe('on a server where accounts are made by invitation', () => {
  test.use({ at: async ({ ownServer }, use) => use(await ownServer({ SIGN_UP: 'invitation' })) });

  test('an administrator invites somebody, suspends them, and sees what plans take and what was done', async ({
    stranger,
    at,
  }) => {
    test.slow();
    const visit = async () => (await stranger()).page;
    const [setPassword = ''] = /http\S+/.exec(await admin(at, 'make-administrator', 'ada@example.org')) ?? [];
    const page = await visit();
    await page.goto(setPassword);
    await page.getByLabel('New password').fill(password);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await signIn(page, 'ada@example.org');
    await page.getByRole('button', { name: 'Menu of ada' }).click();
    await page.getByRole('menuitem', { name: 'Administration' }).click();
    await page.getByRole('link', { name: 'Invitations' }).click();
    await page.getByLabel('For whom').fill('ben@example.org');
    await page.getByRole('button', { name: 'Invite' }).click();
    const link = await page.getByLabel('Link of the invitation').inputValue();
    await expectAccessible(page);

    const bens = await visit();
    await bens.goto('/');
    await expect(bens.getByText('New accounts are made by invitation')).toBeVisible();
    await bens.goto(link);
    await bens.getByLabel('Your name').fill('Ben');
    await bens.getByLabel('E-mail address').fill('ben@example.org');
    await bens.getByLabel('Password').fill(password);
    await bens.getByRole('button', { name: 'Create account' }).click();
    await expect(bens.getByRole('heading', { name: 'Your first plan' })).toBeVisible();

    await page.getByRole('link', { name: 'People' }).click();
    await page.getByLabel('Search names and addresses').fill('ben');
    const row = page.getByRole('listitem').filter({ hasText: 'ben@example.org' });
    await row.getByRole('button', { name: 'Suspend Ben' }).click();
    await expectAccessible(page);
    await row.getByRole('button', { name: 'Suspend Ben', exact: true }).last().click();
    await expect(row.getByText('Suspended')).toBeVisible();
    await bens.reload();
    await signIn(bens, 'ben@example.org');
    await expect(bens.getByRole('alert').filter({ hasText: 'This account has been suspended.' })).toBeVisible();
    await row.getByRole('button', { name: 'Let in again Ben' }).click();
    await row.getByRole('button', { name: 'Let them in' }).click();
    await bens.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(bens.getByRole('button', { name: 'Menu of Ben' })).toBeVisible();

    await page.getByRole('link', { name: 'Storage' }).click();
    await expect(page.getByText('Free on the disk')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'What was done' }).click();
    await expect(page.getByText('ada suspended Ben.')).toBeVisible();
    await expectAccessible(page);
    // Whoever is no administrator sees none of it.
    await bens.goto('/admin');
    await expect(bens.getByRole('heading', { level: 1 })).toHaveText('For administrators');
  });
});
