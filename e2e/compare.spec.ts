/** Reviewing what changed, as a person does it: reading, going from change to change, choosing, putting back, by mouse and by keyboard alone. */
import type { Page } from '@playwright/test';
import { blocks, card, comparison, edit, openComparison, paragraph, replaced, where } from './compare-page.ts';
import { expect, type Person, test } from './fixtures.ts';
import { nameVersion } from './history-page.ts';
import { openPlan, textOf } from './plan-page.ts';

const FILLER = Array.from({ length: 14 }, (_, index) => `Paragraph ${index + 1} that nobody has touched.`).join('\n\n');
const MARKDOWN = `The preamble is short.

# Land

The city acts as a partner state for the commons.

This paragraph will be moved to the end of the plan by one of its writers.

This sentence goes away altogether.

# Water

${FILLER}

The river belongs to everybody who lives beside it.

- First point
- Second point

| Commons | Who |
|---|---|
| River | Assembly |

The last paragraph has a note[^1].

[^1]: See the charter of 2019.
`;

interface Compared {
  readonly ana: Person;
  readonly ben: Person;
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** Ana's plan, a version of it named by her, and what Ben and she changed since, named too. */
async function twoVersions(
  { person, createPlan, share, at }: Fixtures,
  options: Parameters<Fixtures['person']>[1] = {},
): Promise<Compared> {
  const ana = await person('Ana', options);
  const ben = await person('Ben');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await share(ana, id, 'editor', ben);
  const from = 1;
  await edit(ben, id, at.url, replaced('a partner state', 'one partner among many'));
  await edit(
    ben,
    id,
    at.url,
    blocks((all) => [...all.slice(0, 3), paragraph('A new paragraph by Ben.'), ...all.slice(3)]),
  );
  await edit(
    ben,
    id,
    at.url,
    blocks((all) => {
      const moved = all.find((block) => JSON.stringify(block).includes('will be moved'));
      const rest = all.filter((block) => block !== moved && !JSON.stringify(block).includes('goes away'));
      return moved ? [...rest, moved] : rest;
    }),
  );
  await edit(ana, id, at.url, replaced('of 2019', 'of 2026'));
  await edit(ana, id, at.url, replaced('everybody', 'all'));
  const to = await nameVersion(ana, id, 'For the council', at.url);
  return { ana, ben, id, from, to };
}

interface Fixtures {
  person: (name: string, options?: object) => Promise<Person>;
  createPlan: (owner: Person, plan: { title: string; markdown?: string }) => Promise<string>;
  share: (owner: Person, planId: string, role: 'editor' | 'commenter' | 'viewer', other: Person) => Promise<void>;
  at: { url: string };
}

const change = (page: Page, selector: string, words: string) =>
  comparison(page).locator(selector).filter({ hasText: words });

test('what came, what went and what moved stands in the text itself, with who did it', async ({
  person,
  createPlan,
  share,
  at,
}) => {
  const { ana, id, from, to } = await twoVersions({ person, createPlan, share, at });
  const page = await openComparison(ana, id, from, to);
  await expect(page.getByRole('heading', { name: 'What changed in A plan' })).toBeAttached();
  const reworded = comparison(page).locator('p').filter({ hasText: 'The city acts as' });
  await expect(reworded.locator('del')).toHaveText(['a', 'state']);
  await expect(reworded.locator('ins')).toHaveText(['one', 'among many']);
  const added = comparison(page).locator('.frame.inserted').filter({ hasText: 'A new paragraph by Ben.' });
  await expect(added).toContainText('Added');
  await expect(added).toContainText('by Ben');
  await expect(change(page, '.frame.deleted', 'goes away altogether').locator('del')).toBeVisible();
  const departed = comparison(page).locator('.frame.departed');
  await expect(departed).toContainText('Moved from here');
  await expect(comparison(page).locator('.frame.arrived')).toContainText('Moved here');
  // The note shows its change at its place and in the list.
  await expect(comparison(page).locator('.note-words')).toContainText('2019');
  await expect(page.getByRole('region', { name: 'Footnotes' }).locator('ins')).toHaveText('2026');
  // From one end of a move to the other.
  await departed.getByRole('button', { name: 'Where it is now' }).click();
  await expect(comparison(page).locator('.frame.arrived')).toBeFocused();
  await expect(comparison(page).locator('.frame.arrived')).toBeInViewport();
});

test('a mouse that rests on a change shows who did it and when; the card may be reached and goes with Escape', async ({
  person,
  createPlan,
  share,
  at,
}) => {
  const { ana, id, from, to } = await twoVersions({ person, createPlan, share, at });
  const page = await openComparison(ana, id, from, to);
  await comparison(page).locator('.frame.inserted').first().hover();
  await expect(card(page)).toContainText('Added');
  await expect(card(page)).toContainText('Ben');
  await expect(card(page).locator('time')).toBeVisible();
  await card(page).hover();
  await expect(card(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card(page)).toBeHidden();
});

test('by keyboard alone: from change to change, into the card, back, the keys, the list', async ({
  person,
  createPlan,
  share,
  at,
}) => {
  const { ana, id, from, to } = await twoVersions({ person, createPlan, share, at });
  const page = await openComparison(ana, id, from, to);
  const count = Number(/\d+/.exec((await where(page).textContent()) ?? '')?.[0]);
  expect(count).toBeGreaterThanOrEqual(6);
  await page.keyboard.press('n');
  await expect(where(page)).toHaveText(`1 of ${count}`);
  await expect(comparison(page).locator('[data-change]:focus')).toBeVisible();
  await expect(card(page)).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(where(page)).toHaveText(`3 of ${count}`);
  await page.keyboard.press('p');
  await page.keyboard.press('k');
  await expect(where(page)).toHaveText(`1 of ${count}`);
  await page.keyboard.press('Alt+ArrowUp');
  await expect(where(page)).toHaveText(`${count} of ${count}`);
  expect(new URL(page.url()).hash).toMatch(/^#change-\d+$/);
  // Into the card and back to the change.
  await page.keyboard.press('Enter');
  await expect(card(page).getByRole('button').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(comparison(page).locator('[data-change]:focus')).toBeVisible();
  await expect(card(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card(page)).toBeHidden();
  // The keys, and letters switched off.
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await expect(keys).toBeVisible();
  await page.getByRole('checkbox', { name: /^Single letters/ }).uncheck();
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await page.keyboard.press('n');
  await expect(where(page)).toHaveText(`${count} of ${count}`);
  await page.keyboard.press('Alt+ArrowDown');
  await expect(where(page)).toHaveText(`1 of ${count}`);
  // The list of changes leads to each of them.
  await page.getByRole('button', { name: 'List of changes' }).press('Enter');
  const list = page.getByRole('dialog', { name: 'Changes' });
  await expect(list).toBeVisible();
  await expect(page.locator('.change-entry')).toHaveCount(count);
  await page.locator('.change-entry').filter({ hasText: 'A new paragraph by Ben.' }).press('Enter');
  await expect(list).toBeHidden();
  await expect(comparison(page).locator('.frame.inserted').first()).toBeFocused();
});

test('kinds, authors and sections are filters; long unchanged stretches fold and unfold', async ({
  person,
  createPlan,
  share,
  at,
}) => {
  const { ana, id, from, to } = await twoVersions({ person, createPlan, share, at });
  const page = await openComparison(ana, id, from, to);
  const all = await where(page).textContent();
  await expect(page.getByText('Paragraph 7 that nobody has touched.')).toHaveCount(0);
  await page.getByRole('button', { name: /^Show all: \d+ unchanged paragraphs/ }).click();
  await expect(page.getByText('Paragraph 7 that nobody has touched.')).toBeVisible();
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(page.locator('.stretch')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(page.getByText('Paragraph 7 that nobody has touched.')).toHaveCount(0);

  const removed = page.getByRole('button', { name: /^Removed/ });
  await removed.click();
  await expect(removed).toHaveAttribute('aria-pressed', 'false');
  await expect(where(page)).not.toHaveText(all ?? '');
  await expect(comparison(page).locator('.frame.deleted:not(.beside)')).toHaveCount(0);
  await page.getByRole('button', { name: 'All changes' }).click();
  await expect(where(page)).toHaveText(all ?? '');

  await page.getByRole('combobox', { name: 'Whose changes' }).selectOption({ label: 'Ana (2)' });
  await expect(where(page)).toHaveText('2 changes');
  await page.getByRole('combobox', { name: 'In which section' }).selectOption({ index: 1 });
  await expect(where(page)).toHaveText('0 changes');
  await expect(page.getByText('No change of this choice.')).toBeVisible();
  await page.getByRole('button', { name: 'All changes' }).click();
  await expect(where(page)).toHaveText(all ?? '');
});

test('side by side has each version in its own column; a narrow window has one text only', async ({
  person,
  createPlan,
  share,
  at,
}) => {
  const { ana, id, from, to } = await twoVersions({ person, createPlan, share, at });
  const page = await openComparison(ana, id, from, to);
  await page.getByRole('radio', { name: 'Side by side' }).check();
  const city = comparison(page).locator('.compared-row').filter({ hasText: 'The city acts as' });
  await expect(city.locator('.side-before')).toContainText('a partner state');
  await expect(city.locator('.side-before')).not.toContainText('among many');
  await expect(city.locator('.side-after')).toContainText('one partner among many');
  await expect(comparison(page).locator('.side-before ins')).toHaveCount(0);
  await expect(comparison(page).locator('.side-after del')).toHaveCount(0);
  await page.setViewportSize({ width: 700, height: 800 });
  await expect(comparison(page).locator('.side-both').first()).toBeVisible();
  await expect(comparison(page).locator('.side-before')).toHaveCount(0);
});

test('another layout keeps the place of the reader', async ({ person, createPlan, share, at }) => {
  const { ana, id, from, to } = await twoVersions({ person, createPlan, share, at });
  const page = await openComparison(ana, id, from, to, '#change-6');
  const change = comparison(page).locator('[data-change="5"]').first();
  await expect(change).toBeFocused();
  const top = async () => (await change.boundingBox())?.y ?? Number.NaN;
  const before = await top();
  for (const name of ['Side by side', 'One text', 'Side by side', 'One text'])
    await page.getByRole('radio', { name }).check();
  expect(Math.abs((await top()) - before)).toBeLessThan(40);
});

test('an address leads to one change; other versions are picked and swapped', async ({
  person,
  createPlan,
  share,
  at,
}) => {
  const { ana, ben, id, from, to } = await twoVersions({ person, createPlan, share, at });
  const page = await openComparison(ben, id, from, to, '#change-3');
  await expect(where(page)).toHaveText(/^3 of/);
  await expect(comparison(page).locator('[data-change="2"]').first()).toBeFocused();
  await page.getByRole('button', { name: 'Swap the two versions' }).click();
  await expect(page).toHaveURL(new RegExp(`/compare/${to}/${from}$`));
  await expect(comparison(page).locator('.frame.deleted').filter({ hasText: 'A new paragraph by Ben.' })).toBeVisible();
  // Backwards, each side is still called what it is.
  await expect(page.getByRole('combobox', { name: 'Newer version' })).toHaveValue(String(to));
  await page.getByRole('combobox', { name: 'Older version' }).selectOption('now');
  await expect(page).toHaveURL(new RegExp(`/compare/${to}/now$`));
  await expect(page.getByText('Nothing differs between these two versions.')).toBeVisible();
  // A page that compares with the present hears that it has gone on.
  await edit(ana, id, at.url, replaced('First point', 'Foremost point'));
  await nameVersion(ana, id, 'After the council', at.url);
  await expect(page.getByText('The plan has been changed since this comparison was made.')).toBeVisible();
  await page.getByRole('button', { name: 'Compare again' }).click();
  await expect(comparison(page).locator('li ins')).toHaveText('Foremost');
});

test('the comparison is handed round as a file', async ({ person, createPlan, share, at }) => {
  const { ana, id, from, to } = await twoVersions({ person, createPlan, share, at });
  const page = await openComparison(ana, id, from, to);
  for (const [item, ending] of [
    ['Web page (.html)', '.html'],
    ['PDF (.pdf)', '.pdf'],
    ['Markdown (.md)', '.md'],
  ] as const) {
    await page.getByRole('button', { name: 'Downloads and more' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item }).click();
    expect((await download).suggestedFilename()).toContain(ending);
  }
});

test('a change, then a section is put back into the present, and the putting back undone', async ({
  person,
  createPlan,
  share,
  at,
}) => {
  const { ana, id, from } = await twoVersions({ person, createPlan, share, at });
  const page = await openComparison(ana, id, from, 'now');
  const removed = change(page, '.frame.deleted', 'goes away altogether');
  await removed.click();
  await card(page).getByRole('button', { name: 'Undo this change' }).click();
  await expect(page.getByRole('dialog', { name: 'Undo this change' })).toBeVisible();
  await expect(page.getByText('Everything else in the plan stays as it is.')).toBeVisible();
  // Not now: the focus is where it was.
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(removed).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Put back', exact: true }).click();
  await expect(page.getByText('Put back as it was in snapshot 1.')).toBeVisible();
  await expect(change(page, '.frame.deleted', 'goes away altogether')).toHaveCount(0);
  await expect(comparison(page).locator(':focus')).toBeVisible();
  // Undone from the message, and the comparison follows.
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(change(page, '.frame.deleted', 'goes away altogether')).toBeVisible();
  // The section: everything under its heading, and nothing else.
  await change(page, '.frame.deleted', 'goes away altogether').click();
  await card(page).getByRole('button', { name: 'Put back the section “Land”' }).click();
  await page.getByRole('button', { name: 'Put back', exact: true }).click();
  await expect(change(page, 'del', 'a partner')).toHaveCount(0);
  await expect(comparison(page).getByText('2026').first()).toBeVisible();
  const plan = await openPlan(ana, id);
  await expect(textOf(plan)).toContainText('The city acts as a partner state for the commons.');
  await expect(textOf(plan)).toContainText('This sentence goes away altogether.');
  await expect(textOf(plan)).toContainText('belongs to all who');
});
