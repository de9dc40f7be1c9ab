/** Plans out by every format that is read again, and in: the same document, or the same words and as many of each thing. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImportFormat } from '../../shared/import.ts';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { randomDocument } from '../../shared/schema/random-document.ts';
import { WRITERS } from '../export/formats.ts';
import { type Counts, countsOf, wordsOf } from '../export/test-counts.ts';
import { exportable } from '../export/test-exportable.ts';
import { canonicalDocument, sha256 } from '../snapshots/entry.ts';
import { importFile } from './file.ts';
import type { Imported } from './html-content.ts';

const OPTIONS = { fragment: false, numbered: true, paper: 'a4' };

async function roundTrip(format: ImportFormat, content: JSONContent, frontMatter: object = {}): Promise<Imported> {
  const plan = exportable(content, OPTIONS, { frontMatter });
  const document = { content, frontMatter: plan.frontMatter, schema: plan.version.schema };
  const version = { ...plan.version, contentHash: sha256(canonicalDocument(document)) };
  const written = await WRITERS[format]({ ...plan, version } as never);
  return importFile({ bytes: Buffer.from(written), format, wiki: null });
}

/** As other formats can say it: what has no words is no heading, and what has no cells is no row. */
function sayable(node: JSONContent): JSONContent[] {
  const content = (node.content ?? []).flatMap(sayable);
  if ((node.type === 'tableRow' || node.type === 'table') && content.length === 0) return [];
  const isBare = node.type === 'heading' && wordsOf({ ...node, content: withoutNotes(content) }).length === 0;
  return [{ ...node, ...(isBare ? { type: 'paragraph' } : {}), content }];
}

const withoutNotes = (nodes: JSONContent[]): JSONContent[] => nodes.filter(({ type }) => type !== 'footnote');

describe('any plan that is written and read again', () => {
  test.each(['json', 'md'] as const)('is the same in %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(randomDocument, async (content) => {
        expect((await roundTrip(format, content)).content).toEqual(content);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['html', 'wikitext'] as const)('has the same words and as many of each thing in %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(randomDocument, async (content) => {
        const [before] = sayable(content);
        const after = (await roundTrip(format, content)).content;
        expect(wordsOf(after)).toEqual(wordsOf(content));
        expect(countsOf(sayable(after)[0]!)).toEqual(countsOf(before!));
      }),
      { numRuns: 150 },
    );
  });

  // Word has no empty items, headings or lines of text, and two quotes or pieces of code that follow each other are one.
  test('has the same words, and as many notes, tables and figures, as a Word document', async () => {
    await fc.assert(
      fc.asyncProperty(randomDocument, async (content) => {
        const [before] = sayable(content);
        const after = (await roundTrip('docx', content)).content;
        expect(wordsOf(after)).toEqual(wordsOf(content));
        const kinds = ['notes', 'tables', 'figures', 'headings', 'rules'];
        const of = (counts: Counts) => kinds.map((kind) => [kind, counts[kind]]);
        expect(of(countsOf(sayable(after)[0]!))).toEqual(of(countsOf(before!)));
      }),
      { numRuns: 40 },
    );
  });

  test.each(['json', 'md', 'html', 'wikitext', 'docx'] as const)('says the same of itself in %s', async (format) => {
    const frontMatter = {
      title: 'Water voor iedereen',
      subtitle: 'Een plan',
      status: 'proposed',
      place: 'Gent',
      language: 'nl-BE',
      licence: 'Peer Production License',
      authors: ['Ana Díaz', 'Bo'],
      summary: 'In één zin.',
      keywords: ['water', 'rivier'],
      stream: 'open-coops',
    };
    const paragraph = { type: 'paragraph', content: [{ type: 'text', text: 'Schoon.' }] };
    const read = await roundTrip(format, { type: 'doc', content: [paragraph] }, frontMatter);
    expect(read.frontMatter).toEqual(frontMatterSchema.parse(frontMatter));
    expect(read.content.content).toMatchObject([{ ...paragraph, attrs: { lang: null, dir: null } }]);
    expect(read.losses).toEqual([]);
  });
});

test('a fragment for another site is read without what says its language for each paragraph', () => {
  const content = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Schoon.' }] }] };
  const plan = exportable(content, { fragment: true, numbered: false }, { frontMatter: { language: 'nl' } });
  const read = importFile({ bytes: Buffer.from(String(WRITERS.html(plan))), format: 'html', wiki: null });
  expect(read.frontMatter.language).toBe('nl');
  expect(read.content.content![0]).toMatchObject({ attrs: { lang: null } });
});
