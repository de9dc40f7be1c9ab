/** The Plans page: beginning, finding, importing, archiving, and what it shows when the server does not answer. */
import { expect, expectAccessible, type Person, test } from './fixtures.ts';
import { caretAfter, saveState, textOf } from './plan-page.ts';

/** Plans take their place in the list by their titles here. */
const titles = (person: Person) => person.page.locator('.plan-title');

test('the empty list teaches three ways to begin, and each of them works', async ({ person }) => {
  const { page } = await person('Ana');
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Your first plan' })).toBeVisible();

  await page.getByRole('button', { name: /Start with a blank page/ }).click();
  await expect(page.getByRole('dialog', { name: 'New plan' })).toBeVisible();
  const dialog = page.locator('cp-new-plan-dialog');
  await expect(dialog.getByLabel('Title')).toBeFocused();
  await dialog.getByRole('button', { name: 'Create plan' }).click();
  await expect(dialog.getByText('Expected a title.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('button', { name: /Start with a blank page/ })).toBeFocused();

  await page.getByRole('button', { name: /Start from a template/ }).click();
  await expect(dialog.getByRole('radio').nth(1)).toBeChecked();
  await dialog.getByLabel('Title').fill('Plan for the city of Ghent');
  await dialog.getByRole('combobox', { name: 'Language of the plan' }).selectOption('nl');
  await dialog.getByRole('button', { name: 'Create plan' }).click();
  await expect(page).toHaveURL(/\/plans\/[^/]+$/);
  await page.goBack();
  await expect(page.getByRole('link', { name: 'Plan for the city of Ghent' })).toBeVisible();
  await expect(page.locator('.plan-title')).toHaveAttribute('lang', 'nl');
  await expect(page.locator('.plan-list:not([aria-hidden]) .plan-row')).toContainText('You own it');
});

test('a Markdown file is imported by choosing it and by dropping it, and what is no text is refused in words', async ({
  person,
}) => {
  const { page } = await person('Ben');
  await page.goto('/');
  await page.getByRole('button', { name: 'Import' }).click();
  await expect(page.getByRole('dialog', { name: 'Import a plan' })).toBeVisible();
  const dialog = page.locator('cp-import-dialog');
  const input = dialog.locator('input[type=file]');
  await input.setInputFiles({
    name: 'photo.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from([0xff, 0xd8, 0xff, 0, 1, 2]),
  });
  await expect(dialog.getByRole('alert')).toContainText('“photo.jpg” was not imported.');
  await input.setInputFiles({
    name: 'charter.md',
    mimeType: 'text/markdown',
    buffer: Buffer.from('---\ntitle: A social charter\nstatus: adopted\n---\n\n# Vision\n\nShared by all.\n'),
  });
  await expect(page).toHaveURL(/\/plans\/[^/]+$/);
  await page.goBack();
  await expect(page.getByRole('link', { name: 'A social charter' })).toBeVisible();
  await expect(page.locator('.plan-list:not([aria-hidden]) .plan-row')).toContainText('Adopted');

  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['# Dropped here\n\nText.\n'], 'dropped.md', { type: 'text/markdown' }));
    return transfer;
  });
  await page.dispatchEvent('#main', 'dragover', { dataTransfer: dropped });
  await page.dispatchEvent('#main', 'drop', { dataTransfer: dropped });
  await expect(page).toHaveURL(/\/plans\/[^/]+$/);
});

test('a wiki’s page is imported with the address of its wiki, and what it lacks is said before it opens', async ({
  person,
}) => {
  const { page } = await person('Ben');
  await page.goto('/');
  await page.getByRole('button', { name: 'Import' }).click();
  const dialog = page.locator('cp-import-dialog');
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'Land.mediawiki',
    mimeType: 'text/plain',
    buffer: Buffer.from('== Soil ==\nSee [[Commons]].\n\n[[File:Map.png]]\n'),
  });
  const address = dialog.getByLabel('Address of the wiki');
  await address.fill('wiki');
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Expected the address of the wiki');
  await address.fill('https://wiki.example.org/');
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(dialog.getByText('“Land” is imported.')).toBeVisible();
  await expect(dialog.getByRole('listitem')).toContainText('File:Map.png');
  await expectAccessible(page);
  await dialog.getByRole('link', { name: 'Open the plan' }).click();
  await expect(page).toHaveURL(/\/plans\/[^/]+$/);
  await expect(page.getByRole('link', { name: 'Commons' })).toHaveAttribute('href', 'https://wiki.example.org/Commons');
});

test('search, shelves and streams narrow the list, stay in the address, and can be undone', async ({
  person,
  createPlan,
  share,
}) => {
  const [ana, ben] = [await person('Ana'), await person('Ben')];
  await createPlan(ana, { title: 'Charter of Lille' });
  await createPlan(ana, { title: 'Plan for Ghent', markdown: 'Text.' });
  const shared = await createPlan(ben, { title: 'Proposal of Ben' });
  await share(ben, shared, 'viewer', ana);
  await ana.page.goto('/');
  await expect(titles(ana)).toHaveCount(3);

  await ana.page.getByRole('searchbox').fill('lille');
  await expect(titles(ana)).toHaveText(['Charter of Lille']);
  await expect(ana.page).toHaveURL(/\?q=lille$/);
  await ana.page.reload();
  await expect(titles(ana)).toHaveText(['Charter of Lille']);
  await ana.page.getByRole('searchbox').fill('nothing like it');
  await expect(ana.page.getByText('No plan matches this search.')).toBeVisible();
  await ana.page.getByRole('button', { name: 'Show all again' }).click();
  await expect(titles(ana)).toHaveCount(3);

  await ana.page.getByRole('radio', { name: 'Shared with me' }).check();
  await expect(titles(ana)).toHaveText(['Proposal of Ben']);
  await expect(ana.page.locator('.plan-list:not([aria-hidden]) .plan-row')).toContainText('Viewer, shared by Ben');
  await expect(ana.page.getByRole('button', { name: /^More for/ })).toHaveCount(0);
  await ana.page.keyboard.press('ArrowLeft');
  await expect(ana.page.getByRole('radio', { name: 'Mine' })).toBeChecked();
  await expect(titles(ana)).toHaveCount(2);
  await ana.page.getByRole('combobox', { name: 'Stream' }).selectOption('open-coops');
  await expect(ana.page.getByText('No plan matches this search.')).toBeVisible();
  await ana.page.getByRole('link', { name: 'Commonplan' }).click();
  await expect(titles(ana)).toHaveCount(3);
  await expect(ana.page).toHaveURL(/\/$/);
});

test('going back from a plan with unsaved words asks first, and staying keeps the plan and the history', async ({
  person,
  createPlan,
}) => {
  const ana = await person('Ana');
  const { page } = ana;
  await createPlan(ana, { title: 'Half written', markdown: 'The beginning.' });
  await page.goto('/');
  await page.getByRole('link', { name: 'Half written' }).click();
  await expect(textOf(page)).toContainText('The beginning.');
  await ana.context.setOffline(true);
  await caretAfter(page, 'The beginning');
  await page.keyboard.type(' Unsaved.');
  await expect(saveState(page)).toContainText('Not saved');
  page.once('dialog', (dialog) => void dialog.dismiss());
  await page.goBack();
  await expect(page).toHaveURL(/\/plans\/[^/]+$/);
  await expect(textOf(page)).toContainText('Unsaved.');
  page.once('dialog', (dialog) => void dialog.accept());
  await page.goBack();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Plans' })).toBeVisible();
});

test('an owner archives a plan, undoes it, archives again and brings it back', async ({ person, createPlan }) => {
  const ana = await person('Ana');
  const { page } = ana;
  await createPlan(ana, { title: 'An old draft' });
  await page.goto('/');
  const archive = async () => {
    await page.getByRole('button', { name: 'More for An old draft' }).click();
    await page.getByRole('menuitem', { name: 'Archive' }).click();
    await expect(page.getByText('“An old draft” is in the archive.')).toBeVisible();
  };
  await archive();
  await expect(titles(ana)).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('link', { name: 'An old draft' })).toBeVisible();
  await archive();
  await page.getByRole('button', { name: 'Look in the archive' }).click();
  await expect(titles(ana)).toHaveText(['An old draft']);
  await page.getByRole('button', { name: 'Bring back' }).click();
  await expect(page.getByText('The archive is empty.')).toBeVisible();
  await page.getByRole('radio', { name: 'All' }).check();
  await expect(page.getByRole('link', { name: 'An old draft' })).toBeVisible();
});

test('without the network the page says so, keeps what it showed, and recovers by itself', async ({
  person,
  createPlan,
}) => {
  const ana = await person('Ana');
  await createPlan(ana, { title: 'Still here' });
  await ana.page.goto('/');
  await expect(titles(ana)).toHaveText(['Still here']);
  await ana.context.setOffline(true);
  await ana.page.getByRole('radio', { name: 'Mine' }).check();
  await expect(ana.page.getByRole('alert')).toContainText('The server cannot be reached.');
  await expect(titles(ana)).toHaveText(['Still here']);
  await ana.context.setOffline(false);
  await expect(ana.page.getByText('The server cannot be reached.')).toBeHidden();
});

test('a server that is gone when the page opens is named as such, with a way to try again', async ({
  person,
  createPlan,
}) => {
  const ana = await person('Ana');
  await createPlan(ana, { title: 'Reached in the end' });
  await ana.context.route('**/api/**', (route) => route.abort());
  await ana.page.goto('/');
  await expect(ana.page.getByRole('heading', { level: 1 })).toHaveText('No answer');
  await expectAccessible(ana.page);
  await ana.context.unroute('**/api/**');
  await ana.page.getByRole('button', { name: 'Try again' }).click();
  await expect(titles(ana)).toHaveText(['Reached in the end']);
});

test('the keyboard reaches everything: skip link, heading, and focus after going to another page', async ({
  person,
}) => {
  const { page } = await person('Ana');
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Your first plan' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Import' })).toBeFocused();
  await page.goto('/nowhere');
  await page.getByRole('link', { name: 'Go to your plans' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Plans' })).toBeFocused();
  await expect(page).toHaveTitle('Plans · Commonplan');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1280]) {
    test(`axe finds nothing on the plans and their dialogs, ${colorScheme}, ${width} px`, async ({
      person,
      createPlan,
    }) => {
      const ana = await person('Ana', { colorScheme, viewport: { width, height: 844 } });
      const { page } = ana;
      await page.goto('/');
      await expect(page.getByRole('heading', { name: 'Your first plan' })).toBeVisible();
      await expectAccessible(page);
      await createPlan(ana, {
        title: 'Commons Transition Plan for a city with a rather long name, and its surroundings',
      });
      await page.reload();
      await expect(titles(ana)).toHaveCount(1);
      await expectAccessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await page.getByRole('button', { name: 'New plan' }).click();
      await expect(page.locator('cp-new-plan-dialog').getByRole('radio').nth(1)).toBeVisible();
      await page.getByRole('button', { name: 'Create plan' }).click();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Import' }).click();
      await expect(page.getByText('Choose a file')).toBeVisible();
      await expectAccessible(page);
    });
  }
}
