/** A plan as PDF: what stands on its pages, whether all can read it, and that no plan can harm whoever makes it. */
import { createHash } from 'node:crypto';
import type { JSONContent } from '@tiptap/core';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frontMatterSchema } from '../../../shared/schema/front-matter.ts';
import type { Exportable } from '../exportable.ts';
import { createPdfExporter, type PdfExporter } from './exporter.ts';
import type { PdfOptions } from './to-pages.ts';

const log = pino({ level: 'silent' });

export function exportable(
  content: JSONContent[],
  parts: Partial<Exportable<PdfOptions>> = {},
): Exportable<PdfOptions> {
  return {
    content: { type: 'doc', content },
    frontMatter: frontMatterSchema.parse({ title: 'A commons plan', authors: ['Ana Pérez'], place: 'Ghent' }),
    version: {
      planId: 'plan',
      url: 'https://plans.example.org/plans/plan',
      number: 3,
      seq: 12,
      label: 'For the council',
      time: '2026-03-01T10:00:00.000Z',
      hash: 'a'.repeat(64),
      contentHash: 'b'.repeat(64),
      contributors: ['Ana Pérez'],
      schema: 1,
      snapshot: null,
    },
    images: new Map(),
    options: { paper: 'a4', design: 'report', numbered: true },
    ...parts,
  };
}

const text = (value: string): JSONContent => ({ type: 'text', text: value });
const paragraph = (value: string, attrs = {}): JSONContent => ({ type: 'paragraph', attrs, content: [text(value)] });
const heading = (level: number, value: string): JSONContent => ({
  type: 'heading',
  attrs: { level },
  content: value === '' ? [] : [text(value)],
});
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a plan as PDF', () => {
  let exporter: PdfExporter;
  beforeAll(() => {
    exporter = createPdfExporter({ log });
  });
  afterAll(() => exporter.stop());

  test('keeps to PDF/UA-1 in every script, with skipped levels, empty headings and a picture', async () => {
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#357' } })
      .png()
      .toBuffer();
    const images = new Map([['/api/plans/plan/images/x', { bytes, mediaType: 'image/png', width: 40, height: 30 }]]);
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
      { type: 'figure', attrs: { src: '/api/plans/plan/images/x', alt: 'A blue field' }, content: [text('A field')] },
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
    const other = createPdfExporter({ log });
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

  test('a picture that cannot be read is left out, with a warning', async () => {
    const bytes = new TextEncoder().encode('not a picture');
    const images = new Map([['/api/plans/plan/images/x', { bytes, mediaType: 'image/png', width: 40, height: 30 }]]);
    const figure = { type: 'figure', attrs: { src: '/api/plans/plan/images/x', alt: 'A field' }, content: [] };
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
    cancel.abort(new Error('changed my mind'));
    await expect(slow).rejects.toThrow('changed my mind');
    await expect(waiting).rejects.toThrow('changed my mind');
    expect((await next).pdf.length).toBeGreaterThan(1000);
  });
});

describe('a process that makes PDFs', () => {
  const long = exportable(Array(20_000).fill(paragraph('Many words. '.repeat(40))));

  test('[R11] is ended when it takes too long, and another one serves the next', async () => {
    const exporter = createPdfExporter({ log, timeLimit: 3000 });
    await expect(exporter.write(long)).rejects.toMatchObject({ code: 'too-large', message: /3 seconds/ });
    await exporter.stop();
  });

  test('[R11] is ended when it takes too much memory', async () => {
    const exporter = createPdfExporter({ log, memory: 250 });
    await expect(exporter.write(long)).rejects.toMatchObject({ code: 'too-large', message: /250 MB/ });
    await exporter.stop();
  });

  test('refuses work once it stops', async () => {
    const exporter = createPdfExporter({ log });
    const running = exporter.write(long);
    await exporter.stop();
    await expect(running).rejects.toMatchObject({ code: 'restarting' });
    await expect(exporter.write(long)).rejects.toMatchObject({ code: 'restarting' });
  });
});
