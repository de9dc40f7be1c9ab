/** What tests of the history have in common: its pages and their parts. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Locator, Page } from '@playwright/test';
import { expect, type Person } from './fixtures.ts';
import type { ServerProcess } from './server.ts';

export async function openHistory({ page }: Person, planId: string): Promise<Page> {
  await page.goto(`/plans/${planId}/history`);
  await expect(page.getByRole('form', { name: 'Snapshots' })).toBeVisible();
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

/**
 * Gives the plan a long history: copies of its first snapshot, one an hour up to now, every tenth with a label. They are written past the
 * server, so their hashes are not theirs: for lists, not for reading.
 */
export function manySnapshots({ dataDir }: ServerProcess, planId: string, count: number): void {
  const database = new DatabaseSync(join(dataDir, 'commonplan.db'));
  const columns = (table: string): string[] =>
    database
      .prepare(`select name from pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !['number', 'kind', 'time', 'label'].includes(name));
  const copy = (table: string, set: string): string => {
    const same = columns(table).join(', ');
    const names = set.split(', ').map((each) => each.split(' ').at(-1));
    return `insert into ${table} (${names.join(', ')}, ${same}) select ${set}, ${same} from ${table} where plan_id = ? and number = 1`;
  };
  const entry = database.prepare(copy('snapshots', '? number, ? kind, ? time, ? label'));
  const content = database.prepare(copy('snapshot_contents', '? number'));
  const now = Date.now();
  database.exec('begin');
  for (let number = 2; number <= count; number += 1) {
    const named = number % 10 === 0 && number < count;
    const time = now - (count - number) * 3_600_000;
    entry.run(number, named ? 'named' : 'idle', time, named ? `Version ${number}` : '', planId);
    content.run(number, planId);
  }
  database
    .prepare('update snapshots set time = ? where plan_id = ? and number = 1')
    .run(now - count * 3_600_000, planId);
  database.exec('commit');
  database.close();
}
