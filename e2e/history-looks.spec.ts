/** The pages of the history for those who see, hear and touch them: axe, light and dark, a phone. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { choiceOf, nameVersion, openHistory, readingText, rowOf } from './history-page.ts';
import { caretAfter, expectSaved, openPlan } from './plan-page.ts';

const MARKDOWN = `# Land

The first paragraph[^1], with a [link](https://example.org) and **bold** words.

- [x] done
- [ ] open

> A quotation.

| Commons | Who cares for it |
|---|---|
| River | Assembly |

![A map](https://example.org/map.png)

## Water

[A script](javascript:alert(1)) and a second note[^2].

[^1]: The first note.
[^2]: The second note, with *emphasis*.
`;

for (const colorScheme of ['light', 'dark'] as const) {
  test(`timeline, dialogs and reading view have nothing for axe in ${colorScheme}`, async ({
    person,
    createPlan,
    share,
    at,
  }) => {
    test.slow();
    const [ana, ben] = [await person('Ana', { colorScheme }), await person('Ben')];
    const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
    await share(ana, id, 'editor', ben);
    const benPage = await openPlan(ben, id);
    await caretAfter(benPage, 'A quotation');
    await benPage.keyboard.type(' Words of Ben.');
    await expectSaved(benPage);
    const number = await nameVersion(ana, id, 'For the council', at.url);
    const page = await openHistory(ana, id);
    await choiceOf(page, 'For the council').click();
    await expect(page.getByRole('group', { name: 'Comparison' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Take a snapshot' }).click();
    await expect(page.getByRole('dialog', { name: 'Take a snapshot' })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'Take a snapshot' })).toBeHidden();
    await page.getByRole('button', { name: `Restore snapshot ${number}` }).click();
    await expect(page.getByRole('dialog', { name: `Restore snapshot ${number}` })).toBeVisible();
    await expectAccessible(page);
    await page.goto(`/plans/${id}/history/${number}`);
    await expect(readingText(page)).toContainText('Words of Ben.');
    await page.getByText('Proof').click();
    await expect(page.getByText('Copy the hash')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Who wrote what' }).click();
    await expect(readingText(page).getByRole('group', { name: 'Ben' })).toBeVisible();
    await expectAccessible(page);
  });
}

test('the reading view is the finished document: title, contents, notes that lead there and back, no unsafe address', async ({
  person,
  createPlan,
}) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  const { page } = ana;
  await page.goto(`/plans/${id}/history/1`);
  await expect(page.getByRole('heading', { name: 'A plan', level: 1 })).toBeVisible();
  const contents = page.getByRole('navigation', { name: 'Contents' });
  await expect(contents.getByRole('link')).toHaveText(['Land', 'Water']);
  await contents.getByRole('link', { name: 'Water' }).click();
  await expect(readingText(page).getByRole('heading', { name: 'Water' })).toBeInViewport();
  await page.getByRole('link', { name: 'Note 2' }).click();
  const notes = page.getByRole('region', { name: 'Notes' }).getByRole('listitem');
  await expect(notes.nth(1)).toBeInViewport();
  await expect(notes).toHaveCount(2);
  await expect(notes.nth(1)).toContainText('The second note, with emphasis.');
  await notes.nth(0).getByRole('link', { name: '1: back to the text' }).click();
  await expect(page.getByRole('link', { name: 'Note 1' })).toBeInViewport();
  const addresses = await readingText(page)
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(addresses).toEqual(['#note-1', 'https://example.org', '#note-2']);
  // A heading's address can be sent.
  const sent = await contents.getByRole('link', { name: 'Water' }).getAttribute('href');
  const other = await ana.context.newPage();
  await other.goto(`/plans/${id}/history/1${sent}`);
  await expect(readingText(other).getByRole('heading', { name: 'Water' })).toBeFocused();
});

test('on a phone nothing scrolls sideways, and everything can be reached', async ({ person, createPlan, at }) => {
  const ana = await person('Ana', { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  const id = await createPlan(ana, { title: 'A plan with a rather long title for a phone', markdown: MARKDOWN });
  const label = 'A version with a rather long label, for the general assembly of all neighbourhoods';
  await nameVersion(ana, id, label, at.url);
  const page = await openPlan(ana, id);
  const overflow = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.getByRole('button', { name: 'History, export and more' }).tap();
  await page.getByRole('menuitem', { name: 'All snapshots' }).tap();
  await expect(rowOf(page, label)).toBeVisible();
  await choiceOf(page, label).tap();
  await expect(page.getByRole('group', { name: 'Comparison' })).toBeInViewport();
  expect(await overflow()).toBe(0);
  await expectAccessible(page);
  await page.getByRole('link', { name: label }).tap();
  await expect(readingText(page)).toContainText('The first paragraph');
  await page.getByRole('button', { name: 'Who wrote what' }).tap();
  await readingText(page).getByRole('group', { name: 'Ana' }).nth(1).tap();
  await expect(page.locator('.passage-name')).toBeVisible();
  expect(await overflow()).toBe(0);
  await expectAccessible(page);
});
