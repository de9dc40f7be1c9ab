/** Teams: an assembly of three makes a plan that belongs to none of them; one is put out while writing. */
import { expect, expectAccessible, type Person, test } from './fixtures.ts';
import { caretAfter, expectSaved, saveState, textOf } from './plan-page.ts';

/** Makes the guest an account, as the account page does; resolves to its address. */
async function keepAsAccount({ context, name }: Person, origin: string): Promise<string> {
  const email = `${name.toLowerCase()}-${crypto.randomUUID()}@example.org`;
  const answer = await context.request.post('/api/auth/sign-up/email', {
    data: { email, password: 'a long enough password' },
    headers: { origin },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return email;
}

test('an assembly of three makes a plan; one is removed while typing and keeps the words, and the plan stays theirs', async ({
  person,
  stranger,
  at,
}) => {
  // Three people, each with a browser.
  test.slow();
  const [ana, caro] = [await person('Ana'), await person('Caro')];
  await keepAsAccount(ana, at.url);
  const carosAddress = await keepAsAccount(caro, at.url);
  const { page } = ana;

  await page.goto('/');
  await page.getByRole('link', { name: 'Teams' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Teams' })).toBeFocused();
  await page.getByRole('button', { name: 'New team' }).click();
  await page.getByLabel('Name of the team').fill('Assembly of Ghent');
  await page.getByRole('button', { name: 'Create team' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Assembly of Ghent');
  await page.getByLabel('Name or e-mail address').fill(carosAddress);
  await page.getByRole('button', { name: 'Invite' }).click();
  await expect(page.getByRole('combobox', { name: 'Role of Caro' })).toHaveValue('editor');
  await page.getByRole('button', { name: 'Create link' }).click();
  const url = await page.getByLabel('Address of the new link').inputValue();

  const ben = await stranger();
  await ben.page.goto(url);
  await expect(ben.page.getByRole('heading', { level: 1 })).toHaveText('You are invited to a team');
  await expect(ben.page.getByText('Assembly of Ghent')).toBeVisible();
  await ben.page.getByLabel('Your name').fill('Ben');
  await ben.page.getByRole('button', { name: 'Join the team' }).click();
  await expect(ben.page.getByRole('heading', { level: 1 })).toHaveText('Assembly of Ghent');
  await expect(ben.page.getByText('This team has no plan in use.')).toBeVisible();

  await page.getByRole('button', { name: 'New plan in this team' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Plan of the assembly');
  await expect(page.getByLabel('Whose plan is it?')).toHaveValue(/.+/);
  await page.getByRole('button', { name: 'Create plan' }).click();
  await expect(textOf(page)).toBeVisible();
  await textOf(page).click();
  await page.keyboard.type('Written by Ana.');
  await expectSaved(page);

  await ben.page.reload();
  await ben.page.getByRole('link', { name: 'Plan of the assembly' }).click();
  await caretAfter(ben.page, 'Written by Ana.');
  await ben.page.keyboard.type(' And by Ben.');
  await expect(textOf(page)).toContainText('And by Ben.');
  await caro.page.goto('/');
  const row = caro.page.locator('.plan-row').filter({ hasText: 'Plan of the assembly' });
  await expect(row).toContainText('Assembly of Ghent');
  await row.getByRole('link', { name: 'Plan of the assembly' }).click();
  await expect(textOf(caro.page)).toContainText('Written by Ana. And by Ben.');

  // Ben's words are on their way when he is put out.
  await ben.context.setOffline(true);
  await ben.page.keyboard.type(' Half a thought');
  await expect(saveState(ben.page)).toContainText('Not saved');
  const overview = await ana.context.newPage();
  await overview.goto('/teams');
  await overview.getByRole('link', { name: 'Assembly of Ghent' }).click();
  await overview.getByRole('button', { name: 'Remove Ben' }).click();
  await expectAccessible(overview);
  await overview.getByRole('button', { name: 'Remove Ben' }).last().click();
  await expect(overview.getByText('2 people in this team')).toBeVisible();
  await ben.context.setOffline(false);
  await expect(ben.page.getByRole('alert').filter({ hasText: 'You no longer have access' })).toBeVisible();
  await expect(textOf(ben.page)).toContainText('Half a thought');
  await expect(textOf(caro.page)).not.toContainText('Half a thought');
  ben.page.on('dialog', (dialog) => void dialog.accept());
  await ben.page.goto('/teams');
  await expect(ben.page.getByRole('heading', { name: 'Plans that belong to many' })).toBeVisible();

  // Whose a plan is can be changed, and the list can be narrowed to a team.
  await page.goto('/');
  await page.getByRole('button', { name: 'More for Plan of the assembly' }).click();
  await page.getByRole('menuitem', { name: 'Team …' }).click();
  await expect(page.getByRole('dialog', { name: 'Whose plan is it?' })).toBeVisible();
  await page.getByRole('radio', { name: /^My own/ }).check();
  await page.getByRole('button', { name: 'Move' }).click();
  await expect(page.getByText('“Plan of the assembly” is your own now.')).toBeVisible();
  await expect(caro.page.getByRole('alert').filter({ hasText: 'You no longer have access' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Team' }).selectOption('Assembly of Ghent');
  await expect(page.getByText('No plan matches this search.')).toBeVisible();
});

for (const [colorScheme, width] of [
  ['dark', 390],
  ['light', 1280],
] as const) {
  test(`axe finds nothing on the pages of teams, ${colorScheme}, ${width} px`, async ({ person, createPlan, at }) => {
    const ana = await person('Ana', { colorScheme, viewport: { width, height: 844 } });
    const { page } = ana;
    await page.goto('/teams');
    await expect(page.getByRole('link', { name: 'Keep what you have as an account' })).toBeVisible();
    await keepAsAccount(ana, at.url);
    const name = 'Assembly of the Commons, Ghent and its surroundings';
    const made = await ana.context.request.post('/api/teams', { data: { name }, headers: { origin: at.url } });
    const teamId = ((await made.json()) as { id: string }).id;
    const planId = await createPlan(ana, { title: 'A plan' });
    const moved = await ana.context.request.patch(`/api/plans/${planId}`, {
      data: { teamId },
      headers: { origin: at.url },
    });
    expect(moved.ok(), await moved.text()).toBe(true);
    await page.reload();
    await page.getByRole('link', { name }).click();
    await expect(page.getByRole('heading', { name: '1 person in this team' })).toBeVisible();
    await expectAccessible(page);
    await page.goto('/');
    await expect(page.getByRole('link', { name })).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: 'More for A plan' }).click();
    await page.getByRole('menuitem', { name: 'Team …' }).click();
    await expect(page.getByRole('dialog', { name: 'Whose plan is it?' })).toBeVisible();
    await expectAccessible(page);
  });
}
