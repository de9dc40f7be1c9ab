/** Where keys go: into the text at once after a button, and to the true ends of the plan. */
import { selected } from './editor-page.ts';
import { expect, test } from './fixtures.ts';
import { caretAfter, openPlan, settled, textOf, tool } from './plan-page.ts';

/** Draws late, as on a busy machine: nothing that was typed may depend on it. */
const drawLate = (): void => {
  const draw = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => window.setTimeout(() => draw(callback), 300);
};

const TABLE = '| a | b |\n| - | - |\n| c | last |\n';

for (const name of ['Quotation', 'Code block', 'Bulleted list', 'Bold']) {
  test(`what is typed right after "${name}" is all there and in order, also when the text had no focus`, async ({
    person,
    createPlan,
  }) => {
    const ana = await person('Ana');
    const id = await createPlan(ana, { title: 'A plan' });
    await ana.context.addInitScript(drawLate);
    const page = await openPlan(ana, id);
    await expect(tool(page, name)).toBeVisible();
    await tool(page, name).evaluate((button) => (button as HTMLElement).click());
    await page.keyboard.type('xyz', { delay: 50 });
    await expect(textOf(page)).toHaveText('xyz');
  });
}

test('Enter in the title goes to the text at once', async ({ person, createPlan }) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan' });
  await ana.context.addInitScript(drawLate);
  const page = await openPlan(ana, id);
  await page.getByRole('textbox', { name: 'Title', exact: true }).click();
  await page.keyboard.press('Enter');
  await page.keyboard.type('xyz', { delay: 50 });
  await expect(textOf(page)).toHaveText('xyz');
});

test('what is typed before the browser has drawn a new block once is all there and in order', async ({
  person,
  createPlan,
}) => {
  const ana = await person('Ana');
  for (const name of ['Quotation', 'Code block', 'Bulleted list', 'Table']) {
    const page = await openPlan(ana, await createPlan(ana, { title: 'A plan' }));
    // Between the button and the letters only microtasks run: the editor reads each letter, and nothing is drawn.
    await tool(page, name).evaluate(async (button) => {
      (button as HTMLElement).click();
      for (const letter of 'xyz') {
        document.execCommand('insertText', false, letter);
        await new Promise<void>(queueMicrotask);
      }
    });
    await expect(textOf(page), name).toHaveText('xyz');
  }
});

for (const [what, markdown, last] of [
  ['a table', TABLE, 'last|'],
  ['a list', '- one\n- two\n  - last\n', 'last|'],
  ['a quotation', '> first\n>\n> last\n', 'last|'],
] as const) {
  test(`the keys to the end and the start of the plan find them where ${what} is there`, async ({
    person,
    createPlan,
  }) => {
    const ana = await person('Ana');
    const filling = Array.from({ length: 60 }, (_, index) => `Paragraph ${index}.\n\n`).join('');
    const id = await createPlan(ana, { title: 'A plan', markdown: `${markdown}\n${filling}${markdown}` });
    const page = await openPlan(ana, id);
    await caretAfter(page, 'Paragraph 30.');
    await page.keyboard.press('ControlOrMeta+End');
    await settled(page);
    expect(await selected(page)).toBe(last);
    await expect(textOf(page).getByText('last').last()).toBeInViewport();
    await page.keyboard.type('!');
    await expect(textOf(page).locator(':scope > :last-child')).toContainText('last!');
    await page.keyboard.press('ControlOrMeta+Home');
    await settled(page);
    expect(await selected(page)).toMatch(/^\|(a|one|first)$/);
    await expect(textOf(page).locator(':scope > :first-child')).toBeInViewport();
    await caretAfter(page, 'Paragraph 59.');
    await page.keyboard.press('Shift+ControlOrMeta+End');
    await settled(page);
    expect(await selected(page)).toMatch(/last!$/);
  });
}
