/** What only a real browser does to the text: pasting HTML and dragging. */
import { pairWriting } from './editor-page.ts';
import { expect, test } from './fixtures.ts';
import { caretAfter, settled, textOf } from './plan-page.ts';

const MARKDOWN = 'The first paragraph.\n\nThe second paragraph.\n';

test('pasted HTML arrives with its structure, and nothing of it that the plan does not know', async ({
  person,
  createPlan,
  share,
}) => {
  const { ana, ben } = await pairWriting({ person, createPlan, share }, MARKDOWN);
  await caretAfter(ana.page, 'The second paragraph');
  await ana.page.keyboard.press('Enter');
  await settled(ana.page);
  await textOf(ana.page).evaluate((element) => {
    const data = new DataTransfer();
    data.setData(
      'text/html',
      '<h2>Land</h2><ul><li>one</li><li>two <b>bold</b></li></ul><table><tr><th>a</th><td>b</td></tr></table><script>1</script>',
    );
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  for (const { page } of [ana, ben]) {
    await expect(textOf(page).locator('h2')).toHaveText('Land');
    await expect(textOf(page).locator('ul li')).toHaveCount(2);
    await expect(textOf(page).locator('strong')).toHaveText('bold');
    await expect(textOf(page).locator('th')).toHaveText('a');
    await expect(textOf(page).locator('script')).toHaveCount(0);
  }
});

test('dragging selected words elsewhere moves them once for everybody', async ({ person, createPlan, share }) => {
  const { ana, ben } = await pairWriting({ person, createPlan, share }, MARKDOWN);
  await caretAfter(ana.page, 'The first paragraph');
  await ana.page.keyboard.press('Shift+Home');
  await settled(ana.page);
  const from = await textOf(ana.page).locator('p').first().boundingBox();
  const to = await textOf(ana.page).locator('p').nth(1).boundingBox();
  if (!from || !to) throw new Error('Expected two paragraphs');
  await ana.page.mouse.move(from.x + 20, from.y + from.height / 2);
  await ana.page.mouse.down();
  await ana.page.mouse.move(from.x + 30, from.y + from.height / 2 + 5, { steps: 4 });
  await ana.page.mouse.move(to.x + 2, to.y + to.height / 2, { steps: 8 });
  await ana.page.mouse.up();
  for (const { page } of [ana, ben]) {
    await expect(textOf(page).locator('p').nth(1)).toContainText('The first paragraph.');
    await expect(textOf(page).getByText('The first paragraph.')).toHaveCount(1);
  }
});
