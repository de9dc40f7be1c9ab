/** People look back: they name versions, read old ones, compare any two, and go back without hurting anyone. */
import { expect, test } from './fixtures.ts';
import { choiceOf, nameVersion, openHistory, readingText, rowOf } from './history-page.ts';
import { caretAfter, expectSaved, openPlan, settled, textOf } from './plan-page.ts';

const MARKDOWN = '# Land\n\nThe first paragraph.\n\n# Water\n\nThe second paragraph.\n';

test('the whole review by mouse: name, write on, compare, read, restore, undo', async ({ person, createPlan }) => {
  test.slow();
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  const page = await openPlan(ana, id);
  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  const dialog = page.locator('cp-take-snapshot-dialog');
  await dialog.getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(dialog.getByText('Expected a label')).toBeVisible();
  await dialog.getByLabel('Name', { exact: true }).fill('For the council');
  await dialog.getByLabel('Note').fill('What the working groups agreed on.');
  await dialog.getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(page.getByText('“For the council” is in the history as snapshot 2.')).toBeVisible();

  await caretAfter(page, 'The first paragraph');
  await page.keyboard.type(' More words.');
  await expectSaved(page);
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('heading', { name: 'History', level: 1 })).toBeVisible();
  await expect(page.getByText('Changed since snapshot 2.')).toBeVisible();
  await expect(rowOf(page, 'For the council')).toContainText('Named by Ana');
  await expect(rowOf(page, 'For the council')).toContainText('What the working groups agreed on.');
  await expect(rowOf(page, 'The plan was imported')).toBeVisible();
  await expect(page.getByRole('link', { name: 'What changed since “For the council”?' })).toHaveAttribute(
    'href',
    `/plans/${id}/compare/2/now`,
  );

  // Any two, in whatever order: the older one is the older one.
  await choiceOf(page, 'For the council').click();
  await expect(page.getByRole('group', { name: 'Comparison' })).toContainText('Snapshot 2, For the council and Now');
  await choiceOf(page, 'The plan was imported').click();
  await expect(rowOf(page, 'The plan was imported')).toContainText('older');
  await expect(rowOf(page, 'For the council')).toContainText('newer');
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(page).toHaveURL(`/plans/${id}/compare/1/2`);
  await page.goBack();
  // Back from a comparison, another one is a click away.
  await expect(choiceOf(page, 'For the council')).toBeChecked();
  await expect(choiceOf(page, 'The plan was imported')).toBeChecked();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByRole('group', { name: 'Comparison' })).toBeHidden();

  await rowOf(page, 'For the council').getByRole('link', { name: 'For the council' }).click();
  await expect(page).toHaveURL(`/plans/${id}/history/2`);
  await expect(page.getByRole('heading', { name: 'For the council', level: 1 })).toBeVisible();
  await expect(readingText(page)).toContainText('The first paragraph.');
  await expect(readingText(page)).not.toContainText('More words.');

  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('dialog', { name: 'Restore snapshot 2' })).toBeVisible();
  const question = page.locator('cp-restore-dialog');
  await expect(question).toContainText('what others write meanwhile is kept');
  await question.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText('Snapshot 2 is restored.')).toBeVisible();
  const second = await ana.context.newPage();
  await openPlan({ ...ana, page: second }, id);
  await expect(textOf(second)).not.toContainText('More words.');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('The restore is undone.')).toBeVisible();
  await expect(textOf(second)).toContainText('The first paragraph. More words.');

  await openHistory(ana, id);
  await expect(rowOf(page, 'Restored snapshot 2').first()).toContainText('By Ana');

  await rowOf(page, 'For the council').getByRole('button', { name: 'Restore snapshot 2' }).click();
  await question.getByRole('button', { name: 'Restore' }).click();
  await expect(textOf(second)).not.toContainText('More words.');
  await page.reload();
  await page.getByRole('button', { name: 'Undo the restore that snapshot' }).click();
  await expect(page.getByText('The restore is undone.')).toBeVisible();
  await expect(textOf(second)).toContainText('The first paragraph. More words.');
  await expect(page.getByRole('button', { name: 'Undo the restore that snapshot' })).toHaveCount(0);
});

test('the whole review by keyboard alone', async ({ person, createPlan, at }) => {
  test.slow();
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await nameVersion(ana, id, 'At first', at.url);
  const page = await openPlan(ana, id);
  await caretAfter(page, 'The first paragraph');
  await page.keyboard.type(' More words.');
  await expectSaved(page);
  await openHistory(ana, id);
  const { keyboard } = page;

  // Name it.
  await page.getByRole('banner').getByRole('button', { name: 'Take a snapshot' }).focus();
  await keyboard.press('Enter');
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await keyboard.type('By keyboard');
  await keyboard.press('Enter');
  await expect(rowOf(page, 'By keyboard')).toBeVisible();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Take a snapshot' })).toBeFocused();

  // Choose two with the arrows and the space bar, compare with Enter.
  await choiceOf(page, 'Now').focus();
  await keyboard.press('ArrowDown');
  await expect(choiceOf(page, 'By keyboard')).toBeFocused();
  await keyboard.press('Space');
  await expect(choiceOf(page, 'By keyboard')).toBeChecked();
  await keyboard.press('End');
  await expect(choiceOf(page, 'The plan was imported')).toBeFocused();
  await keyboard.press('Space');
  await keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/plans/${id}/compare/1/\\d+$`));
  await page.goBack();

  // Read it, and who wrote what in it.
  await rowOf(page, 'By keyboard').getByRole('link', { name: 'By keyboard' }).focus();
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'By keyboard', level: 1 })).toBeVisible();
  await expect(readingText(page)).toContainText('More words.');
  await page.getByRole('button', { name: 'Who wrote what' }).focus();
  await keyboard.press('Enter');
  const passages = readingText(page).locator('.passage');
  await passages.first().focus();
  await expect(page.locator('.passage-name')).toContainText('Ana');
  await keyboard.press('ArrowRight');
  await expect(passages.nth(1)).toBeFocused();
  await keyboard.press('Escape');
  await expect(page.locator('.passage-name')).toBeHidden();

  // Go back to where it began.
  await openHistory(ana, id);
  await page.getByRole('button', { name: 'Restore snapshot 1' }).focus();
  await keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Restore snapshot 1' })).toBeVisible();
  const restore = page.locator('cp-restore-dialog').getByRole('button', { name: 'Restore' });
  for (let stops = 0; stops < 5 && !(await restore.evaluate((button) => button.matches(':focus'))); stops += 1)
    await keyboard.press('Tab');
  await expect(restore).toBeFocused();
  await keyboard.press('Enter');
  await expect(page.getByText('Snapshot 1 is restored.')).toBeVisible();
  await expect(rowOf(page, 'Restored snapshot 1')).toBeVisible();
});

test('a version that somebody names is in everybody’s history at once', async ({ person, createPlan, share, at }) => {
  const [ana, ben] = [await person('Ana'), await person('Ben')];
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await share(ana, id, 'viewer', ben);
  const page = await openHistory(ben, id);
  await expect(rowOf(page, 'The plan was imported')).toBeVisible();
  await choiceOf(page, 'The plan was imported').click();
  await nameVersion(ana, id, 'For the council', at.url);
  await expect(rowOf(page, 'For the council')).toBeVisible();
  // What was chosen stays chosen.
  await expect(choiceOf(page, 'The plan was imported')).toBeChecked();
});

test('who may only read sees, reads and compares, and is offered nothing more', async ({
  person,
  createPlan,
  share,
}) => {
  const [ana, ben, caro] = [await person('Ana'), await person('Ben'), await person('Caro')];
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await share(ana, id, 'viewer', ben);
  const page = await openHistory(ben, id);
  await expect(rowOf(page, 'The plan was imported')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Take a snapshot' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /Restore/ })).toHaveCount(0);
  await page.goto(`/plans/${id}/history/1`);
  await expect(readingText(page)).toContainText('The second paragraph.');
  await expect(page.getByRole('button', { name: 'Restore' })).toHaveCount(0);
  // Who is not in the plan sees nothing of it.
  for (const path of ['history', 'history/1']) {
    await caro.page.goto(`/plans/${id}/${path}`);
    await expect(caro.page.getByRole('heading', { name: 'This plan cannot be opened' })).toBeVisible();
  }
});

test('[R13] reading old versions never changes the plan', async ({ person, createPlan, at }) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await nameVersion(ana, id, 'Named', at.url);
  const state = async (): Promise<unknown> => {
    const content = await (await ana.context.request.get(`/api/plans/${id}/content`)).json();
    const { snapshots } = await (await ana.context.request.get(`/api/plans/${id}/snapshots`)).json();
    return { content, snapshots };
  };
  const before = await state();
  const page = await openHistory(ana, id);
  await rowOf(page, 'Named').getByRole('link', { name: 'Named' }).click();
  await page.getByRole('button', { name: 'Who wrote what' }).click();
  await expect(readingText(page).locator('.passage').first()).toBeVisible();
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toMatch(/\(snapshot \d+\)\.\w+$/);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: /Older snapshot/ }).click();
  await expect(page.getByRole('heading', { name: 'The plan was imported', level: 1 })).toBeVisible();
  expect(await state()).toEqual(before);
});

test('passages carry the names of those who wrote them', async ({ person, createPlan, share, at }) => {
  const [ana, ben] = [await person('Ana'), await person('Ben')];
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await share(ana, id, 'editor', ben);
  const benPage = await openPlan(ben, id);
  await caretAfter(benPage, 'The second paragraph');
  await benPage.keyboard.type(' Words of Ben.');
  await expectSaved(benPage);
  const number = await nameVersion(ana, id, 'By two', at.url);
  const { page } = ana;
  await page.goto(`/plans/${id}/history/${number}`);
  const names = page.getByRole('list', { name: 'Whose words the text holds' });
  await expect(names).toContainText(/Ana \d+%/);
  await expect(names).toContainText(/Ben \d+%/);
  await page.getByRole('button', { name: 'Who wrote what' }).click();
  const passage = readingText(page).getByRole('group', { name: 'Ben' });
  await expect(passage).toHaveText('Words of Ben.');
  await passage.hover();
  await settled(page);
  await expect(page.locator('.passage-name')).toContainText(/^Ben, /);
  await readingText(page).getByRole('group', { name: 'Ana' }).first().hover();
  await expect(page.locator('.passage-name')).toContainText(/^Ana, by importing plan\.md, /);
});
