/** A plan exported as HTML, opened in a browser: nothing for axe in light and dark, nothing runs, nothing is fetched, nothing cut off. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { exportHtml } from '../server/export/html-document.ts';
import { exportable, PIXEL } from '../server/export/test-exportable.ts';
import { importMarkdown } from '../server/import/markdown.ts';

const MARKDOWN = `---
title: A plan
---
# Water

The river[^1] is **clean** and [long](https://example.org).

### Lakes

- [x] swim
- [ ] fish

| Place | Depth |
| ----- | ----: |
| Lake  |    12 |

> A quotation.

\`\`\`js
const answer = 42;
\`\`\`

![A river](/api/plans/p1/images/1111111111111111111111111111111111111111111111111111111111111111)

[^1]: Since 1990.
`;
const html = exportHtml(
  exportable(
    importMarkdown(MARKDOWN).content,
    { fragment: false, numbered: true },
    {
      frontMatter: { subtitle: 'For all', authors: ['Ana'], summary: 'About water.' },
      images: new Map([[`/api/plans/p1/images/${'1'.repeat(64)}`, PIXEL]]),
    },
  ),
);

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page has nothing for axe in ${colorScheme}, and its policy refuses nothing in it`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 390, height: 780 } });
    const page = await context.newPage();
    const asked: string[] = [];
    const refused: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => refused.push(message.text()));
    await page.setContent(html);
    await expect(page.getByRole('heading', { name: '1.1 Lakes' })).toBeVisible();
    await expect(page.getByRole('img', { name: 'A river' })).toBeVisible();
    expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([]);
    expect(refused).toEqual([]);
    expect((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390).toBe(true);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    await context.close();
  });
}
