/** Plans as MediaWiki text: what each construct is written as, and that text stays text. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KEPT_PICTURE, randomDocument } from '../../shared/schema/random-document.ts';
import { exportable, oneSpace, PIXEL, textsOf } from './test-exportable.ts';
import { exportWikitext } from './wikitext.ts';
import { escapeStart, escapeWikitext } from './wikitext-escape.ts';

const t = (text: string, ...marks: string[]): JSONContent => ({
  type: 'text',
  text,
  marks: marks.map((type) => ({ type })),
});
const p = (...content: (JSONContent | string)[]): JSONContent => ({
  type: 'paragraph',
  content: content.map((each) => (typeof each === 'string' ? t(each) : each)),
});
const note = (text: string): JSONContent => ({ type: 'footnote', content: [t(text)] });
const item = (...content: JSONContent[]): JSONContent => ({ type: 'listItem', content });
const link = (href: string, text: string): JSONContent => ({
  type: 'text',
  text,
  marks: [{ type: 'link', attrs: { href } }],
});
const cell = (words: string, attrs: object = {}, type = 'tableCell'): JSONContent => ({
  type,
  attrs,
  content: [p(words)],
});
const figure = (src: string, caption: string): JSONContent => ({
  type: 'figure',
  attrs: { src, alt: 'A | river', credit: 'Bo' },
  content: [t(caption)],
});
const PICTURE = KEPT_PICTURE;
const images = new Map([[PICTURE, PIXEL]]);

/** The text, between the comment at the top and what the file says of itself. */
const body = (...content: JSONContent[]): string =>
  exportWikitext(exportable({ type: 'doc', content }, {}, { images }))
    .split('-->\n\n')[1]!
    .split('\n\n<div class="plan-version">')[0]!;

describe('what is written', () => {
  const cases: Record<string, [JSONContent[], string]> = {
    'headings, one level below the page’s title': [
      [
        { type: 'heading', attrs: { level: 1 }, content: [t('Land')] },
        { type: 'heading', attrs: { level: 2 }, content: [t('a = b=')] },
      ],
      '== Land ==\n\n=== a = b&#61; ===',
    ],
    'bold, italic, both, next to each other': [
      [p(t('a', 'bold'), t('b', 'italic'), ' and ', t('c', 'bold', 'italic'), ' ', t("'d'", 'bold'))],
      "'''a'''<nowiki/>''b'' and <b>''c''</b> '''&#39;d&#39;'''",
    ],
    'lists in lines': [
      [
        {
          type: 'bulletList',
          content: [item(p('one'), { type: 'orderedList', content: [item(p('first'))] }), item(p('*two'))],
        },
      ],
      '* one\n*# first\n* &#42;two',
    ],
    tasks: [
      [{ type: 'taskList', content: [{ type: 'taskItem', attrs: { checked: true }, content: [p('done')] }] }],
      '* ☑ done',
    ],
    'lists that lines cannot say': [
      [{ type: 'orderedList', attrs: { start: 3 }, content: [item(p('one'), p('more'))] }],
      '<ol start="3">\n<li>\none\n\nmore\n</li>\n</ol>',
    ],
    'tables with header cells and spans': [
      [
        {
          type: 'table',
          content: [
            { type: 'tableRow', content: [cell('Both', { colspan: 2 }, 'tableHeader')] },
            { type: 'tableRow', content: [cell('a|b', { align: 'right' }), cell('-')] },
          ],
        },
      ],
      '{| class="wikitable"\n|-\n! colspan="2" | Both\n|-\n| style="text-align:right" | a&#124;b\n| -\n|}',
    ],
    'notes, once each': [
      [p('Clean', note('Since 1990.'), ' and wide', note('Since 1990.'), '.')],
      'Clean<ref name="note-1">Since 1990.</ref> and wide<ref name="note-1" />.\n\n== Notes ==\n<references />',
    ],
    'links out, and those of the plan’s own site': [
      [p(link('https://x.org/a b]c', 'x'), ' ', link('/plans/2', 'a [b]'))],
      '[https://x.org/a%20b%5Dc x] [https://plans.example/plans/2 a [b&#93;]',
    ],
    'pictures by name': [
      [figure(PICTURE, 'Where it bends.'), figure(PICTURE, 'left')],
      '[[File:A-plan-0123456789ab.png|thumb|alt=A &#124; river|Where it bends.<br><small>Bo</small>]]\n\n' +
        '[[File:A-plan-0123456789ab.png|thumb|alt=A &#124; river|left<br><small>Bo</small>]]',
    ],
    'pictures of others as links': [
      [figure('https://x.org/y.png', 'Far.')],
      '<div class="plan-figure">\n<span class="picture">[https://x.org/y.png Picture: <span class="alt">A &#124; river</span>]</span><br>Far.<br><small>Bo</small>\n</div>',
    ],
    code: [
      [
        { type: 'codeBlock', attrs: { language: 'js' }, content: [t('a = [[1]]\n{{x}}')] },
        { type: 'codeBlock', content: [t('<b>&amp;')] },
      ],
      '<syntaxhighlight lang="js">\na = [[1]]\n{{x}}\n</syntaxhighlight>\n\n<pre>\n&lt;b>&amp;amp;</pre>'.replaceAll(
        '&lt;b>',
        '&lt;b>',
      ),
    ],
    'language and direction': [[{ ...p('ماء'), attrs: { lang: 'ar', dir: 'rtl' } }], '<p lang="ar" dir="rtl">ماء</p>'],
  };
  for (const [name, [content, expected]] of Object.entries(cases)) {
    test(name, () => expect(body(...content)).toBe(expected));
  }

  test('the page says which version it is, in which category it belongs, and which pictures to upload', () => {
    const frontMatter = { title: 'Water -->', stream: 'open-coops', language: 'nl', authors: ['Ana'] };
    const wiki = exportWikitext(
      exportable({ type: 'doc', content: [figure(PICTURE, '')] }, {}, { frontMatter, images }),
    );
    expect(wiki).toMatch(/^<!--\nPage: Water &#45;-&#62;\n/);
    expect(wiki).toContain(`\nUpload https://plans.example${PICTURE} as File:Water-0123456789ab.png\n-->`);
    expect(wiki).toContain('<div class="plan" lang="nl" dir="ltr">');
    expect(wiki).toContain('[[Category:Open coops and livelihoods]]');
    expect(wiki).toContain('* Version: Snapshot 3, “For the council”');
    expect(wiki).toContain(`* SHA-256 of the entry: ${'c'.repeat(64)}`);
    expect(wiki).toContain('* Licence: CC-BY-SA-4.0');
  });
});

describe('text stays text', () => {
  const live = [
    '[[Main Page]]',
    '{{Template}}',
    '{{{1}}}',
    "''a''",
    '~~~~',
    '<b>',
    '</ref>',
    '<!-- x -->',
    '<nowiki>',
    '__TOC__',
    '&copy;',
    '&#42;',
    'https://x.org',
    'HTTP://x.org',
    'mailto:a@b.org',
    '[//x.org y]',
    '-{zh}-',
    'ISBN 978-3-16',
    'a|b',
    '!!',
    '{|',
    '|}',
    '\u007f',
  ];
  test.each(live)('%j', (text) => {
    const written = escapeWikitext(text);
    expect(written).not.toContain(text);
    expect(decoded(written)).toBe(text.replace('\u007f', '\ufffd'));
  });

  test.each([
    'it’s 2 < 3 & 4 > 1',
    'a [b] {c} ~ d_e',
    'Good news: it is here.',
    "the river's bend!",
    'a - b: c; d = e # f * g',
  ])('%j needs no reference', (text) => expect(escapeWikitext(text)).toBe(text));

  test.each(['* a', '# a', ': a', '; a', '= a =', '---- a', ' a', '\ta', '#REDIRECT a', '!a'])(
    '%j at the start of a line',
    (text) => {
      expect(escapeStart(text)).not.toMatch(/^[\s*#:;=!-]/);
      expect(decoded(escapeStart(text))).toBe(text);
    },
  );

  test('[R12] no template, signature, tag, link or variable comes of any text', () => {
    const sign = fc.constantFrom(...live, ...'[]{}<>\'"~_|!-=&#;:/*\u0000'.split(''), 'a', ' ', 'http', 'script');
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 12 }), (signs) => {
        const text = signs.join('');
        const written = escapeWikitext(text);
        expect(written).not.toMatch(/\{\{|\[\[|''|~~|__|!!|\||<[a-z/!?]|-\{|\bhttps?:\/\/|\bmailto:\S/i);
        expect(decoded(written)).toBe(text.replace(/[\0\u007f]/g, '\ufffd'));
      }),
      { numRuns: 500 },
    );
  });

  test('all of any document is there, and its tables and notes are closed', () => {
    fc.assert(
      fc.property(randomDocument, (content) => {
        const wiki = exportWikitext(exportable(content, {}, { images: new Map([[KEPT_PICTURE, PIXEL]]) }));
        const said = oneSpace(decoded(wiki));
        // What is highlighted is written as it is.
        const raw = oneSpace(wiki);
        for (const piece of textsOf(content)) expect([said, raw].some((place) => place.includes(piece))).toBe(true);
        const count = (pattern: RegExp): number => wiki.match(pattern)?.length ?? 0;
        expect(count(/^\{\| class/gm)).toBe(count(/^\|\}$/gm));
        expect(count(/<ref name="[^"]*">/g)).toBe(count(/<\/ref>/g));
        const parsed = wiki.replace(/<(pre|syntaxhighlight)\b.*?<\/\1>/gs, '');
        expect(parsed).not.toMatch(/\{\{|~~~|__[A-Z]/);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });
});

const decoded = (text: string): string =>
  text
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
