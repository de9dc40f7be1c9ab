/** Keeps the columns of a compared table in line where rows and columns came and went in one go. */
import type { ComparedNode } from '../../shared/compare/comparison.ts';
import { element } from '../reading/elements.ts';

/**
 * A row that went has no cells of the columns that came, and the other way round: puts empty ones in their place. `drawn`: the element
 * of each compared row. Tables with cells that span several others stay as they are.
 */
export function alignColumns(rows: readonly ComparedNode[], drawn: readonly Node[]): void {
  if (rows.length !== drawn.length) return;
  const whole = rows.find((row) => row.op === 'container' && row.children.some(isNewOrGone));
  if (whole?.op !== 'container') return;
  rows.forEach((row, index) => {
    const lacks = row.op === 'inserted' ? 'deleted' : row.op === 'deleted' ? 'inserted' : null;
    const el = drawn[index];
    if (lacks === null || !(el instanceof HTMLTableRowElement)) return;
    const missing = whole.children.filter(({ op }) => op === lacks).length;
    if (el.cells.length + missing !== whole.children.length) return;
    whole.children.forEach(({ op }, column) => {
      if (op === lacks) el.insertBefore(element('td', 'no-cell'), el.cells[column] ?? null);
    });
  });
}

const isNewOrGone = ({ op }: ComparedNode): boolean => op === 'inserted' || op === 'deleted';
