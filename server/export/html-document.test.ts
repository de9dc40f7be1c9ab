/** Plans as HTML: what a reader finds in the file, and that all of it is there. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import type { Element, Nodes } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import { describe, expect, test } from 'vitest';
import { doc, h, p } from '../../shared/compare/test-notation.ts';
import { randomDocument } from '../../shared/schema/random-document.ts';
import { exportHtml } from './html-document.ts';
import { exportable, oneSpace, PIXEL, textsOf } from './test-exportable.ts';
import { elements, everything } from './test-redline.ts';

const PAGE = { fragment: false, numbered: true };
const FRAGMENT = { fragment: true, numbered: false };

const text = (node: Nodes): string => {
  if (node.type === 'text') return node.value;
  if (!('children' in node) || (node.type === 'element' && /^(style|title)$/.test(node.tagName))) return '';
  const inner = node.children.map(text).join('');
  return node.type === 'element' && /^(p|h\d|li|td|th|div|dt|dd|br|pre|figcaption)$/.test(node.tagName)
    ? ` ${inner} `
    : inner;
};
const read = (content: JSONContent, ...more: [object?] | []): Nodes =>
  fromHtml(exportHtml(exportable(content, PAGE, ...more)));
const words = (tree: Nodes, tagName: string): string[] => elements(tree, tagName).map((each) => oneSpace(text(each)));
const headings = (tree: Nodes): Element[] => everything(tree).filter(({ tagName }) => /^h[1-6]$/.test(tagName));
const heading = (level: number, words: string): JSONContent => h(level, words) as JSONContent;

const note = (words: string): JSONContent => ({ type: 'footnote', content: [{ type: 'text', text: words }] });
const figure = (src: string | null): JSONContent => ({
  type: 'figure',
  attrs: { src, alt: 'A river', credit: 'Photo: Bo' },
  content: [{ type: 'text', text: 'Where it bends.' }],
});

describe('a page', () => {
  test('says what it is: title, who, which version, of when, under which licence, with which hashes', () => {
    const frontMatter = {
      title: 'Water',
      subtitle: 'For all',
      authors: ['Ana', 'Bo'],
      place: 'Gent',
      summary: 'One.\n\nTwo.',
    };
    const tree = read(doc(p('Text.')) as JSONContent, { frontMatter });
    expect(words(tree, 'h1')).toEqual(['Water']);
    const said = oneSpace(text(tree));
    for (const fact of [
      'For all',
      'Ana, Bo',
      'Gent',
      'One. Two.',
      'Snapshot 3, “For the council”',
      '13 November 2026 at 09:30 UTC',
      'CC-BY-SA-4.0',
      'a'.repeat(64),
      'c'.repeat(64),
    ]) {
      expect(said).toContain(fact);
    }
    expect(said).not.toContain('Live draft');
    const draft = read(doc(p('Text.')) as JSONContent, { version: { number: null, hash: null } });
    expect(oneSpace(text(draft))).toContain('Live draft: this text is still being written.');
  });

  test('headings are numbered, never skip a level, and are in the contents', () => {
    const content = doc(h(2, 'Water'), h(4, 'Rivers'), h(3, 'Lakes'), h(1, 'Land'), h(2, ' ')) as JSONContent;
    const tree = read(content);
    expect(headings(tree).map(({ tagName }) => tagName)).toEqual(['h1', 'h2', 'h2', 'h3', 'h3', 'h2', 'h2']);
    const nav = elements(tree, 'nav')[0]!;
    expect(words(nav, 'a')).toEqual(['1 Water', '1.1 Rivers', '1.2 Lakes', '2 Land']);
    expect(elements(nav, 'ol')).toHaveLength(2);
    const plain = fromHtml(exportHtml(exportable(content, { ...PAGE, numbered: false })));
    expect(words(elements(plain, 'nav')[0]!, 'a')).toEqual(['Water', 'Rivers', 'Lakes', 'Land']);
  });

  test('no headings, no contents; no notes, no list of notes', () => {
    const tree = read(doc(p('Text.')) as JSONContent);
    expect(elements(tree, 'nav')).toEqual([]);
    expect(words(tree, 'h2')).toEqual(['About this version']);
  });

  test('a note and its place in the text lead to each other', () => {
    const paragraph = {
      type: 'paragraph',
      content: [{ type: 'text', text: 'Clean' }, note('Since 1990.'), note('Mostly.')],
    };
    const tree = read({ type: 'doc', content: [paragraph] });
    const list = everything(tree).find(({ properties }) => properties.role === 'doc-endnotes')!;
    expect(words(list, 'li')).toEqual(['Since 1990. ↑', 'Mostly. ↑']);
    for (const { properties } of elements(tree, 'a').filter(({ properties: { role } }) =>
      String(role).startsWith('doc-'),
    )) {
      expect(everything(tree).filter(({ properties: { id } }) => `#${id}` === properties.href)).toHaveLength(1);
    }
  });

  test('pictures of the plan are in the file; others are told of', () => {
    const images = new Map([
      [`/api/plans/p1/images/${'1'.repeat(64)}`, PIXEL],
      [`/api/plans/p1/images/${'2'.repeat(64)}`, { ...PIXEL, mediaType: 'image/svg+xml' }],
    ]);
    const sources = [
      `/api/plans/p1/images/${'1'.repeat(64)}`,
      `/api/plans/p1/images/${'2'.repeat(64)}`,
      'https://example.org/x.png',
      null,
    ];
    const tree = read({ type: 'doc', content: sources.map(figure) }, { images });
    const [only, ...others] = elements(tree, 'img');
    expect(others).toEqual([]);
    expect(only!.properties).toMatchObject({ alt: 'A river', width: 1, height: 1 });
    expect(only!.properties.src).toBe(`data:image/png;base64,${Buffer.from(PIXEL.bytes).toString('base64')}`);
    expect(words(tree, 'figcaption')).toEqual(Array(4).fill('Where it bends. Photo: Bo'));
    expect(text(tree)).toContain('Picture: A river (https://example.org/x.png)');
  });

  test('tables keep header rows, spans and the widths of their columns', () => {
    const cell = (words: string, attrs: object, type = 'tableCell'): JSONContent => ({
      type,
      attrs,
      content: [p(words) as JSONContent],
    });
    const rows = [
      [cell('Both', { colspan: 2, colwidth: [120, 80] }, 'tableHeader')],
      [cell('Tall', { rowspan: 9 }), cell('a', { align: 'right' })],
      [cell('b', {})],
    ];
    const tree = read({
      type: 'doc',
      content: [{ type: 'table', content: rows.map((content) => ({ type: 'tableRow', content })) }],
    });
    expect(elements(tree, 'col').map(({ properties }) => properties.width)).toEqual([120, 80]);
    expect(elements(tree, 'th').map(({ properties }) => properties)).toMatchObject([{ colSpan: 2, scope: 'col' }]);
    expect(elements(elements(tree, 'tbody')[0]!, 'tr')).toHaveLength(2);
  });

  test('language and direction are those of the plan, and of what differs', () => {
    const content = [heading(1, 'ماء'), { ...heading(2, 'Water'), attrs: { level: 2, lang: 'en', dir: 'ltr' } }];
    const tree = read({ type: 'doc', content }, { frontMatter: { title: 'خطة', language: 'ar' } });
    expect(elements(tree, 'html')[0]!.properties).toMatchObject({ lang: 'ar', dir: 'rtl' });
    expect(elements(tree, 'h3')[0]!.properties).toMatchObject({ lang: 'en', dir: 'ltr' });
  });
});

test('a fragment is the text and what it says of itself: no page, no title, no form controls, nothing said by class', () => {
  const task = { type: 'taskItem', attrs: { checked: true }, content: [p('Plant trees')] };
  const content = [heading(1, 'Land'), { type: 'taskList', content: [task] }] as JSONContent[];
  const html = exportHtml(exportable({ type: 'doc', content }, FRAGMENT));
  expect(html).not.toMatch(/<(html|head|style|h1|input)/);
  expect(html).toContain('<li>☑ Plant trees</li>');
  expect(html).toContain('Snapshot 3');
  expect(html).toContain('CC-BY-SA-4.0');
});

describe('any document', () => {
  test('is in the file, in order, and every address within the file leads somewhere', () => {
    fc.assert(
      fc.property(randomDocument, fc.boolean(), (content, fragment) => {
        const html = exportHtml(exportable(content, { fragment, numbered: true }));
        const tree = fromHtml(html, { fragment });
        const notes = everything(tree).find(({ properties }) => properties.role === 'doc-endnotes');
        const said = oneSpace(text(tree));
        const noted = notes ? oneSpace(text(notes)) : '';
        for (const piece of textsOf(content)) expect([said, noted].some((place) => place.includes(piece))).toBe(true);
        const ids = everything(tree).flatMap(({ properties: { id } }) => (id === undefined ? [] : [String(id)]));
        expect(new Set(ids).size).toBe(ids.length);
        const inner = elements(tree, 'a').filter(({ properties: { href } }) => /^#./.test(String(href)));
        for (const { properties } of inner) expect(ids).toContain(String(properties.href).slice(1));
        const levels = headings(tree).map(({ tagName }) => Number(tagName[1]));
        levels.reduce(
          (above, level) => {
            expect(level).toBeLessThanOrEqual(above + 1);
            return level;
          },
          fragment ? 1 : 0,
        );
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });
});
