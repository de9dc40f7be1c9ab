/** Input methods (Chinese, Japanese, Korean, every phone keyboard): composing goes on undisturbed while others write. */
import type { CDPSession, Page } from '@playwright/test';
import { expectSame, lines, pairWriting, selectWords } from './editor-page.ts';
import { expect, test } from './fixtures.ts';
import { expectSaved, textOf } from './plan-page.ts';

/** Chromium's debugging protocol is how a test composes. */
const inputMethod = (page: Page): Promise<CDPSession> => page.context().newCDPSession(page);
const compose = (cdp: CDPSession, text: string): Promise<unknown> =>
  cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });

test('a word composed in a paragraph in which somebody else writes comes out whole', async ({
  person,
  createPlan,
  share,
}) => {
  const pair = await pairWriting({ person, createPlan, share }, 'Start end.\n\nAnother paragraph.\n');
  const { ana, ben } = pair;
  const cdp = await inputMethod(ana.page);
  await selectWords(ana.page, 'Start', 'end');
  await compose(cdp, 'か');
  await compose(cdp, 'かん');
  await expect(textOf(ana.page)).toContainText('Startかん');
  // Ben writes before, behind and right at the word, and elsewhere.
  await selectWords(ben.page, 'Start', 'start');
  await ben.page.keyboard.type('One ');
  await selectWords(ben.page, 'end.', 'end');
  await ben.page.keyboard.type(' Two');
  await selectWords(ben.page, 'Another paragraph.', 'end');
  await ben.page.keyboard.type(' Three');
  await expect(textOf(ana.page)).toContainText('paragraph. Three');
  // Composing goes on, and the text under it is as it was.
  expect(await lines(ana.page)).toContain('Startかん end.');
  await compose(cdp, 'かんじ');
  await cdp.send('Input.insertText', { text: '漢字' });
  const whole = ['One Start漢字 end. Two', 'Another paragraph. Three'];
  await expect.poll(() => lines(ana.page)).toEqual(whole);
  await ana.page.keyboard.type('!');
  await expect.poll(() => lines(ben.page)).toEqual(['One Start漢字! end. Two', 'Another paragraph. Three']);
  await expectSame(pair);
  await expectSaved(ana.page);
});

for (const [name, keys] of [
  ['makes the block a heading', 'ControlOrMeta+Alt+2'],
  ['makes the block a list', 'ControlOrMeta+Shift+8'],
  ['splits the block', 'Enter'],
] as const) {
  test(`a word is composed on while somebody else ${name}`, async ({ person, createPlan, share }) => {
    const pair = await pairWriting({ person, createPlan, share }, 'Start end.\n');
    const { ana, ben } = pair;
    const cdp = await inputMethod(ana.page);
    await selectWords(ana.page, 'end', 'end');
    await compose(cdp, 'に');
    await selectWords(ben.page, 'Start', 'end');
    await ben.page.keyboard.press(keys);
    await ben.page.keyboard.type('Y');
    await expectSaved(ben.page);
    await compose(cdp, 'にほ');
    await cdp.send('Input.insertText', { text: '日本' });
    await expect(textOf(ben.page)).toContainText('end日本.');
    await expect(textOf(ana.page)).toContainText('Y');
    await expectSame(pair);
  });
}

test('composing is undone in one portion, without what others wrote meanwhile', async ({
  person,
  createPlan,
  share,
}) => {
  const pair = await pairWriting({ person, createPlan, share }, 'Start end.\n');
  const { ana, ben } = pair;
  const cdp = await inputMethod(ana.page);
  await selectWords(ana.page, 'Start', 'end');
  await compose(cdp, 'か');
  await selectWords(ben.page, 'end.', 'end');
  await ben.page.keyboard.type(' Two');
  await expectSaved(ben.page);
  await cdp.send('Input.insertText', { text: '漢' });
  await expect.poll(() => lines(ana.page)).toEqual(['Start漢 end. Two']);
  for (let times = 0; times < 3; times += 1) await ana.page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => lines(ana.page)).toEqual(['Start end. Two']);
  await expectSame(pair);
});
