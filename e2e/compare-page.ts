/** What tests of the comparison have in common: two versions of a plan that differ as the test says, and the parts of the page. */
import type { Locator, Page } from '@playwright/test';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { NodeJSON } from '../shared/compare/comparison.ts';
import { readContent, rewriteContent } from '../shared/document/ydoc.ts';
import { expect, type Person } from './fixtures.ts';

/** Changes the plan's content as this person, over a socket of their own, and waits until the server has it. */
export async function edit(
  { context, page }: Person,
  planId: string,
  origin: string,
  change: (content: NodeJSON) => NodeJSON,
): Promise<void> {
  const cookies = await context.cookies(origin);
  class Socket extends WebSocket {
    constructor(address: string) {
      super(address, { origin, headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') } });
    }
  }
  const ydoc = new Y.Doc();
  const provider = new WebsocketProvider(`${origin.replace('http', 'ws')}/sync`, planId, ydoc, {
    disableBc: true,
    WebSocketPolyfill: Socket as never,
  });
  const synced = new Promise<void>((done) => void provider.once('sync', () => done()));
  const seq = async (): Promise<number> => {
    const answer = await page.request.get(`${origin}/api/plans/${planId}/snapshots`);
    return ((await answer.json()) as { now: { seq: number } }).now.seq;
  };
  const before = await seq();
  await synced;
  rewriteContent(ydoc, change(readContent(ydoc).toJSON() as NodeJSON));
  await expect.poll(seq).toBeGreaterThan(before);
  provider.destroy();
  ydoc.destroy();
}

/** The children of a document, changed: `edit(ana, id, url, blocks((all) => all.slice(1)))`. */
export const blocks =
  (change: (content: readonly NodeJSON[]) => readonly NodeJSON[]) =>
  (document: NodeJSON): NodeJSON => ({ ...document, content: change(document.content ?? []) });

/** The document with words in place of others, wherever they stand in one text. */
export const replaced =
  (from: string, to: string) =>
  (node: NodeJSON): NodeJSON => ({
    ...node,
    ...(node.text === undefined ? {} : { text: node.text.replace(from, to) }),
    ...(node.content ? { content: node.content.map(replaced(from, to)) } : {}),
  });

export const paragraph = (text: string): NodeJSON => ({ type: 'paragraph', content: [{ type: 'text', text }] });

/** Opens the comparison and waits for its text. */
export async function openComparison({ page }: Person, planId: string, from: number, to: number | 'now', hash = '') {
  await page.goto(`/plans/${planId}/compare/${from}/${to}${hash}`);
  await expect(comparison(page)).toBeVisible();
  await expect(comparison(page).locator('.compared-row').first()).toBeVisible();
  return page;
}

export const comparison = (page: Page): Locator => page.locator('.comparison');
export const card = (page: Page): Locator => page.locator('.change-card');
export const where = (page: Page): Locator => page.locator('.compare-where');
