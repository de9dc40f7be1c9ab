/** Sharing: people invited by name, address and link, roles changed and taken away while they write, plans that anyone may read. */
import { readFile } from 'node:fs/promises';
import { expect, expectAccessible, type Person, test } from './fixtures.ts';
import { caretAfter, openPlan, textOf } from './plan-page.ts';

async function openShare({ page }: Person, planId: string) {
  await page.goto(`/plans/${planId}`);
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.getByRole('dialog', { name: 'Share this plan' })).toBeVisible();
  const dialog = page.locator('cp-share-dialog');
  await expect(dialog.getByRole('heading', { name: /in this plan/ })).toBeVisible();
  return dialog;
}

test('an owner makes a link, a stranger joins by it with a name, and a withdrawn link opens nothing', async ({
  person,
  stranger,
  createPlan,
}) => {
  const ana = await person('Ana', { permissions: ['clipboard-read', 'clipboard-write'] });
  const planId = await createPlan(ana, { title: 'Plan for all' });
  const dialog = await openShare(ana, planId);
  await dialog.getByRole('combobox', { name: 'Who joins by it' }).selectOption('viewer');
  await dialog.getByRole('combobox', { name: 'It lets in' }).selectOption('1');
  await dialog.getByLabel('For whom').fill('The council');
  await dialog.getByRole('button', { name: 'Create link' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  const url = await dialog.getByLabel('Address of the new link').inputValue();
  expect(await ana.page.evaluate(() => navigator.clipboard.readText())).toBe(url);
  await expect(dialog.getByText('The council', { exact: true })).toBeVisible();

  const visitor = await stranger();
  await visitor.page.goto(url);
  await expect(visitor.page.getByRole('heading', { level: 1 })).toHaveText('You are invited to a plan');
  await expect(visitor.page.getByText('Ana invites you to Plan for all as viewer: you can read there.')).toBeVisible();
  await expectAccessible(visitor.page);
  await visitor.page.getByLabel('Your name').fill('Ben');
  await visitor.page.getByRole('button', { name: 'Join the plan' }).click();
  await expect(visitor.page).toHaveURL(new RegExp(`/plans/${planId}$`));
  await expect(visitor.page.getByText('You have joined this plan: you can read here.')).toBeVisible();

  // The token is gone from the address, and the way back does not lead to it.
  expect(visitor.page.url()).not.toContain(new URL(url).hash);

  const late = await person('Caro');
  await late.page.goto(url);
  await expect(late.page.getByRole('alert')).toContainText('has let in as many people as it could');
  await expectAccessible(late.page);

  await openShare(ana, planId);
  await expect(dialog.getByText('In by it: Ben.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Withdraw The council' }).click();
  await expect(dialog.locator('.share-question')).toContainText('1 person is in by this link alone.');
  await dialog.getByRole('button', { name: 'Withdraw, and end their access' }).click();
  await expect(dialog.getByText('The council', { exact: true })).toBeHidden();
  await expect(dialog.getByRole('heading', { name: '1 person in this plan' })).toBeVisible();
  await expect(
    visitor.page.getByRole('alert').filter({ hasText: 'The link to this plan has been withdrawn.' }),
  ).toBeVisible();
});

test('somebody with an account is invited by address or by name, and an unknown address gets a link for one person', async ({
  person,
  createPlan,
}) => {
  const [ana, ben] = [await person('Ana'), await person('Ben')];
  const email = `ben-${Date.now()}-${Math.random()}@example.org`;
  const signedUp = await ben.context.request.post('/api/auth/sign-up/email', {
    data: { email, password: 'a long enough password' },
    headers: { origin: new URL((await ana.page.goto('/'))?.url() ?? '').origin },
  });
  expect(signedUp.ok(), await signedUp.text()).toBe(true);
  const planId = await createPlan(ana, { title: 'Plan of two' });
  const dialog = await openShare(ana, planId);
  const who = dialog.getByRole('combobox', { name: 'Name or e-mail address' });
  await who.fill('nobody@example.org');
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(dialog.getByText('Nobody here has an account with nobody@example.org yet.')).toBeVisible();
  await expect(dialog.getByLabel('Address of the invitation')).toHaveValue(/\/join#/);
  await who.fill(email);
  await dialog.getByLabel('Role', { exact: true }).selectOption('commenter');
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(dialog.getByText(`${email} can read and comment from now on.`)).toBeVisible();
  await expect(dialog.getByRole('combobox', { name: 'Role of Ben' })).toHaveValue('commenter');
  await ben.page.goto('/');
  await expect(ben.page.locator('.plan-list:not([aria-hidden]) .plan-row')).toContainText('Commenter, shared by Ana');
  // Whom one shares a plan with is found by name, by keys alone.
  const another = await openShare(ana, await createPlan(ana, { title: 'Another plan' }));
  await another.getByRole('combobox', { name: 'Name or e-mail address' }).pressSequentially('Be');
  await expect(another.getByRole('option', { name: /Ben/ })).toContainText('From Plan of two');
  await ana.page.keyboard.press('ArrowDown');
  await ana.page.keyboard.press('Enter');
  await ana.page.keyboard.press('Enter');
  await expect(another.getByText('Ben can read and write from now on.')).toBeVisible();
});

test('[R10] somebody who is removed while writing is told, keeps the words, and goes on when let in again', async ({
  at,
  person,
  createPlan,
  share,
}) => {
  const [ana, ben] = [await person('Ana'), await person('Ben')];
  const planId = await createPlan(ana, { title: 'A plan', markdown: 'The first paragraph.\n' });
  await share(ana, planId, 'editor', ben);
  const page = await openPlan(ben, planId);
  const dialog = await openShare(ana, planId);
  await caretAfter(page, 'The first paragraph');
  await page.keyboard.type(' and what Ben types');
  await dialog.getByRole('button', { name: 'Remove Ben' }).click();
  const typing = page.keyboard.type(' while he is being removed from it', { delay: 60 });
  await dialog.locator('.share-question').getByRole('button', { name: 'Remove Ben' }).click();
  const banner = page.getByRole('alert').filter({ hasText: 'You no longer have access to this plan.' });
  await expect(banner).toBeVisible();
  await typing;
  await expect(textOf(page)).toHaveAttribute('contenteditable', 'false');
  await expect(textOf(page)).toContainText('and what Ben types');
  await share(ana, planId, 'editor', ben);
  await banner.getByRole('button', { name: 'Ask again' }).click();
  await expect(banner).toBeHidden();
  await expect(textOf(page)).toHaveAttribute('contenteditable', 'true');
  // Whatever of it he had been allowed to type is in the plan now, in both windows.
  const written = await textOf(page).textContent();
  await openPlan(ana, planId);
  await expect(textOf(ana.page)).toHaveText(written ?? '');
  expect(at.url).toBe(new URL(page.url()).origin);
});

test('anyone may read a plan that an owner has opened to all, and nobody when it is closed again', async ({
  person,
  stranger,
  createPlan,
}) => {
  const ana = await person('Ana');
  const planId = await createPlan(ana, {
    title: 'A finished plan',
    markdown: '# Water\n\nFor everybody.[^1]\n\n# Bread\n\n[^1]: A note.\n',
  });
  const { page } = await stranger();
  await page.goto(`/plans/${planId}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This plan is shared with its members');
  const dialog = await openShare(ana, planId);
  await dialog.getByRole('checkbox', { name: /Anyone may read it/ }).check();
  await expect(dialog.getByText('Public since')).toBeVisible();
  await page.reload();
  await expect(page).toHaveURL(new RegExp(`/read/${planId}$`));
  await expect(page.getByRole('heading', { name: 'A finished plan', level: 1 })).toBeVisible();
  await expect(page.getByText('For everybody.')).toBeVisible();
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Bread' }).click();
  await expect(page.getByRole('heading', { name: 'Bread' })).toBeInViewport();
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Markdown' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toContain('For everybody.');
  await dialog.getByText('What was done with this plan').click();
  await expect(dialog.getByText('Ana let anyone read the plan.')).toBeVisible();
  await dialog.getByRole('checkbox', { name: /Anyone may read it/ }).uncheck();
  await expect(dialog.getByText('Public since')).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing to read here');
});

test('an owner changes a role and removes a person; the last owner cannot go', async ({
  person,
  createPlan,
  share,
}) => {
  const [ana, ben] = [await person('Ana'), await person('Ben')];
  const planId = await createPlan(ana, { title: 'Plan with roles' });
  await share(ana, planId, 'editor', ben);
  const dialog = await openShare(ana, planId);
  await dialog.getByRole('combobox', { name: 'Role of Ben' }).selectOption('viewer');
  await ben.page.goto('/');
  await expect(ben.page.locator('.plan-list:not([aria-hidden]) .plan-row')).toContainText('Viewer');
  await expect(ben.page.locator('.plan-list:not([aria-hidden]) .plan-row')).not.toContainText('Editor');

  await dialog.getByRole('combobox', { name: 'Role of Ana' }).selectOption('editor');
  await dialog.getByRole('button', { name: 'Change my role' }).click();
  await expect(dialog.getByText('There has to be an owner.')).toBeVisible();
  await expect(dialog.getByRole('combobox', { name: 'Role of Ana' })).toHaveValue('owner');

  await dialog.getByRole('button', { name: 'Remove Ben' }).click();
  await expect(dialog.locator('.share-question')).toContainText('Ben will no longer be able to open this plan.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByText('Ben', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Remove Ben' }).click();
  await dialog.locator('.share-question').getByRole('button', { name: 'Remove Ben' }).click();
  await expect(dialog.getByRole('heading', { name: '1 person in this plan' })).toBeVisible();
  await ben.page.reload();
  await expect(ben.page.getByRole('heading', { name: 'Your first plan' })).toBeVisible();
});

test('who may not share sees who is there, and may leave', async ({ person, createPlan, share }) => {
  const [ana, ben] = [await person('Ana'), await person('Ben')];
  const planId = await createPlan(ana, { title: 'Plan to leave' });
  await share(ana, planId, 'editor', ben);
  const dialog = await openShare(ben, planId);
  await expect(dialog.getByText('Only owners invite others and change roles.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Create link' })).toHaveCount(0);
  await expect(dialog.getByRole('combobox')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Leave this plan' }).click();
  await dialog.getByRole('button', { name: 'Leave the plan' }).click();
  await expect(ben.page.getByRole('heading', { name: 'Your first plan' })).toBeVisible();
});

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 390],
] as const) {
  test(`axe finds nothing in the share dialog, ${colorScheme}, ${width} px`, async ({ person, createPlan, share }) => {
    const viewport = { width, height: 844 };
    const [ana, ben] = [await person('Ana', { colorScheme, viewport }), await person('Ben')];
    const planId = await createPlan(ana, { title: 'Plan for axe' });
    await share(ana, planId, 'commenter', ben);
    const dialog = await openShare(ana, planId);
    await dialog.getByText('New link').click();
    await dialog.getByRole('button', { name: 'Create link' }).click();
    await expect(dialog.getByLabel('Address of the new link')).toBeVisible();
    await dialog.getByText('What was done with this plan').click();
    await expect(dialog.getByText(/Ben came in by the link/)).toBeVisible();
    await dialog.getByRole('button', { name: 'Remove Ben' }).click();
    await expectAccessible(ana.page);
    await ana.page.keyboard.press('Escape');
    await expect(ana.page.getByRole('dialog')).toBeHidden();
    await expect(ana.page.getByRole('button', { name: 'Share' })).toBeFocused();
  });
}
