/** Makes of any table one that can be laid out: every place of its grid is covered exactly once, and its columns have widths. */
import type { Grid, GridCell } from '../nodes.ts';
import type { Block, PageCell, PageTable } from './page-document.ts';

/** Wider tables would have columns of less than a letter. */
const MOST_COLUMNS = 40;
/** A column whose longest text has no more letters than this is as wide as that text. */
const SHORT = 24;
/** A head of more letters would leave little of the page to the rows that it is repeated over. */
const LONGEST_HEAD = 600;

/** A cell at its place in the grid. */
interface Placed {
  readonly cell: GridCell | null;
  readonly row: number;
  readonly column: number;
  readonly colspan: number;
  readonly rowspan: number;
}

/** `write` makes a cell's blocks, given the most letters that a word in it can have, and whether it is in the head. Null: a table without cells. */
export function toPageTable(
  grid: Grid,
  textOf: (cell: GridCell) => string,
  write: (cell: GridCell, longestWord: number, inHead: boolean) => Block[],
): PageTable | null {
  const heads = headRows(grid);
  const head = place(grid.children.slice(0, heads).map((row) => row.children));
  const body = place(grid.children.slice(heads).map((row) => row.children));
  const columns = Math.max(head.columns, body.columns);
  if (columns === 0) return null;
  const headCells = completed(head, columns);
  const bodyCells = completed(body, columns);
  const widths = columnWidths([...headCells, ...bodyCells], columns, textOf);
  const total = widths.reduce<number>((sum, width) => sum + (width ?? 0), 0);
  const toCell = ({ cell, column, colspan, rowspan }: Placed, inHead: boolean): PageCell => {
    const share = widths.slice(column, column + colspan).reduce<number>((sum, width) => sum + (width ?? 0), 0);
    const fits = total > 0 && share > 0 ? (90 * share) / total : (90 * colspan) / columns;
    const longestWord = Math.max(4, Math.floor(Math.min(fits, 90) * 0.8));
    return {
      header: cell?.header ?? false,
      colspan,
      rowspan,
      align: cell?.align ?? null,
      c: cell ? write(cell, longestWord, inHead) : [],
    };
  };
  const headLetters = headCells.reduce((sum, { cell }) => sum + (cell ? textOf(cell).length : 0), 0);
  return {
    t: 'table',
    columns: widths,
    repeated: headLetters <= LONGEST_HEAD && heads <= 4,
    head: headCells.map((each) => toCell(each, true)),
    body: bodyCells.map((each) => toCell(each, false)),
  };
}

/** Rows at the top that hold header cells only; a table of nothing else has one. */
function headRows({ children }: Grid): number {
  const first = children.findIndex((row) => row.children.length === 0 || row.children.some(({ header }) => !header));
  return first === -1 ? Math.min(1, children.length) : first;
}

interface Places {
  readonly placed: Placed[];
  readonly rows: number;
  readonly columns: number;
}

/** As HTML does (https://html.spec.whatwg.org/#algorithm-for-processing-rows), but a cell that would overlap another spans less. */
function place(rows: readonly (readonly GridCell[])[]): Places {
  const placed: Placed[] = [];
  const taken: boolean[][] = rows.map(() => []);
  let columns = 0;
  for (const [row, cells] of rows.entries()) {
    let column = 0;
    for (const cell of cells) {
      while (taken[row]![column]) column++;
      if (column >= MOST_COLUMNS) throw new TooWide();
      let colspan = 1;
      while (colspan < cell.colspan && column + colspan < MOST_COLUMNS && !taken[row]![column + colspan]) colspan++;
      const rowspan = Math.min(cell.rowspan, rows.length - row);
      for (let below = row; below < row + rowspan; below++) {
        for (let beside = column; beside < column + colspan; beside++) taken[below]![beside] = true;
      }
      placed.push({ cell, row, column, colspan, rowspan });
      column += colspan;
      columns = Math.max(columns, column);
    }
  }
  return { placed, rows: rows.length, columns };
}

/** More columns than a page can show; the document's writer shows the cells as paragraphs instead. */
export class TooWide extends Error {}

/** Every place filled, in the order of reading. */
function completed({ placed, rows }: Places, columns: number): Placed[] {
  const taken: boolean[][] = Array.from({ length: rows }, () => []);
  for (const { row, column, colspan, rowspan } of placed) {
    for (let below = row; below < row + rowspan; below++) {
      for (let beside = column; beside < column + colspan; beside++) taken[below]![beside] = true;
    }
  }
  const blanks = taken.flatMap((row, index) =>
    Array.from({ length: columns }, (_, column) => column)
      .filter((column) => !row[column])
      .map((column): Placed => ({ cell: null, row: index, column, colspan: 1, rowspan: 1 })),
  );
  return [...placed, ...blanks].sort((a, b) => a.row - b.row || a.column - b.column);
}

/** As people drew them; else short columns take what they need and long ones share the rest by how much they hold. */
function columnWidths(
  placed: readonly Placed[],
  columns: number,
  textOf: (cell: GridCell) => string,
): (number | null)[] {
  const drawn: (number | null)[] = Array(columns).fill(null);
  const longest: number[] = Array(columns).fill(0);
  const letters: number[] = Array(columns).fill(0);
  for (const { cell, column, colspan } of placed) {
    if (!cell) continue;
    for (let index = 0; index < colspan; index++) drawn[column + index] ??= cell.widths?.[index] || null;
    if (colspan > 1) continue;
    const { length } = textOf(cell);
    longest[column] = Math.max(longest[column]!, length);
    letters[column]! += length;
  }
  const known = drawn.filter((width) => width !== null);
  if (known.length > 0) {
    const usual = known.reduce((sum, width) => sum + width, 0) / known.length;
    return drawn.map((width) => Math.max(width ?? usual, 10));
  }
  const needed = longest.reduce((sum, length) => sum + Math.max(length, 3), 0);
  if (needed <= 80) return columns > 1 ? longest.map(() => null) : [1];
  if (longest.reduce((sum, length) => sum + (length <= SHORT ? length : 0), 0) > 45) {
    return longest.map((length) => Math.sqrt(Math.max(length, 4)));
  }
  return longest.map((length, column) => (length <= SHORT ? null : Math.sqrt(Math.max(letters[column]!, 20))));
}
