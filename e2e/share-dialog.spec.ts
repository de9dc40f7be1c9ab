/** Sharing: links that let people in, people added by e-mail address, roles changed and taken away. */
import { expect, expectAccessible, type Person, test } from './fixtures.ts';

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
  await dialog.getByRole('button', { name: 'Create link' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  const url = await dialog.getByLabel('Address of the new link').inputValue();
  expect(await ana.page.evaluate(() => navigator.clipboard.readText())).toBe(url);
  await expect(dialog.getByText('Viewer link', { exact: true })).toBeVisible();

  const visitor = await stranger();
  await visitor.page.goto(url);
  await expect(visitor.page.getByRole('heading', { level: 1 })).toHaveText('You are invited to a plan');
  await expectAccessible(visitor.page);
  await visitor.page.getByLabel('Your name').fill('Ben');
  await visitor.page.getByRole('button', { name: 'Join the plan' }).click();
  await expect(visitor.page).toHaveURL(new RegExp(`/plans/${planId}$`));
  await expect(visitor.page.getByText('You have joined this plan: you can read here.')).toBeVisible();

  await dialog.getByRole('button', { name: 'Withdraw this viewer link' }).click();
  await expect(dialog.getByText('Viewer link', { exact: true })).toBeHidden();
  await expect(dialog.getByRole('heading', { name: '2 people in this plan' })).toBeVisible();
  const late = await person('Caro');
  await late.page.goto(url);
  await expect(late.page.getByRole('alert')).toContainText('has been withdrawn');
  await expectAccessible(late.page);
});

test('somebody with an account is added by e-mail address, and an unknown address is refused in words', async ({
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
  await dialog.getByLabel('E-mail address of their account').fill('nobody@example.org');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(dialog.getByRole('alert')).not.toBeEmpty();
  await dialog.getByLabel('E-mail address of their account').fill(email);
  await dialog.getByLabel('Role', { exact: true }).selectOption('commenter');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(dialog.getByText(`${email} can open this plan now.`)).toBeVisible();
  await expect(dialog.getByRole('combobox', { name: 'Role of Ben' })).toHaveValue('commenter');
  await ben.page.goto('/');
  await expect(ben.page.locator('.plan-list:not([aria-hidden]) .plan-row')).toContainText('Commenter, shared by Ana');
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
  await expect(dialog.getByText('A plan needs at least one owner.')).toBeVisible();
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

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1280]) {
    test(`axe finds nothing in the share dialog, ${colorScheme}, ${width} px`, async ({
      person,
      createPlan,
      share,
    }) => {
      const viewport = { width, height: 844 };
      const [ana, ben] = [await person('Ana', { colorScheme, viewport }), await person('Ben')];
      const planId = await createPlan(ana, { title: 'Plan for axe' });
      await share(ana, planId, 'commenter', ben);
      const dialog = await openShare(ana, planId);
      await dialog.getByRole('button', { name: 'Create link' }).click();
      await expect(dialog.getByLabel('Address of the new link')).toBeVisible();
      await dialog.getByRole('button', { name: 'Remove Ben' }).click();
      await expectAccessible(ana.page);
      await ana.page.keyboard.press('Escape');
      await expect(ana.page.getByRole('dialog')).toBeHidden();
      await expect(ana.page.getByRole('button', { name: 'Share' })).toBeFocused();
    });
  }
}
