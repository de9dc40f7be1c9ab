/** Other people's carets: in the right place under the right name, seen whole, and never part of the text. */
import { AxeBuilder } from '@axe-core/playwright';
import { expectSame, pairWriting, selected, selectWords } from './editor-page.ts';
import { expect, test } from './fixtures.ts';
import { caretAfter, openPlan, textOf } from './plan-page.ts';

const MARKDOWN = 'First words.\n\nSecond words.\n\n| Name | Role |\n|---|---|\n| Ana | Chair |\n';

test('a caret stands where the other writes, in their colour, and its name is seen whole even in the first line', async ({
  person,
  createPlan,
  share,
}) => {
  const pair = await pairWriting({ person, createPlan, share }, MARKDOWN);
  const { ana, ben } = pair;
  await expect(textOf(ana.page).locator('.remote-caret')).toHaveCount(0);
  await selectWords(ben.page, 'First', 'end');
  await ben.page.keyboard.type('ly');
  const caret = textOf(ana.page).locator('.remote-caret[data-name=Ben]');
  await expect(caret).toHaveCount(1);
  const before = () =>
    caret.evaluate((element) => {
      const range = document.createRange();
      range.setStart(element.closest('p, td') as Element, 0);
      range.setEndBefore(element);
      return range.toString();
    });
  await expect.poll(before).toBe('Firstly');
  await expect(caret).toHaveClass(/moving/);
  // What is painted at the middle of the name is the caret: nothing clips or covers it.
  const seen = () =>
    caret.evaluate((element) => {
      element.classList.add('moving');
      const caretBox = element.getBoundingClientRect();
      const name = getComputedStyle(element, '::after');
      const covering = [name.backgroundColor, name.color, name.content];
      const block = element.closest('.ProseMirror > *') as Element;
      return { covering, visible: getComputedStyle(block).contentVisibility, width: caretBox.width };
    });
  const { covering, visible, width } = await seen();
  expect(covering[2]).toBe('"Ben"');
  expect(covering[0]).not.toBe(covering[1]);
  expect(visible).toBe('visible');
  expect(width).toBe(0);
  // Somebody else's words before it move it along.
  await selectWords(ana.page, 'Firstly', 'start');
  await ana.page.keyboard.type('At ');
  await expect.poll(before).toBe('At Firstly');
  await expectSame(pair);
  const { violations } = await new AxeBuilder({ page: ana.page }).include('.ProseMirror').analyze();
  expect(violations).toEqual([]);
  await expect(caret).not.toHaveClass(/moving/);
});

test('a caret takes no room: lines break and stand where they did', async ({ person, createPlan, share }) => {
  const long = 'Commons are land, water, seeds and software that people care for together. '.repeat(12);
  const pair = await pairWriting({ person, createPlan, share }, `${long}\n`);
  const { ana, ben } = pair;
  const layout = () =>
    textOf(ana.page).evaluate((editor) => {
      const range = document.createRange();
      range.selectNodeContents(editor);
      const tops = new Set(
        [...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)),
      );
      return { lines: tops.size, height: editor.getBoundingClientRect().height };
    });
  const before = await layout();
  for (const words of ['Commons', 'seeds and soft', 'together. C']) {
    await selectWords(ben.page, words, 'end');
    await expect(textOf(ana.page).locator('.remote-caret')).toHaveCount(1);
    expect(await layout()).toEqual(before);
  }
});

test('a list keeps its numbers while somebody writes in it', async ({ person, createPlan, share }) => {
  const { ana, ben } = await pairWriting({ person, createPlan, share }, '1. One thing\n2. Another\n');
  await selectWords(ben.page, 'Another', 'end');
  await ben.page.keyboard.type(' one');
  await expect(textOf(ana.page).locator('ol .remote-caret')).toHaveCount(1);
  await expect(textOf(ana.page).locator('ol > li').first()).toHaveCSS('list-style-type', 'decimal');
});

test('a selection is shown over its words; copying and reading the text never give a name', async ({
  person,
  createPlan,
  share,
}) => {
  const { ana, ben } = await pairWriting({ person, createPlan, share }, MARKDOWN);
  await selectWords(ben.page, 'rst words');
  const shown = textOf(ana.page).locator('.remote-selection');
  await expect.poll(() => shown.allTextContents()).toEqual(['rst words']);
  await expect(shown).not.toHaveCSS('background-color', 'rgba(0, 0, 0, 0)');
  expect(await textOf(ana.page).evaluate((editor) => (editor as HTMLElement).innerText)).not.toContain('Ben');
  await ana.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await caretAfter(ana.page, 'Second words');
  await ana.page.keyboard.press('ControlOrMeta+a');
  await expect.poll(() => selected(ana.page)).toContain('Chair');
  await ana.page.keyboard.press('ControlOrMeta+c');
  const copied = await ana.page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const read = async (type: string) => (await item!.getType(type)).text();
    return { text: await read('text/plain'), html: await read('text/html') };
  });
  expect(copied.text).toMatch(/^First words\.\n\nSecond words\./);
  expect(copied.text + copied.html).not.toMatch(/Ben|caret|remote/);
});

test('the caret stays while its owner looks elsewhere on the page, and goes with them', async ({
  person,
  createPlan,
  share,
}) => {
  const { ana, ben } = await pairWriting({ person, createPlan, share }, MARKDOWN);
  await selectWords(ben.page, 'Second', 'end');
  const caret = textOf(ana.page).locator('.remote-caret');
  await expect(caret).toHaveCount(1);
  await ben.page.getByRole('textbox', { name: 'Title', exact: true }).click();
  await expect(ben.page.getByRole('textbox', { name: 'Title', exact: true })).toBeFocused();
  await expect(caret).toHaveCount(1);
  await ben.page.goto('/');
  await expect(caret).toHaveCount(0);
});

for (const role of ['viewer', 'editor'] as const) {
  test(`opening, scrolling and clicking as ${role} writes nothing`, async ({ person, createPlan, share }) => {
    const { ana, ben, id } = await pairWriting({ person, createPlan, share }, MARKDOWN.repeat(8), role);
    const seq = async (): Promise<number> =>
      ((await (await ana.context.request.get(`/api/plans/${id}/content`)).json()) as { seq: number }).seq;
    const before = await seq();
    await openPlan(ben, id);
    await textOf(ben.page).locator('p', { hasText: 'Second words' }).first().click();
    await ben.page.mouse.wheel(0, 2000);
    await textOf(ben.page).locator('td').last().click();
    await ben.page.keyboard.press('ArrowLeft');
    await ben.page.keyboard.press('ControlOrMeta+z');
    if (role === 'viewer') await ben.page.keyboard.type('Nothing');
    await textOf(ana.page).locator('p', { hasText: 'Second words' }).first().click();
    if (role === 'editor') await expect(textOf(ana.page).locator('.remote-caret')).toHaveCount(1);
    // A word of Ana's, which comes after whatever Ben's page might have written.
    await ana.page.keyboard.type('!');
    await expect(textOf(ben.page)).toContainText('!');
    await expect.poll(seq).toBe(before + 1);
    expect(await textOf(ben.page).textContent()).not.toContain('Nothing');
  });
}
