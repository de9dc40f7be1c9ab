/** Tables as rectangles: cells are put into columns by the ids their tags carry, gaps are filled in the view, colliding spans cut, strays taken in. */
import { Fragment, Node, type NodeType, type Schema } from '@tiptap/pm/model';
import type { Frame } from './blocks.ts';
import { columnOf, sameValue } from './format.ts';

export interface RowContent {
  frame: Frame;
  cells: { frame: Frame; content: Fragment }[];
}

/** One fewer than a cell may span (shared/schema/attributes.ts): all cells of a row can be merged, and a column added inside. */
const MOST_COLUMNS = 99;

export const isCellType = ({ spec }: NodeType): boolean =>
  spec.tableRole === 'cell' || spec.tableRole === 'header_cell';

interface PlacedCell {
  frame: Frame;
  content: Fragment;
  x: number;
  colspan: number;
  rowspan: number;
}

/** Of rows and cells not shown as themselves: the one that shows what they hold, or null when they hold nothing to show. */
export type Strays = Map<Frame, Frame | null>;

/**
 * The rows of a table, every one as wide as the table. Cells keep their order in the row, since that is the order of the text.
 * Sets each cell frame's `attrs` to what is shown. What is filled in is never stored until somebody types there.
 */
export function alignTable(
  schema: Schema,
  stored: readonly RowContent[],
  { fillers, strays }: { fillers: Set<Node>; strays: Strays },
): Node[] {
  const rows = withoutStrayRows(stored, strays);
  const positions = columnPositions(rows);
  const grid = rows.map((row) => placeRow(row, positions, strays));
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
    return row.frame.type.create(row.frame.attrs, cells);
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

const isEmpty = (content: Fragment): boolean =>
  content.childCount === 1 && content.child(0).isTextblock && content.size === 2;

/**
 * Leaves out empty parts of rows that came to stand apart from the rest of their row, and joins what they parted. So it goes
 * when one person adds the last cell of a row and another, at the same moment, a row behind it; or when one merges the cells
 * of two rows while another adds a column, whose cell in the lower row then lies among the merged. Padding takes their place.
 */
function withoutStrayRows(rows: readonly RowContent[], strays: Strays): readonly RowContent[] {
  const parts = new Map<string | null, number>();
  for (const { frame } of rows) parts.set(frame.tag, (parts.get(frame.tag) ?? 0) + 1);
  if (parts.size === rows.length) return rows;
  const empty = new Set(rows.filter(({ cells }) => cells.every(({ content }) => isEmpty(content))));
  const isSpare = (row: RowContent | undefined): row is RowContent =>
    row !== undefined && row.frame.tag !== null && empty.has(row) && parts.get(row.frame.tag)! > 1;
  const shown: RowContent[] = [];
  const frames = new Map<string | null, Frame>();
  const leftOut: RowContent[] = [];
  rows.forEach((row, i) => {
    const { tag } = row.frame;
    const last = shown.at(-1);
    let next = i;
    while (isSpare(rows[next])) next++;
    const parting = next > i && last !== undefined && last.frame.tag === rows[next]?.frame.tag;
    if (isSpare(row) && (parting || frames.has(tag))) {
      parts.set(tag, parts.get(tag)! - 1);
      leftOut.push(row);
    } else if (tag !== null && last?.frame.tag === tag) {
      shown[shown.length - 1] = { frame: last.frame, cells: [...last.cells, ...row.cells] };
      strays.set(row.frame, last.frame);
    } else {
      shown.push(row);
      if (!frames.has(tag)) frames.set(tag, row.frame);
    }
  });
  for (const { frame, cells } of leftOut) {
    for (const cell of cells) strays.set(cell.frame, null);
    strays.set(frame, frames.get(frame.tag)!);
  }
  return shown;
}

/**
 * A row's cells at their columns. One whose column lies behind it (two people filled the same places at the same moment,
 * or moved columns) or beyond the last one shown is taken into the cell before it: a place of its own would be a new
 * column, and the next such cell one more.
 */
function placeRow(row: RowContent, positions: ReadonlyMap<string, number>, strays: Strays): PlacedCell[] {
  const placed: PlacedCell[] = [];
  const taken: Fragment[][] = [];
  for (const { frame, content } of row.cells) {
    const last = placed.at(-1);
    const next = last ? last.x + 1 : 0;
    const id = columnId(frame);
    const x = id === null ? next : (positions.get(id) ?? 0);
    if (last && (x < next || x >= MOST_COLUMNS)) {
      if (!isEmpty(content)) taken.at(-1)!.push(content);
      strays.set(frame, isEmpty(content) ? null : last.frame);
      continue;
    }
    placed.push({ frame, content, x, colspan: spanOf(frame, 'colspan'), rowspan: spanOf(frame, 'rowspan') });
    taken.push([]);
  }
  placed.forEach((cell, i) => {
    if (taken[i]!.length === 0) return;
    cell.content = Fragment.fromArray([cell.content, ...taken[i]!].flatMap(({ content }) => [...content]));
  });
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
