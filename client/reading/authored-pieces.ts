/** Cuts a stretch of text where another contribution begins. */
import type { SnapshotContent } from '../../shared/api.ts';

export interface Piece {
  readonly text: string;
  /** Index of the contribution; null: nobody is known. */
  readonly by: number | null;
}

/** `pos`: ProseMirror position of the text. `ranges` in order and without overlaps, as the server sends them. */
export function authoredPieces(text: string, pos: number, ranges: SnapshotContent['authorship']): Piece[] {
  const pieces: Piece[] = [];
  const end = pos + text.length;
  let index = firstEndingAfter(ranges, pos);
  let at = pos;
  while (at < end) {
    const range = ranges[index];
    const known = range !== undefined && range.from <= at ? range : null;
    const next = Math.min(end, known?.to ?? range?.from ?? end);
    pieces.push({ text: text.slice(at - pos, next - pos), by: known?.by ?? null });
    if (known && known.to <= next) index += 1;
    at = next;
  }
  return pieces;
}

function firstEndingAfter(ranges: SnapshotContent['authorship'], pos: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.to ?? 0) > pos) high = middle;
    else low = middle + 1;
  }
  return low;
}
