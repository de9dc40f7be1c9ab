/** Random documents of the schema for property tests: every node, mark and attribute, with texts that are hard to write as Markdown. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { imageAddress } from './image-address.ts';
import { schema } from './schema.ts';

/** The address of a picture that is kept with a plan; some figures have it. */
export const KEPT_PICTURE = imageAddress('p1', '0123456789ab'.padEnd(64, 'c'));

const ORDER = Object.keys(schema.marks);

/** Texts that mean something in Markdown, HTML or YAML, alone or next to each other. */
const tricky = fc.constantFrom(
  '*',
  '**',
  '_',
  '__',
  '~',
  '~~',
  '`',
  '``',
  '#',
  '# ',
  '- ',
  '+ ',
  '1. ',
  '2) ',
  '> ',
  '|',
  ' | ',
  '\\',
  '\\|',
  '[',
  ']',
  '(',
  ')',
  '![',
  '](',
  '[^1]',
  '[^1]: ',
  '[x] ',
  '<',
  '>',
  '<b>',
  '</u>',
  '<br>',
  '<!-- x -->',
  '&',
  '&copy;',
  '&#42;',
  'http://x.org',
  'HTTPS://X.ORG',
  'www.x.org',
  'a@b.org',
  '---',
  '===',
  ':-',
  '~~~',
  '```',
  ' ',
  '  ',
  '\t',
  '\u00a0',
  '。',
  '文',
  '加粗',
  'é',
  '😀',
  '“',
  '!',
  ':',
  'a',
  'b',
  'word',
  'snake_case',
  '2 * 3',
  '$x$',
  '\u200f',
  'שלום',
  '{',
  '}',
  '"',
  "'",
);
const textValue = fc
  .oneof(
    { weight: 3, arbitrary: fc.array(tricky, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }) },
  )
  .map((text) => text.replace(/[\r\n\0]/g, ' '));
const oneLine = fc.oneof(fc.constant(''), textValue);

const address = fc.constantFrom(
  '#',
  'https://example.org/',
  'https://example.org/a_(b)?c=d&copy;=1#e|f',
  'http://x.org',
  'mailto:a@b.org',
  'mailto:word',
  'page.html',
  '/a b',
  'a\\*b',
  '/<x>',
  'tel:+32',
);
const markType = fc.constantFrom(
  'bold',
  'italic',
  'strike',
  'underline',
  'highlight',
  'subscript',
  'superscript',
  'code',
  'link',
);
const mark = fc
  .tuple(markType, address, fc.option(textValue))
  .map(([type, href, title]) => (type === 'link' ? { type, attrs: { href, title } } : { type }));
const marks = fc
  .oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.uniqueArray(mark, { maxLength: 3, selector: ({ type }) => type }) },
  )
  .map((some) => [...some].sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type)));

const text = fc
  .tuple(textValue, marks)
  .map(([value, some]): JSONContent => ({ type: 'text', text: value, marks: some }));
const link = fc.tuple(address, marks).map(
  ([href, some]): JSONContent => ({
    type: 'text',
    text: href.replace(/^mailto:/, ''),
    marks: [{ type: 'link', attrs: { href, title: null } }, ...some.filter(({ type }) => type !== 'link')],
  }),
);
const lineBreak = marks.map((some): JSONContent => ({ type: 'hardBreak', marks: some }));
const noteText = fc.array(fc.oneof({ weight: 4, arbitrary: text }, link, lineBreak), { maxLength: 3 });
const footnote = fc.tuple(noteText, marks).map(
  ([content, some]): JSONContent => ({
    type: 'footnote',
    content,
    marks: some.filter(({ type }) => type !== 'link'),
  }),
);
const inline = fc.array(fc.oneof({ weight: 6, arbitrary: text }, link, lineBreak, footnote), { maxLength: 5 });

const language = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ lang: null, dir: null }) },
  fc.record({ lang: fc.constantFrom(null, 'nl', 'ar-EG'), dir: fc.constantFrom(null, 'ltr', 'rtl') }),
);

const paragraph = fc
  .tuple(inline, language)
  .map(([content, attrs]): JSONContent => ({ type: 'paragraph', attrs, content }));
const leaf = fc.oneof(
  { weight: 6, arbitrary: paragraph },
  fc
    .tuple(inline, language, fc.integer({ min: 1, max: 4 }))
    .map(([content, attrs, level]): JSONContent => ({ type: 'heading', attrs: { ...attrs, level }, content })),
  fc
    .tuple(
      fc.constantFrom(null, 'js', 'c++', 'a&b', '~x'),
      fc.array(fc.oneof(textValue, fc.constant('\n'), fc.constant('\n```\n')), { maxLength: 4 }),
    )
    .map(
      ([name, lines]): JSONContent => ({
        type: 'codeBlock',
        attrs: { language: name },
        content: lines.length ? [{ type: 'text', text: lines.join('') }] : [],
      }),
    ),
  fc.constant<JSONContent>({ type: 'horizontalRule' }),
  fc
    .tuple(
      fc.constantFrom(null, KEPT_PICTURE, 'https://x.org/a (b).jpg'),
      fc.oneof(oneLine, fc.constant(null)),
      oneLine,
      inline,
      language,
    )
    .map(
      ([src, alt, credit, content, attrs]): JSONContent => ({
        type: 'figure',
        attrs: { ...attrs, src, alt: alt ?? '', decorative: alt === null, credit },
        content,
      }),
    ),
);

const { block } = fc.letrec<{ block: JSONContent }>((tie) => {
  const blocks = fc.array(tie('block'), { minLength: 1, maxLength: 3, depthIdentifier: 'block' });
  const item = fc
    .tuple(paragraph, fc.array(tie('block'), { maxLength: 2, depthIdentifier: 'block' }))
    .map(([first, rest]) => [first, ...rest]);
  const items = fc.array(item, { minLength: 1, maxLength: 3 });
  const listItems = items.map((all) => all.map((content) => ({ type: 'listItem', content })));
  const cell = fc.record({
    colspan: fc.constantFrom(1, 1, 1, 2),
    rowspan: fc.constantFrom(1, 1, 1, 2),
    align: fc.constantFrom(null, 'left', 'center', 'right'),
  });
  const width = fc.constantFrom(null, null, [120]);
  return {
    block: fc.oneof(
      { depthSize: 'small', withCrossShrink: true, depthIdentifier: 'block' },
      { weight: 5, arbitrary: leaf },
      blocks.map((content): JSONContent => ({ type: 'blockquote', content })),
      listItems.map((content): JSONContent => ({ type: 'bulletList', content })),
      fc
        .tuple(listItems, fc.constantFrom(1, 1, 0, 7, 999_999_999), fc.constantFrom(null, null, 'a', 'I'))
        .map(([content, start, type]): JSONContent => ({ type: 'orderedList', attrs: { start, type }, content })),
      fc.tuple(items, fc.boolean()).map(
        ([all, checked]): JSONContent => ({
          type: 'taskList',
          content: all.map((content) => ({ type: 'taskItem', attrs: { checked }, content })),
        }),
      ),
      // Tables as people make them, most of which Markdown can say, and any others.
      fc
        .tuple(
          fc.array(fc.tuple(paragraph, paragraph), { minLength: 1, maxLength: 3 }),
          fc.boolean(),
          width,
          fc.constantFrom(null, 'right'),
        )
        .map(
          ([rows, hasHeader, colwidth, align]): JSONContent => ({
            type: 'table',
            content: rows.map((cells, row) => ({
              type: 'tableRow',
              content: cells.map((content) => ({
                type: hasHeader && row === 0 ? 'tableHeader' : 'tableCell',
                attrs: { colspan: 1, rowspan: 1, colwidth, align },
                content: [content],
              })),
            })),
          }),
        ),
      fc
        .array(fc.array(fc.tuple(blocks, cell, fc.boolean(), width), { maxLength: 2 }), { minLength: 1, maxLength: 2 })
        .map(
          (rows): JSONContent => ({
            type: 'table',
            content: rows.map((cells) => ({
              type: 'tableRow',
              content: cells.map(([content, attrs, isHeader, colwidth]) => ({
                type: isHeader ? 'tableHeader' : 'tableCell',
                attrs: { ...attrs, colwidth },
                content,
              })),
            })),
          }),
        ),
    ),
  };
});

/** A valid document: its JSON is as `schema` writes it, with adjacent texts of the same marks joined. */
export const randomDocument: fc.Arbitrary<JSONContent> = fc
  .array(block, { minLength: 1, maxLength: 4 })
  .map((content) => normalized({ type: 'doc', content }));

/** What `schema` makes of the JSON: attributes filled in, adjacent texts joined. Throws a RangeError if it is not valid. */
export function normalized(content: JSONContent): JSONContent {
  const node = schema.nodeFromJSON(joined(content));
  node.check();
  return node.toJSON();
}

function joined(node: JSONContent): JSONContent {
  const content: JSONContent[] = [];
  for (const child of node.content ?? []) {
    const last = content.at(-1);
    const isSame = JSON.stringify(last?.marks ?? []) === JSON.stringify(child.marks ?? []);
    if (child.type === 'text' && last?.type === 'text' && isSame) last.text += child.text ?? '';
    else content.push(joined(child));
  }
  return { ...node, ...(node.content ? { content } : {}) };
}
