/** MediaWiki text: what each construct becomes, what is told as lost, and that nothing breaks the reader. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomDocument } from '../../shared/schema/random-document.ts';
import { schema } from '../../shared/schema/schema.ts';
import { exportable, oneSpace, textsOf } from '../export/test-exportable.ts';
import { exportWikitext } from '../export/wikitext.ts';
import { importWikitext } from './wikitext.ts';

const WIKI = 'https://wiki.example.org/';

/** Short to write and to read: `h1(Land) ul(li(p(a)))`, marks as `bold[a]`. */
function short(node: JSONContent): string {
  if (node.type === 'text') {
    return (node.marks ?? []).reduce((text, mark) => {
      return `${mark.type}${mark.type === 'link' ? `<${mark.attrs?.href}>` : ''}[${text}]`;
    }, node.text!);
  }
  const inside = (node.content ?? []).map(short);
  const { level, src, colspan = 1, rowspan = 1, start = 1, checked } = node.attrs ?? {};
  const said = [
    level,
    src,
    colspan > 1 && `c${colspan}`,
    rowspan > 1 && `r${rowspan}`,
    start > 1 && start,
    checked && 'x',
  ];
  return `${node.type}${said.filter(Boolean).join('')}(${inside.join('')})`;
}
const read = (text: string, wiki: string | null = WIKI): string =>
  importWikitext(text, { wiki }).content.content!.map(short).join(' ');
const lost = (text: string): string[] =>
  importWikitext(text).losses.map(({ what, count }) => `${count} ${what.split(/,| kept/)[0]}`);

describe('what is read', () => {
  const cases: Record<string, [string, string]> = {
    'headings, the highest of a page being the first level': [
      '== A ==\n=== B ===\ntext',
      'heading1(A) heading2(B) paragraph(text)',
    ],
    'lines of a paragraph are one, a blank line ends it': ['a\nb\n\nc', 'paragraph(a b) paragraph(c)'],
    'bold, italic and both': [
      "'''a''' ''b'' '''''c''''' l'''''eau'' d'''",
      'paragraph(bold[a] italic[b] italic[bold[c]] litalic[bold[eau]]bold[ d])',
    ],
    'an apostrophe before italics, as French has it': ["l'''eau''", "paragraph(l'italic[eau])"],
    'lists in lists, and several kinds': [
      '* a\n** b\n*# c\n* d',
      'bulletList(listItem(paragraph(a)bulletList(listItem(paragraph(b)))orderedList(listItem(paragraph(c))))listItem(paragraph(d)))',
    ],
    'boxes that are ticked or not': ['* ☑ a\n* ☐ b', 'taskList(taskItemx(paragraph(a))taskItem(paragraph(b)))'],
    'what is set in, and a term with its definition': [
      ':a\n;b : c',
      'blockquote(paragraph(a)) paragraph(bold[b]) blockquote(paragraph(c))',
    ],
    'another paragraph of an item': ['* a\n*: b', 'bulletList(listItem(paragraph(a)paragraph(b)))'],
    'links to pages of the wiki': [
      '[[Commons Transition|c]] [[Plan]]s [[:Category:X|x]] [[A#B c]]',
      `paragraph(link<${WIKI}Commons_Transition>[c] link<${WIKI}Plan>[Plans] link<${WIKI}Category:X>[x] link<${WIKI}A#B_c>[A#B c])`,
    ],
    'links out, with words, without, and bare': [
      '[https://a.org/?x=1&y=2 A] [https://b.org] (https://c.org/d_(e)).',
      'paragraph(link<https://a.org/?x=1&y=2>[A] link<https://b.org>[https://b.org] (link<https://c.org/d_(e)>[https://c.org/d_(e)]).)',
    ],
    'notes, at each place that names them': [
      'a<ref name="n">b \'\'c\'\'</ref> d<ref name="n" />\n\n== References ==\n<references />',
      'paragraph(afootnote(b italic[c]) dfootnote(b italic[c]))',
    ],
    'notes that stand in the list of references': [
      'a<ref name=n />\n<references>\n<ref name=n>b</ref>\n</references>',
      'paragraph(afootnote(b))',
    ],
    'tables with spans': [
      '{| class="wikitable"\n|+ t\n|-\n! colspan="2" | a !! b\n|-\n| rowspan=2 | c || [[d|e]] || f\n|-\n|\n* g\n| h\n|}',
      `paragraph(t) table(tableRow(tableHeaderc2(paragraph(a))tableHeader(paragraph(b)))tableRow(tableCellr2(paragraph(c))tableCell(paragraph(link<${WIKI}d>[e]))tableCell(paragraph(f)))tableRow(tableCell(bulletList(listItem(paragraph(g))))tableCell(paragraph(h))))`,
    ],
    'pictures as places for them': [
      'a [[File:X y.png|thumb|left|alt=An x|The [[x]]]] b',
      `paragraph(a) figure(The link<${WIKI}x>[x]) paragraph(b)`,
    ],
    'what is not to be read': [
      "<nowiki>''[[a]]''</nowiki> <pre>\n== b ==\n</pre>",
      "paragraph(''[[a]]'') codeBlock(== b ==\n)",
    ],
    'elements of HTML': [
      '<blockquote>\na <s>b</s> H<sub>2</sub>O\n</blockquote>\n<ol start="3"><li>c</li></ol>',
      'blockquote(paragraph(a strike[b] Hsubscript[2]O)) orderedList3(listItem(paragraph(c)))',
    ],
    'character references': ['a&nbsp;b &amp;lt; &#91;', 'paragraph(a\u00a0b &lt; [)'],
    'signs that open nothing': ['[[a {{b ]] x == y <ref>c & <foo>', 'paragraph([[a {{b ]] x == y <ref>c & <foo>)'],
    rules: ['a\n----\nb', 'paragraph(a) horizontalRule() paragraph(b)'],
  };
  test.each(Object.entries(cases))('%s', (_, [text, expected]) => expect(read(text)).toBe(expected));

  test('categories become keywords, and that of a stream the stream', () => {
    const { frontMatter, content } = importWikitext(
      'a\n[[Category:P2P_Law]]\n[[category:Open coops and livelihoods|x]]',
    );
    expect(frontMatter).toMatchObject({ keywords: ['P2P Law'], stream: 'open-coops' });
    expect(content.content).toHaveLength(1);
  });
});

describe('what could not be carried over is told', () => {
  test('pictures, templates and comments, with the first of each', () => {
    expect(importWikitext('[[File:A.png]] [[File:B.png]] {{Infobox|x=1}} <!-- why -->').losses).toEqual([
      expect.objectContaining({ count: 1, example: 'why' }),
      expect.objectContaining({ count: 1, example: '{{Infobox|x=1}}' }),
      expect.objectContaining({ count: 2, example: 'File:A.png' }),
    ]);
  });
  test('links to pages, where the wiki is not known', () => {
    expect(lost('[[A]] and [[B|b]]')).toEqual(['2 links to other pages of the wiki']);
    expect(read('[[A]]s and [[B|b]]', null)).toBe('paragraph(As and b)');
  });
  test('the source of templates stays in the text', () => {
    expect(read('{{Infobox|x=1}}')).toBe('paragraph({{Infobox|x=1}})');
    expect(read('{{lang|nl|Gent}} {{quote|a}}')).toBe('paragraph(Gent) blockquote(paragraph(a))');
    expect(read('{{quote|a|sign=Ana|lang=en}}')).toBe('blockquote(paragraph(a)paragraph(Ana)paragraph(lang=en))');
  });
  test('what stands between underscores and tells the wiki nothing stays in the text', () => {
    expect(read('__NOTOC__Call __INIT__ first')).toBe('paragraph(Call __INIT__ first)');
  });
  test('nothing of what the export to MediaWiki text wrote', () => {
    fc.assert(
      fc.property(randomDocument, (content) => {
        const squeezed = (text: string) => oneSpace(text).replace(/\s+/g, '');
        const read = importWikitext(exportWikitext(exportable(content, {})), { wiki: WIKI });
        const text = squeezed(textsOf(read.content).join(''));
        for (const words of textsOf(content)) expect(text).toContain(squeezed(words));
      }),
      { numRuns: 60 },
    );
  });
  test('nothing, where nothing was', () => expect(lost('== A ==\n* b')).toEqual([]));
});

describe('hostile text', () => {
  test('addresses and attributes cannot bring anything in', () => {
    const text =
      '[javascript:alert(1) a] <span onclick="x" style="position:fixed">b</span> <script>c</script> [[x" onx="|d]]';
    const { content } = importWikitext(text, { wiki: WIKI });
    expect(JSON.stringify(content)).not.toMatch(/"href":"javascript|onclick|position/);
    expect(read('<script>c</script>')).toBe('paragraph(<script>c</script>)');
    expect(() => importWikitext('a', { wiki: 'javascript:alert(1)' })).toThrow(/https:\/\//);
  });
  test.each([
    '[[',
    '{{',
    "'''",
    '<ref>',
    '{|\n',
    '<div>',
    '*',
    ':',
    '[',
    '[[File:a|',
    '<!--',
    '|',
    '<ref name=a>x</ref><ref name=a/>',
  ])('thousands of %j are read or refused', (sign) => {
    try {
      schema.nodeFromJSON(importWikitext(sign.repeat(3_000)).content).check();
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/too-large|invalid-document/) });
    }
  });
  test('whatever is put together becomes a document of the schema', () => {
    const piece = fc.constantFrom(
      ...[
        '[[',
        ']]',
        '{{',
        '}}',
        "''",
        "'''",
        '\n',
        '\n\n',
        '|',
        '||',
        '{|',
        '|}',
        '|-',
        '!',
        '*',
        '#',
        ':',
        ';',
        '=',
        '==',
        'a',
        ' b ',
      ],
      ...[
        '<ref>',
        '</ref>',
        '<ref name=x/>',
        '<p>',
        '</p>',
        '<li>',
        '<table>',
        '<td>',
        '<br>',
        'File:',
        'http://x.y',
        '&amp;',
        '\u007fb0;',
        '<!--',
        '-->',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        schema.nodeFromJSON(importWikitext(pieces.join(''), { wiki: WIKI }).content).check();
      }),
      { numRuns: 400 },
    );
  });
});
