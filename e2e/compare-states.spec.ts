/** What the comparison says when there is nothing to compare, no right to see it, no server, or more than anybody can read. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from '@playwright/test';
import fc from 'fast-check';
import { compare } from '../shared/compare/compare.ts';
import type { NodeJSON } from '../shared/compare/comparison.ts';
import { edited, seeded } from '../shared/compare/test-edits.ts';
import { randomDocument } from '../shared/schema/random-document.ts';
import { card, comparison, edit, openComparison, paragraph, replaced, where } from './compare-page.ts';
import { expect, test } from './fixtures.ts';
import { nameVersion } from './history-page.ts';
import type { ServerProcess } from './server.ts';

const MARKDOWN = '# Land\n\nThe river belongs to everybody.\n';

test.use({ at: async ({ ownServer }, use) => use(await ownServer()) });

/** Changes the database behind the server's back. */
function tamper({ dataDir }: ServerProcess, sql: string, planId: string): void {
  const database = new DatabaseSync(join(dataDir, 'commonplan.db'));
  database.prepare(sql).run(planId);
  database.close();
}

test('who may only read sees everything and is offered nothing that changes the plan', async ({
  person,
  createPlan,
  share,
  at,
}) => {
  const [ana, ben] = [await person('Ana'), await person('Ben')];
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await share(ana, id, 'viewer', ben);
  await edit(ana, id, at.url, replaced('everybody', 'all of us'));
  const page = await openComparison(ben, id, 1, 'now');
  await page.keyboard.press('n');
  await expect(card(page)).toContainText('Ana');
  await expect(card(page).getByRole('button', { name: 'Copy link' })).toBeVisible();
  await expect(card(page).getByRole('button', { name: 'Undo this change' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Downloads and more' }).click();
  await expect(page.getByRole('menuitem', { name: 'Web page (.html)' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: /^Restore/ })).toHaveCount(0);
});

test('a version that is gone or damaged says so, and other versions can still be chosen', async ({
  person,
  createPlan,
  at,
}) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await edit(ana, id, at.url, replaced('everybody', 'all of us'));
  const first = await nameVersion(ana, id, 'For the council', at.url);
  await edit(ana, id, at.url, replaced('river', 'river and the lake'));
  const second = await nameVersion(ana, id, 'For the assembly', at.url);
  tamper(at, `delete from snapshot_contents where plan_id = ? and number = ${second}`, id);
  const { page } = ana;
  await page.goto(`/plans/${id}/compare/1/${second}`);
  await expect(page.getByRole('heading', { name: 'One of these snapshots was thinned out' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Newer version' }).selectOption(String(first));
  await expect(comparison(page).locator('ins')).toHaveText('all of us');
  tamper(at, `update snapshots set label = 'For somebody else' where plan_id = ? and number = ${first}`, id);
  await page.goto(`/plans/${id}/compare/${first}/now`);
  await expect(page.getByRole('heading', { name: 'One of these snapshots is damaged' })).toBeVisible();
  await page.goto(`/plans/${id}/compare/1/99`);
  await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
});

test('without the right to see the plan, and without a server, it says which it is', async ({
  person,
  createPlan,
  at,
}) => {
  const [ana, eve] = [await person('Ana'), await person('Eve')];
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await edit(ana, id, at.url, replaced('everybody', 'all of us'));
  await eve.page.goto(`/plans/${id}/compare/1/now`);
  await expect(eve.page.getByRole('heading', { name: 'There is no such comparison' })).toBeVisible();
  const page = await openComparison(ana, id, 1, 'now');
  await page.getByRole('link', { name: 'Snapshot 1' }).waitFor();
  await ana.context.setOffline(true);
  // What is there stays, and going through it needs no server.
  await page.keyboard.press('n');
  await expect(where(page)).toHaveText('1 of 1');
  await card(page).getByRole('button', { name: 'Undo this change' }).click();
  await page.getByRole('button', { name: 'Put back', exact: true }).click();
  await expect(page.getByText('The server cannot be reached.')).toBeVisible();
  await ana.context.setOffline(false);
  await page.getByRole('button', { name: 'Put back', exact: true }).click();
  await expect(page.getByText('Nothing differs between these two versions.')).toBeVisible();
  // What could not be fetched is, as soon as the network is back.
  await ana.context.setOffline(true);
  await page.getByRole('combobox', { name: 'Newer version' }).selectOption('2');
  await expect(page.getByRole('heading', { name: 'No answer' })).toBeVisible();
  await ana.context.setOffline(false);
  await expect(where(page)).toHaveText('1 change');
});

test('ten thousand changes open, can be gone through, listed and searched for', async ({ person, createPlan }) => {
  test.slow();
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  const plan = (word: string) => ({
    type: 'doc',
    content: Array.from({ length: 10_000 }, (_, index) => paragraph(`Paragraph ${index} is for all ${word} here.`)),
  });
  const { blocks, changes, sections } = compare(plan('people'), plan('citizens'));
  expect(changes).toHaveLength(10_000);
  const { page } = ana;
  await page.route('**/compare?*', async (route) => {
    const answer = (await (await route.fetch()).json()) as object;
    await route.fulfill({
      json: { ...answer, blocks, sections, changes: changes.map((change) => ({ ...change, by: [] })) },
    });
  });
  await openComparison(ana, id, 1, 'now', '#change-9000');
  await expect(where(page)).toHaveText('9000 of 10000');
  await expect(comparison(page).locator('[data-change="8999"]').first()).toBeInViewport();
  await page.keyboard.press('n');
  await expect(where(page)).toHaveText('9001 of 10000');
  // What nobody has come to yet is drawn in the end, so that the browser's own search finds it.
  await expect
    .poll(() => page.evaluate(() => document.querySelectorAll('.comparison p').length), { timeout: 60_000 })
    .toBe(10_000);
  // The map leads anywhere at once.
  await page.locator('.change-map').click({ position: { x: 5, y: 2 } });
  await expect.poll(() => page.evaluate(() => window.scrollY / document.body.scrollHeight)).toBeLessThan(0.02);
  await page.getByRole('button', { name: 'List of changes' }).click();
  await expect(page.locator('.change-entry')).toHaveCount(200);
  await page.getByRole('button', { name: 'Show 200 more' }).click();
  await expect(page.locator('.change-entry')).toHaveCount(400);
});

test('side by side, each column has the text of its own document, whatever changed', async ({ person, createPlan }) => {
  test.slow();
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  const { page } = ana;
  let pair: Record<'before' | 'after', NodeJSON> = { before: { type: 'doc' }, after: { type: 'doc' } };
  await page.route('**/compare?*', async (route) => {
    const answer = (await (await route.fetch()).json()) as object;
    const { blocks, sections, changes } = compare(pair.before, pair.after);
    await route.fulfill({
      json: { ...answer, blocks, sections, changes: changes.map((change) => ({ ...change, by: [] })) },
    });
  });
  const documents = fc
    .sample(randomDocument, { seed: 11, numRuns: 40 })
    .filter(({ content }) => (content?.length ?? 0) > 4);
  for (const [seed, content] of documents.slice(0, 8).entries()) {
    const before = content as NodeJSON;
    pair = { before, after: edited(before, 6, seeded(seed)) };
    if (compare(pair.before, pair.after).changes.length === 0) continue;
    await openComparison(ana, id, 1, 'now');
    await page.getByRole('radio', { name: 'Side by side' }).check();
    await page.getByRole('button', { name: 'Show everything' }).click();
    const columns = comparison(page).locator('.side-after');
    await expect(columns).toHaveCount(compare(pair.before, pair.after).blocks.length);
    for (const side of ['before', 'after'] as const)
      expect(await textOfColumn(page, side), `${side}, ${seed}`).toBe(wordsOf(pair[side]));
  }
});

/** All text of a document but its footnotes, without white space. */
const wordsOf = (node: NodeJSON): string =>
  node.type === 'footnote' ? '' : ((node.text ?? '') + (node.content ?? []).map(wordsOf).join('')).replace(/\s+/g, '');

/** The text that a column shows, without what the page says about it. */
const textOfColumn = (page: Page, side: 'before' | 'after'): Promise<string> =>
  page.evaluate((side) => {
    const said =
      '.change-label, .change-aside, .break-sign, .empty-block, .pilcrow, .note-reference, .note-words, .figure-picture, figure > small';
    return [...document.querySelectorAll(`.side-${side}`)]
      .map((column) => {
        const copy = column.cloneNode(true) as Element;
        for (const el of copy.querySelectorAll(said)) el.remove();
        return copy.textContent ?? '';
      })
      .join('')
      .replace(/\s+/g, '');
  }, side);
