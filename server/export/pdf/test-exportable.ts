/** For tests: a snapshot that is ready to be written as PDF, and the words on the pages that are made of it. */
import type { JSONContent } from '@tiptap/core';
import { frontMatterSchema } from '../../../shared/schema/front-matter.ts';
import type { Exportable } from '../exportable.ts';
import type { PdfOptions } from './to-pages.ts';

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

/** All that is laid out, in order. */
export function wordsOn(laidOut: unknown): string {
  if (Array.isArray(laidOut)) return laidOut.map(wordsOn).join('');
  if (laidOut === null || typeof laidOut !== 'object') return '';
  const { v, c, head, body, credit } = laidOut as Record<string, unknown>;
  if (typeof v === 'string') return v;
  return [c, head, body, credit].map(wordsOn).join('');
}
