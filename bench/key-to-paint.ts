/**
 * `npm run bench -- key-to-paint [--keys 200]`: in Chromium against the real server, from the key's own timestamp until after the frame that
 * shows its letter was painted, in the middle of a plan of 25,000 words and of one of 3,000 blocks. Needs `npm run build`.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { browserLaunchOptions } from '../e2e/browser.ts';
import { removeData, type ServerProcess, startServer } from '../e2e/server.ts';
import { percentile } from './sync/statistics.ts';

/** Between two keys (ms): a quick typist's pace, slow enough that keys do not wait for each other. */
const PACE = 120;

interface Size {
  readonly name: string;
  readonly blocks: number;
  readonly wordsPerBlock: number;
}

const SIZES: readonly Size[] = [
  { name: '100 blocks', blocks: 100, wordsPerBlock: 35 },
  { name: '25,000 words', blocks: 700, wordsPerBlock: 36 },
  { name: '3,000 blocks', blocks: 3000, wordsPerBlock: 35 },
];

const LEXICON =
  'commons city partner state citizens energy cooperative land water housing open knowledge public law care food mobility assembly plan transition shared stewardship'.split(
    ' ',
  );

/** Markdown in the proportions of real plans: one block in ten a heading, some list items, a footnote here and there. The same every time. */
function planOf({ blocks, wordsPerBlock }: Size): string {
  const lines = ['---', 'title: Measured', '---', ''];
  let word = 0;
  const words = (count: number): string =>
    Array.from({ length: count }, () => LEXICON[(word++ * 7) % LEXICON.length]).join(' ');
  const notes: string[] = [];
  for (let block = 0; block < blocks; block += 1) {
    if (block % 10 === 0) lines.push(`${'#'.repeat(1 + ((block / 10) % 3))} ${words(4)}`, '');
    else if (block % 10 === 7) lines.push(`- ${words(wordsPerBlock)}`, '');
    else if (block % 40 === 3) {
      notes.push(`[^${notes.length + 1}]: ${words(12)}`, '');
      lines.push(`${words(wordsPerBlock)}[^${notes.length / 2}]`, '');
    } else lines.push(words(wordsPerBlock), '');
    if (block === Math.floor(blocks / 2)) lines.push('Here is the middle.', '');
  }
  return [...lines, ...notes].join('\n');
}

async function importPlan(context: BrowserContext, server: ServerProcess, markdown: string): Promise<string> {
  const answer = await context.request.post(`${server.url}/api/plans/import`, {
    headers: { origin: server.url },
    multipart: { file: { name: 'plan.md', mimeType: 'text/markdown', buffer: Buffer.from(markdown) } },
  });
  if (!answer.ok()) throw new Error(`Import answered ${answer.status()}: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

/** Notes, for each key, the time until a task that runs after its frame was painted. */
async function observe(page: Page): Promise<void> {
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { keyTimes: times });
    window.addEventListener(
      'keydown',
      ({ timeStamp }) =>
        requestAnimationFrame(() => {
          const painted = new MessageChannel();
          painted.port1.onmessage = () => times.push(performance.now() - timeStamp);
          painted.port2.postMessage(null);
        }),
      { capture: true },
    );
  });
}

async function measure(page: Page, url: string, keys: number): Promise<string> {
  const started = performance.now();
  await page.goto(url);
  await page.locator('.ProseMirror').waitFor();
  const editable = performance.now() - started;
  await page.getByText('Here is the middle.').scrollIntoViewIfNeeded();
  await page.getByText('Here is the middle.').click();
  await page.keyboard.press('End');
  await page.keyboard.type(' warm up ', { delay: PACE });
  await observe(page);
  await page.keyboard.type('the commons and the city '.repeat(Math.ceil(keys / 25)).slice(0, keys), { delay: PACE });
  await page.waitForTimeout(500);
  const times = await page.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
  const row = [percentile(times, 0.5), percentile(times, 0.95), percentile(times, 1), editable];
  return row.map((cell) => cell.toFixed(0).padStart(9)).join('');
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { keys: { type: 'string', default: '200' } } });
  const keys = Number(values.keys);
  if (!Number.isInteger(keys) || keys < 1) throw new Error(`Expected a number of keys from 1, got ${values.keys}`);
  if (!existsSync(resolve(import.meta.dirname, '../client/dist/index.html')))
    throw new Error('Expected a built client. Run `npm run build` first.');
  const server = await startServer();
  const browser = await chromium.launch(await browserLaunchOptions());
  try {
    const context = await browser.newContext({ baseURL: server.url, locale: 'en-GB' });
    const signedIn = await context.request.post('/api/auth/sign-in/anonymous', {
      data: { name: 'Typist' },
      headers: { origin: server.url },
    });
    if (!signedIn.ok()) throw new Error(`Signing in answered ${signedIn.status()}`);
    console.log(
      `milliseconds from key to paint, ${keys} keys, ${PACE} ms apart; editable: from navigation to an editable text`,
    );
    console.log(`${'plan'.padEnd(16)}${['p50', 'p95', 'worst', 'editable'].map((head) => head.padStart(9)).join('')}`);
    for (const size of SIZES) {
      const id = await importPlan(context, server, planOf(size));
      const page = await context.newPage();
      console.log(size.name.padEnd(16) + (await measure(page, `/plans/${id}`, keys)));
      await page.close();
    }
    console.log('reference at 3,000 blocks on a comparable machine: p50 38, p95 67');
  } finally {
    await browser.close();
    await server.stop();
    await removeData(server);
  }
}
