/** Where the cells of a table come to stand when their spans are worked out, as HTML's table model does it, but without overlaps. */
import type { Grid, GridCell } from './nodes.ts';

export interface PlacedCell {
  readonly cell: GridCell;
  /** Index of the first column that it covers. */
  readonly column: number;
  /** At least 1: what does not fit beside its neighbours, or below the last row, is cut. */
  readonly colspan: number;
  readonly rowspan: number;
}

export interface GridLayout {
  readonly columns: number;
  /** The cells that begin in each row, from the first column on. */
  readonly rows: readonly (readonly PlacedCell[])[];
  /** Pixels, of each column; null where nobody drew it. */
  readonly widths: readonly (number | null)[];
  /** How many rows at the top hold header cells alone. */
  readonly headerRows: number;
}

export function layOut(grid: Grid): GridLayout {
  /** For each column, the first row in which it is free again. */
  const freeFrom: number[] = [];
  const widths: (number | null)[] = [];
  const rows = grid.children.map((row, index) => {
    let column = 0;
    return row.children.map((cell): PlacedCell => {
      const isFree = (at: number): boolean => (freeFrom[at] ?? 0) <= index;
      while (!isFree(column)) column++;
      const first = column;
      const rowspan = Math.min(cell.rowspan, grid.children.length - index);
      while (column < first + cell.colspan && isFree(column)) {
        freeFrom[column] = index + rowspan;
        widths[column] ??= cell.widths?.[column - first] || null;
        column++;
      }
      return { cell, column: first, colspan: column - first, rowspan };
    });
  });
  const firstOther = grid.children.findIndex(
    ({ children }) => children.length === 0 || children.some(({ header }) => !header),
  );
  return {
    columns: freeFrom.length,
    rows,
    widths,
    headerRows: firstOther === -1 ? grid.children.length : firstOther,
  };
}
