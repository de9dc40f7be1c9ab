import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommonplanError } from '../../shared/errors.ts';
import { schema } from '../../shared/schema/schema.ts';
import { exportMarkdown } from '../export/markdown.ts';
import { decodeText, importMarkdown } from './markdown.ts';
import { MAX_BYTES } from './text.ts';

const contentOf = (markdown: string): JSONContent => importMarkdown(markdown).content;
const nodes = (content: JSONContent): JSONContent[] => [content, ...(content.content ?? []).flatMap(nodes)];
const types = (content: JSONContent): (string | undefined)[] => (content.content ?? []).map(({ type }) => type);
const textOf = (content: JSONContent): string =>
  content.text ?? (content.type === 'hardBreak' ? '\n' : (content.content ?? []).map(textOf).join(''));
/** The text of each block at the top. */
const lines = (markdown: string): string[] => (contentOf(markdown).content ?? []).map(textOf);
const find = (content: JSONContent, type: string): JSONContent[] => nodes(content).filter((node) => node.type === type);

describe('the title', () => {
  it('is the front matter’s, and a heading then stays where it is', () => {
    const { frontMatter, content } = importMarkdown('---\ntitle: Ghent\n---\n# Ghent\n\ntext');
    expect(frontMatter.title).toBe('Ghent');
    expect(types(content)).toEqual(['heading', 'paragraph']);
  });

  it('is the only first-level heading at the head of a text without front matter', () => {
    const { frontMatter, content } = importMarkdown('# Plan *for* `Ghent`\n\n## One\n\ntext');
    expect(frontMatter.title).toBe('Plan for Ghent');
    expect(types(content)).toEqual(['heading', 'paragraph']);
    expect(textOf(content.content![0]!)).toBe('One');
  });

  it('stays open where the first of several first-level headings is a chapter, or text precedes it', () => {
    expect(importMarkdown('# One\n\n# Two').frontMatter.title).toBe('');
    expect(importMarkdown('text\n\n# One').frontMatter.title).toBe('');
    expect(lines('# One\n\n# Two')).toEqual(['One', 'Two']);
  });

  it('leaves its heading in the text where that holds a note or a picture', () => {
    const { frontMatter, content } = importMarkdown('# Plan[^1]\n\ntext\n\n[^1]: note');
    expect(frontMatter.title).toBe('Plan');
    expect(find(content, 'footnote')).toHaveLength(1);
  });
});

describe('Markdown as others write it', () => {
  it('joins the lines of a paragraph with spaces, except in scripts that have none', () => {
    expect(lines('one\ntwo  \nthree\n\n文字\n文字')).toEqual(['one two\nthree', '文字文字']);
  });

  it('has four levels of headings, deeper ones become the fourth', () => {
    const levels = find(contentOf('## a\n\n#### b\n\n##### c\n\nd\n===\n\n###### e'), 'heading').map(
      ({ attrs }) => attrs?.level,
    );
    expect(levels).toEqual([2, 4, 4, 1, 4]);
  });

  it('keeps tasks and other items of one list in lists of their own, in order', () => {
    expect(types(contentOf('- a\n- [ ] b\n- [x] c\n- d'))).toEqual(['bulletList', 'taskList', 'bulletList']);
    expect(lines('1. [x] a\n2. b')).toEqual(['[x] ab']);
  });

  it('makes pictures inside a line figures below it', () => {
    const content = contentOf(
      'Before ![one](https://x.org/1.png) after ![two](https://x.org/2.png "Two").\n\n![three][3]\n\n[3]: https://x.org/3.png',
    );
    expect(types(content)).toEqual(['paragraph', 'figure', 'figure', 'figure']);
    expect(lines('Before ![one](https://x.org/1.png) after')).toEqual(['Before  after', '']);
    expect(find(content, 'figure').map(({ attrs }) => [attrs?.src, attrs?.alt])).toEqual([
      ['https://x.org/1.png', 'one'],
      ['https://x.org/2.png', 'two'],
      ['https://x.org/3.png', 'three'],
    ]);
    expect(textOf(find(content, 'figure')[1]!)).toBe('Two');
  });

  it('keeps the address of a picture that is a link in its caption', () => {
    const [figure] = find(contentOf('[![map](/map.png)](https://example.org)'), 'figure');
    expect(figure?.content?.[0]).toMatchObject({
      text: 'https://example.org',
      marks: [{ type: 'link', attrs: { href: 'https://example.org' } }],
    });
  });

  it('repeats a note that is referred to twice, and shows one that nothing refers to', () => {
    const content = contentOf('a[^n] b[^n] c[^missing]\n\n[^n]: One\n\n    Two\n\n[^lost]: kept');
    expect(find(content, 'footnote').map(textOf)).toEqual(['One\nTwo', 'One\nTwo']);
    expect(textOf(content)).toContain('c[^missing]');
    expect(textOf(content)).toContain('[^lost]: kept');
  });

  it('keeps a note within a note, and notes that refer to each other', () => {
    const text = textOf(contentOf('a[^1]\n\n[^1]: one [^2]\n\n[^2]: two [^1] [^3]\n\n[^3]: three'));
    for (const word of ['one', 'two', 'three']) expect(text.split(word)).toHaveLength(2);
  });

  it('gives a table whose header row is empty none', () => {
    expect(find(contentOf('|  |  |\n|--|--|\n| a | b |'), 'tableHeader')).toEqual([]);
    expect(find(contentOf('| h |  |\n|--|--|\n| a | b |'), 'tableHeader')).toHaveLength(2);
  });

  it('fills the short rows of a table', () => {
    expect(find(contentOf('| a | b |\n|--|--|\n| c |'), 'tableCell')).toHaveLength(2);
  });

  it('drops what only separates: empty comments and MediaWiki’s place for notes', () => {
    expect(lines('- a\n\n<!-- -->\n\n- b\n\n<references />')).toEqual(['a', 'b']);
  });

  it('shows other comments, so that nothing written is lost, and prompts only where a template asks for them', () => {
    expect(lines('<!-- to do -->\n\na <!-- b -->')).toEqual(['<!-- to do -->', 'a <!-- b -->']);
    expect(lines('<!-- prompt: Who? -->')).toEqual(['<!-- prompt: Who? -->']);
    const { content } = importMarkdown('<!-- prompt: Who\n was asked? -->\n\n<!-- other -->', { prompts: true });
    expect(content.content?.[0]?.attrs?.prompt).toBe('Who was asked?');
    expect(lines('<!-- other -->')).toEqual(['<!-- other -->']);
  });
});

describe('HTML in Markdown', () => {
  it('is read where the schema has the same', () => {
    const marks = (markdown: string) =>
      find(contentOf(markdown), 'text').map((node) => `${node.text}:${(node.marks ?? []).map(({ type }) => type)}`);
    expect(marks('a <u>b *c*</u> H<sub>2</sub>O <kbd>k</kbd>')).toEqual([
      'a :',
      'b :underline',
      'c:italic,underline',
      ' H:',
      '2:subscript',
      'O :',
      'k:code',
    ]);
    expect(marks('<a href="https://x.org">a</a><span id="x">b</span>')).toEqual(['a:link', 'b:']);
  });

  it('is text where it is not, or is not closed', () => {
    expect(lines('a <blink>b</blink> <u>c </u')).toEqual(['a <blink>b</blink> <u>c </u']);
    expect(lines('<u>a *b</u>*')[0]).toContain('a');
    expect(lines('<script>alert(1)</script>')).toEqual(['<script>alert(1)</script>']);
    expect(lines('<iframe src="x"></iframe>\n\n</ref>')).toEqual(['<iframe src="x"></iframe>', '</ref>']);
    expect(lines('<div><form>a</form></div>')).toEqual(['<div><form>a</form></div>']);
  });

  it('holds tables with sections, captions, spans and blocks', () => {
    const content = contentOf(
      '<table>\n<caption>Who does what</caption>\n<thead><tr><th style="text-align: right">a</th><th>b</th></tr></thead>\n<tbody>\n  <tr>\n    <td colspan="2"><p>c</p><ul><li>d</li></ul></td>\n  </tr>\n</tbody></table>',
    );
    expect(types(content)).toEqual(['paragraph', 'table']);
    expect(find(content, 'tableHeader')[0]?.attrs?.align).toBe('right');
    expect(find(content, 'tableCell')[0]).toMatchObject({
      attrs: { colspan: 2 },
      content: [{ type: 'paragraph' }, { type: 'bulletList' }],
    });
  });

  it('has its spans, starts and levels brought within bounds', () => {
    const content = contentOf(
      '<table><tr><td colspan="100000" rowspan="-3">a</td></tr></table>\n\n<ol start="-5"><li>b</li></ol>\n\n<h6>c</h6>',
    );
    expect(find(content, 'tableCell')[0]?.attrs).toMatchObject({ colspan: 100, rowspan: 1 });
    expect(find(content, 'orderedList')[0]?.attrs?.start).toBe(0);
    expect(find(content, 'heading')[0]?.attrs?.level).toBe(4);
  });

  it('may stand around Markdown', () => {
    const content = contentOf(
      '<div lang="nl" dir="ltr">\n\nEen **plan**\n\n- voor Gent\n\n</div>\n\n<details>\n<summary>More</summary>\n\ntext[^1]\n\n</details>\n\n[^1]: note',
    );
    expect(types(content)).toEqual(['paragraph', 'bulletList', 'paragraph', 'paragraph']);
    expect(
      find(content, 'paragraph')
        .slice(0, 2)
        .map(({ attrs }) => attrs?.lang),
    ).toEqual(['nl', 'nl']);
    expect(find(content, 'footnote').map(textOf)).toEqual(['note']);
  });

  it('may be a figure of Pandoc, with a caption and a credit', () => {
    const [figure] = find(
      contentOf(
        '<figure>\n<img src="https://x.org/a.png"\nalt="A map" />\n<figcaption>The <em>map</em> <small>CC BY X</small></figcaption>\n</figure>',
      ),
      'figure',
    );
    expect(figure).toMatchObject({ attrs: { src: 'https://x.org/a.png', alt: 'A map', credit: 'CC BY X' } });
    expect(textOf(figure!)).toBe('The map');
  });

  it('cannot pass for a place where a Markdown block stands', () => {
    const text = textOf(contentOf('<div><commonplan-block data-index="1"></commonplan-block>\n\nonce\n\n</div>'));
    expect(text.split('once')).toHaveLength(2);
  });
});

const UNSAFE = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'java&#10;script:alert(1)',
  '&#106;avascript:alert(1)',
  '&#x6A;avascript&colon;alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'vbscript:x',
  'data:text/html;base64,PHNjcmlwdD4=',
  'data:image/svg+xml,%3Csvg/onload=alert(1)%3E',
  'file:///etc/passwd',
  'blob:https://x/1',
  'view-source:x',
  'feed:javascript:alert(1)',
  '//evil.example',
  '\\\\evil.example',
  'x:y',
  'javascript%3Aalert(1):x',
];

describe('addresses', () => {
  it.each(UNSAFE)('%j is refused in links, references and pictures, Markdown and HTML, and the text stays', (url) => {
    const markdown = [
      `[link](<${url}>)`,
      `[ref][r]`,
      `![pic](<${url}>)`,
      `<a href="${url}">tag</a>`,
      `<img src="${url}" alt="img">`,
      `<table><tr><td><a href="${url}">cell</a><img src="${url}" alt="x"></td></tr></table>`,
      `<${url}>`,
      `[r]: <${url}>`,
    ].join('\n\n');
    const content = contentOf(markdown);
    for (const node of nodes(content)) {
      const addresses = [node.attrs?.src, ...(node.marks ?? []).map(({ attrs }) => attrs?.href)].filter(
        (address) => address != null,
      );
      for (const address of addresses)
        expect(String(address)).not.toMatch(/^\s*(javascript|vbscript|data|file|blob|view-source|feed|x):|^[\\/]{2}/i);
    }
    for (const word of ['link', 'ref', 'tag', 'cell']) expect(textOf(content)).toContain(word);
    expect(find(content, 'figure').map(({ attrs }) => attrs?.alt)).toEqual(expect.arrayContaining(['pic', 'img']));
  });
});

describe('hostile text', () => {
  const pieces = fc.constantFrom(
    '<div>',
    '</div>',
    '<table>',
    '<tr><td colspan=9>',
    '</table>',
    '<u>',
    '</u>',
    '<!--',
    '-->',
    '<![CDATA[',
    '<?x',
    '[^1]',
    '[^1]: ',
    '![',
    '](',
    '<a href="javascript:x">',
    '**',
    '_',
    '`',
    '```\n',
    '~~',
    '\n',
    '\n\n',
    '    ',
    '> ',
    '- ',
    '- [x] ',
    '1. ',
    '| a | b |\n|-|-|\n',
    '---\n',
    'a: *b\n',
    '&#0;',
    '\u2028',
    '\ud800',
    'word',
    '# ',
    '\\',
    '<figure>\n\n',
    '<figcaption>',
    '<small>',
    '<span lang="nl">',
    '</span>',
  );
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.string({ maxLength: 200, unit: 'binary' }),
  );

  it('becomes a valid document or a named refusal, and is read back exactly from its export', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (markdown, prompts) => {
        try {
          const { content, frontMatter } = importMarkdown(markdown, { prompts });
          schema.nodeFromJSON(content).check();
          if (!prompts)
            expect(importMarkdown(exportMarkdown(content, frontMatter))).toMatchObject({ content, frontMatter });
        } catch (error) {
          if (!(error instanceof CommonplanError)) throw error;
          expect(error.code).toBe('not-text');
          expect(markdown).toContain('\0');
        }
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  it.each([
    ['quotes', '>'.repeat(90)],
    ['lists', '- '.repeat(90)],
    ['tags in a line', `${'<u>'.repeat(5000)}x${'</u>'.repeat(5000)}`],
    ['unclosed tags', '<div>\n\n'.repeat(2000)],
    ['nested elements', '<div>'.repeat(5000)],
    ['nested regions', `${'<div>\n\n'.repeat(500)}x\n\n${'</div>\n\n'.repeat(500)}`],
    ['emphasis', '*a **b '.repeat(300) + '** c*'.repeat(300)],
    ['brackets', '['.repeat(3000)],
  ])('is read when it nests as deep as %s may', (_name, markdown) => {
    schema.nodeFromJSON(contentOf(markdown)).check();
  });

  it('cannot multiply a long note or address', () => {
    const notes = contentOf(`${'[^1] '.repeat(5000)}\n\n[^1]: ${'word '.repeat(5000)}`);
    expect(JSON.stringify(notes).length).toBeLessThan(3_000_000);
    const links = contentOf(`${'[a][b] '.repeat(5000)}\n\n[b]: https://x.org/${'y'.repeat(4000)}`);
    expect(JSON.stringify(links).length).toBeLessThan(3_000_000);
  });

  it('is refused by name when it is too large, nested beyond reason or no text', () => {
    const refusal = (markdown: string) => {
      try {
        return importMarkdown(markdown);
      } catch (error) {
        return error instanceof CommonplanError ? error.code : error;
      }
    };
    expect(refusal('é'.repeat(MAX_BYTES / 2 + 1))).toBe('too-large');
    expect(refusal('> '.repeat(5000))).toBe('invalid-document');
    expect(refusal('a\0b')).toBe('not-text');
    expect(() => decodeText(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toThrow(
      expect.objectContaining({ code: 'not-text' }),
    );
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toBe('a');
  });
});
