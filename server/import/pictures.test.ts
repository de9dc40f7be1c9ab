/** Pictures that stand in a text as `data:` addresses: taken out of it, and nothing else is. */
import { createHash } from 'node:crypto';
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { imageAddress } from '../../shared/schema/image-address.ts';
import { KEPT_PICTURE, normalized, randomDocument } from '../../shared/schema/random-document.ts';
import { dataAddress } from '../export/data-address.ts';
import { exportHtml } from '../export/html-document.ts';
import { exportMarkdown } from '../export/markdown.ts';
import { exportable, PIXEL } from '../export/test-exportable.ts';
import { type ImportRequest, importFile } from './file.ts';
import { Losses } from './losses.ts';
import { Pictures } from './pictures.ts';

const DATA = dataAddress(PIXEL);
const STANDS_FOR = imageAddress('file', createHash('sha256').update(PIXEL.bytes).digest('hex'));
const read = (text: string, format: ImportRequest['format']) =>
  importFile({ bytes: Buffer.from(text), format, wiki: null });
const find = (node: JSONContent, type: string): JSONContent[] => [
  ...(node.type === type ? [node] : []),
  ...(node.content ?? []).flatMap((child) => find(child, type)),
];
const sources = (content: JSONContent) => find(content, 'figure').map(({ attrs }) => attrs?.src);
const figure = (attrs: object, ...content: JSONContent[]): JSONContent => ({ type: 'figure', attrs, content });
const IMAGES = new Map([[KEPT_PICTURE, PIXEL]]);

describe('in Markdown', () => {
  test.each([
    `![A river](${DATA})`,
    `![A river](<${DATA}>)`,
    `![A river][1]\n\n[1]: ${DATA}`,
    `<figure>\n\n![A river](${DATA})\n\n</figure>`,
    `<table><tr><td><img src="${DATA}" alt="A river"></td></tr></table>`,
  ])('%.40s is a figure', (text) => {
    const { content, pictures } = read(text, 'md');
    expect(find(content, 'figure').map(({ attrs }) => attrs)).toMatchObject([{ src: STANDS_FOR, alt: 'A river' }]);
    expect([...pictures!]).toEqual([[STANDS_FOR, PIXEL.bytes]]);
  });

  test.each([`\`![x](${DATA})\``, `    ![x](${DATA})`, `\\![x](${DATA}`])('%.20s stays as it was written', (text) => {
    expect(JSON.stringify(read(text, 'md').content)).toContain(DATA);
  });

  test('[R12] a link to one is text', () => {
    const { content } = read(`[a link](${DATA})`, 'md');
    expect(find(content, 'text')).toMatchObject([{ text: 'a link', marks: [] }]);
  });

  test('what was exported is read back as it was, with its pictures', () => {
    const frontMatter = frontMatterSchema.parse({ title: 'A plan' });
    fc.assert(
      fc.property(randomDocument, (document) => {
        const content = { ...document, content: [...(document.content ?? []), figure({ src: KEPT_PICTURE })] };
        const text = exportMarkdown(content, frontMatter, [], IMAGES);
        const back = read(text, 'md');
        expect(text).not.toContain(KEPT_PICTURE);
        expect([...back.pictures!.values()]).toEqual([PIXEL.bytes]);
        const again = JSON.parse(JSON.stringify(back.content).replaceAll(STANDS_FOR, KEPT_PICTURE)) as JSONContent;
        expect(normalized(again)).toEqual(normalized(content));
        expect(exportMarkdown(again, frontMatter, [], IMAGES)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe('in HTML', () => {
  test('our own page is read back with its pictures', () => {
    const attrs = { src: KEPT_PICTURE, alt: '', decorative: true, credit: 'Ana' };
    const content = { type: 'doc', content: [figure(attrs, { type: 'text', text: 'Spring' })] };
    const page = exportHtml(exportable(content, { numbered: false, fragment: false }, { images: IMAGES }));
    const back = read(page, 'html');
    expect(find(back.content, 'figure')[0]).toMatchObject({
      attrs: { ...attrs, src: STANDS_FOR },
      content: [{ text: 'Spring' }],
    });
    expect(back.pictures?.size).toBe(1);
    expect(back.losses).toEqual([]);
  });

  test('lines of an attribute may be broken', () => {
    const broken = DATA.replace(/(.{60})/g, '$1\n');
    expect(sources(read(`<p><img src='${broken}'></p>`, 'html').content)).toEqual([STANDS_FOR]);
  });
});

describe('the limits of one file', () => {
  test('[R11] too many and too large ones are losses', () => {
    const losses = new Losses();
    const pictures = new Pictures(losses);
    const added = Array.from({ length: 502 }, (_, index) => pictures.add(Buffer.from(String(index))));
    expect(added.filter((address) => address === null)).toHaveLength(2);
    expect(pictures.add(Buffer.alloc(10 * 1024 * 1024 + 1))).toBeNull();
    expect(pictures.add(Buffer.from('0'))).toBe(added[0]);
    expect(losses.list().map(({ count }) => count)).toEqual([2, 1]);
  });
});
