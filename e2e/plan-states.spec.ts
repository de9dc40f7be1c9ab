/** What the plan page says, and keeps, when something goes wrong. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from '@playwright/test';
import { oneWriting } from './editor-page.ts';
import { expect, type Person, test } from './fixtures.ts';
import { caretAfter, expectSaved, openPlan, saveState, textOf } from './plan-page.ts';

const MARKDOWN = 'The first paragraph.\n\nThe second paragraph.\n';

test.use({ at: async ({ ownServer }, use) => use(await ownServer()) });

/** The address of somebody's place in the plan, by which an owner changes their role or removes them. */
async function pathOfMember(owner: Person, planId: string, member: string): Promise<string> {
  const answer = await owner.context.request.get(`/api/plans/${planId}/members`);
  const { members } = (await answer.json()) as { members: { userId: string; name: string }[] };
  const found = members.find(({ name }) => name === member);
  if (!found) throw new Error(`Expected ${member} to be a member`);
  return `/api/plans/${planId}/members/${found.userId}`;
}

/** Presses "Try now", unless the page comes back by itself first, and waits until everything is saved. */
async function comeBack(page: Page): Promise<void> {
  const tryNow = page.getByRole('button', { name: 'Try now' });
  await expect(async () => {
    if (await tryNow.isVisible()) await tryNow.click({ timeout: 1_000 });
    await expect(saveState(page)).toHaveText('Saved', { timeout: 3_000 });
  }).toPass({ timeout: 50_000 });
}

test('a server that is killed: one goes on writing, is told so, and everything is saved when it is back', async ({
  at,
  person,
  createPlan,
}) => {
  const { page } = await oneWriting({ person, createPlan }, MARKDOWN);
  await caretAfter(page, 'The first paragraph');
  await page.keyboard.type(' Before.');
  await expectSaved(page);
  await at.stop('SIGKILL');
  await expect(page.getByText('Connection lost. Reconnecting…')).toBeVisible();
  await page.keyboard.type(' Meanwhile.');
  await expect(saveState(page)).toHaveText('Not saved (kept on this device)');
  await expect(page.getByText('The server cannot be reached.')).toBeVisible();
  await expect(textOf(page)).toContainText('Before. Meanwhile.');
  await at.start();
  await comeBack(page);
  await expect(page.getByText('The server cannot be reached.')).toBeHidden();
  await page.reload();
  await expect(textOf(page)).toContainText('Before. Meanwhile.');
});

test('words kept on this device come back at the next visit, once', async ({ at, person, createPlan }) => {
  const { ana, id, page } = await oneWriting({ person, createPlan }, MARKDOWN);
  await expectSaved(page);
  await at.stop('SIGKILL');
  await caretAfter(page, 'The first paragraph');
  await page.keyboard.type(' Kept words.');
  await expect(saveState(page)).toHaveText('Not saved (kept on this device)');
  await page.close();
  await at.start();
  for (const visit of [1, 2]) {
    const next = { ...ana, page: await ana.context.newPage() };
    await openPlan(next, id);
    await expect(textOf(next.page), `visit ${visit}`).toContainText('The first paragraph. Kept words.');
    await expectSaved(next.page);
    await expect(textOf(next.page).getByText('Kept words.')).toHaveCount(1);
    expect((await textOf(next.page).textContent())?.split('Kept words.')).toHaveLength(2);
    await next.page.close();
  }
});

test('where the browser stores nothing, the page says that only this window has the words', async ({
  at,
  person,
  createPlan,
}) => {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await ana.context.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));
  const page = await openPlan(ana, id);
  await at.stop('SIGKILL');
  await caretAfter(page, 'The first paragraph');
  await page.keyboard.type(' Here.');
  await expect(saveState(page)).toHaveText('Not saved (only in this window)');
  await expect(page.getByText('keep it open, or copy them')).toBeVisible();
});

test('leaving with unsaved words asks first, within the application and by closing the window', async ({
  at,
  person,
  createPlan,
}) => {
  const { page } = await oneWriting({ person, createPlan }, MARKDOWN);
  await at.stop('SIGKILL');
  await caretAfter(page, 'The first paragraph');
  await page.keyboard.type(' Unsaved.');
  await expect(saveState(page)).toContainText('Not saved');
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await page.getByRole('link', { name: 'All plans' }).click();
  await expect.poll(() => asked).toEqual(['confirm']);
  await expect(textOf(page)).toContainText('Unsaved.');
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(['confirm', 'beforeunload']);
  await expect(textOf(page)).toContainText('Unsaved.');
  await at.start();
  await comeBack(page);
  await page.getByRole('link', { name: 'All plans' }).click();
  await expect(page).toHaveURL(/\/$/);
  expect(asked).toHaveLength(2);
});

test('a viewer reads and cannot write; a changed role holds at once', async ({ at, person, createPlan, share }) => {
  const ana = await person('Ana');
  const ben = await person('Ben');
  const id = await createPlan(ana, { title: 'A plan', markdown: `${MARKDOWN}\nA note.[^1]\n\n[^1]: The source.\n` });
  await share(ana, id, 'viewer', ben);
  const page = await openPlan(ben, id);
  await expect(page.getByText('You may read this plan, not change it.')).toBeVisible();
  await expect(page.getByRole('toolbar')).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Title', exact: true })).toHaveAttribute('readonly', '');
  await textOf(page).getByText('The first paragraph').click();
  await page.keyboard.type('Vandalism');
  await expect(textOf(page)).not.toContainText('Vandalism');
  await page.getByRole('button', { name: 'Footnote 1', exact: true }).click();
  await expect(page.locator('.footnote-panel')).toContainText('The source.');
  const member = await pathOfMember(ana, id, 'Ben');
  const headers = { origin: at.url };
  await ana.context.request.patch(member, { data: { role: 'editor' }, headers });
  await expect(page.getByRole('toolbar')).toBeVisible();
  await caretAfter(page, 'The first paragraph');
  await page.keyboard.type(' Welcome.');
  await expectSaved(page);
  await ana.context.request.delete(member, { headers });
  await expect(page.getByRole('alert').filter({ hasText: 'access' })).toBeVisible();
  await expect(textOf(page)).toHaveAttribute('contenteditable', 'false');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/cannot be opened|no access/);
});

test('[R10] words that were not sent when the role was taken go out by themselves when it is given back', async ({
  at,
  person,
  createPlan,
  share,
}) => {
  const [ana, ben] = [await person('Ana'), await person('Ben')];
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await share(ana, id, 'editor', ben);
  const page = await openPlan(ben, id);
  await caretAfter(page, 'The first paragraph');
  await at.stop('SIGKILL');
  await page.keyboard.type(' Meanwhile.');
  await expect(saveState(page)).toHaveText('Not saved (kept on this device)');
  // Or the page might be back, and have sent the words, before the role is taken.
  await ben.context.setOffline(true);
  await at.start();
  const member = await pathOfMember(ana, id, 'Ben');
  const headers = { origin: at.url };
  await ana.context.request.patch(member, { data: { role: 'viewer' }, headers });
  await ben.context.setOffline(false);
  const banner = page.getByRole('alert').filter({ hasText: 'Your role was changed while you were writing' });
  await expect(banner).toBeVisible();
  await expect(banner.getByRole('button', { name: 'Copy the text' })).toBeVisible();
  await expect(saveState(page)).toHaveText('Not saved (kept on this device)');
  await expect(textOf(page)).toHaveAttribute('contenteditable', 'false');
  await ana.context.request.patch(member, { data: { role: 'editor' }, headers });
  await expectSaved(page);
  await expect(banner).toBeHidden();
  await expect(textOf(page)).toHaveAttribute('contenteditable', 'true');
  await caretAfter(page, 'The first paragraph');
  await page.keyboard.type(' Again.');
  await expectSaved(page);
  await openPlan(ana, id);
  await expect(textOf(ana.page)).toContainText('The first paragraph. Meanwhile. Again.');
});

test('a plan that is archived while it is open stops for everybody, and says so', async ({
  at,
  person,
  createPlan,
}) => {
  const { ana, id, page } = await oneWriting({ person, createPlan }, MARKDOWN);
  await ana.context.request.patch(`/api/plans/${id}`, { data: { archived: true }, headers: { origin: at.url } });
  await expect(page.getByRole('alert').filter({ hasText: 'archived' })).toBeVisible();
  await expect(textOf(page)).toHaveAttribute('contenteditable', 'false');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This plan is archived');
});

test('a plan that does not exist says so', async ({ person }) => {
  const { page } = await person('Ana');
  await page.goto('/plans/nothing-here');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This plan cannot be opened');
  await page.getByRole('link', { name: 'Go to your plans' }).click();
  await expect(page).toHaveURL(/\/$/);
});

test('a page that is older than the plan is told to reload before it could write anything', async ({
  at,
  person,
  createPlan,
}) => {
  const { id, page } = await oneWriting({ person, createPlan }, MARKDOWN);
  await at.stop('SIGTERM');
  const database = new DatabaseSync(join(at.dataDir, 'commonplan.db'));
  database.prepare('UPDATE plans SET schema_version = 999 WHERE id = ?').run(id);
  database.close();
  await caretAfter(page, 'The first paragraph');
  await page.keyboard.type(' Written before.');
  await expect(saveState(page)).toHaveText('Not saved (kept on this device)');
  await at.start();
  // The page comes back by itself, at the latest half a minute after its last try.
  test.setTimeout(120_000);
  const banner = page.getByRole('alert').filter({ hasText: 'older than the plan' });
  await expect(banner).toBeVisible({ timeout: 60_000 });
  await expect(textOf(page)).toHaveAttribute('contenteditable', 'false');
  const download = page.waitForEvent('download');
  await banner.getByRole('button', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toBe('A plan (unsaved).txt');
});

test('who reads far down sees at once that access was removed', async ({ at, person, createPlan, share }) => {
  const [ana, ben] = [await person('Ana'), await person('Ben')];
  const markdown = Array.from({ length: 80 }, (_, index) => `Paragraph ${index}.\n\n`).join('');
  const id = await createPlan(ana, { title: 'A plan', markdown });
  await share(ana, id, 'editor', ben);
  const page = await openPlan(ben, id);
  await textOf(page).getByText('Paragraph 79.').scrollIntoViewIfNeeded();
  await ana.context.request.delete(await pathOfMember(ana, id, 'Ben'), { headers: { origin: at.url } });
  await expect(page.getByRole('alert').filter({ hasText: 'no longer have access' })).toBeInViewport({ ratio: 1 });
});
