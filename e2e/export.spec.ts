/** Taking a plan away as a file, from the plan and from its history, with a mouse, with the keyboard, on a phone, without a connection. */
import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from '@playwright/test';
import { expect, expectAccessible, type Person, test } from './fixtures.ts';
import { nameVersion } from './history-page.ts';
import { caretAfter, expectSaved, openPlan } from './plan-page.ts';

const MARKDOWN = '# Land\n\nThe first paragraph.\n';

async function openDialog(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'History, export and more' }).click();
  await page.getByRole('menuitem', { name: 'Download as a file' }).click();
  await expect(page.getByRole('dialog', { name: 'Export' })).toBeVisible();
  return page.locator('cp-export-dialog');
}

async function download(dialog: Locator): Promise<Download> {
  const downloaded = dialog.page().waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).click();
  return downloaded;
}

const textOf = async (file: Download): Promise<string> => readFile(await file.path(), 'utf8');

async function writeMore({ page }: Person): Promise<void> {
  await caretAfter(page, 'The first paragraph.');
  await page.keyboard.type(' And more.');
  await expectSaved(page);
}

test('a plan is taken away as it is now, or as it was in a snapshot, named ones first', async ({
  person,
  createPlan,
  at,
}) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'Plan: for all', markdown: MARKDOWN });
  await nameVersion(ana, id, 'For the council', at.url);
  const page = await openPlan(ana, id);
  await writeMore(ana);
  const dialog = await openDialog(page);
  await dialog.getByRole('radio', { name: 'Markdown' }).check();
  const now = await download(dialog);
  expect(now.suggestedFilename()).toBe('Plan for all.md');
  expect(await textOf(now)).toContain('The first paragraph. And more.');
  await expect(dialog.getByRole('status')).toContainText('“Plan for all.md” is in your downloads.');

  const version = dialog.getByRole('combobox', { name: 'Version' });
  const choices = version.getByRole('option');
  await expect(choices).toHaveText([
    'The plan as it is now',
    /^Snapshot 2, For the council, /,
    /^Snapshot 1, The plan was imported, /,
  ]);
  await version.selectOption('2');
  await expect(dialog.locator('[role="status"]')).toBeEmpty();
  const old = await download(dialog);
  expect(old.suggestedFilename()).toBe('Plan for all (snapshot 2).md');
  const text = await textOf(old);
  expect(text).not.toContain('And more');
  expect(text).toMatch(/^---\n# Version: Snapshot 2, “For the council”\n# Date: .+ UTC\n# Licence: CC-BY-SA-4.0\n/);
});

test('the reading view of a snapshot exports that one; the keyboard is enough', async ({ person, createPlan, at }) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'Plan', markdown: MARKDOWN });
  await nameVersion(ana, id, 'For the council', at.url);
  const { page } = ana;
  await page.goto(`/plans/${id}/history/2`);
  await page.getByRole('button', { name: 'Export' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Export' })).toBeVisible();
  const dialog = page.locator('cp-export-dialog');
  await expect(dialog.getByRole('radio').first()).toBeFocused();
  await expect(dialog.getByRole('combobox', { name: 'Version' })).toHaveValue('2');
  // The arrow keys go through the formats, Enter downloads.
  while (!(await dialog.getByRole('radio', { name: 'JSON' }).isChecked())) await page.keyboard.press('ArrowDown');
  const downloaded = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const json = JSON.parse(await textOf(await downloaded));
  expect(json.snapshot).toMatchObject({ number: 2, label: 'For the council', contentHash: json.contentHash });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Export' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Export' })).toBeFocused();
});

test('without a connection it says so, and works again with one; a long one is cancelled', async ({
  person,
  createPlan,
}) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'Plan', markdown: MARKDOWN });
  const page = await openPlan(ana, id);
  const dialog = await openDialog(page);
  await dialog.getByRole('radio', { name: 'Markdown' }).check();
  await ana.context.setOffline(true);
  await dialog.getByRole('button', { name: 'Download' }).click();
  await expect(dialog.getByRole('alert').filter({ hasText: 'cannot be reached' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Download' })).toBeEnabled();
  await ana.context.setOffline(false);
  expect((await download(dialog)).suggestedFilename()).toBe('Plan.md');
  await expect(dialog.getByText('cannot be reached')).toBeHidden();

  let held: () => void = () => undefined;
  const hold = new Promise<void>((resolve) => {
    held = resolve;
  });
  await page.route('**/export/**', async (route) => {
    await hold;
    await route.abort();
  });
  await dialog.getByRole('button', { name: 'Download' }).click();
  await expect(dialog.getByRole('status')).toContainText('Making the Markdown file');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.locator('[role="status"]')).toBeEmpty();
  await expect(dialog.getByRole('button', { name: 'Download' })).toBeVisible();
  await expect(dialog.locator('.export-outcome [role="alert"]')).toBeEmpty();
  held();
});

test('the text of a web page is copied, to paste into the editor of a site', async ({ person, createPlan }) => {
  const ana = await person('Ana', { permissions: ['clipboard-read', 'clipboard-write'] });
  const id = await createPlan(ana, { title: 'Plan', markdown: MARKDOWN });
  const page = await openPlan(ana, id);
  const dialog = await openDialog(page);
  await dialog.getByRole('radio', { name: 'Web page' }).check();
  await dialog.getByRole('button', { name: 'Copy the text' }).click();
  await expect(dialog.getByRole('status')).toContainText('The text is copied.');
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const read = async (type: string): Promise<string> => (await item!.getType(type)).text();
    return { html: await read('text/html'), text: await read('text/plain') };
  });
  expect(copied.html).toMatch(/<h\d[^>]*>.*Land/);
  expect(copied.text).toContain('<p>The first paragraph.</p>');
  expect(copied.text).not.toContain('<!doctype');
});

test('a PDF is looked at page by page, downloaded, and comes with what could be better', async ({
  person,
  createPlan,
}) => {
  const ana = await person('Ana');
  // A letter of a private alphabet, which no font has.
  const id = await createPlan(ana, { title: 'Plan', markdown: `${MARKDOWN}\nA \ue123 sign.\n` });
  const page = await openPlan(ana, id);
  const dialog = await openDialog(page);
  await dialog.getByRole('radio', { name: 'PDF' }).check();
  await dialog.getByRole('combobox', { name: 'Paper' }).selectOption('letter');
  await dialog.getByRole('combobox', { name: 'Design' }).selectOption('charter');
  await dialog.getByRole('checkbox', { name: 'Number the headings' }).uncheck();
  const asked = page.waitForRequest('**/export/pdf?*');
  const file = await download(dialog);
  expect(new URL((await asked).url()).search).toBe('?paper=letter&design=charter&numbered=false');
  expect(file.suggestedFilename()).toBe('Plan.pdf');
  expect((await readFile(await file.path())).subarray(0, 5).toString()).toBe('%PDF-');
  await expect(dialog.getByRole('status')).toContainText('“Plan.pdf” is in your downloads.');
  await expect(dialog.getByRole('status').getByRole('listitem')).toContainText(/U\+E123/);

  await dialog.getByRole('button', { name: 'Look at it' }).click();
  const first = dialog.getByRole('group', { name: 'The first pages' }).getByRole('img', { name: 'Page 1 of 1' });
  await expect(first).toBeVisible();
  // Drawn with letters, and by nothing that the policy of the page refuses.
  const darkest = await first.evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((_, index) => index % 4 < 3).reduce((least, value) => Math.min(least, value), 255);
  });
  expect(darkest).toBeLessThan(100);
  await expect(dialog.getByText('One page.')).toBeVisible();
  await dialog.getByLabel('Design').selectOption('Report');
  await expect(first).toBeHidden();
  await dialog.getByRole('button', { name: 'Look at it' }).click();
  await expect(dialog.getByRole('img', { name: 'Page 1 of 2' })).toBeVisible();

  const link = dialog.getByRole('link', { name: 'Open the whole PDF' });
  const shown = await ana.context.request.get((await link.getAttribute('href'))!);
  expect([shown.status(), shown.headers()['content-type']]).toEqual([200, 'application/pdf']);
  expect(shown.headers()['content-disposition']).toMatch(/^inline/);
  await expect(link).toHaveAttribute('target', '_blank');
});

for (const [name, options] of [
  ['a wide screen', {}],
  ['a dark phone', { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, colorScheme: 'dark' }],
] as const) {
  test(`the dialog has nothing for axe on ${name}, and fits it`, async ({ person, createPlan, at }) => {
    // axe looks at the page once for each format.
    test.slow();
    const ana = await person('Ana', options);
    const id = await createPlan(ana, { title: 'Plan', markdown: MARKDOWN });
    await nameVersion(ana, id, `For the ${'general assembly of all neighbourhoods '.repeat(3)}`.trim(), at.url);
    const page = await openPlan(ana, id);
    const dialog = await openDialog(page);
    await expect(dialog.getByRole('combobox', { name: 'Version' }).getByRole('option')).toHaveCount(3);
    for (const format of await dialog.getByRole('radio').all()) {
      await format.check();
      if ((await format.inputValue()) === 'pdf') {
        await dialog.getByRole('button', { name: 'Look at it' }).click();
        const pages = dialog.getByRole('group', { name: 'The first pages' });
        await expect(pages).toBeVisible();
        await pages.scrollIntoViewIfNeeded();
        await page.screenshot({ path: test.info().outputPath('preview.png') });
      }
      await expectAccessible(page);
      const sideways = await dialog.locator('form').evaluate((form) => form.scrollWidth - form.clientWidth);
      expect(sideways).toBe(0);
    }
    await page.screenshot({ path: test.info().outputPath('dialog.png') });
  });
}
