/** Texts that mean harm, in every place that a plan has for text, out by every format and in again: they are the same texts, and nothing else. */
import type { JSONContent } from '@tiptap/core';
import { describe, expect, test } from 'vitest';
import type { ImportFormat } from '../../shared/import.ts';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { safeUrl } from '../../shared/schema/safe-url.ts';
import { WRITERS } from '../export/formats.ts';
import { cleanLine, cleanText } from '../export/phrasing.ts';
import { countsOf, wordsOf } from '../export/test-counts.ts';
import { exportable } from '../export/test-exportable.ts';
import { ADDRESSES, PAYLOADS } from '../export/test-payloads.ts';
import { importFile } from './file.ts';

const OPTIONS = { fragment: false, numbered: true, paper: 'a4' };
const FORMATS = ['md', 'html', 'wikitext', 'docx'] as const satisfies ImportFormat[];

const text = (value: string, ...marks: JSONContent['marks'] & object): JSONContent => ({
  type: 'text',
  text: value,
  marks,
});
const block = (type: string, ...content: JSONContent[]): JSONContent => ({ type, content });

/** Each payload in its place, with words around it that say where an end is to be found. */
function everywhere(payload: string): JSONContent {
  const said = text(payload);
  const p = (...content: JSONContent[]) => block('paragraph', ...content);
  const linked = text(payload, { type: 'link', attrs: { href: 'https://example.org/', title: cleanLine(payload) } });
  const line = cleanLine(payload).slice(0, 1000);
  return block(
    'doc',
    { type: 'heading', attrs: { level: 1 }, content: [text('Land '), said] },
    p(said),
    p(text('a '), text(payload, { type: 'bold' }), text(' b '), text(payload, { type: 'italic' }), text(' c')),
    p(text('d '), text(payload, { type: 'code' }), text(' e '), linked, text(' f'), block('footnote', said), text('.')),
    block('bulletList', block('listItem', p(said)), block('listItem', p(text('g ')), p(said))),
    { type: 'codeBlock', attrs: { language: null }, content: [said] },
    block('blockquote', p(said)),
    block('table', block('tableRow', block('tableHeader', p(said)), block('tableCell', p(text('h'))))),
    { type: 'figure', attrs: { src: null, alt: line, credit: line }, content: [text('i '), said, text(' j')] },
    p(text('The end')),
  );
}

/** Formats have no NUL and few other control characters, and trim white space at edges. */
const squeezed = (words: string): string => cleanText(words).replace(/[\p{Cc}\s\ufffd]+/gu, '');

describe.each(FORMATS)('in %s', (format) => {
  test.each(PAYLOADS.map((payload) => [payload]))('%j stays the text that it is', async (payload) => {
    const line = cleanLine(payload).trim();
    const frontMatter = { title: line, subtitle: line, authors: [line], place: line, licence: line, summary: line };
    const content = everywhere(payload);
    const written = await WRITERS[format](
      exportable(content, OPTIONS, { frontMatter, version: { label: line } }) as never,
    );
    const read = importFile({ bytes: Buffer.from(written as string), format, wiki: null });
    expect(squeezed(wordsOf(read.content).join(' '))).toBe(squeezed(wordsOf(content).join(' ')));
    const { words: _, ...before } = countsOf(content);
    expect(countsOf(read.content)).toMatchObject(before);
    const fields = Object.entries(frontMatterSchema.parse(frontMatter));
    for (const [name, value] of fields) {
      expect([name, squeezed(String(read.frontMatter[name as 'title']))]).toEqual([name, squeezed(String(value))]);
    }
    // Markdown's reader takes every `[^1]` for a reference that leads nowhere, even one that was escaped.
    if (format !== 'md' || !payload.startsWith('[^')) expect(read.losses).toEqual([]);
  });

  test('[R12] no address that a reader may not be sent to is read', async () => {
    for (const href of ADDRESSES) {
      const link = text('words', { type: 'link', attrs: { href } });
      const figure = { type: 'figure', attrs: { src: href, alt: 'words', credit: '' } };
      const content = block('doc', block('paragraph', link), figure);
      const written = await WRITERS[format](exportable(content, OPTIONS) as never);
      const { content: read } = importFile({ bytes: Buffer.from(written as string), format, wiki: null });
      const found = JSON.stringify(read).match(/"(?:href|src)":"(?:[^"\\]|\\.)*"/g) ?? [];
      for (const each of found)
        expect(safeUrl(JSON.parse(`{${each}}`).href ?? JSON.parse(`{${each}}`).src)).not.toBeNull();
      expect(JSON.stringify(read)).not.toMatch(/"(?:href|src)":"\W*(?:javascript|data|vbscript|file|blob):/i);
    }
  });
});
