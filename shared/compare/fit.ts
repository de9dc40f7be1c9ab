/** Makes a document of a mixture of two: what does not fit where it ended up is put right so that all text stays and the schema accepts it. */
import type { NodeJSON } from './comparison.ts';
import { isItem, isList } from './node.ts';

const HOLDS_BLOCKS = new Set([
  ...['bulletList', 'orderedList', 'taskList', 'listItem', 'taskItem', 'blockquote'],
  ...['table', 'tableRow', 'tableCell', 'tableHeader'],
]);

const EMPTY: NodeJSON = { type: 'paragraph' };

export function fitDocument(document: NodeJSON): NodeJSON {
  const content = asBlocks((document.content ?? []).flatMap(fit));
  return { ...document, content: content.length > 0 ? content : [EMPTY] };
}

/** A node whose content fits; nothing where nothing is left of it. */
function fit(node: NodeJSON): NodeJSON[] {
  if (node.type === 'codeBlock') return [{ ...node, content: asCode(node.content ?? []) }];
  if (!HOLDS_BLOCKS.has(node.type)) return [node];
  const children = (node.content ?? []).flatMap(fit);
  if (isList(node)) return children.length > 0 ? [{ ...node, content: asItems(children, node) }] : [];
  if (isItem(node)) return children.length > 0 ? [{ ...node, content: startingWithParagraph(asBlocks(children)) }] : [];
  if (node.type === 'table') return asTable(node, children);
  if (node.type === 'tableRow')
    return [{ ...node, content: children.map((child) => (isCell(child) ? child : asCell(child))) }];
  const blocks = asBlocks(children);
  if (isCell(node)) return [{ ...node, content: blocks.length > 0 ? blocks : [EMPTY] }];
  return blocks.length > 0 ? [{ ...node, content: blocks }] : [];
}

const isCell = ({ type }: NodeJSON): boolean => type === 'tableCell' || type === 'tableHeader';
const isBlock = (node: NodeJSON): boolean => !isItem(node) && !isCell(node) && node.type !== 'tableRow';

/** Items, rows and cells without what they belong in give way to what they hold. */
const asBlocks = (nodes: readonly NodeJSON[]): NodeJSON[] =>
  nodes.flatMap((node) => (isBlock(node) ? [node] : asBlocks(node.content ?? [])));

function asItems(nodes: readonly NodeJSON[], list: NodeJSON): NodeJSON[] {
  const type = list.type === 'taskList' ? 'taskItem' : 'listItem';
  const attrs = type === 'taskItem' ? { attrs: { checked: false } } : {};
  return nodes.map((node) => {
    if (node.type === type) return node;
    const content = startingWithParagraph(isItem(node) ? (node.content ?? []) : asBlocks([node]));
    return { type, ...attrs, content };
  });
}

const startingWithParagraph = (blocks: readonly NodeJSON[]): readonly NodeJSON[] =>
  blocks[0]?.type === 'paragraph' ? blocks : [EMPTY, ...blocks];

const asCell = (node: NodeJSON): NodeJSON => ({
  type: 'tableCell',
  content: isBlock(node) ? [node] : asBlocks(node.content ?? []),
});

/** Rows as wide as the widest. */
function asTable(table: NodeJSON, children: readonly NodeJSON[]): NodeJSON[] {
  const rows = children.map((child) =>
    child.type === 'tableRow' ? child : { type: 'tableRow', content: [isCell(child) ? child : asCell(child)] },
  );
  const widths = rowWidths(rows);
  const widest = Math.max(...widths);
  if (rows.length === 0 || widest === 0) return [];
  const content = rows.map((row, index) => {
    const filler = { type: row.content?.[0]?.type ?? 'tableCell', content: [EMPTY] };
    return {
      ...row,
      content: [...(row.content ?? []), ...Array.from({ length: widest - widths[index]! }, () => filler)],
    };
  });
  return [{ ...table, content }];
}

const span = (cell: NodeJSON, name: 'colspan' | 'rowspan'): number => Math.max(1, Number(cell.attrs?.[name] ?? 1));

/** In columns, those that cells from above take up counted too. */
function rowWidths(rows: readonly NodeJSON[]): number[] {
  const widths = rows.map(() => 0);
  rows.forEach(({ content }, y) => {
    for (const cell of content ?? []) {
      for (let below = y; below < Math.min(rows.length, y + span(cell, 'rowspan')); below++) {
        widths[below]! += span(cell, 'colspan');
      }
    }
  });
  return widths;
}

/** Code has neither marks, line breaks nor footnotes: what they say stays as text. */
function asCode(content: readonly NodeJSON[]): NodeJSON[] {
  const text = (nodes: readonly NodeJSON[]): string =>
    nodes
      .map((node) => (node.type === 'text' ? node.text : node.type === 'hardBreak' ? '\n' : text(node.content ?? [])))
      .join('');
  const all = text(content);
  return all ? [{ type: 'text', text: all }] : [];
}
