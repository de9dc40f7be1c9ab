/** The comparison for those who see, hear and touch it: axe, light and dark, a phone. */
import type { NodeJSON } from '../shared/compare/comparison.ts';
import { card, comparison, edit, openComparison, paragraph, replaced, where } from './compare-page.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const MARKDOWN = `# Land

The first paragraph[^1], with a [link](https://example.org) and plain words.

This one is going to be two. It has two sentences.

- [x] done
- [ ] open

> A quotation.

| Commons | Who cares for it | A third column | A fourth | A fifth column that is wide |
|---|---|---|---|---|
| River | Assembly | Three | Four | Five |

![A map](https://example.org/map.png)

## Water

Going away.

1. One
2. Two
3. Three

[^1]: The first note.
`;

/** One change of nearly every kind. */
function rewritten(document: NodeJSON): NodeJSON {
  const changed = replaced('plain words', 'other words')(replaced('The first note', 'The foremost note')(document));
  const content = (changed.content ?? []).flatMap((block): NodeJSON[] => {
    const text = JSON.stringify(block);
    if (text.includes('going to be two'))
      return [paragraph('This one is going to be two.'), paragraph('It has two sentences.')];
    if (block.type === 'taskList') return [replaced('open', 'still open')(block)];
    if (block.type === 'blockquote') return [...(block.content ?? [])];
    if (block.type === 'table')
      return [{ ...block, content: [...(block.content ?? []), row(['Forest', 'Council', '3', '4', '5'])] }];
    if (block.type === 'figure') return [{ ...block, attrs: { ...block.attrs, alt: 'A map of the river' } }];
    if (text.includes('Going away')) return [];
    if (block.type === 'orderedList')
      return [{ ...block, content: (block.content ?? []).filter((_, index) => index !== 1) }];
    if (block.type === 'heading' && text.includes('Water')) return [{ ...block, attrs: { ...block.attrs, level: 1 } }];
    return [block];
  });
  return { ...changed, content: [...content, paragraph('A last paragraph that is new.')] };
}

const row = (texts: string[]): NodeJSON => ({
  type: 'tableRow',
  content: texts.map((text) => ({ type: 'tableCell', content: [paragraph(text)] })),
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`text, card, list, dialogs and columns have nothing for axe in ${colorScheme}`, async ({
    person,
    createPlan,
    at,
  }) => {
    // axe looks at the page six times.
    test.slow();
    const ana = await person('Ana', { colorScheme });
    const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
    await edit(ana, id, at.url, rewritten);
    const page = await openComparison(ana, id, 1, 'now');
    await expectAccessible(page);
    await page.keyboard.press('n');
    await expect(card(page)).toBeVisible();
    await expectAccessible(page);
    await card(page).getByRole('button', { name: 'Undo this change' }).click();
    await expect(page.getByText('Everything else in the plan stays as it is.')).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(page.getByText('Everything else in the plan stays as it is.')).toBeHidden();
    await page.getByRole('button', { name: 'List of changes' }).click();
    await expect(page.locator('.change-entry').first()).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'Changes' })).toBeHidden();
    await page.getByRole('button', { name: /^Added/ }).click();
    await page.getByRole('radio', { name: 'Side by side' }).check();
    await expect(comparison(page).locator('.side-before').first()).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await expectAccessible(page);
  });
}

test('on a phone nothing scrolls sideways but tables and filters, and a finger reaches everything', async ({
  person,
  createPlan,
  at,
}) => {
  const ana = await person('Ana', { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  const id = await createPlan(ana, { title: 'A plan with a rather long title for a phone', markdown: MARKDOWN });
  await edit(ana, id, at.url, rewritten);
  const page = await openComparison(ana, id, 1, 'now');
  const overflow = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBe(0);
  await expect(page.getByRole('radio', { name: 'Side by side' })).toBeHidden();
  await page.getByRole('button', { name: 'Next change' }).tap();
  await expect(where(page)).toHaveText(/^1 of/);
  await expect(card(page)).toBeInViewport({ ratio: 1 });
  await page.getByRole('button', { name: 'Next change' }).tap();
  await expect(where(page)).toHaveText(/^2 of/);
  await comparison(page)
    .locator('del')
    .first()
    .tap({ position: { x: 8, y: 8 } });
  await expect(card(page)).toContainText('Ana');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'List of changes' }).tap();
  await expect(page.locator('.change-entry').first()).toBeVisible();
  await expectAccessible(page);
  await page.locator('.change-entry').last().tap();
  await expect(comparison(page).locator('[data-change]:focus')).toBeInViewport();
  expect(await overflow()).toBe(0);
});
