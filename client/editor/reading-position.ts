/** Where in the plan the reader is, and how to get somewhere else in it. */
import type { EditorView } from '@tiptap/pm/view';
import type { Heading } from './outline.ts';

/** The element of the block at this position; null while it is not drawn. */
function elementAt(view: EditorView, pos: number): HTMLElement | null {
  const node = view.nodeDOM(pos);
  return node instanceof HTMLElement ? node : null;
}

/** Index of the last heading above `line` (px from the top of the window), -1 when there is none. Looks at log n headings. */
export function readingIndex(view: EditorView, headings: readonly Heading[], line: number): number {
  let low = 0;
  let high = headings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const top = elementAt(view, headings[middle]?.pos ?? 0)?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY;
    if (top <= line) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Brings the block or footnote at this position to the top of the window. Blocks far away have only an estimated height until they
 * come into sight, so the first jump may miss; the second, a frame later, lands.
 */
export function scrollToPosition(view: EditorView, pos: number): void {
  const land = (): void => elementAt(view, pos)?.scrollIntoView({ block: 'start' });
  land();
  requestAnimationFrame(() => {
    land();
    requestAnimationFrame(land);
  });
}
