import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontMatterSchema, STATUSES, STREAMS } from '../../shared/schema/front-matter.ts';
import { KEPT_PICTURE, normalized, randomDocument } from '../../shared/schema/random-document.ts';
import { importMarkdown } from '../import/markdown.ts';
import { exportMarkdown } from './markdown.ts';

const frontMatter = frontMatterSchema.parse({ title: 'A plan' });

type Inline = JSONContent | string;
const marked = (content: string, ...marks: (string | NonNullable<JSONContent['marks']>[number])[]): JSONContent => ({
  type: 'text',
  text: content,
  marks: marks.map((mark) => (typeof mark === 'string' ? { type: mark } : mark)),
});
const linked = (content: string, href: string, title: string | null = null) =>
  marked(content, { type: 'link', attrs: { href, title } });
const inlines = (nodes: Inline[]) =>
  nodes.map((node) => (typeof node === 'string' ? { type: 'text', text: node } : node));
const p = (...nodes: Inline[]): JSONContent => ({ type: 'paragraph', content: inlines(nodes) });
const h = (level: number, ...nodes: Inline[]): JSONContent => ({
  type: 'heading',
  attrs: { level },
  content: inlines(nodes),
});
const block = (type: string, ...content: JSONContent[]): JSONContent => ({ type, content });
const bullets = (...items: JSONContent[][]) =>
  block('bulletList', ...items.map((content) => block('listItem', ...content)));
const numbers = (start: number, ...items: JSONContent[][]): JSONContent => ({
  ...block('orderedList', ...items.map((content) => block('listItem', ...content))),
  attrs: { start },
});
const tasks = (...items: [boolean, ...JSONContent[]][]) =>
  block('taskList', ...items.map(([checked, ...content]) => ({ type: 'taskItem', attrs: { checked }, content })));
const code = (content: string, language: string | null = null): JSONContent => ({
  type: 'codeBlock',
  attrs: { language },
  content: [{ type: 'text', text: content }],
});
const note = (...nodes: Inline[]): JSONContent => ({ type: 'footnote', content: inlines(nodes) });
const th = (content: JSONContent[], attrs = {}): JSONContent => ({ type: 'tableHeader', attrs, content });
const td = (content: JSONContent[], attrs = {}): JSONContent => ({ type: 'tableCell', attrs, content });
const table = (...rows: JSONContent[][]) => block('table', ...rows.map((cells) => block('tableRow', ...cells)));
const figure = (attrs: object, ...nodes: Inline[]): JSONContent => ({ type: 'figure', attrs, content: inlines(nodes) });
const br: JSONContent = { type: 'hardBreak' };
const empty: JSONContent = { type: 'paragraph' };
const hr: JSONContent = { type: 'horizontalRule' };

/** The text below the front matter. */
const body = (content: JSONContent): string =>
  exportMarkdown(content, frontMatter).replace(/^---\n[\s\S]*?\n---\n\n?/, '');

/** Reads back what was written: the same document, and the same bytes when it is written again. */
function expectRoundTrip(content: JSONContent): void {
  const written = exportMarkdown(content, frontMatter);
  const read = importMarkdown(written);
  expect(read.content).toEqual(content);
  expect(read.frontMatter).toEqual(frontMatter);
  expect(exportMarkdown(read.content, read.frontMatter)).toBe(written);
}

const CASES: Record<string, JSONContent[]> = {
  'headings of all levels': [h(1, 'One'), h(2, 'Two'), h(3, 'Three'), h(4, 'Four # '), h(1)],
  'a heading with a break, a note and code': [h(2, 'Above', br, 'below', note('why'), marked('#', 'code'))],
  'nested lists of all three kinds': [
    bullets([p('a'), numbers(1, [p('b'), tasks([true, p('c'), bullets([p('d')])], [false, p('e')])])]),
  ],
  'adjacent lists': [
    bullets([p('a')]),
    bullets([p('b')]),
    bullets([p('c')]),
    tasks([false, p('d')]),
    numbers(1, [p('e')]),
    numbers(1, [p('f')]),
  ],
  'ordered lists with a start, a type and nine digits': [
    numbers(7, [p('seven')], [p('eight'), numbers(3, [p('three')])]),
    { ...numbers(1, [p('letter')]), attrs: { start: 1, type: 'a' } },
    numbers(999_999_999, [p('last')], [p('beyond')]),
  ],
  'list items with several blocks and none': [
    bullets([p('a'), p('b'), code('c')], [empty], [empty, bullets([empty])], [p('d'), block('blockquote', p('e'))]),
  ],
  'tasks that are empty, or begin with a space or formatting': [
    tasks([true, empty], [false, p(' space')], [true, p(marked('bold', 'bold'))], [false, empty, p('second')]),
  ],
  'list items that look like tasks': [bullets([p('[ ] no')], [p('[x]')])],
  'quotes next to each other and nested': [
    block('blockquote', p('a'), block('blockquote', p('b'))),
    block('blockquote', p('c')),
    p('lazy'),
  ],
  'code with fences, blank ends and tabs': [
    code('```js\n````\n'),
    code('\n\tx\n\n', 'c++'),
    code('~~~'),
    { type: 'codeBlock' },
    bullets([p('in a list'), code('  a\n\n\tb')]),
  ],
  'a simple table': [table([th([p('a')]), th([p('b')])], [td([p('1')]), td([empty])])],
  'a table with breaks, pipes and code in its cells': [
    table(
      [th([p('a', br, 'b')]), th([p('|')])],
      [td([p(marked('x|y', 'code'), marked('\\|', 'code'))]), td([p(linked('l', 'https://x.org/a|b'), '\\|')])],
    ),
  ],
  'a table with spans': [
    table([th([p('wide')], { colspan: 2 })], [td([p('tall')], { rowspan: 2 }), td([p('a')])], [td([p('b')])]),
  ],
  'a table with several blocks in its cells': [
    table(
      [th([p('a')]), th([p('b')])],
      [
        td([p('one'), p('two', note('in a ', marked('cell', 'bold')))]),
        td([
          bullets([p('x')]),
          tasks([true, p('y')]),
          code('a\n\nb', 'js'),
          h(3, 'h'),
          hr,
          block('blockquote', p('q')),
          table([td([p('in')])]),
        ]),
      ],
    ),
  ],
  'a table without a header row': [table([td([p('a')]), td([p('b')])], [td([p('c')]), td([p('d')])])],
  'a table with an empty header row': [table([th([empty]), th([empty])], [td([p('c')]), td([p('d')])])],
  'a table with header cells in its first column': [table([th([p('a')]), td([p('b')])], [th([p('c')]), td([p('d')])])],
  'alignment by column, and cell by cell': [
    table(
      [th([p('a')], { align: 'left' }), th([p('b')], { align: 'right' })],
      [td([p('c')], { align: 'left' }), td([p('d')], { align: 'right' })],
    ),
    table([th([p('a')], { align: 'center' })], [td([p('b')])]),
  ],
  'column widths': [
    table([th([p('a')], { colwidth: [120] }), th([p('b')])], [td([p('c')], { colwidth: [120] }), td([p('d')])]),
    table([th([p('a')], { colwidth: [120, 80], colspan: 2 })]),
  ],
  'cells with white space at their edges': [
    table([th([p(' a ')])], [td([p(' ')])], [td([p('back\\ ')])], [td([p(marked(' b ', 'bold'))])]),
  ],
  'figures with and without caption, credit, alternative text and picture': [
    figure({ src: KEPT_PICTURE, alt: 'A [map] of "Ghent"' }),
    figure(
      { src: 'https://x.org/a (b).jpg', alt: '', credit: 'Photo: <A> & B' },
      'The ',
      marked('commons', 'italic'),
      note('see *there*'),
      br,
      '2017',
    ),
    figure({ src: null, alt: 'to come', credit: 'C' }),
    figure({ src: 'https://x.org/a.png' }, ' '),
  ],
  'figures in lists, quotes and cells': [
    bullets([p('a'), figure({ src: 'https://x.org/a.png', alt: 'x' }, 'caption')]),
    block('blockquote', figure({ src: 'https://x.org/a.png', credit: 'me' })),
    table([
      td([
        figure({ src: 'https://x.org/a.png', alt: 'a "b"', credit: '<me>' }, marked('c', 'bold')),
        figure({ src: null }),
      ]),
    ]),
  ],
  'rules around other blocks': [hr, p('a'), hr, hr, bullets([empty, hr], [p('b'), hr])],
  'breaks at the beginning, at the end and doubled': [
    p(br, 'a'),
    p('a', br),
    p('a', br, br, 'b'),
    p(br),
    p('a', br, '# b'),
    bullets([p(br), bullets([p('x')])]),
  ],
  'breaks inside and at the edge of formatting': [
    p(marked('a', 'bold'), { ...br, marks: [{ type: 'bold' }] }, marked('b', 'bold')),
    p('a', { ...br, marks: [{ type: 'code' }] }, marked('b', 'code')),
  ],
  'marks on code': [
    p(
      marked('a', 'bold', 'code'),
      marked('`b`', 'code'),
      marked(' c ', 'link', 'code'),
      marked('d', 'strike', 'code'),
      'e',
    ),
  ],
  'underline, sub- and superscript and highlight': [
    p(
      'H',
      marked('2', 'subscript'),
      'O',
      marked('n', 'superscript'),
      marked('u', 'underline'),
      marked('m', 'bold', 'highlight'),
      'x',
    ),
  ],
  'empty paragraphs': [empty, p('a'), empty, empty, block('blockquote', empty), empty],
  'addresses that are no links, in any case': [
    p('https://x.org HTTP://X.ORG www.x.org a@b.org http:// mailto:a@b.org'),
  ],
  'addresses that look like tags': [
    p(linked('text', '</style><script>alert(1)</script>'), ' and ', linked('text', '<b>', 'a title')),
    p(linked('text', 'page<i>.html')),
    figure({ src: 'https://x.org/<script>alert(1)</script>', alt: 'x', credit: '' }),
  ],
  'links whose text is their address': [
    p(
      linked('https://x.org/a_b', 'https://x.org/a_b'),
      linked('a@b.org', 'mailto:a@b.org'),
      ' ',
      linked('word', 'mailto:word'),
    ),
  ],
  'what means something at the start of a line': [
    '# a',
    '- b',
    '+ c',
    '1. d',
    '2) e',
    '> f',
    '| g |',
    '---',
    '===',
    '```',
    '~~~',
    '[^1]: h',
    '[a]: b',
    '    i',
    '\tj',
    '<div>',
    '&nbsp;',
    ':-: | -',
    '* * *',
    '<!-- k -->',
  ].map((line) => p(line)),
  'adjacent marks': [
    p(marked('a', 'bold'), marked('b', 'italic'), marked('c', 'strike'), marked('d', 'bold'), marked('e', 'underline')),
  ],
  'overlapping marks': [
    p(marked('a', 'bold'), marked('b', 'bold', 'italic'), marked('c', 'italic')),
    p(marked('all', 'bold', 'italic', 'strike'), 'x'),
  ],
  'marks with white space and punctuation at their edges': [
    p('a', marked(' b ', 'bold'), 'c', marked('(d)', 'italic'), 'e', marked('“f”', 'strike')),
  ],
  'marks inside words': [
    p('un', marked('frigging', 'bold'), 'believ', marked('able', 'italic'), ' snake_case __init__'),
  ],
  'Chinese punctuation inside bold': [p(marked('加粗。', 'bold'), '文'), p('文', marked('（加粗）', 'italic'), '文')],
  'emoji at the edge of bold': [p('a', marked('😀', 'bold'), 'b'), p('😀', marked('c', 'bold'), '😀')],
  'parentheses, quotes and entities in links': [
    p(
      linked('a', 'https://x.org/a_(b)?c&copy;=d', 'say "it\'s" (so) &amp; \\"'),
      linked('[b]', '/a b'),
      linked('c', '#'),
      linked('`', 'x'),
    ),
  ],
  'a mark that runs through a link, and a link through marks': [
    p(
      marked('a', 'bold'),
      marked('b', { type: 'link', attrs: { href: '#x', title: null } }, 'bold'),
      linked('c', '#x'),
    ),
  ],
  'entities and backslashes that are text': [
    p('&copy; &#169; \\* \\\\ \\n a\\'),
    p('C:\\dir\\*'),
    p('<b>no</b> <br> <u>'),
  ],
  'notes with formatted text, several lines and nothing': [
    p(
      'a',
      note('one ', marked('two', 'bold', 'italic'), linked('three', 'https://x.org')),
      note('line', br, '- line', br),
      note(),
      ': b',
    ),
    h(2, 'c', note('d')),
    bullets([p('e', { ...note('f'), marks: [{ type: 'bold' }] })]),
    table([th([p('g', note('h | i'))])], [td([p('j')])]),
  ],
  'a note before what looks like its definition': [p(note('a'), ': b'), p(note('c'), '(d)', note('e'), '[f]')],
  'language and direction': [
    { ...p('Dit is ', marked('Nederlands', 'bold')), attrs: { lang: 'nl' } },
    { ...h(2, 'عنوان'), attrs: { level: 2, lang: 'ar', dir: 'rtl' } },
    { ...empty, attrs: { dir: 'rtl' } },
    { ...figure({ src: 'https://x.org/a.png', lang: 'fr' }) },
    bullets([{ ...p(br), attrs: { lang: 'fr' } }]),
    tasks([true, { ...empty, attrs: { lang: 'fr' } }]),
    table([th([{ ...p(' a '), attrs: { lang: 'nl' } }])], [td([{ ...empty, attrs: { lang: 'nl' } }])]),
  ],
  'white space of all kinds': [p('  a  b  '), p(' '), p('\t'), p('\u00a0a\u00a0'), h(3, ' a '), h(3, '\u00a0')],
  'one empty paragraph': [empty],
};

describe('a plan as Markdown', () => {
  for (const [name, content] of Object.entries(CASES)) {
    it(`is read back exactly, and written again byte by byte: ${name}`, () => {
      expectRoundTrip(normalized({ type: 'doc', content: structuredClone(content) }));
    });
  }

  it('is read back exactly, and written again byte by byte: any document', () => {
    fc.assert(fc.property(randomDocument, expectRoundTrip), { numRuns: 200 });
  }, 60_000);

  it('is read back with its front matter, whatever that says', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 40, unit: 'grapheme' }),
      fc.constantFrom('no', '~', '---', 'a: b', '# c', '*x', '2024-01-01', '- d'),
    );
    const entry = line.map((text) => text.replace(/\s+/g, ' ').trim()).filter(Boolean);
    const arbitrary = fc.record({
      title: line,
      subtitle: line,
      status: fc.constantFrom(...STATUSES),
      place: line,
      language: fc.constantFrom('en', 'no', 'nl-BE'),
      licence: line,
      authors: fc.array(entry, { maxLength: 3 }),
      summary: fc.array(line, { maxLength: 3 }).map((lines) => lines.join('\n')),
      keywords: fc.array(entry, { maxLength: 3 }),
      stream: fc.constantFrom(null, ...STREAMS),
    });
    fc.assert(
      fc.property(arbitrary, (written) => {
        const content = normalized({ type: 'doc', content: [h(1, 'No title'), p('text')] });
        const read = importMarkdown(exportMarkdown(content, written));
        expect(read).toEqual({ frontMatter: written, content, losses: [] });
      }),
    );
  });

  it('leaves prompts out, with everything that holds nothing else', () => {
    const prompt: JSONContent = { type: 'paragraph', attrs: { prompt: 'Who was asked?' } };
    const content = {
      type: 'doc',
      content: [h(2, 'People'), prompt, block('blockquote', prompt), bullets([prompt], [p('a'), prompt])],
    };
    expect(body(content)).toBe('## People\n\n- a\n');
    expect(body({ type: 'doc', content: [prompt] })).toBe('');
    expect(body({ type: 'doc', content: [{ ...p('answered'), attrs: { prompt: 'Who?' } }] })).toBe('answered\n');
  });

  it('is plain to read where Markdown can say it', () => {
    const doc = {
      type: 'doc',
      content: [
        p(
          'A ',
          marked('bold', 'bold'),
          ', ',
          marked('italic', 'italic'),
          ' and ',
          marked('both', 'bold', 'italic'),
          ' word',
          note('A note.'),
          '.',
          br,
          'Next line.',
        ),
        table([th([p('Who')]), th([p('What')])], [td([p('City')]), td([p('Land')])]),
        tasks([true, p('done')], [false, p('open')]),
        p(marked('加粗。', 'bold'), '文'),
      ],
    };
    expect(body(doc)).toBe(
      [
        'A **bold**, *italic* and **_both_** word[^1].\\\nNext line.\n',
        '| Who | What |\n| - | - |\n| City | Land |\n',
        '- [x] done\n- [ ] open\n',
        '<strong>加粗。</strong>文\n',
        '[^1]: A note.\n',
      ].join('\n'),
    );
  });

  it('writes no address that is not safe and no attribute that is not valid, even if the content holds one', () => {
    const content = {
      type: 'doc',
      content: [
        p(linked('text', 'javascript:alert(1)')),
        figure({ src: 'data:text/html,x', alt: 'pic', lang: '"><script>' }),
        { ...h(2, 'deep'), attrs: { level: 99, lang: ['nl'] } },
        { type: 'fromTheFuture', content: [{ type: 'text', text: 'kept' }] },
      ],
    };
    expect(body(content)).toBe('text\n\n![pic]()\n\n#### deep\n\nkept\n');
  });

  it('writes the address of a picture on the web as it is', () => {
    const content = { type: 'doc', content: [figure({ src: 'https://example.org/map.png', alt: 'Map' })] };
    expect(body(content)).toBe('![Map](https://example.org/map.png)\n');
  });

  it('keeps the text of content that is nested beyond reason', () => {
    let content = p('deep');
    for (let depth = 0; depth < 60; depth++) content = block('blockquote', bullets([content]));
    expect(importMarkdown(body({ type: 'doc', content: [content] })).content).toSatisfy((doc) =>
      JSON.stringify(doc).includes('deep'),
    );
  });
});
