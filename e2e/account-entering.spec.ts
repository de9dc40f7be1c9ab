/** Coming in: as a guest with a name, with an account, and from one to the other. */
import { expect, expectAccessible, test } from './fixtures.ts';

test('a visitor reads what this is and starts as a guest with one field and one button', async ({ stranger }) => {
  const { page } = await stranger();
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Write the plan together');
  await expect(page).toHaveTitle('Plans · Commonplan');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByLabel('Your name')).toBeFocused();
  await expect(page.getByText('Expected a name.')).toBeVisible();
  await page.getByLabel('Your name').fill('Ana Ferreira');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Your first plan' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Menu of Ana Ferreira' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Menu of Ana Ferreira' })).toBeVisible();
});

test('a guest becomes an account, keeps the plans, and signs in from another browser', async ({
  person,
  stranger,
  createPlan,
}) => {
  const ana = await person('Ana');
  await createPlan(ana, { title: 'Charter of the assembly' });
  await ana.page.goto('/');
  await ana.page.getByRole('button', { name: 'Menu of Ana' }).click();
  await ana.page.getByRole('menuitem', { name: 'Keep this as an account' }).click();
  await expect(ana.page).toHaveURL(/\/account$/);
  const keep = ana.page.getByRole('region', { name: 'Keep this as an account' });
  await keep.getByLabel('E-mail address').fill('no address');
  await keep.getByLabel('Password').fill('short');
  await keep.getByRole('button', { name: 'Create my account' }).click();
  await expect(keep.getByText('Expected an e-mail address.')).toBeVisible();
  await expect(keep.getByText('Expected a password of at least 10 characters.')).toBeVisible();
  const email = `ana-${Date.now()}-${Math.random()}@example.org`;
  await keep.getByLabel('E-mail address').fill(email);
  await keep.getByLabel('Password').fill('a long enough password');
  await keep.getByRole('button', { name: 'Create my account' }).click();
  await expect(ana.page.getByText(`You sign in as ${email}`)).toBeVisible();

  const { page } = await stranger();
  await page.goto('/');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('The e-mail address or the password is not right.');
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('link', { name: 'Charter of the assembly' })).toBeVisible();
});

test('a guest who has an account takes the plans along into it', async ({ person, stranger, createPlan }) => {
  const email = `hana-${Date.now()}-${Math.random()}@example.org`;
  const { page } = await stranger();
  await page.goto('/account');
  await page.getByRole('button', { name: 'create an account' }).click();
  await page.getByLabel('Your name').fill('Hana');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account');

  const guest = await person('Hana on the phone');
  await createPlan(guest, { title: 'Begun on the phone' });
  await guest.page.goto('/account');
  await guest.page.getByRole('button', { name: 'Move everything into it' }).click();
  await guest.page.getByLabel('E-mail address').fill(email);
  await guest.page.getByLabel('Password').fill('a long enough password');
  await guest.page.getByRole('button', { name: 'Sign in and move everything' }).click();
  await expect(guest.page.getByRole('button', { name: 'Menu of Hana', exact: true })).toBeVisible();
  await expect(guest.page.getByLabel('Name', { exact: true })).toHaveValue('Hana');
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Begun on the phone' })).toBeVisible();
});

test('an account is made at once, changes its name and password, and signs out', async ({ stranger }) => {
  const { page } = await stranger();
  const email = `ben-${Date.now()}-${Math.random()}@example.org`;
  await page.goto('/account');
  await page.getByRole('button', { name: 'create an account' }).click();
  await expect(page.getByLabel('Your name')).toBeFocused();
  await page.getByLabel('Your name').fill('Ben');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('the first password');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account');

  await page.getByLabel('Name', { exact: true }).fill('\u202e');
  await page.getByRole('button', { name: 'Change name' }).click();
  await expect(page.getByText('Expected a name without invisible characters.')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('\u202e');
  await page.getByLabel('Name', { exact: true }).fill('  Benedict   Okafor ');
  await page.getByRole('button', { name: 'Change name' }).click();
  await expect(page.getByRole('button', { name: 'Menu of Benedict Okafor' })).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Benedict Okafor');

  await page.getByLabel('Present password').fill('the first password');
  await page.getByLabel('New password').fill('the second password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Your password is changed.')).toBeVisible();
  await expect(page.getByLabel('New password')).toHaveValue('');

  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Write the plan together');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('the second password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Menu of Benedict Okafor' })).toBeVisible();
});

test('a guest is told before signing out that there is no way back', async ({ person }) => {
  const { page } = await person('Caro');
  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('alert')).toContainText('You will lose access to your plans');
  await page.getByRole('button', { name: 'Stay' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign out and lose access' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Write the plan together');
});

test('an address of an account that exists is refused in words, beside what was typed', async ({ stranger }) => {
  const email = `dora-${Date.now()}-${Math.random()}@example.org`;
  const create = async (name: string) => {
    const { page } = await stranger();
    await page.goto('/account');
    await page.getByRole('button', { name: 'create an account' }).click();
    await page.getByLabel('Your name').fill(name);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill('a long enough password');
    await page.getByRole('button', { name: 'Create account' }).click();
    return page;
  };
  const first = await create('Dora');
  await expect(first.getByRole('heading', { level: 1 })).toHaveText('Your account');
  const second = await create('Another Dora');
  await expect(second.getByRole('alert')).toContainText('There is already an account with this e-mail address');
  await expect(second.getByLabel('Your name')).toHaveValue('Another Dora');
  await expect(second.getByLabel('E-mail address')).toHaveValue(email);
});

test('when the session has ended elsewhere the page asks to sign in again and goes on where it was', async ({
  stranger,
}) => {
  const { page, context } = await stranger();
  const email = `eva-${Date.now()}-${Math.random()}@example.org`;
  await page.goto('/account');
  await page.getByRole('button', { name: 'create an account' }).click();
  await page.getByLabel('Your name').fill('Eva');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account');
  await page.getByRole('link', { name: 'Commonplan' }).click();
  await expect(page.getByRole('heading', { name: 'Your first plan' })).toBeVisible();
  await context.clearCookies();
  await page.getByRole('button', { name: 'New plan' }).click();
  await page.getByLabel('Title').fill('Written too late');
  await page.getByRole('button', { name: 'Create plan' }).click();
  await expect(page.getByRole('dialog', { name: 'Please sign in again' })).toBeVisible();
  const again = page.locator('cp-session-expired');
  await expect(again.getByRole('button', { name: 'Close' })).toHaveCount(0);
  await expect(again.getByLabel('E-mail address')).toHaveValue(email);
  await again.getByLabel('Password').fill('a long enough password');
  await again.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('dialog', { name: 'Please sign in again' })).toBeHidden();
  await expect(page.getByLabel('Title')).toHaveValue('Written too late');
  await page.getByRole('button', { name: 'Create plan' }).click();
  await expect(page).toHaveURL(/\/plans\//);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1280]) {
    test(`axe finds nothing on the way in, ${colorScheme}, ${width} px`, async ({ stranger }) => {
      const { page } = await stranger({ colorScheme, viewport: { width, height: 844 } });
      await page.goto('/');
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Start as a guest' }).click();
      await page.getByLabel('Your name').fill('Fatima');
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.getByRole('button', { name: 'Menu of Fatima' }).click();
      await expect(page.getByRole('menuitemcheckbox', { name: 'Appearance: Dark' })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('menuitem', { name: 'Keep this as an account' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await expectAccessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    });
  }
}

test('the appearance is chosen in the menu and survives a reload', async ({ person }) => {
  const { page } = await person('Greta', { colorScheme: 'light' });
  await page.goto('/');
  const surface = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await surface();
  await page.getByRole('button', { name: 'Menu of Greta' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Appearance: Dark' }).click();
  await expect.poll(surface).not.toBe(light);
  const dark = await surface();
  await page.reload();
  await expect.poll(surface).toBe(dark);
  await page.getByRole('button', { name: 'Menu of Greta' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Appearance: As the system' }).click();
  await expect.poll(surface).toBe(light);
});
