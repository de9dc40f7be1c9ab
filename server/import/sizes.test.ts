/** Plans of sizes and shapes that nobody writes, out by every format and in again; and files that are refused, in words, before they cost much. */
import type { JSONContent } from '@tiptap/core';
import { describe, expect, test } from 'vitest';
import type { ImportFormat } from '../../shared/import.ts';
import { WRITERS } from '../export/formats.ts';
import { countsOf, wordsOf } from '../export/test-counts.ts';
import { exportable } from '../export/test-exportable.ts';
import { importFile } from './file.ts';

const FORMATS = ['md', 'html', 'wikitext', 'docx'] as const satisfies ImportFormat[];
const OPTIONS = { paper: 'a4', fragment: false, numbered: true };
/** Far more than any takes: what grows with the square of the size takes minutes. */
const TIMEOUT = 120_000;

const p = (...content: JSONContent[]): JSONContent => ({ type: 'paragraph', content });
const text = (words: string, ...marks: JSONContent['marks'] & object): JSONContent => ({
  type: 'text',
  text: words,
  marks,
});
const block = (type: string, ...content: JSONContent[]): JSONContent => ({ type, content });
const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
const nested = (levels: number, wrap: (inner: JSONContent) => JSONContent): JSONContent =>
  many(levels, () => wrap).reduce((inner, each) => each(inner), p(text('innermost')));

async function roundTrip(format: ImportFormat, ...content: JSONContent[]): Promise<JSONContent> {
  const written = await WRITERS[format](exportable({ type: 'doc', content }, OPTIONS) as never);
  return importFile({ bytes: Buffer.from(written as string), format, wiki: null }).content;
}

describe.each(FORMATS)('in %s', { timeout: TIMEOUT }, (format) => {
  test.each([
    ['lists 30 deep', 30, (inner: JSONContent) => block('bulletList', block('listItem', p(text('item')), inner))],
    ['quotations 3,000 deep', 3_000, (inner: JSONContent) => block('blockquote', inner)],
    ['tables 20 deep', 20, (inner: JSONContent) => block('table', block('tableRow', block('tableCell', inner)))],
  ])('%s lose no word', async (_, levels, wrap) => {
    const content = nested(levels, wrap);
    expect(wordsOf(await roundTrip(format, content))).toEqual(wordsOf(content));
  });

  test('a word of 200,000 letters is one', async () => {
    const word = 'a'.repeat(200_000);
    expect(wordsOf(await roundTrip(format, p(text(word))))).toEqual([word]);
  });

  test('a table of 20,000 cells has them all', async () => {
    const table = block(
      'table',
      ...many(2_000, (row) =>
        block('tableRow', ...many(10, (column) => block('tableCell', p(text(`${row}.${column}`))))),
      ),
    );
    const counts = countsOf(await roundTrip(format, table));
    expect([counts.tables, counts.rows, counts.cells, counts.words]).toEqual([1, 2_000, 20_000, 20_000]);
  });

  test('thousands of notes, links and formats', async () => {
    const formats = ['bold', 'italic', 'code'];
    const content = [
      ...many(3_000, (index) => p(text(`word${index}`), block('footnote', text(`note${index}`)))),
      p(...many(3_000, (index) => text(`link${index} `, { type: 'link', attrs: { href: `https://x.org/${index}` } }))),
      p(...many(10_000, (index) => text(`format${index} `, { type: formats[index % 3]! }))),
    ];
    const counts = countsOf(await roundTrip(format, ...content));
    expect([counts.notes, counts.links, counts.words]).toEqual([3_000, 3_000, 19_000]);
  });
});

describe('a million paragraphs are refused, and told why', () => {
  const files: Record<Exclude<ImportFormat, 'docx'>, () => string> = {
    md: () => 'word\n\n'.repeat(1_000_000),
    html: () => '<p>word</p>'.repeat(1_000_000),
    wikitext: () => 'word\n\n'.repeat(1_000_000),
    json: () => `{"content":{"type":"doc","content":[${many(1_000_000, () => '{"type":"paragraph"}').join(',')}]}}`,
  };
  test.each(Object.entries(files))('as %s', { timeout: TIMEOUT }, (format, file) => {
    const read = () => importFile({ bytes: Buffer.from(file()), format: format as ImportFormat, wiki: null });
    expect(read).toThrow(expect.objectContaining({ code: 'too-large', message: expect.stringMatching(/0,000 /) }));
  });
});

test.each([
  ['html', '<div>'],
  ['md', '> '],
  ['md', '- '],
  ['wikitext', '<div>'],
  ['wikitext', '{|\n'],
  ['json', '{"content":{"type":"doc","content":[{'],
  ['json', '['],
] as const)('%s that is nested a million times is refused: %j', { timeout: TIMEOUT }, (format, opening) => {
  const bytes = Buffer.from(opening.repeat(1_000_000));
  expect(() => importFile({ bytes, format, wiki: null })).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^(?:too-large|invalid-document)$/) }),
  );
});
