/** What an import of Markdown tells that it could not carry over: everything that is not in the plan as it was meant. */
import { expect, test } from 'vitest';
import { importMarkdown } from './markdown.ts';

const told = (markdown: string): string[] =>
  importMarkdown(markdown).losses.map(({ what, count, example }) => `${count} ${what}: ${example}`);

test.each<[string, string, string[]]>([
  [
    'HTML that a plan has no place for',
    'a <blink>b</blink>\n\n<video src="x"></video>\n\n<!-- todo -->',
    ['2 pieces of HTML that a plan has no place for, kept as text: <blink>', '1 comments, kept as text: <!-- todo -->'],
  ],
  [
    'pictures whose address is not safe',
    '![River](file:///river.png) ![](https://x.org/y.png)',
    ['1 pictures that are not in the file: add each again where it stood: River'],
  ],
  [
    'links that run programs',
    '[a](javascript:alert)',
    ['1 links whose address is not safe, kept as text: javascript:alert'],
  ],
  [
    'references to what is not there',
    'a [b][c] and [^d], `[^e]`',
    [
      '1 references to addresses that are not in the file, kept as text: [b][c]',
      '1 references to notes that are not in the file, kept as text: [^d]',
    ],
  ],
  [
    'what nothing refers to',
    'a\n\n[b]: https://b.org\n[^c]: Note.',
    [
      '1 notes that nothing refers to, kept below the text: [^c]',
      '1 addresses that nothing refers to: [b]: https://b.org',
    ],
  ],
  [
    'fields of the head',
    '---\nlayout: post\nstatus: perhaps\ntags: a\n---\ntext',
    [
      '1 fields of the head that a plan does not have: layout: post',
      '1 fields of the head whose value does not fit: status: perhaps',
    ],
  ],
  ['a head that is no YAML', '---\na: [\n---\ntext', ['1 heads that are no YAML, kept as code: a: [']],
  [
    'low headings and what stands beside the language of code',
    '##### Deep\n\n```js {1,2}\nx\n```',
    [
      '1 headings below the fourth level, which are of the fourth now: Deep',
      '1 remarks beside the language of code: {1,2}',
    ],
  ],
  [
    'what is nested too deep',
    `${'> '.repeat(25)}a`,
    ['1 levels below the 20th of lists, quotes and tables, kept as text: blockquote'],
  ],
])('%s is told', (_what, markdown, expected) => {
  expect(told(markdown)).toEqual(expected);
});

test('nothing is told of what is all there', () => {
  const markdown =
    '---\ntitle: A\nlang: nl\nauthor: [Ana]\n---\n\n# B\n\n[c][d] e[^1] <u>f</u> ![g](https://x.org/y.png) [h](/i)\n\n<!-- -->\n\n- [x] j\n\n[d]: https://d.org\n[^1]: Note.';
  expect(told(markdown)).toEqual([]);
});
