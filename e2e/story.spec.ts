/** The whole story: import a plan, send a link to two others, write in it at once, lose the server in the middle, take the text out again. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

test.use({ at: async ({ ownServer }, use) => use(await ownServer()) });

const CHAPTERS = ['Purpose', 'Inventory of the commons', 'Proposals', 'Who does what'];
/** A small plan with something of everything that plans hold. */
const MARKDOWN = `---
title: Commons Transition Plan for Riverside
authors: [Ada]
---

${CHAPTERS.map(
  (chapter, index) => `# ${chapter}

Chapter ${index + 1} opens with a **bold** claim[^${index + 1}] and a [link](https://example.org/${index}).

- land held in trust
  - gardens
- energy cooperatives

| Commons | Who cares for it |
|---|---|
| River ${index} | Assembly |

[^${index + 1}]: The source of claim ${index + 1}, with *emphasis*.
`,
).join('\n')}`;

const textOf = (page: Page): Locator => page.getByRole('textbox', { name: 'Text of the plan' });
/** Waits as long as a page may wait between two tries to reconnect, and then some. */
const saved = (page: Page): Promise<void> =>
  expect(page.locator('.save-state')).toHaveAttribute('data-state', 'saved', { timeout: 60_000 });

/** The paragraphs as text, without the names that carets show. */
const paragraphs = (page: Page): Promise<string[]> =>
  textOf(page).evaluate((editor) => {
    const copy = editor.cloneNode(true) as HTMLElement;
    for (const widget of copy.querySelectorAll('.ProseMirror-widget')) widget.remove();
    return [...copy.querySelectorAll('p')].map(({ textContent }) => textContent ?? '');
  });

/** Puts the caret at the end of the list item that holds these words, and waits until the editor knows. */
async function writeAfter(page: Page, words: string, chapter: number): Promise<void> {
  const item = textOf(page).locator('li > p', { hasText: words }).nth(chapter);
  await item.scrollIntoViewIfNeeded();
  await item.click();
  await page.keyboard.press('End');
  await expect
    .poll(() =>
      item.evaluate((paragraph) => {
        const selection = getSelection();
        if (!selection?.anchorNode || !paragraph.contains(selection.anchorNode)) return false;
        const rest = document.createRange();
        rest.selectNodeContents(paragraph);
        rest.setStart(selection.anchorNode, selection.anchorOffset);
        return rest.toString() === '';
      }),
    )
    .toBe(true);
}

test('three people write a plan together, and a killed server forgets nothing that was saved', async ({
  stranger,
  at,
}) => {
  test.setTimeout(300_000);
  const ada = (await stranger()).page;
  await ada.goto('/');
  await ada.getByLabel('Your name').fill('Ada');
  await ada.getByLabel('Your name').press('Enter');
  await ada
    .getByRole('button', { name: /import/i })
    .first()
    .click();
  await ada
    .locator('input[type=file]')
    .setInputFiles({ name: 'riverside.md', mimeType: 'text/markdown', buffer: Buffer.from(MARKDOWN) });
  await ada.waitForURL(/\/plans\/.+/);
  await expect(textOf(ada)).toContainText('Chapter 4 opens with a bold claim');
  await expect(ada.getByRole('textbox', { name: 'Title', exact: true })).toHaveValue(
    'Commons Transition Plan for Riverside',
  );

  await ada.getByRole('button', { name: 'Share' }).click();
  await ada.getByLabel('Who joins by it').selectOption('editor');
  await ada.getByRole('button', { name: 'Create link' }).click();
  const link = await ada.getByLabel('Address of the new link').inputValue();
  await ada.keyboard.press('Escape');

  const pages = [ada];
  for (const name of ['Bram', 'Carla']) {
    const { page } = await stranger();
    await page.goto(link);
    await page.getByLabel('Your name').fill(name);
    await page.getByRole('button', { name: 'Join the plan' }).click();
    await expect(textOf(page)).toContainText('Chapter 4 opens with a bold claim');
    pages.push(page);
  }

  // All three in the same list item: the hardest place.
  const words = (page: number, from: number, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `word${'abc'[page]}${from + index}`);
  const type = async (index: number, from: number, count: number): Promise<string[]> => {
    const typed = words(index, from, count);
    for (const word of typed) await pages[index]?.keyboard.type(` ${word}`, { delay: 8 });
    return typed;
  };
  for (const page of pages) await writeAfter(page, 'energy cooperatives', 1);
  const first = (await Promise.all(pages.map((_, index) => type(index, 0, 8)))).flat();
  for (const page of pages) await saved(page);

  // The server goes away in the middle of a word, and they go on writing.
  const writing = Promise.all(pages.map((_, index) => type(index, 8, 12)));
  await new Promise((later) => setTimeout(later, 300));
  await at.stop('SIGKILL');
  const second = (await writing).flat();
  for (const page of pages) await expect(page.locator('.save-state')).not.toHaveAttribute('data-state', 'saved');
  await at.start();
  for (const page of pages) await saved(page);

  const all = [...first, ...second];
  const notOnce = (text: string): string[] =>
    all.filter((word) => text.split(new RegExp(`${word}(?![0-9])`)).length !== 2);
  for (const page of pages) await expect.poll(async () => notOnce((await paragraphs(page)).join('\n'))).toEqual([]);
  for (const page of pages) await expect.poll(() => paragraphs(page)).toEqual(await paragraphs(ada));

  // The text comes out again as Markdown.
  const planId = new URL(ada.url()).pathname.split('/').pop();
  const exported = await (await ada.context().request.get(`/api/plans/${planId}/export/md`)).text();
  expect(exported).toContain('title: Commons Transition Plan for Riverside');
  expect(exported).toMatch(/^# Inventory of the commons$/m);
  expect(exported).toMatch(/^\[\^4\]: The source of claim 4, with \*emphasis\*\.$/m);
  expect(notOnce(exported)).toEqual([]);
});
