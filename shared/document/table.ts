/** Tables as rectangles: cells are put into columns by the ids their tags carry, gaps are filled in the view, colliding spans cut. */
import { type Attrs, Fragment, Node, type NodeType, type Schema } from '@tiptap/pm/model';
import type { Frame } from './blocks.ts';
import { columnOf, sameValue } from './format.ts';

export interface RowContent {
  type: NodeType;
  attrs: Attrs | null;
  cells: { frame: Frame; content: Fragment }[];
}

/** As many as a cell may span (shared/schema/attributes.ts), so that all cells of a row can be merged. */
const MOST_COLUMNS = 100;

interface PlacedCell {
  frame: Frame;
  content: Fragment;
  x: number;
  colspan: number;
  rowspan: number;
}

/**
 * The rows of a table, every one as wide as the table. Cells keep their order in the row, since that is the order of the text.
 * Sets each cell frame's `attrs` to what is shown. What is filled in is never stored until somebody types there.
 */
export function alignTable(schema: Schema, rows: readonly RowContent[], fillers: Set<Node>): Node[] {
  const positions = columnPositions(rows);
  const grid = rows.map((row) => placeRow(row, positions));
  const width = grid.flat().reduce((most, { x }) => Math.max(most, x + 1), Math.max(1, positions.size));
  cutSpans(grid, width);
  const widths = columnWidths(grid, width);
  const taken: boolean[][] = rows.map(() => []);
  return rows.map((row, y) => {
    const cells: Node[] = [];
    const pad = (from: number, to: number) => {
      for (let x = from; x < to; x++) if (!taken[y]![x]) cells.push(fillerCell(schema, row, widths[x]!, fillers));
    };
    let next = 0;
    for (const cell of grid[y]!) {
      pad(next, cell.x);
      next = cell.x + cell.colspan;
      for (let dy = 1; dy < cell.rowspan; dy++) for (let x = cell.x; x < next; x++) taken[y + dy]![x] = true;
      cell.frame.attrs = {
        ...cell.frame.attrs,
        colspan: cell.colspan,
        rowspan: cell.rowspan,
        ...('colwidth' in (cell.frame.type.spec.attrs ?? {}) ? { colwidth: spanWidths(widths, cell) } : {}),
      };
      cells.push(cell.frame.type.create(cell.frame.attrs, cell.content));
    }
    pad(next, width);
    return row.type.create(row.attrs, cells);
  });
}

const spanOf = (frame: Frame, name: 'colspan' | 'rowspan'): number => Math.max(1, Number(frame.attrs?.[name] ?? 1));
const columnId = (frame: Frame): string | null => (frame.tag === null ? null : columnOf(frame.tag));

/**
 * The order of the columns, as the orders in the rows together say; where they leave it open, the spans do. Orders that
 * contradict each other (two people moved columns) give way to the order of appearance. A column in which no cell starts
 * has no id and so no place: spans are cut to the columns there are, or stale spans would widen a table without bound.
 */
function columnPositions(rows: readonly RowContent[]): Map<string, number> {
  /** Of each column: the columns right before it in some row, and how far they span. */
  const before = new Map<string, Map<string, number>>();
  for (const { cells } of rows) {
    let previous: { id: string; span: number } | null = null;
    for (const { frame } of cells) {
      const id = columnId(frame);
      if (id === null) continue;
      const earlier = before.get(id) ?? new Map<string, number>();
      before.set(id, earlier);
      if (previous) earlier.set(previous.id, Math.max(previous.span, earlier.get(previous.id) ?? 0));
      previous = { id, span: spanOf(frame, 'colspan') };
    }
  }
  const positions = new Map<string, number>();
  const starts = new Map<string, number>();
  const left = new Set(before.keys());
  while (left.size > 0 && positions.size < MOST_COLUMNS) {
    let best: string = left.values().next().value!;
    let bestStart = Number.POSITIVE_INFINITY;
    for (const id of left) {
      const earlier = [...before.get(id)!];
      if (earlier.some(([other]) => left.has(other))) continue;
      const start = earlier.reduce((most, [other, span]) => Math.max(most, starts.get(other)! + span), 0);
      if (start < bestStart) {
        best = id;
        bestStart = start;
      }
    }
    starts.set(best, Math.min(bestStart, before.size));
    positions.set(best, positions.size);
    left.delete(best);
  }
  return positions;
}

/**
 * A row's cells at their columns; one whose column lies behind (two people moved columns) takes the next free place. What
 * the cells past the last column shown hold is shown in the last one.
 */
function placeRow(row: RowContent, positions: ReadonlyMap<string, number>): PlacedCell[] {
  let next = 0;
  const placed: PlacedCell[] = [];
  const beyond: Fragment[] = [];
  for (const { frame, content } of row.cells) {
    if (next === MOST_COLUMNS) {
      beyond.push(content);
      continue;
    }
    const id = columnId(frame);
    const x = Math.max(next, id === null ? next : (positions.get(id) ?? next));
    next = x + 1;
    placed.push({ frame, content, x, colspan: spanOf(frame, 'colspan'), rowspan: spanOf(frame, 'rowspan') });
  }
  const last = placed.at(-1);
  if (last && beyond.length > 0)
    last.content = Fragment.fromArray([last.content, ...beyond].flatMap(({ content }) => [...content]));
  return placed;
}

/** Cuts spans until no two cells cover one place and none hangs over the last row. */
function cutSpans(grid: readonly PlacedCell[][], width: number): void {
  for (const row of grid) {
    row.forEach((cell, i) => {
      cell.colspan = Math.min(cell.colspan, (row[i + 1]?.x ?? width) - cell.x);
    });
  }
  const covered: number[] = [];
  grid.forEach((row, y) => {
    for (const cell of row) {
      cell.rowspan = Math.min(cell.rowspan, grid.length - y);
      for (let x = cell.x; x < cell.x + cell.colspan; x++) {
        // Starting inside a cell from above is dealt with below, at that cell; here only the right part can still collide.
        if (x > cell.x && (covered[x] ?? 0) > y) {
          cell.colspan = x - cell.x;
          break;
        }
      }
      for (let dy = 1; dy < cell.rowspan; dy++) {
        const start = cell.x;
        const end = cell.x + cell.colspan;
        if (grid[y + dy]!.some((other) => other.x >= start && other.x < end)) {
          cell.rowspan = dy;
          break;
        }
      }
      for (let x = cell.x; x < cell.x + cell.colspan; x++) covered[x] = y + cell.rowspan;
    }
  });
}

/** One width per column: the first that a cell states. Differing ones make the table plugin "repair" what it sees. */
function columnWidths(grid: readonly PlacedCell[][], width: number): (number | null)[] {
  const widths = new Array<number | null>(width).fill(null);
  for (const cell of grid.flat()) {
    const stated: unknown = cell.frame.attrs?.colwidth;
    if (!Array.isArray(stated)) continue;
    for (let i = 0; i < cell.colspan; i++) if (stated[i]) widths[cell.x + i] ??= Number(stated[i]);
  }
  return widths;
}

function spanWidths(widths: readonly (number | null)[], cell: PlacedCell): number[] | null {
  const own = widths.slice(cell.x, cell.x + cell.colspan);
  const shown = own.some((width) => width !== null) ? own.map((width) => width ?? 0) : null;
  // An equal value keeps its object, so that an unchanged cell compares equal cheaply.
  return sameValue(shown, cell.frame.attrs?.colwidth) ? (cell.frame.attrs?.colwidth ?? null) : shown;
}

function fillerCell(schema: Schema, row: RowContent, width: number | null, fillers: Set<Node>): Node {
  const header = row.cells.length > 0 && row.cells.every(({ frame }) => frame.type.spec.tableRole === 'header_cell');
  const type = Object.values(schema.nodes).find(
    ({ spec }) => spec.tableRole === (header ? 'header_cell' : 'cell'),
  ) as NodeType;
  const cell = type.createAndFill(width === null ? null : { colwidth: [width] });
  if (!(cell instanceof Node)) throw new RangeError(`Expected ${type.name} to be fillable`);
  cell.descendants((node) => {
    if (node.isTextblock) fillers.add(node);
  });
  return cell;
}
