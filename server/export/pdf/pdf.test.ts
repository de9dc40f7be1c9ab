/** A plan as PDF: what stands on its pages, whether all can read it, and that no plan can harm whoever makes it. */
import { createHash } from 'node:crypto';
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeJSON } from '../../../shared/compare/comparison.ts';
import { randomDocument } from '../../../shared/schema/random-document.ts';
import { redline } from '../test-redline.ts';
import { printable } from './page-phrases.ts';
import { redlinePages } from './redline-pages.ts';
import { exportable, wordsOn } from './test-exportable.ts';
import { createTestExporter, type TestExporter } from './test-exporter.ts';
import { toPages } from './to-pages.ts';

const log = pino({ level: 'silent' });

const text = (value: string): JSONContent => ({ type: 'text', text: value });
const paragraph = (value: string, attrs = {}): JSONContent => ({ type: 'paragraph', attrs, content: [text(value)] });
const heading = (level: number, value: string): JSONContent => ({
  type: 'heading',
  attrs: { level },
  content: value === '' ? [] : [text(value)],
});
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a plan as PDF', () => {
  let exporter: TestExporter;
  beforeAll(() => {
    exporter = createTestExporter({ log });
  });
  afterAll(() => exporter.stop());

  test('keeps to PDF/UA-1 in every script, with skipped levels, empty headings and a picture', async () => {
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#357' } })
      .png()
      .toBuffer();
    const images = new Map([
      [`/api/plans/plan/images/${'1'.repeat(64)}`, { bytes, mediaType: 'image/png', width: 40, height: 30 }],
    ]);
    const content = [
      heading(4, 'Below nothing'),
      heading(2, ''),
      paragraph('Ελληνικά, русский, Tiếng Việt, Română ș ț, Türkçe ğ', { lang: 'el' }),
      paragraph('المشاعات هي موارد مشتركة', { lang: 'ar', dir: 'rtl' }),
      paragraph('נחלת הכלל היא משאב משותף'),
      paragraph('公地是由社区共同管理的资源。', { lang: 'zh' }),
      paragraph('コモンズは共同体が管理する', { lang: 'ja' }),
      paragraph('공유지는 공동체가 관리하는 자원', { lang: 'ko' }),
      paragraph('☑ ☐ ✓ → ≤ € ½ 😀 🌍 ★ “ ” … –'),
      {
        type: 'figure',
        attrs: { src: `/api/plans/plan/images/${'1'.repeat(64)}`, alt: 'A blue field' },
        content: [text('A field')],
      },
    ];
    const written = await exporter.write(exportable(content, { images }));
    expect(written.warnings).toEqual([]);
    expect(written.standard).toBe('PDF/UA-1');
    expect(Buffer.from(written.pdf.subarray(0, 8)).toString('latin1')).toBe('%PDF-1.7');
  });

  test('is the same bytes for the same plan, in another process too', async () => {
    const plan = exportable([heading(1, 'One'), paragraph('Words')]);
    const first = sha256((await exporter.write(plan)).pdf);
    await exporter.write(exportable([paragraph('Another')]));
    expect(sha256((await exporter.write(plan)).pdf)).toBe(first);
    const other = createTestExporter({ log });
    expect(sha256((await other.write(plan)).pdf)).toBe(first);
    await other.stop();
  });

  test('says in words what keeps it from being accessible, and is written all the same', async () => {
    const figure = { type: 'figure', attrs: { src: null, alt: '' }, content: [] };
    const { standard, warnings, pdf } = await exporter.write(exportable([figure, paragraph('ሰላም')]));
    expect(standard).toBeNull();
    expect(warnings[0]).toBe('Figure 1 has no description.');
    expect(warnings.at(-1)).toMatch(/^The fonts lack “ሰ” \(U\+1230\)/);
    expect(pdf.length).toBeGreaterThan(1000);
  });

  test('what is decoration needs no description, with a caption or without', async () => {
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#357' } })
      .png()
      .toBuffer();
    const src = `/api/plans/plan/images/${'1'.repeat(64)}`;
    const images = new Map([[src, { bytes, mediaType: 'image/png', width: 40, height: 30 }]]);
    const figures = [[], [text('A field')]].map((content) => ({
      type: 'figure',
      attrs: { src, alt: '', decorative: true },
      content,
    }));
    const { standard, warnings } = await exporter.write(exportable(figures, { images }));
    expect({ standard, warnings }).toEqual({ standard: 'PDF/UA-1', warnings: [] });
  });

  test('a picture that cannot be read is left out, with a warning', async () => {
    const bytes = new TextEncoder().encode('not a picture');
    const images = new Map([
      [`/api/plans/plan/images/${'1'.repeat(64)}`, { bytes, mediaType: 'image/png', width: 40, height: 30 }],
    ]);
    const figure = {
      type: 'figure',
      attrs: { src: `/api/plans/plan/images/${'1'.repeat(64)}`, alt: 'A field' },
      content: [],
    };
    const { warnings } = await exporter.write(exportable([figure], { images }));
    expect(warnings.join()).toContain('could not be read');
  });

  test('[R11] a plan of a million paragraphs is refused', async () => {
    const content = Array<JSONContent>(1_000_000).fill({ type: 'paragraph' });
    await expect(exporter.write(exportable(content))).rejects.toMatchObject({ code: 'too-large' });
  });

  test('whoever cancels gets their reason, and the next in line is served', async () => {
    const cancel = new AbortController();
    const slow = exporter.write(exportable(Array(3000).fill(paragraph('Many words. '.repeat(40)))), {
      signal: cancel.signal,
    });
    const waiting = exporter.write(exportable([paragraph('Never')]), { signal: cancel.signal });
    const next = exporter.write(exportable([paragraph('Next')]));
    cancel.abort('changed my mind');
    await expect(slow).rejects.toBe('changed my mind');
    await expect(waiting).rejects.toBe('changed my mind');
    expect((await next).pdf.length).toBeGreaterThan(1000);
  });
});

describe('whatever a plan holds', () => {
  let exporter: TestExporter;
  beforeAll(() => {
    exporter = createTestExporter({ log, timeLimit: 300_000 });
  });
  afterAll(() => exporter.stop());

  test('[R12] is text, never code: nothing is read, fetched or run', async () => {
    const odd = [
      '#read("/etc/passwd")',
      '#import "@preview/tablex:0.0.8": *',
      '#eval("1+1") $x$ *b* _i_ `r` <label> @ref // c /* d */',
      '\\u{41} \\ " \' ] ) } #panic("x")',
      '\\input{/etc/passwd}',
      'a\u0000b\ud800c\u202e\u2066\ufeff\ufffc\ufdd0\u0085\u2028',
    ];
    const attrs = { src: odd[0], alt: odd[2], credit: odd[3], language: odd[1], lang: odd[0], dir: odd[0] };
    const content = odd.flatMap((each): JSONContent[] => [
      paragraph(each),
      heading(1, each),
      { type: 'codeBlock', attrs, content: [text(each)] },
      { type: 'figure', attrs: { ...attrs, src: `/api/${each}` }, content: [text(each)] },
      {
        type: 'paragraph',
        content: [{ ...text(each), marks: [{ type: 'link', attrs: { href: `https://x.org/${each}` } }] }],
      },
      {
        type: 'paragraph',
        content: [
          { ...text(each), marks: [{ type: 'code' }] },
          { type: 'footnote', content: [text(each)] },
        ],
      },
    ]);
    const plan = exportable(content);
    const all = odd.join(' ');
    const front = {
      ...plan.frontMatter,
      title: all,
      subtitle: all,
      authors: odd,
      keywords: odd,
      place: all,
      summary: all,
    };
    const { pdf } = await exporter.write({ ...plan, frontMatter: front, version: { ...plan.version, label: all } });
    expect(pdf.length).toBeGreaterThan(1000);
    const laidOut = wordsOn(toPages(plan).document.blocks);
    for (const each of odd.slice(0, 5)) expect(laidOut).toContain(each);
  });

  test('lists and quotes 30 deep, a word of 200 000 letters and a table of 20 000 cells are laid out', {
    timeout: 300_000,
  }, async () => {
    let deep = paragraph('Innermost');
    for (let level = 0; level < 30; level++) {
      deep = {
        type: 'bulletList',
        content: [{ type: 'listItem', content: [{ type: 'blockquote', content: [deep] }] }],
      };
    }
    const row = { type: 'tableRow', content: Array(10).fill({ type: 'tableCell', content: [paragraph('Cell')] }) };
    const content = [deep, paragraph('x'.repeat(200_000)), { type: 'table', content: Array(2000).fill(row) }];
    const { standard } = await exporter.write(exportable(content));
    expect(standard).toBe('PDF/UA-1');
  });

  test('a table whose cells overlap, stick out or are missing is made whole', async () => {
    const cell = (attrs: object, type = 'tableCell') => ({ type, attrs, content: [paragraph('Cell')] });
    const wild = [
      { type: 'tableRow', content: [cell({ colspan: 3, rowspan: 9 }, 'tableHeader'), cell({}, 'tableHeader')] },
      { type: 'tableRow', content: [] },
      { type: 'tableRow', content: [cell({ rowspan: 60_000 }), cell({ colspan: 20 }), cell({ rowspan: 2 })] },
      { type: 'tableRow', content: [cell({ colspan: 5 }), cell({}), cell({})] },
    ];
    const wide = [{ type: 'tableRow', content: Array(100).fill(cell({ colspan: 2 })) }];
    const { warnings } = await exporter.write(
      exportable([
        { type: 'table', content: wild },
        { type: 'table', content: wide },
        { type: 'table', content: [] },
      ]),
    );
    expect(warnings).toEqual(['A table has more columns than a page can show: its cells stand below each other.']);
  });

  test('no word of a random document is lost, and Typst lays it out', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(randomDocument, fc.constantFrom('report', 'charter'), async (content, design) => {
        const plan = exportable(content.content ?? [], { options: { paper: 'letter', design, numbered: false } });
        const laidOut = letters(wordsOn(toPages(plan).document.blocks));
        for (const each of textsOf(content)) expect(laidOut).toContain(letters(each));
        expect((await exporter.write(plan)).pdf.length).toBeGreaterThan(1000);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});

describe('changes as PDF', () => {
  test('both sides stand in one text, with a list that leads to each change; what changed is told by more than colour', async () => {
    const note: JSONContent = { type: 'footnote', content: [text('Old note')] };
    const before = [
      heading(1, 'Water'),
      { type: 'paragraph', content: [text('The river is ours.'), note] },
      paragraph('Gone'),
    ];
    const after = [
      {
        type: 'heading',
        attrs: { level: 1 },
        content: [text('Waters '), { ...text('all'), marks: [{ type: 'strike' }, { type: 'underline' }] }],
      },
      { type: 'paragraph', content: [text('The river is everybody’s.'), note] },
    ];
    const made = redline({ type: 'doc', content: before } as NodeJSON, { type: 'doc', content: after } as NodeJSON);
    const { document } = redlinePages(made, 'a4');
    const laidOut = wordsOn(document.blocks);
    for (const each of ['ours', 'everybody’s', 'Gone', 'List of changes', 'For the council'])
      expect(laidOut).toContain(each);
    const json = JSON.stringify(document);
    const anchors = new Set(json.match(/"change-\d+"/g));
    expect(anchors.size).toBe(made.answer.changes.length);
    for (const anchor of anchors) expect(json).toContain(`"t":"goto","to":${anchor}`);
    const exporter = createTestExporter({ log });
    expect(await exporter.redline(made, { paper: 'a4' })).toMatchObject({ standard: 'PDF/UA-1', warnings: [] });
    await exporter.stop();
  });

  test('redlines of random documents are laid out', { timeout: 300_000 }, async () => {
    const exporter = createTestExporter({ log });
    await fc.assert(
      fc.asyncProperty(randomDocument, randomDocument, async (before, after) => {
        const made = redline(before as NodeJSON, after as NodeJSON);
        expect((await exporter.redline(made, { paper: 'letter' })).pdf.length).toBeGreaterThan(1000);
      }),
      { numRuns: 25, endOnFailure: true },
    );
    await exporter.stop();
  });
});

/** Without what is not printed or is shown as another space. */
const letters = (value: string): string => printable(value).replace(/\s/g, '');

function textsOf(node: JSONContent): string[] {
  return [
    ...(node.text === undefined ? [] : [node.text]),
    ...(typeof node.attrs?.credit === 'string' ? [node.attrs.credit] : []),
    ...(node.content ?? []).flatMap(textsOf),
  ];
}

describe('a process that makes PDFs', () => {
  const long = exportable(Array(20_000).fill(paragraph('Many words. '.repeat(40))));

  test('[R11] is ended when it takes too long, and another one serves the next', async () => {
    const exporter = createTestExporter({ log, timeLimit: 3000 });
    await expect(exporter.write(long)).rejects.toMatchObject({ code: 'too-large', message: /3 seconds/ });
    await exporter.stop();
  });

  test('[R11] is ended when it takes too much memory', async () => {
    const exporter = createTestExporter({ log, memory: 250 });
    await expect(exporter.write(long)).rejects.toMatchObject({ code: 'too-large', message: /250 MB/ });
    await exporter.stop();
  });

  test('refuses work once it stops', async () => {
    const exporter = createTestExporter({ log });
    const running = exporter.write(long);
    await exporter.stop();
    await expect(running).rejects.toMatchObject({ code: 'restarting' });
    await expect(exporter.write(long)).rejects.toMatchObject({ code: 'restarting' });
  });
});
