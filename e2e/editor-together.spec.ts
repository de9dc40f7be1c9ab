/** Two people in one text: words stay whole, selections stay where they are, undo is one's own. */
import { expectSame, lines, pairWriting, selected, selectWords, settled } from './editor-page.ts';
import { expect, type Person, test } from './fixtures.ts';
import { expectSaved, textOf, tool } from './plan-page.ts';

const TWO = 'First words of Ana.\n\nSecond words of Ben.\n';

test('two people write at the same place at once, and neither’s words are mixed into the other’s', async ({
  person,
  createPlan,
  share,
}) => {
  const pair = await pairWriting({ person, createPlan, share }, 'Here.\n');
  const { ana, ben } = pair;
  await selectWords(ana.page, 'Here.', 'end');
  await selectWords(ben.page, 'Here.', 'end');
  await Promise.all([
    ana.page.keyboard.type('aaaaaaaaaaaaaaaaaaaaaaaa', { delay: 12 }),
    ben.page.keyboard.type('bbbbbbbbbbbbbbbbbbbbbbbb', { delay: 17 }),
  ]);
  for (const { page } of [ana, ben]) await expectSaved(page);
  await expectSame(pair);
  const [text = ''] = await lines(ana.page);
  expect([`Here.${'a'.repeat(24)}${'b'.repeat(24)}`, `Here.${'b'.repeat(24)}${'a'.repeat(24)}`]).toContain(text);
});

/** What Ben does to the block that Ana is in, and what her caret or selection is then. */
const STRUCTURE: readonly [string, (ben: Person) => Promise<void>, string][] = [
  ['makes it a heading', async ({ page }) => page.keyboard.press('ControlOrMeta+Alt+2'), 'h2 First words of Ana.'],
  ['makes it a list', async ({ page }) => page.keyboard.press('ControlOrMeta+Shift+8'), 'First words of Ana.'],
  ['quotes it', async ({ page }) => page.keyboard.press('ControlOrMeta+Shift+b'), 'First words of Ana.'],
  ['splits it before the place', async ({ page }) => page.keyboard.press('Enter'), ' words of Ana.'],
  ['writes before the place', async ({ page }) => page.keyboard.type(' and more'), 'First and more words of Ana.'],
  [
    'joins it with the block before',
    async ({ page }) => {
      await page.keyboard.press('Home');
      await settled(page);
      await page.keyboard.press('Backspace');
    },
    'Zero.First words of Ana.',
  ],
];

for (const [name, act, line] of STRUCTURE) {
  test(`a selection and a caret stay on their words when somebody else ${name}`, async ({
    person,
    createPlan,
    share,
  }) => {
    const pair = await pairWriting({ person, createPlan, share }, `Zero.\n\n${TWO}`);
    const { ana, ben } = pair;
    await selectWords(ana.page, 'of Ana');
    await selectWords(ben.page, 'First', 'end');
    await act(ben);
    await expect.poll(() => lines(ana.page)).toContain(line);
    expect(await selected(ana.page)).toBe('of Ana');
    await selectWords(ana.page, 'of An', 'end');
    await selectWords(ben.page, 'Ana', 'start');
    await ben.page.keyboard.press('ControlOrMeta+Alt+3');
    await expect(textOf(ana.page).locator('h3')).toContainText('of Ana');
    expect((await selected(ana.page)).split('|')).toEqual([expect.stringMatching(/of An$/), 'a.']);
    await ana.page.keyboard.type('XX');
    await expectSaved(ana.page);
    await expectSame(pair);
    expect((await lines(ana.page)).join()).toContain('of AnXXa.');
  });
}

test('the caret stays in its cell when somebody else adds a column and a row before it', async ({
  person,
  createPlan,
  share,
}) => {
  const pair = await pairWriting({ person, createPlan, share }, '| A | B |\n|---|---|\n| one | two |\n');
  const { ana, ben } = pair;
  await selectWords(ana.page, 'two', 'end');
  await selectWords(ben.page, 'one', 'end');
  await ben.page.getByRole('button', { name: /column before/i }).click();
  await expect(textOf(ana.page).locator('tr').first().locator('th')).toHaveCount(3);
  await ben.page.getByRole('button', { name: /row above|row before/i }).click();
  await expect(textOf(ana.page).locator('tr')).toHaveCount(3);
  expect(await selected(ana.page)).toBe('two|');
  await ana.page.keyboard.type('!');
  await expectSaved(ana.page);
  await expectSame(pair);
  expect(await lines(ana.page)).toContain('two!');
});

test('undo takes back one’s own portions, with the caret where it was, and never the opening', async ({
  person,
  createPlan,
  share,
}) => {
  const pair = await pairWriting({ person, createPlan, share }, TWO);
  const { ana, ben } = pair;
  await expect(tool(ana.page, 'Undo')).toBeDisabled();
  await selectWords(ana.page, 'First words', 'end');
  await ana.page.keyboard.type(' typed');
  await ana.page.keyboard.press('Enter');
  await ana.page.keyboard.type('next');
  await selectWords(ben.page, 'Second', 'start');
  await ben.page.keyboard.type('Very ');
  await expect.poll(() => lines(ana.page)).toEqual(['First words typed', 'next of Ana.', 'Very Second words of Ben.']);
  const undo = () => ana.page.keyboard.press('ControlOrMeta+z');
  await undo();
  await expect.poll(() => lines(ana.page)).toContain(' of Ana.');
  await undo();
  await expect.poll(() => lines(ana.page)).toContain('First words typed of Ana.');
  expect(await selected(ana.page)).toBe('First words typed| of Ana.');
  await undo();
  await expect.poll(() => lines(ana.page)).toEqual(['First words of Ana.', 'Very Second words of Ben.']);
  expect(await selected(ana.page)).toBe('First words| of Ana.');
  await undo();
  await expect.poll(() => lines(ana.page)).toEqual(['First words of Ana.', 'Very Second words of Ben.']);
  await ana.page.keyboard.press('ControlOrMeta+Shift+z');
  await expect.poll(() => lines(ana.page)).toContain('First words typed of Ana.');
  expect(await selected(ana.page)).toBe('First words typed| of Ana.');
  await expectSame(pair);
});

test('undo of a deletion brings words and selection back, after others changed the block', async ({
  person,
  createPlan,
  share,
}) => {
  const pair = await pairWriting({ person, createPlan, share }, TWO);
  const { ana, ben } = pair;
  await selectWords(ana.page, 'words of');
  await ana.page.keyboard.press('Backspace');
  await expect.poll(() => lines(ben.page)).toContain('First  Ana.');
  await selectWords(ben.page, 'First', 'start');
  await ben.page.keyboard.press('ControlOrMeta+Alt+2');
  await expect(textOf(ana.page).locator('h2')).toHaveCount(1);
  await ana.page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => lines(ana.page)).toContain('h2 First words of Ana.');
  expect(await selected(ana.page)).toBe('words of');
  await expectSame(pair);
});
