/** A long plan as PDF: cold, again, and after a one-word edit, beside Chromium printing the same content; and what who types meanwhile notices of a longer one. */
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import type { JSONContent } from '@tiptap/core';
import { toHtml } from 'hast-util-to-html';
import { browserLaunchOptions } from '../e2e/browser.ts';
import type { Exportable } from '../server/export/exportable.ts';
import { toHast } from '../server/export/hast.ts';
import { createPdfExporter } from '../server/export/pdf/exporter.ts';
import { encodeJob } from '../server/export/pdf/job.ts';
import type { PdfOptions } from '../server/export/pdf/to-pages.ts';
import { toTree } from '../server/export/tree.ts';
import { createLog } from '../server/log.ts';
import { frontMatterSchema } from '../shared/schema/front-matter.ts';
import { plan } from './pdf/plan.ts';
import { besideTyping } from './pdf/serving.ts';

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { chapters: { type: 'string', default: '20' }, beside: { type: 'string', default: '100' } },
  });
  const content = plan(Number(values.chapters));
  const exporter = createPdfExporter({ log: createLog('error'), timeLimit: 300_000 });
  const write = (document: JSONContent) => exporter.write(encodeJob({ exportable: exportable(document) }));
  try {
    // The process and its fonts, which the first export of the day waits for.
    const start = await timed(() => write({ type: 'doc', content: [{ type: 'paragraph' }] }));
    const cold = await timed(() => write(content));
    const again = await timed(() => write(content));
    const edited = structuredClone(content);
    edited.content![1]!.content![0]!.text += 'One more word.';
    const edit = await timed(() => write(edited));
    console.log(`${cold.result.pdf.length} bytes, ${cold.result.standard ?? 'tagged'}`);
    console.log(`start of the process and first page ${seconds(start.time)}`);
    console.log(
      `cold ${seconds(cold.time)}, again ${seconds(again.time)}, after a one-word edit ${seconds(edit.time)}`,
    );
    const printed = await printedByChromium(content);
    const ratios = [cold, again, edit].map(({ time }) => (time / printed).toFixed(2)).join(', ');
    console.log(`Chromium, browser and page warm: ${seconds(printed)}; ratios cold, again, after an edit: ${ratios}`);
  } finally {
    await exporter.stop();
  }
  await besideTyping(plan(Number(values.beside)));
}

/** The same content, as the HTML that our other exports write it as; without contents, running heads and notes at the foot, which it cannot do. */
async function printedByChromium(content: JSONContent): Promise<number> {
  const { text, notes } = toHast(toTree(content), { ofChange: () => ({}) });
  const html = toHtml({ type: 'root', children: [...text, ...notes] });
  const browser = await chromium.launch(await browserLaunchOptions());
  try {
    const page = await browser.newPage();
    await page.setContent('<p>Warm</p>');
    await page.pdf({ format: 'A4', tagged: true, outline: true });
    const { time } = await timed(async () => {
      await page.setContent(html);
      return page.pdf({ format: 'A4', tagged: true, outline: true });
    });
    return time;
  } finally {
    await browser.close();
  }
}

const exportable = (content: JSONContent): Exportable<PdfOptions> => ({
  content,
  frontMatter: frontMatterSchema.parse({ title: 'A long plan' }),
  version: {
    planId: 'plan',
    url: null,
    number: 1,
    seq: 1,
    label: '',
    time: '2026-01-01T00:00:00.000Z',
    hash: null,
    contentHash: '0'.repeat(64),
    contributors: [],
    schema: 1,
    snapshot: null,
  },
  images: new Map(),
  options: { paper: 'a4', design: 'report', numbered: true },
});

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; time: number }> {
  const start = performance.now();
  const result = await work();
  return { result, time: performance.now() - start };
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
