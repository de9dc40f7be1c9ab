/** Pictures as people add them: by the dialog, by pasting and by dropping, while somebody else has the plan open. */
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { pairWriting } from './editor-page.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import { caretAfter, expectSaved, textOf, tool } from './plan-page.ts';

const PLAN = 'First paragraph.\n\nSecond paragraph.\n\nThird paragraph.\n';
const picture = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 300, height: 160, channels: 3, background } })
    .png()
    .toBuffer();

/** Gives the editor files as the clipboard or the mouse does. */
const give = (page: Page, how: 'paste' | 'drop', files: Buffer[], place = 'Second'): Promise<void> =>
  textOf(page).evaluate(
    (editor, { how, files, place }) => {
      const transfer = new DataTransfer();
      for (const [index, base64] of files.entries()) {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        transfer.items.add(new File([bytes], `picture-${index}.png`, { type: 'image/png' }));
      }
      const options = { bubbles: true, cancelable: true };
      if (how === 'paste') {
        editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, ...options }));
        return;
      }
      const block = [...editor.querySelectorAll('p')].find(({ textContent }) => textContent?.includes(place));
      const { left, bottom } = block?.getBoundingClientRect() ?? { left: 0, bottom: 0 };
      const at = { clientX: left + 20, clientY: bottom - 5 };
      editor.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, ...at, ...options }));
    },
    { how, files: files.map((file) => file.toString('base64')), place },
  );

/** Pastes HTML, with a picture file beside it where one is given. */
const pasteHtml = (page: Page, html: string, file?: string): Promise<void> =>
  textOf(page).evaluate(
    (editor, { html, file }) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/html', html);
      if (file) {
        const bytes = Uint8Array.from(atob(file), (char) => char.charCodeAt(0));
        clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
      }
      editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    { html, file },
  );

/** Kinds of the blocks, and of each figure whether its picture has been loaded. */
const blocks = (page: Page): Promise<string[]> =>
  textOf(page).evaluate((editor) =>
    [...editor.children].map((block) => {
      const image = block.querySelector<HTMLImageElement>('.figure-picture > img');
      return block.tagName === 'FIGURE' ? `figure ${image && image.naturalWidth > 0 ? 'shown' : 'empty'}` : 'p';
    }),
  );

test('a picture is chosen, described and captioned; the other sees it, and both can change what is said of it', async ({
  person,
  createPlan,
  share,
}) => {
  test.slow();
  const { ana, ben } = await pairWriting({ person, createPlan, share }, PLAN);
  const { page } = ana;
  await caretAfter(page, 'First paragraph');
  await tool(page, 'Picture').click();
  await expect(page.getByRole('dialog', { name: 'Add a picture' })).toBeVisible();
  const dialog = page.locator('cp-figure-dialog');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Add the picture' }).click();
  await expect(dialog.getByText('Say in a few words what the picture shows')).toBeVisible();
  await dialog.getByLabel('What it shows').fill('A river between gardens');
  await dialog.getByRole('button', { name: 'Add the picture' }).click();
  await expect(dialog.getByRole('alert')).toHaveText('Choose a picture first.');
  await dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'river.png', mimeType: 'image/png', buffer: await picture('#2a7') });
  await expect(dialog.getByAltText('The chosen picture')).toBeVisible();
  await dialog.getByLabel('Caption').fill('The river in spring');
  await dialog.getByLabel('Credit').fill('Photo: Ana, CC BY 4.0');
  await dialog.getByRole('button', { name: 'Add the picture' }).click();
  await expect(page.getByRole('dialog', { name: 'Add a picture' })).toBeHidden();
  for (const each of [page, ben.page]) {
    await expect.poll(() => blocks(each)).toEqual(['p', 'figure shown', 'p', 'p']);
    const figure = textOf(each).locator('figure');
    await expect(figure.getByAltText('A river between gardens')).toBeVisible();
    await expect(figure.locator('figcaption')).toHaveText('The river in spring');
    await expect(figure.locator('small')).toHaveText('Photo: Ana, CC BY 4.0');
    await expect(figure.getByRole('button', { name: 'Say what the picture shows' })).toBeHidden();
  }
  await expectSaved(page);

  // Ben changes what is said of it while Ana writes above it.
  await textOf(ben.page).locator('figcaption').click();
  await ben.page.getByRole('button', { name: 'Description, credit, other picture' }).click();
  const change = ben.page.locator('cp-figure-dialog');
  await expect(change.getByLabel('What it shows')).toHaveValue('A river between gardens');
  await caretAfter(page, 'First paragraph');
  await page.keyboard.press('Enter');
  await page.keyboard.type('A new paragraph.');
  await expect(textOf(ben.page)).toContainText('A new paragraph.');
  await change.getByLabel('It is decoration').check();
  await change.getByRole('button', { name: 'Save' }).click();
  await expect(ben.page.getByRole('dialog', { name: 'Picture' })).toBeHidden();
  await expect(textOf(page).locator('.figure-picture > img')).toHaveAttribute('alt', '');
  await expect(textOf(page).locator('figcaption')).toHaveText('The river in spring');
  await expectSaved(ben.page);
});

test('pictures are pasted and dropped, wait for the connection, and ask for a description', async ({
  person,
  createPlan,
  share,
}) => {
  test.slow();
  const { ana, ben } = await pairWriting({ person, createPlan, share }, PLAN);
  const { page } = ana;
  await caretAfter(page, 'First paragraph');
  await give(page, 'paste', [await picture('#a33'), await picture('#33a')]);
  await expect.poll(() => blocks(ben.page)).toEqual(['p', 'figure shown', 'figure shown', 'p', 'p']);
  await expect.poll(() => blocks(page)).toEqual(['p', 'figure shown', 'figure shown', 'p', 'p']);
  await give(page, 'drop', [await picture('#3a3')]);
  await expect.poll(() => blocks(ben.page)).toEqual(['p', 'figure shown', 'figure shown', 'p', 'figure shown', 'p']);
  await expect(textOf(page).getByRole('button', { name: 'Say what the picture shows' })).toHaveCount(3);
  await expect(textOf(page).locator('[style]')).toHaveCount(0);

  // What the server refuses is said where the picture was to stand, and can be given up.
  await caretAfter(page, 'Third paragraph');
  await give(page, 'paste', [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')]);
  const alert = textOf(page).getByRole('alert');
  await expect(alert).toContainText('SVG drawings cannot be added');
  await alert.getByRole('button', { name: 'Give it up' }).click();
  await expect.poll(() => blocks(page)).toEqual(['p', 'figure shown', 'figure shown', 'p', 'figure shown', 'p']);

  // Without a connection it waits, and goes on by itself.
  await ana.context.setOffline(true);
  await caretAfter(page, 'Third paragraph');
  await give(page, 'paste', [await picture('#aa3')]);
  await expect(alert).toContainText('The server cannot be reached');
  await ana.context.setOffline(false);
  await expect
    .poll(() => blocks(ben.page))
    .toEqual(['p', 'figure shown', 'figure shown', 'p', 'figure shown', 'p', 'figure shown']);
  await expectSaved(page);

  // A figure that is copied into another plan takes its picture along: its readers may not be this one's.
  const other = await createPlan(ana, { title: 'Another', markdown: 'Here.\n' });
  const html = await textOf(page)
    .locator('.figure-picture > img')
    .first()
    .evaluate((image) => `<figure>${image.outerHTML}</figure>`);
  await page.goto(`/plans/${other}`);
  await caretAfter(page, 'Here.');
  await pasteHtml(page, html);
  await expect.poll(() => blocks(page)).toEqual(['p', 'figure shown']);
  await expect(textOf(page).locator('.figure-picture > img')).toHaveAttribute(
    'src',
    new RegExp(`^/api/plans/${other}/images/`),
  );

  // Pictures in the clipboard's HTML: in their address, or, copied on a page, as a file beside it.
  const base64 = (await picture('#0aa')).toString('base64');
  await caretAfter(page, 'Here.');
  await pasteHtml(page, `<p>From Docs</p><p><img src="data:image/png;base64,${base64}" alt="Teal"></p>`);
  await expect(textOf(page).getByAltText('Teal')).toHaveAttribute('src', /^\/api\/plans\//);
  await caretAfter(page, 'From Docs');
  await pasteHtml(page, '<img src="https://example.org/a.png">', base64);
  await expect(textOf(page).locator('.figure-picture > img')).toHaveCount(3);
  await expectSaved(page);
});
