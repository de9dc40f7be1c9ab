/** Pasting from other programs, and dragging text and blocks, while somebody else looks on. */
import type { Page } from '@playwright/test';
import { expectSame, lines, pairWriting, selectWords, settled } from './editor-page.ts';
import { expect, test } from './fixtures.ts';
import { expectSaved, textOf } from './plan-page.ts';

const paste = (page: Page, html: string | null, plain = 'plain'): Promise<void> =>
  textOf(page).evaluate(
    (editor, { html, plain }) => {
      const clipboardData = new DataTransfer();
      if (html !== null) clipboardData.setData('text/html', html);
      clipboardData.setData('text/plain', plain);
      editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    { html, plain },
  );

/** As Word and Docs write it: styles on everything, wrappers, classes, comments. */
const FOREIGN = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{color:red}</style></head><body>
<!--StartFragment--><b style="font-weight:normal" id="docs-internal-guid-1">
<h2 style="line-height:1.38;color:#f00" dir="ltr"><span style="font-size:20pt;font-weight:400">Second level</span></h2>
<p class="MsoNormal" style="margin:0cm;mso-bidi-font-size:11.0pt"><span style="font-family:Calibri">Plain, <b>bold</b> and <span style="font-style:italic">italic</span> words, <span style="font-weight:700;color:#000">strong</span>.<o:p></o:p></span></p>
<ul style="margin:0"><li dir="ltr" style="list-style-type:disc"><p role="presentation"><span>First item</span></p></li><li><p>Other item</p></li></ul>
<table style="border:none"><colgroup><col width="100"></colgroup><tbody><tr><td style="width:50pt"><p>Cell A</p></td><td><p>Cell B</p></td></tr></tbody></table>
<p class="MsoListParagraph" style="text-indent:-18pt;mso-list:l0 level1 lfo1"><![if !supportLists]><span style="mso-list:Ignore">1.<span style="font:7pt 'Times New Roman'">&nbsp;&nbsp;</span></span><![endif]>Step one<a href="file:///C:/clip.htm#_ftn1" name="_ftnref1"><span class="MsoFootnoteReference">[1]</span></a></p>
<p class="MsoListParagraph" style="text-indent:-18pt;mso-list:l0 level2 lfo1"><span style="mso-list:Ignore">a)<span>&nbsp;</span></span>Inner step<span class="MsoCommentReference"><a class="msocomanchor" href="#_msocom_1">[A1]</a></span></p>
<div style="mso-element:footnote-list"><hr><div style="mso-element:footnote" id="ftn1"><p class="MsoFootnoteText"><a href="#_ftnref1" name="_ftn1"><span class="MsoFootnoteReference">[1]</span></a> A <i>note</i>.</p></div></div>
<p><a href="javascript:alert(1)">No link</a> <a href="https://example.org/">A link</a></p>
</b><script>window.pasted = true</script><!--EndFragment--></body></html>`;

test('what is pasted keeps its structure and loses its looks, in one portion of undo', async ({
  person,
  createPlan,
  share,
}) => {
  const pair = await pairWriting({ person, createPlan, share }, 'Before.\n\nAfter.\n');
  const { ana, ben } = pair;
  await selectWords(ana.page, 'Before.', 'end');
  await ana.page.keyboard.press('Enter');
  await paste(ana.page, FOREIGN);
  const text = textOf(ben.page);
  await expect(text.locator('h2')).toHaveText('Second level');
  await expect(text.locator('strong')).toHaveText(['bold', 'strong']);
  await expect(text.locator('em')).toHaveText(['italic', 'note']);
  await expect(text.locator('ol > li > ol > li')).toHaveText(['Inner step']);
  await expect(text.locator('ol > li .footnote, ol > li [data-footnote]').first()).toContainText('A note.');
  await expect(ana.page.getByText('Pasted without comments, which stand beside the text.')).toBeVisible();
  await expect(text.locator('ul > li')).toHaveText(['First item', 'Other item']);
  await expect(text.locator('td')).toHaveText(['Cell A', 'Cell B']);
  await expect(text.locator('a[href^="https://example.org"]')).toHaveText('A link');
  await expect(text.locator('a[href^="javascript"]')).toHaveCount(0);
  expect(await text.locator(':is(p, h2, li, td, span, strong, a)[style], script').count()).toBe(0);
  expect(await lines(ben.page)).not.toContain('plain');
  await expectSaved(ana.page);
  await expectSame(pair);
  await ana.page.keyboard.press('ControlOrMeta+z');
  await expect(text.locator('h2')).toHaveCount(0);
  await expect.poll(() => lines(ana.page)).toEqual(['Before.', '', 'After.']);
  await expectSame(pair);
});

test('pasted Markdown becomes what it says, undo brings its text back, and other text stays text', async ({
  person,
  createPlan,
  share,
}) => {
  const pair = await pairWriting({ person, createPlan, share }, 'Before.\n\nAfter.\n');
  const { ana, ben } = pair;
  await selectWords(ana.page, 'Before.', 'end');
  await ana.page.keyboard.press('Enter');
  await paste(ana.page, null, '## Land\n\n- one **bold**\n- two[^1]\n\n[^1]: A note.');
  const text = textOf(ben.page);
  await expect(text.locator('h2')).toHaveText('Land');
  await expect(text.locator('ul > li')).toHaveCount(2);
  await expect(text.locator('strong')).toHaveText('bold');
  await expect(text.locator('[data-footnote]')).toContainText('A note.');
  await expectSaved(ana.page);
  await expectSame(pair);
  await ana.page.keyboard.press('ControlOrMeta+z');
  await expect(text.locator('h2')).toHaveCount(0);
  await expect(text).toContainText('- two[^1]');
  await selectWords(ana.page, 'After.', 'end');
  await paste(ana.page, null, ' 2 * 3 is [six] - so.');
  await expect(text).toContainText('After. 2 * 3 is [six] - so.');
  await expectSame(pair);
});

test('pasting while the other writes in the same paragraph keeps both', async ({ person, createPlan, share }) => {
  const pair = await pairWriting({ person, createPlan, share }, 'One two.\n');
  const { ana, ben } = pair;
  await selectWords(ana.page, 'One', 'end');
  await selectWords(ben.page, 'two.', 'end');
  await Promise.all([
    paste(ana.page, '<p>pasted first</p><p>pasted last</p>'),
    ben.page.keyboard.type(' Written by Ben.', { delay: 10 }),
  ]);
  for (const { page } of [ana, ben]) await expectSaved(page);
  await expectSame(pair);
  await expect.poll(() => lines(ana.page)).toEqual(['Onepasted first', 'pasted last two. Written by Ben.']);
});

/** Drags by the mouse, slowly enough for the browser to notice. */
async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 8, from.y + 4, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await page.mouse.up();
}

const placeOf = (page: Page, words: string, at: 'middle' | 'end'): Promise<{ x: number; y: number }> =>
  textOf(page).evaluate(
    (editor, { words, at }) => {
      const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const from = (node.textContent ?? '').indexOf(words);
        if (from < 0) continue;
        const range = document.createRange();
        range.setStart(node, from);
        range.setEnd(node, from + words.length);
        const box = range.getBoundingClientRect();
        return { x: at === 'end' ? box.right - 1 : box.left + box.width / 2, y: box.top + box.height / 2 };
      }
      throw new Error(`Expected the text to hold ${words}`);
    },
    { words, at },
  );

test('selected words are dragged into another paragraph, and undo puts them back', async ({
  person,
  createPlan,
  share,
}) => {
  const pair = await pairWriting({ person, createPlan, share }, 'Take these words.\n\nTo here\n');
  const { ana } = pair;
  await selectWords(ana.page, ' these');
  await drag(ana.page, await placeOf(ana.page, ' these', 'middle'), await placeOf(ana.page, 'To here', 'end'));
  await expect.poll(() => lines(ana.page)).toEqual(['Take words.', 'To here these']);
  await expectSaved(ana.page);
  await expectSame(pair);
  await settled(ana.page);
  await ana.page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => lines(ana.page)).toEqual(['Take these words.', 'To here']);
  await expectSame(pair);
});

test('a figure is dragged behind another paragraph with its caption', async ({ person, createPlan, share }) => {
  const pair = await pairWriting(
    { person, createPlan, share },
    'First.\n\n![A river](https://example.org/a.png "The caption")\n\nSecond.\n\nThird.\n',
  );
  const { ana } = pair;
  const kinds = () =>
    textOf(ana.page).evaluate((editor) => [...editor.children].map(({ tagName }) => tagName.toLowerCase()));
  expect(await kinds()).toEqual(['p', 'figure', 'p', 'p']);
  const box = await textOf(ana.page).locator('.figure-picture').boundingBox();
  if (!box) throw new Error('Expected the figure to be seen');
  const third = await placeOf(ana.page, 'Third.', 'end');
  await drag(ana.page, { x: box.x + box.width / 2, y: box.y + box.height / 2 }, { x: third.x, y: third.y + 11 });
  await expect.poll(kinds).toEqual(['p', 'p', 'p', 'figure']);
  await expectSaved(ana.page);
  await expectSame(pair);
});
