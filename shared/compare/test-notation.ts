/** Documents and comparisons in short notations, so that tests can be read as one reads a page with marks on it. */
import type { JSONContent } from '@tiptap/core';
import { normalized } from '../schema/random-document.ts';
import type { ComparedInline, ComparedNode, Comparison, MarkJSON, NodeJSON, Shape } from './comparison.ts';

type Child = NodeJSON | string;

const INLINE = /\*\*(.+?)\*\*|_(.+?)_|\[(.+?)\]\((.+?)\)|\^\((.+?)\)|(\n)|([^*_[^\n]+|[\s\S])/g;

/** `**bold**`, `_italic_`, `[text](address)`, `^(footnote)`; a line feed is a line break. */
function inline(text: string): NodeJSON[] {
  return [...text.matchAll(INLINE)].map(([, bold, italic, linked, href, note, feed, plain]): NodeJSON => {
    if (bold) return { type: 'text', text: bold, marks: [{ type: 'bold' }] };
    if (italic) return { type: 'text', text: italic, marks: [{ type: 'italic' }] };
    if (linked) return { type: 'text', text: linked, marks: [{ type: 'link', attrs: { href, title: null } }] };
    if (note) return { type: 'footnote', content: inline(note) };
    return feed ? { type: 'hardBreak' } : { type: 'text', text: plain! };
  });
}

/** A node; a text among its children is a paragraph, or its content where it holds no blocks. */
export const node =
  (type: string, attrs: Record<string, unknown> = {}) =>
  (...children: Child[]): NodeJSON => {
    const isText = ['paragraph', 'heading', 'figure', 'codeBlock'].includes(type);
    const content = children.flatMap((child) => {
      if (typeof child !== 'string') return [child];
      if (type === 'codeBlock') return [{ type: 'text', text: child }];
      return isText ? inline(child) : [{ type: 'paragraph', content: inline(child) }];
    });
    return { type, attrs, ...(content.length > 0 ? { content } : {}) };
  };

export const p = node('paragraph');
export const h = (level: number, text: string): NodeJSON => node('heading', { level })(text);
export const quote = node('blockquote');
export const code = node('codeBlock');
export const li = node('listItem');
const items = (children: readonly Child[]) => children.map((child) => (typeof child === 'string' ? li(child) : child));
export const ul = (...children: Child[]): NodeJSON => node('bulletList')(...items(children));
export const ol = (...children: Child[]): NodeJSON => node('orderedList')(...items(children));
export const todo = (checked: boolean, ...children: Child[]): NodeJSON => node('taskItem', { checked })(...children);
/** Rows as lines, cells between bars. */
export const table = (text: string): NodeJSON =>
  node('table')(
    ...text
      .trim()
      .split('\n')
      .map((row) => node('tableRow')(...row.split('|').map((cell) => node('tableCell')(cell.trim())))),
  );
export const doc = (...children: Child[]): NodeJSON => normalized(node('doc')(...children) as JSONContent) as NodeJSON;

const SHORT: Record<string, string> = {
  ...{ paragraph: 'p', heading: 'h', codeBlock: 'code', horizontalRule: 'rule', blockquote: 'quote', bulletList: 'ul' },
  ...{ orderedList: 'ol', listItem: 'li', taskList: 'tasks', taskItem: 'task', tableRow: 'row', tableCell: 'td' },
};
const name = ({ type, attrs }: Shape): string =>
  `${SHORT[type] ?? type}${attrs?.level ?? ''}${type === 'taskItem' ? (attrs?.checked ? '☑' : '☐') : ''}`;

/**
 * A line for each block, indented by what it is in. In front: `+` came, `-` went, `<` stood here, `>` stands here now, otherwise the
 * block's kind (`li` and `td` with the one paragraph in them); `(p→h2)` is another kind now, `(+ul)` and `(-ul)` were put around what is in them or taken away. In the text: `{+came+}`, `[-went-]`,
 * `{bold: text}` is bold now, `{-bold: text}` no longer is, `^(text)` a footnote, `{¶+}` and `{¶-}` splits and joins, `⏎` a line break.
 */
export const notation = ({ blocks }: Comparison): string => blocks.flatMap((block) => lines(block)).join('\n');

function lines(node: ComparedNode): string[] {
  switch (node.op) {
    case 'same':
      return plain(node.node, '');
    case 'inserted':
      return plain(node.node, '+ ');
    case 'deleted':
      return plain(node.node, '- ');
    case 'departed':
      return plain(node.node, '< ');
    case 'arrived':
      return lines(node.node).map((line, index) => (index === 0 ? `> ${line}` : `  ${line}`));
    case 'container':
      return holding(turned(node.before, node.after, node.change), node.children.flatMap(lines));
    case 'text':
      return [`${turned(node.before, node.after, node.change)} ${node.inline.map(marked).join('')}`];
    case 'regrouped': {
      const shapes = (blocks: readonly (readonly Shape[])[]) =>
        blocks.map((block) => block.map(name).join('/')).join('+');
      return [`(${shapes(node.before)}→${shapes(node.after)}) ${node.inline.map(marked).join('')}`];
    }
  }
}

function turned(before: Shape | null, after: Shape | null, change: number | null): string {
  if (!before) return `(+${name(after!)})`;
  if (!after) return `(-${name(before)})`;
  if (change === null) return name(after);
  if (name(before) !== name(after)) return `(${name(before)}→${name(after)})`;
  const differing = Object.keys({ ...before.attrs, ...after.attrs }).filter(
    (key) => JSON.stringify(before.attrs?.[key]) !== JSON.stringify(after.attrs?.[key]),
  );
  const list = differing.map((key) => `${key} ${before.attrs?.[key]}→${after.attrs?.[key]}`);
  return `${name(after)}(${list.join(', ')})`;
}

function plain(node: NodeJSON, sign: string): string[] {
  if (!node.content || ['paragraph', 'heading', 'codeBlock', 'figure'].includes(node.type)) {
    return [`${sign}${name(node)} ${(node.content ?? []).map(text).join('')}`.trimEnd()];
  }
  return holding(
    `${sign}${name(node)}`,
    node.content.flatMap((child) => plain(child, '')),
  );
}

/** An item or a cell that holds nothing but a paragraph is one line with it. */
function holding(container: string, children: readonly string[]): string[] {
  const [only = '', ...others] = children;
  if (others.length === 0 && /^p( |$)/.test(only) && !/quote/.test(container)) return [`${container}${only.slice(1)}`];
  return [container, ...children.map((line) => `  ${line}`)];
}

function text(node: NodeJSON): string {
  if (node.type === 'text') return node.text!;
  return node.type === 'hardBreak' ? '⏎' : `^(${(node.content ?? []).map(text).join('')})`;
}

const markName = ({ type, attrs }: MarkJSON): string => (type === 'link' ? `link ${attrs?.href}` : type);

function marked(part: ComparedInline): string {
  switch (part.op) {
    case 'same':
      return text(part.node);
    case 'inserted':
      return `{+${text(part.node)}+}`;
    case 'deleted':
      return `[-${text(part.node)}-]`;
    case 'formatted': {
      const [before, after] = [(part.before.marks ?? []).map(markName), (part.after.marks ?? []).map(markName)];
      const gone = before.filter((mark) => !after.includes(mark)).map((mark) => `-${mark}`);
      const come = after.filter((mark) => !before.includes(mark));
      return `{${[...gone, ...come].join(' ')}: ${text(part.after)}}`;
    }
    case 'note':
      return `^(${part.inline.map(marked).join('')})`;
    case 'break':
      return { both: '{¶}', inserted: '{¶+}', deleted: '{¶-}' }[part.side];
  }
}
