/** The plan page on every width and in both appearances: nothing cut off, nothing that axe finds. */
import { expect, expectAccessible, test } from './fixtures.ts';
import { caretAfter, expectSaved, openPlan, saveState, textOf, tool } from './plan-page.ts';

const MARKDOWN = `# Land

The city as a **partner state**[^1] with [a link](https://p2pfoundation.net).

| Sector | Commons | People | Energy | Water | Housing | Mobility | Food |
|---|---|---|---|---|---|---|---|
| One | Two | Three | Four | Five | Six | Seven | Eightyeightyeight |

- [x] Done
- [ ] Open

![A map](https://example.org/map.png)

\`\`\`json
{"a very long line of code": "that does not fit on a phone and has to scroll in its own box, not with the page"}
\`\`\`

## Water

> A quotation.

[^1]: The source.
`;

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in ${colorScheme}: text, bars, dialogs`, async ({ person, createPlan }) => {
    const ana = await person('Ana', { colorScheme });
    const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
    const page = await openPlan(ana, id);
    await expectSaved(page);
    await expectAccessible(page);
    await page.getByText('About this plan').click();
    await page.getByRole('button', { name: 'Footnote 1', exact: true }).click();
    await expect(page.locator('.footnote-open')).toBeVisible();
    await expectAccessible(page);
    await page.locator('td').first().click();
    await expect(page.getByRole('group', { name: 'Table' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: /People here/ }).click();
    await expect(page.getByText('Only you are here')).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+/');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await expectAccessible(page);
  });

  test(`a viewer's page has nothing for axe in ${colorScheme}`, async ({ person, createPlan, share }) => {
    const ana = await person('Ana');
    const ben = await person('Ben', { colorScheme });
    const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
    await share(ana, id, 'viewer', ben);
    const page = await openPlan(ben, id);
    await expect(page.getByText('You may read this plan, not change it.')).toBeVisible();
    await expectAccessible(page);
  });
}

test('on a phone nothing scrolls sideways but tables and code, and everything can be reached', async ({
  person,
  createPlan,
}) => {
  const ana = await person('Ana', { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  const id = await createPlan(ana, { title: 'A plan with a rather long title for a phone', markdown: MARKDOWN });
  const page = await openPlan(ana, id);
  await expect(saveState(page)).toBeVisible();
  await expect(saveState(page)).toHaveText('Saved');
  const overflow = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBe(0);
  await caretAfter(page, 'Open');
  await tool(page, 'Bold').tap();
  await expect(tool(page, 'Bold')).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Outline' }).tap();
  const drawer = page.getByRole('dialog', { name: 'Outline' });
  await expect(drawer).toBeVisible();
  await expectAccessible(page);
  await page.locator('.outline-drawer').getByRole('button', { name: 'Water' }).tap();
  await expect(drawer).toBeHidden();
  await expect(textOf(page).getByRole('heading', { name: 'Water' })).toBeInViewport();
  await page.locator('td').first().tap();
  await expect(page.getByRole('group', { name: 'Table' })).toBeVisible();
  expect(await overflow()).toBe(0);
  await expectAccessible(page);
});
