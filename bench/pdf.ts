/** A long plan as PDF: cold, again, and after a one-word edit, beside Chromium printing the same content; and how late the server's event loop runs meanwhile. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
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

const SENTENCE =
  'The commons are shared resources in which each stakeholder has an equal interest, and which a community sustains by its own rules. ';

/** Chapters of headings, prose, notes, lists and a table: 25 of them are about 100 pages. */
function plan(chapters: number): JSONContent {
  const text = (value: string): JSONContent => ({ type: 'text', text: value });
  const prose = (seed: number): JSONContent => ({
    type: 'paragraph',
    content: [
      text(`${seed}. ${SENTENCE.repeat(6)}`),
      { type: 'footnote', content: [text(`Source ${seed}: ${SENTENCE}`)] },
      text(SENTENCE),
    ],
  });
  const cell = (type: string, value: string): JSONContent => ({
    type,
    content: [{ type: 'paragraph', content: [text(value)] }],
  });
  const chapter = (number: number): JSONContent[] => [
    { type: 'heading', attrs: { level: 1 }, content: [text(`Chapter ${number}`)] },
    ...Array.from({ length: 10 }, (_, index) => prose(number * 100 + index)),
    { type: 'heading', attrs: { level: 2 }, content: [text('What is to be done')] },
    {
      type: 'bulletList',
      content: Array.from({ length: 8 }, (_, index) => ({
        type: 'listItem',
        content: [prose(number * 100 + 50 + index)],
      })),
    },
    {
      type: 'table',
      content: Array.from({ length: 12 }, (_, row) => ({
        type: 'tableRow',
        content: ['Step', SENTENCE.slice(0, 60), `${row}`].map((value) =>
          cell(row === 0 ? 'tableHeader' : 'tableCell', value),
        ),
      })),
    },
  ];
  return { type: 'doc', content: Array.from({ length: chapters }, (_, index) => chapter(index + 1)).flat() };
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { chapters: { type: 'string', default: '25' } } });
  const content = plan(Number(values.chapters));
  const exporter = createPdfExporter({ log: createLog('error'), timeLimit: 300_000 });
  const write = (document: JSONContent) => exporter.write(encodeJob({ exportable: exportable(document) }));
  const delay = monitorEventLoopDelay({ resolution: 5 });
  try {
    // The process and its fonts, which the first export of the day waits for.
    const start = await timed(() => write({ type: 'doc', content: [{ type: 'paragraph' }] }));
    delay.enable();
    const cold = await timed(() => write(content));
    delay.disable();
    const again = await timed(() => write(content));
    const edited = structuredClone(content);
    edited.content![1]!.content![0]!.text += 'One more word.';
    const edit = await timed(() => write(edited));
    console.log(`${cold.result.pdf.length} bytes, ${cold.result.standard ?? 'tagged'}`);
    console.log(`start of the process and first page ${seconds(start.time)}`);
    console.log(
      `cold ${seconds(cold.time)}, again ${seconds(again.time)}, after a one-word edit ${seconds(edit.time)}`,
    );
    console.log(
      `event loop of the server while cold: p50 ${late(delay.percentile(50))}, p99 ${late(delay.percentile(99))}, most ${late(delay.max)} (5 ms of each are the clock's)`,
    );
    const printed = await printedByChromium(content);
    console.log(`Chromium, browser and page warm: ${seconds(printed)}; ratio ${(cold.time / printed).toFixed(2)}`);
  } finally {
    await exporter.stop();
  }
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
const late = (nanoseconds: number): string => `${(nanoseconds / 1e6).toFixed(1)} ms`;
