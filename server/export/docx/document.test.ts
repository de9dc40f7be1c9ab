/** Plans as Word documents: what other programs find in the file, and that all of it is there. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import type { Nodes } from 'hast';
import { describe, expect, test } from 'vitest';
import { doc, h, p } from '../../../shared/compare/test-notation.ts';
import { randomDocument } from '../../../shared/schema/random-document.ts';
import { exportable, oneSpace, PIXEL, textsOf } from '../test-exportable.ts';
import { elements } from '../test-redline.ts';
import { exportDocx } from './document.ts';
import { printable } from './runs.ts';
import { part, readDocx } from './test-docx.ts';

/** The address of a picture that is kept with the plan. */
const PICTURE = `/api/plans/p1/images/${'a'.repeat(64)}`;
const OPTIONS = { paper: 'a4', numbered: true } as const;

const text = (node: Nodes): string => {
  if (node.type === 'text') return node.value;
  if (!('children' in node)) return '';
  const inner = node.children.map(text).join('');
  return node.type === 'element' && /^(p|h\d|li|td|th|br)$/.test(node.tagName) ? ` ${inner} ` : inner;
};
const words = (tree: Nodes, tagName: string): string[] => elements(tree, tagName).map((each) => oneSpace(text(each)));
const written = (content: JSONContent, changed: object = {}, options: object = {}): Promise<Uint8Array> =>
  exportDocx(exportable(content, { ...OPTIONS, ...options }, changed));
const note = (value: string): JSONContent => ({ type: 'footnote', content: [{ type: 'text', text: value }] });
const item = (type: string, attrs: object, ...content: unknown[]): JSONContent => ({
  type,
  attrs,
  content: content as JSONContent[],
});

describe('a Word document', () => {
  test('has real headings, numbered when asked for, that never skip a level', async () => {
    const content = doc(h(2, 'Water'), h(4, 'Rivers'), h(1, 'Land'), p('Text.')) as JSONContent;
    const bytes = await written(content);
    const xml = part(bytes, 'word/document.xml');
    expect([...xml.matchAll(/<w:pStyle w:val="(Heading\d)"/g)].map(([, style]) => style)).toEqual([
      'Heading1',
      'Heading2',
      'Heading1',
    ]);
    expect(xml).toMatch(/<w:instrText[^>]*>TOC [^<]*\\o/);
    const numberings = (of: string): number => of.match(/<w:numPr>/g)?.length ?? 0;
    expect(numberings(xml)).toBe(3);
    expect(numberings(part(await written(content, {}, { numbered: false }), 'word/document.xml'))).toBe(0);
    const tree = await readDocx(bytes);
    expect(words(tree, 'h2').filter(Boolean)).toContain('Rivers');
  });

  test('has footnotes, not text that looks like them', async () => {
    const content = {
      type: 'doc',
      content: [item('paragraph', {}, { type: 'text', text: 'Clean' }, note('Since 1990.'), note('Mostly.'))],
    };
    const bytes = await written(content);
    expect(part(bytes, 'word/document.xml').match(/<w:footnoteReference w:id=/g)).toHaveLength(2);
    expect(part(bytes, 'word/footnotes.xml')).toContain('Since 1990.');
    expect(words(await readDocx(bytes), 'li')).toEqual(['Since 1990. ↑', 'Mostly. ↑']);
  });

  test('has lists that are lists, each with its own numbers', async () => {
    const one = item('listItem', {}, p('one'), item('bulletList', {}, item('listItem', {}, p('inner'))));
    const lists = [
      item('orderedList', { start: 3, type: 'a' }, one),
      item('orderedList', { start: 1 }, item('listItem', {}, p('again'))),
      item('taskList', {}, item('taskItem', { checked: true }, p('done'))),
    ];
    const bytes = await written({ type: 'doc', content: lists });
    const tree = await readDocx(bytes);
    expect(elements(tree, 'ol').length).toBeGreaterThan(0);
    expect(words(tree, 'li')).toEqual(['one inner', 'inner', 'again']);
    expect(text(tree)).toContain('☑ done');
    const numbering = part(bytes, 'word/numbering.xml');
    expect(numbering).toContain('<w:start w:val="3"/>');
    expect(numbering).toContain('lowerLetter');
    const used = [...part(bytes, 'word/document.xml').matchAll(/<w:numId w:val="(\d+)"/g)].map(([, id]) => id);
    expect(new Set(used).size).toBe(3);
  });

  test('has tables with header rows that repeat, spans and widths', async () => {
    const cell = (value: string, attrs: object = {}, type = 'tableCell') => item(type, attrs, p(value));
    const rows = [
      [cell('Both', { colspan: 2, colwidth: [120, 80] }, 'tableHeader')],
      [cell('Tall', { rowspan: 9 }), cell('a', { align: 'right' })],
      [cell('b')],
      [],
    ];
    const bytes = await written({
      type: 'doc',
      content: [item('table', {}, ...rows.map((row) => item('tableRow', {}, ...row)))],
    });
    const xml = part(bytes, 'word/document.xml');
    expect(xml.match(/<w:tblHeader\/>/g)).toHaveLength(1);
    expect([...xml.matchAll(/<w:gridCol w:w="(\d+)"/g)].map(([, width]) => Number(width))).toEqual([1800, 1200]);
    const tree = await readDocx(bytes);
    expect(
      elements(tree, 'th')
        .concat(elements(tree, 'td'))
        .map(({ properties }) => properties),
    ).toMatchObject([{ colSpan: 2 }, { rowSpan: expect.anything() }, {}, {}, {}]);
  });

  test('has no table with more than the 63 columns that Word opens: a wider one is several, with all that it holds', async () => {
    const cell = (value: string, colspan = 1) => item('tableCell', { colspan }, p(value));
    const rows = [
      Array.from({ length: 70 }, (_, column) => cell(`cell${column}`)),
      [cell('first'), cell('wide', 68), cell('last')],
    ];
    const table = item('table', {}, ...rows.map((row) => item('tableRow', {}, ...row)));
    const bytes = await written({ type: 'doc', content: [table] });
    const xml = part(bytes, 'word/document.xml');
    const columns = xml
      .split('<w:tblGrid>')
      .slice(1)
      .map((each) => each.match(/<w:gridCol /g)!.length);
    expect(columns).toEqual([63, 7]);
    const tree = await readDocx(bytes);
    expect(words(tree, 'td').filter(Boolean)).toEqual([
      ...rows[0]!.slice(0, 63).map((_, column) => `cell${column}`),
      'first',
      'wide',
      ...rows[0]!.slice(63).map((_, column) => `cell${column + 63}`),
      'last',
    ]);
  });

  test('has the pictures of the plan, with their descriptions; others are told of', async () => {
    const figure = (src: string | null) =>
      item('figure', { src, alt: 'A river', credit: 'Bo' }, { type: 'text', text: 'It bends.' });
    const images = new Map([[`/api/plans/p1/images/${'1'.repeat(64)}`, PIXEL]]);
    const bytes = await written(
      { type: 'doc', content: [`/api/plans/p1/images/${'1'.repeat(64)}`, 'https://x.org/y.png', null].map(figure) },
      { images },
    );
    const tree = await readDocx(bytes);
    expect(elements(tree, 'img').map(({ properties }) => properties.alt)).toEqual(['A river']);
    expect(text(tree)).toContain('Picture: A river (https://x.org/y.png)');
    expect(words(tree, 'p').filter((line) => line === 'It bends. Bo')).toHaveLength(3);
  });

  test('says what it is, in the text and in its properties; a live draft says so on every page', async () => {
    const frontMatter = {
      title: 'Water',
      subtitle: 'For all',
      authors: ['Ana', 'Bo'],
      keywords: ['river'],
      language: 'nl',
    };
    const bytes = await written(doc(p('Text.')) as JSONContent, { frontMatter });
    const said = oneSpace(text(await readDocx(bytes)));
    for (const fact of [
      'Water',
      'For all',
      'Ana, Bo',
      'Snapshot 3',
      '13 November 2026',
      'CC-BY-SA-4.0',
      'a'.repeat(64),
      'c'.repeat(64),
    ]) {
      expect(said).toContain(fact);
    }
    const core = part(bytes, 'docProps/core.xml');
    for (const fact of ['<dc:title>Water<', 'Ana; Bo', 'river']) expect(core).toContain(fact);
    expect(part(bytes, 'docProps/custom.xml')).toContain('c'.repeat(64));
    expect(part(bytes, 'word/styles.xml')).toContain('<w:lang w:val="nl"');
    const draft = await written(doc(p('Text.')) as JSONContent, { version: { number: null, hash: null } });
    expect(part(draft, 'word/header1.xml')).toContain('Live draft as of update 42');
  });

  test('is laid out from right to left where the plan is, and not where a paragraph is not', async () => {
    const english = { ...(p('Water') as JSONContent), attrs: { lang: 'en', dir: 'ltr' } };
    const bytes = await written(
      { type: 'doc', content: [p('ماء') as JSONContent, english] },
      { frontMatter: { title: 'خطة', language: 'ar' } },
    );
    const body = part(bytes, 'word/document.xml');
    const paragraphs = body.split('<w:p>');
    expect(paragraphs.find((each) => each.includes('ماء'))).toMatch(/<w:bidi\/>.*<w:rtl\/>/);
    expect(paragraphs.find((each) => each.includes('Water'))).not.toMatch(/<w:bidi\/>|<w:rtl\/>/);
    expect(paragraphs.find((each) => each.includes('Water'))).toContain('w:val="en"');
  });

  test('is the same bytes for the same plan, whatever was written before it, and wherever', async () => {
    const link = (href: string): JSONContent => ({
      type: 'text',
      text: href,
      marks: [{ type: 'link', attrs: { href } }],
    });
    const noted = { type: 'footnote', content: [link('https://c.org')] };
    const figure = item('figure', { src: PICTURE, alt: 'A river' }, { type: 'text', text: '_Toc7' });
    const content = [
      h(1, 'Land'),
      h(2, '_Toc1'),
      item('paragraph', {}, link('https://a.org'), link('#_Toc1'), noted),
      figure,
      figure,
    ] as JSONContent[];
    const plan = () => written({ type: 'doc', content }, { images: new Map([[PICTURE, PIXEL]]) });
    const zone = process.env.TZ;
    try {
      const first = await plan();
      await written(doc(h(1, 'Another'), p('plan')) as JSONContent);
      process.env.TZ = 'Asia/Tokyo';
      const again = await plan();
      expect(Buffer.from(again).equals(first)).toBe(true);
      const xml = part(first, 'word/document.xml');
      // Words that look like the numbers given are words, and every link leads where it did.
      expect(xml).toContain('>_Toc7<');
      expect([...xml.matchAll(/w:anchor="(_Toc\d+)"/g)].map(([, name]) => name)).toEqual(['_Toc1', '_Toc2', '_Toc1']);
      const ids = [...xml.matchAll(/ r:(?:id|embed)="([^"]*)"/g)].map(([, id]) => id);
      const relations = part(first, 'word/_rels/document.xml.rels');
      for (const id of ids) expect(relations).toContain(` Id="${id}"`);
      expect(part(first, 'docProps/core.xml').match(/2026-11-13T09:30:00.000Z/g)).toHaveLength(2);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test('[R12] links only where a reader may be sent, and no text becomes markup', async () => {
    const link = (href: unknown): JSONContent => ({
      type: 'text',
      text: '</w:t><w:br/>\u0001\ud800]]>',
      marks: [{ type: 'link', attrs: { href } }],
    });
    const addresses = [
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      ['https://x.org'],
      '//evil.example',
      'https://x.org/"><w:x/>',
      '/plans/2',
      '#here',
    ];
    const bytes = await written({ type: 'doc', content: [item('paragraph', {}, ...addresses.map(link))] });
    const targets = [
      ...part(bytes, 'word/_rels/document.xml.rels').matchAll(/Target="([^"]*)" TargetMode="External"/g),
    ].map(([, target]) => target);
    expect(targets).toEqual([
      'https://x.org/%22%3E%3Cw:x/%3E',
      'https://plans.example/plans/2',
      'https://plans.example/plans/p1/history/3',
    ]);
    const xml = part(bytes, 'word/document.xml');
    expect(xml).toContain('w:anchor="here"');
    expect(['<w:br/>', '\u0001', '\ud800'].filter((each) => xml.includes(each))).toEqual([]);
    expect(xml.match(/&lt;\/w:t(&gt;|>)/g)).toHaveLength(addresses.length);
  });
});

test('all of any document is in the file', async () => {
  await fc.assert(
    fc.asyncProperty(randomDocument, async (content) => {
      const said = oneSpace(text(await readDocx(await written(content))));
      for (const piece of textsOf(content)) expect(said).toContain(oneSpace(printable(piece)));
    }),
    { numRuns: 40, endOnFailure: true },
  );
});
