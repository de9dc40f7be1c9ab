/** Which rows of a comparison show, and which long stretches without changes are folded away. */
import type { Row } from './survey.ts';

/** Rows shown around a change, so that it can be read where it stands. */
const CONTEXT = 1;
/** Fewer rows than this are not worth a fold. */
const SHORTEST = 3;

/** Rows from..to-1, either shown or folded. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly folded: boolean;
}

/**
 * Segments that cover all rows, in order; no two folded ones are neighbours. `matters`: whether a change is one that the reader looks
 * for. `opened`: rows that the reader unfolded.
 */
export function fold(
  rows: readonly Row[],
  matters: (change: number) => boolean,
  opened: ReadonlySet<number> | 'all',
): Segment[] {
  const shown = new Uint8Array(rows.length);
  rows.forEach((row, index) => {
    if (opened === 'all' || opened.has(index)) shown[index] = 1;
    if (row.changes.some(matters))
      shown.fill(1, Math.max(0, index - CONTEXT), Math.min(rows.length, index + CONTEXT + 1));
  });
  const segments: Segment[] = [];
  for (let from = 0; from < rows.length; ) {
    let to = from + 1;
    while (to < rows.length && shown[to] === shown[from]) to += 1;
    const folded = shown[from] === 0 && to - from >= SHORTEST;
    const last = segments.at(-1);
    if (last && !last.folded && !folded) segments[segments.length - 1] = { from: last.from, to, folded };
    else segments.push({ from, to, folded });
    from = to;
  }
  return segments;
}
