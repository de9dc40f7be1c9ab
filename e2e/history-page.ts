/** What tests of the history have in common: its pages and their parts. */
import type { Locator, Page } from '@playwright/test';
import { expect, type Person } from './fixtures.ts';

export async function openHistory({ page }: Person, planId: string): Promise<Page> {
  await page.goto(`/plans/${planId}/history`);
  await expect(page.getByRole('form', { name: 'Versions' })).toBeVisible();
  return page;
}

/** The row of the snapshot with this title. */
export const rowOf = (page: Page, title: string): Locator =>
  page.locator('.entry').filter({ has: page.getByRole('link', { name: title, exact: true }) });

export const choiceOf = (page: Page, title: string): Locator => rowOf(page, title).getByRole('checkbox');

/** Names the version that stands now through the HTTP door, and resolves to its number. */
export async function nameVersion({ context }: Person, planId: string, label: string, origin: string): Promise<number> {
  const answer = await context.request.post(`/api/plans/${planId}/snapshots`, { data: { label }, headers: { origin } });
  expect(answer.status(), await answer.text()).toBe(201);
  return ((await answer.json()) as { number: number }).number;
}

/** The text of the snapshot that is being read. */
export const readingText = (page: Page): Locator => page.locator('.reading-text');
