/** Writes a table: as a GFM table with pipes where that can say it, otherwise as HTML. */
import type { AlignType, PhrasingContent, Table } from 'mdast';
import type { Handle } from 'mdast-util-to-markdown';
import { encodeSpace, gridToHtml, languageAttributes, startTag } from './html.ts';
import type { Grid, GridCell, GridRow } from './nodes.ts';

/** Column widths have no place in a GFM table, so a comment above it keeps them. A table without a header row gets an empty one. */
export const writeGrid: Handle = (node: Grid, parent, state, info) => {
  const table = asPipes(node);
  if (!table) return gridToHtml(node);
  const widths = columnWidths(node);
  const comment = widths?.some((width) => width !== null)
    ? `<!-- column widths: ${widths.map((width) => width ?? 'auto').join(' ')} -->\n\n`
    : '';
  return comment + state.handle(table, parent, state, info);
};

/** Null where pipes do not suffice: spans, blocks in cells, header cells elsewhere than in the first row, uneven columns. */
function asPipes(grid: Grid): Table | null {
  const [first, ...others] = grid.children;
  const columns = first?.children.length ?? 0;
  if (!first || columns === 0) return null;
  const hasHeader = first.children.every((cell) => cell.header);
  const headless: GridRow[] = hasHeader ? others : grid.children;
  if (headless.some((row) => row.children.length !== columns || row.children.some((cell) => cell.header))) return null;
  if (!grid.children.every((row) => row.children.every(isPlain))) return null;
  // An empty header row stands for none.
  if (hasHeader && first.children.every((cell) => phrases(cell).length === 0)) return null;
  const align = first.children.map((cell) => cell.align);
  if (grid.children.some((row) => row.children.some((cell, column) => cell.align !== align[column]))) return null;
  if (!columnWidths(grid)) return null;
  const rows = grid.children.map((row) => row.children.map(phrases));
  const written = hasHeader ? rows : [align.map(() => []), ...rows];
  return {
    type: 'table',
    align: align satisfies AlignType[],
    children: written.map((row) => ({
      type: 'tableRow',
      children: row.map((children) => ({ type: 'tableCell', children })),
    })),
  };
}

function isPlain(cell: GridCell): boolean {
  const [only] = cell.children;
  if (cell.colspan !== 1 || cell.rowspan !== 1 || cell.children.length > 1) return false;
  return !only || only.type === 'paragraph' || (only.type === 'emptyParagraph' && !only.data);
}

/** One width or null for each column, or null if its cells disagree. */
function columnWidths(grid: Grid): (number | null)[] | null {
  const [first] = grid.children;
  const widths = first!.children.map((cell) => cell.widths?.[0] ?? null);
  const isEven = grid.children.every((row) =>
    row.children.every(
      (cell, column) =>
        (cell.widths === null || cell.widths.length === 1) && (cell.widths?.[0] ?? null) === widths[column],
    ),
  );
  return isEven ? widths : null;
}

/** The cell's inline content, with spaces at its edges encoded: a reader would trim them. */
function phrases(cell: GridCell): PhrasingContent[] {
  const [only] = cell.children;
  if (only?.type !== 'paragraph') return [];
  const children = [...only.children];
  if (only.data) {
    return [
      { type: 'html', value: startTag('span', languageAttributes(only.data)) },
      ...children,
      { type: 'html', value: '</span>' },
    ];
  }
  const head = children[0];
  const leading = head?.type === 'text' ? /^[ \t]/.exec(head.value)?.[0] : undefined;
  if (head?.type === 'text' && leading)
    children.splice(0, 1, encoded(leading), { ...head, value: head.value.slice(1) });
  const tail = children.at(-1);
  const trailing = tail?.type === 'text' ? /[ \t]$/.exec(tail.value)?.[0] : undefined;
  if (tail?.type === 'text' && trailing)
    children.splice(-1, 1, { ...tail, value: tail.value.slice(0, -1) }, encoded(trailing));
  return children;
}

const encoded = (space: string): PhrasingContent => ({ type: 'html', value: encodeSpace(space) });
