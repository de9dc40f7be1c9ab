/** For tests: plans and snapshots as export-job.ts hands them to the writers, and what they say. */
import type { JSONContent } from '@tiptap/core';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import type { Exportable, ExportImage } from './exportable.ts';
import { cleanText } from './phrasing.ts';

/** One red pixel. */
export const PIXEL: ExportImage = {
  bytes: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
    'base64',
  ),
  mediaType: 'image/png',
  width: 1,
  height: 1,
};

/** Snapshot 3 of a plan by Ana and Bo; `changed` says what is otherwise. */
export function exportable<Options>(
  content: JSONContent,
  options: Options,
  changed: {
    frontMatter?: object;
    version?: Partial<Exportable['version']>;
    images?: Exportable['images'];
  } = {},
): Exportable<Options> {
  return {
    content,
    frontMatter: frontMatterSchema.parse({ title: 'A plan', ...changed.frontMatter }),
    version: {
      ...{
        planId: 'p1',
        url: 'https://plans.example/plans/p1/history/3',
        number: 3,
        seq: 42,
        label: 'For the council',
      },
      ...{ time: '2026-11-13T09:30:00.000Z', hash: 'c'.repeat(64), contentHash: 'a'.repeat(64) },
      ...{ contributors: ['Ana Díaz', 'Bo'], schema: 1, snapshot: null, ...changed.version },
    },
    images: changed.images ?? new Map(),
    options,
  };
}

/** What stands in a document, piece by piece, in the order of the text; white space is one space. */
export function textsOf(node: JSONContent): string[] {
  if (node.type === 'text') return [oneSpace(cleanText(node.text ?? ''))].filter(Boolean);
  return (node.content ?? []).flatMap(textsOf);
}

/** NUL and line ends are no text; edges are cut, for formats trim them. */
export const oneSpace = (text: string): string => text.replace(/\s+/g, ' ').trim();
