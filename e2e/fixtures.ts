/** What every end-to-end test starts from: a running server, and people who each have a browser of their own. */
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test';
import { removeData, type ServerProcess, startServer } from './server.ts';

/** A person at a browser: signed in as a guest, with a page, and cookies of their own. */
export interface Person {
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;
}

interface TestFixtures {
  /** Opens a browser for a new guest of that name. The page is still blank. */
  person: (name: string, options?: BrowserContextOptions) => Promise<Person>;
  /** A browser of somebody who has never been here. */
  stranger: (options?: BrowserContextOptions) => Promise<{ context: BrowserContext; page: Page }>;
  /** Makes a plan for that person through the HTTP door, from Markdown when given, and resolves to its id. */
  createPlan: (owner: Person, plan: { title: string; markdown?: string }) => Promise<string>;
  /** Makes a link that grants the role and lets the other person redeem it. */
  share: (owner: Person, planId: string, role: 'editor' | 'commenter' | 'viewer', other: Person) => Promise<void>;
  /** A server of this test alone, for tests that stop it. */
  ownServer: (env?: Record<string, string>) => Promise<ServerProcess>;
}

export const test = base.extend<TestFixtures & { at: ServerProcess }, { server: ServerProcess }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
      await removeData(server);
    },
    { scope: 'worker' },
  ],
  /** The server that this test's people visit. A test that stops its server sets `test.use({ at: ... })` to one of its own. */
  at: async ({ server }, use) => use(server),
  baseURL: async ({ at }, use) => use(at.url),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  ownServer: async ({}, use) => {
    const servers: ServerProcess[] = [];
    await use(async (env) => {
      const server = await startServer(env);
      servers.push(server);
      return server;
    });
    for (const server of servers) {
      await server.stop('SIGKILL');
      await removeData(server);
    }
  },
  stranger: async ({ browser, at }, use) => {
    const contexts: BrowserContext[] = [];
    const outside: string[] = [];
    const faults: string[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ baseURL: at.url, ...options });
      // Nothing the page does may leave its origin: no fonts, no icons, no statistics.
      context.on('request', (request) => {
        const { protocol, host } = new URL(request.url());
        if (protocol.startsWith('http') && host !== new URL(at.url).host) outside.push(request.url());
      });
      // What the page's own policy refuses, and what nobody caught, is a fault even where nobody sees it.
      context.on('weberror', (error) => faults.push(String(error.error().stack ?? error.error())));
      context.on('console', (message) => {
        if (/Content Security Policy|This document requires 'Trusted/.test(message.text())) faults.push(message.text());
      });
      contexts.push(context);
      return { context, page: await context.newPage() };
    });
    for (const context of contexts) await context.close();
    expect(outside, 'requests to other origins').toEqual([]);
    expect([...new Set(faults)], 'errors in the page').toEqual([]);
  },
  person: async ({ stranger, at }, use) => {
    await use(async (name, options) => {
      const { context, page } = await stranger(options);
      const answer = await context.request.post('/api/auth/sign-in/anonymous', {
        data: { name },
        headers: { origin: at.url },
      });
      expect(answer.ok(), await answer.text()).toBe(true);
      return { name, context, page };
    });
  },
  createPlan: async ({ at }, use) => {
    const headers = { origin: at.url };
    await use(async (owner, { title, markdown }) => {
      const answer =
        markdown === undefined
          ? await owner.context.request.post('/api/plans', { data: { title }, headers })
          : await owner.context.request.post('/api/plans/import', {
              multipart: {
                file: {
                  name: 'plan.md',
                  mimeType: 'text/markdown',
                  buffer: Buffer.from(`---\ntitle: ${JSON.stringify(title)}\n---\n\n${markdown}`),
                },
              },
              headers,
            });
      expect(answer.status(), await answer.text()).toBe(201);
      return ((await answer.json()) as { id: string }).id;
    });
  },
  share: async ({ at }, use) => {
    const headers = { origin: at.url };
    await use(async (owner, planId, role, other) => {
      const made = await owner.context.request.post(`/api/plans/${planId}/links`, { data: { role }, headers });
      expect(made.status(), await made.text()).toBe(201);
      const { url } = (await made.json()) as { url: string };
      const token = new URL(url).hash.slice(1);
      const redeemed = await other.context.request.post('/api/links/redeem', { data: { token }, headers });
      expect(redeemed.ok(), await redeemed.text()).toBe(true);
    });
  },
});

export { expect };

/** Asserts that axe finds nothing on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  // People who speak to their computer call a control by what they see on it (WCAG 2.5.3); axe checks that only when asked.
  const rules = { 'label-content-name-mismatch': { enabled: true } };
  const { violations } = await new AxeBuilder({ page }).options({ rules }).analyze();
  const found = violations.map(
    (violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ')}`,
  );
  expect(found).toEqual([]);
}
