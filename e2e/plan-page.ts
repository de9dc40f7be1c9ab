/** What tests of the plan page have in common: opening a plan and finding its parts. */
import type { Locator, Page } from '@playwright/test';
import { expect, type Person } from './fixtures.ts';

export const textOf = (page: Page): Locator => page.getByRole('textbox', { name: 'Text of the plan' });
export const saveState = (page: Page): Locator => page.locator('.save-state');
export const tool = (page: Page, name: string): Locator =>
  page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name, exact: true });

/** Opens the plan and waits until its text is there. */
export async function openPlan({ page }: Person, planId: string): Promise<Page> {
  await page.goto(`/plans/${planId}`);
  await expect(textOf(page)).toBeVisible();
  return page;
}

/** Puts the caret at the end of the block that contains these words. */
export async function caretAfter(page: Page, words: string): Promise<void> {
  const block = textOf(page).locator('p, h1, h2, h3, h4, li p, td p').filter({ hasText: words }).last();
  await block.click();
  await page.keyboard.press('End');
  await settled(page);
}

/** ProseMirror hears of a moved selection an event later; what is pressed before that would act on the old one. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)))),
  );
}

/** Selects the last line of the block that contains these words. */
export async function selectLineOf(page: Page, words: string): Promise<void> {
  await caretAfter(page, words);
  await page.keyboard.press('Shift+Home');
  await settled(page);
}

export async function expectSaved(page: Page): Promise<void> {
  await expect(saveState(page)).toHaveText('Saved');
}
