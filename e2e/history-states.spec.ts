/** What the history says when something is missing, damaged or out of reach. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from './fixtures.ts';
import { choiceOf, manySnapshots, nameVersion, openHistory, readingText, rowOf } from './history-page.ts';
import { caretAfter, expectSaved, openPlan, settled, textOf } from './plan-page.ts';
import type { ServerProcess } from './server.ts';

const MARKDOWN = '# Land\n\nThe first paragraph.\n';

test.use({ at: async ({ ownServer }, use) => use(await ownServer()) });

/** Changes the database behind the server's back. */
function tamper(at: ServerProcess, sql: string, planId: string): void {
  const database = new DatabaseSync(join(at.dataDir, 'commonplan.db'));
  database.prepare(sql).run(planId);
  database.close();
}

test('what stood before a large deletion is kept; once it is thinned out, it says so and names the nearest that are there', async ({
  person,
  createPlan,
  share,
  at,
}) => {
  const ana = await person('Ana');
  const markdown = Array.from({ length: 12 }, (_, index) => `${index}. ${'words that go away '.repeat(20)}`).join(
    '\n\n',
  );
  const id = await createPlan(ana, { title: 'A plan', markdown });
  const page = await openPlan(ana, id);
  await caretAfter(page, 'words that go away');
  await page.keyboard.type('and more');
  await expectSaved(page);
  await page.keyboard.press('ControlOrMeta+a');
  await settled(page);
  await page.keyboard.press('Delete');
  await expect(textOf(page)).not.toContainText('words that go away');
  await expectSaved(page);
  await openHistory(ana, id);
  const row = rowOf(page, 'Before a large deletion');
  await expect(row).toBeVisible();
  await row.getByRole('link', { name: 'Before a large deletion' }).click();
  await expect(readingText(page)).toContainText('and more');
  await nameVersion(ana, id, 'Empty', at.url);
  tamper(at, 'delete from snapshot_contents where plan_id = ? and number = 2', id);
  // Somebody whose browser has not kept it.
  const ben = await person('Ben');
  await share(ana, id, 'viewer', ben);
  await ben.page.goto(`/plans/${id}/history/2`);
  await expect(ben.page.getByRole('heading', { name: 'Snapshot 2 has been thinned out' })).toBeVisible();
  const main = ben.page.getByRole('main');
  await expect(main.getByRole('link', { name: 'Snapshot 1' })).toHaveAttribute('href', `/plans/${id}/history/1`);
  await expect(main.getByRole('link', { name: 'Snapshot 3' })).toHaveAttribute('href', `/plans/${id}/history/3`);
  await main.getByRole('link', { name: 'All snapshots' }).click();
  await expect(ben.page.getByText('One automatic snapshot has been thinned out with age.')).toBeVisible();
});

test('a version that is not what was stored is never shown as if it were', async ({ person, createPlan, at }) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  const number = await nameVersion(ana, id, 'For the council', at.url);
  tamper(at, "update snapshots set label = 'For somebody else' where plan_id = ? and kind = 'named'", id);
  const { page } = ana;
  await page.goto(`/plans/${id}/history/${number}`);
  await expect(page.getByRole('heading', { name: `Snapshot ${number} is damaged` })).toBeVisible();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('its entry is not what was hashed');
  await expect(readingText(page)).toHaveCount(0);
});

test('an address with a number that no version has says so', async ({ person, createPlan }) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await ana.page.goto(`/plans/${id}/history/99`);
  await expect(ana.page.getByRole('heading', { name: 'There is no snapshot 99' })).toBeVisible();
});

test('the history of an archived plan can be read, and nothing is offered that would change it', async ({
  person,
  createPlan,
  at,
}) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await nameVersion(ana, id, 'For the council', at.url);
  await ana.context.request.patch(`/api/plans/${id}`, { data: { archived: true }, headers: { origin: at.url } });
  const page = await openHistory(ana, id);
  await expect(page.getByText('This plan is archived.')).toBeVisible();
  await expect(page.getByRole('button', { name: /Restore|Take a snapshot/ })).toHaveCount(0);
  await page.getByRole('link', { name: 'For the council', exact: true }).click();
  await expect(readingText(page)).toContainText('The first paragraph.');
  await expect(page.getByRole('button', { name: 'Restore' })).toHaveCount(0);
});

test('without a connection the history stays, says that it may be old, and is fresh again by itself', async ({
  person,
  createPlan,
  at,
}) => {
  const [ana] = [await person('Ana')];
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  const page = await openHistory(ana, id);
  await expect(rowOf(page, 'The plan was imported')).toBeVisible();
  await at.stop('SIGKILL');
  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  await page.getByLabel('Name', { exact: true }).fill('While it was away');
  await page.keyboard.press('Enter');
  await expect(page.locator('cp-take-snapshot-dialog').getByRole('alert')).toContainText(
    'The server cannot be reached.',
  );
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('While it was away');
  await page.keyboard.press('Escape');
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(page.getByText('What you see below may be out of date.')).toBeVisible();
  await expect(rowOf(page, 'The plan was imported')).toBeVisible();
  await at.start();
  // The page hears of the server by its socket, and asks for what it has missed.
  await expect(page.getByText('What you see below may be out of date.')).toBeHidden({ timeout: 60_000 });
  await nameVersion(ana, id, 'Afterwards', at.url);
  await expect(rowOf(page, 'Afterwards')).toBeVisible();
});

test('a history of five hundred versions shows the named ones and folds the others', async ({
  person,
  createPlan,
  at,
}) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  manySnapshots(at, id, 500);
  const page = await openHistory(ana, id);
  await expect(page.locator('.entry.named')).toHaveCount(49);
  const fold = page.getByRole('button', { name: /^\d+ automatic snapshots/ }).first();
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  const rows = page.locator('.entry.automatic');
  const before = await rows.count();
  await fold.click();
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  expect(await rows.count()).toBeGreaterThan(before);
  await choiceOf(page, 'The plan was imported').click();
  await rows.first().getByRole('checkbox').click();
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(page).toHaveURL(new RegExp(`/plans/${id}/compare/1/\\d+$`));
});
