/** What is folded away and what is not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from './folding.ts';
import type { Row } from './survey.ts';

const rows = (...changes: number[][]): Row[] =>
  changes.map((each) => ({ changes: each, blocks: 1, size: 10, before: { from: 0, to: 0 } }));
const unchanged = (count: number): number[][] => Array.from({ length: count }, () => []);
const all = () => true;

describe('fold', () => {
  it('keeps one row around a change and folds the rest', () => {
    expect(fold(rows(...unchanged(5), [0], ...unchanged(5)), all, new Set())).toEqual([
      { from: 0, to: 4, folded: true },
      { from: 4, to: 7, folded: false },
      { from: 7, to: 11, folded: true },
    ]);
  });

  it('leaves stretches alone that are hardly longer than what would stand for them', () => {
    expect(fold(rows([0], ...unchanged(4), [1]), all, new Set())).toEqual([{ from: 0, to: 6, folded: false }]);
  });

  it('folds changes too that the reader does not look for', () => {
    const [first] = fold(rows([0], [1], [2], [3], [9]), (change) => change === 9, new Set());
    expect(first).toEqual({ from: 0, to: 3, folded: true });
  });

  it('shows what was opened, or everything', () => {
    expect(fold(rows(...unchanged(9)), all, 'all')).toEqual([{ from: 0, to: 9, folded: false }]);
    expect(fold(rows(...unchanged(9)), all, new Set([0, 1])).map(({ folded }) => folded)).toEqual([false, true]);
  });

  it('covers every row once, shows every change that matters, and has no two folds in a row', () => {
    const some = fc.array(fc.array(fc.nat(50), { maxLength: 2 }), { maxLength: 60 });
    fc.assert(
      fc.property(some, fc.nat(50), fc.array(fc.nat(60)), (changes, least, opened) => {
        const all = rows(...changes);
        const matters = (change: number): boolean => change >= least;
        const segments = fold(all, matters, new Set(opened));
        expect(segments.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual(
          all.map((_, index) => index),
        );
        segments.forEach((segment, index) => {
          if (!segment.folded) return;
          expect(segments[index + 1]?.folded ?? false).toBe(false);
          expect(all.slice(segment.from, segment.to).some((row) => row.changes.some(matters))).toBe(false);
        });
      }),
    );
  });
});
