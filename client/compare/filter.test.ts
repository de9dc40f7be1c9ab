/** Choosing which changes to look for. */
import { describe, expect, it } from 'vitest';
import type { ComparisonAnswer } from '../../shared/api.ts';
import type { ChangeKind } from '../../shared/compare/comparison.ts';
import { countByAuthor, countByGroup, countBySection, EVERYTHING, matching, narrows } from './filter.ts';

const change = (
  kind: ChangeKind,
  section: number | null,
  ...authors: string[]
): ComparisonAnswer['changes'][number] => ({
  kind,
  before: { from: 0, to: 0 },
  after: { from: 0, to: 0 },
  section,
  by: authors.map((userId) => ({ userId, at: '2026-03-03T10:00:00.000Z', how: 'written', source: null })),
});
const CHANGES = [
  change('inserted', null, 'ana'),
  change('row-inserted', 0, 'ben'),
  change('deleted', 0, 'ana', 'ben'),
  change('moved', 2),
  change('formatting', 2, 'ben', 'ben'),
];

describe('a filter', () => {
  it('lets everything through until something is chosen', () => {
    expect(matching(CHANGES, EVERYTHING)).toEqual([0, 1, 2, 3, 4]);
    expect(narrows(EVERYTHING)).toBe(false);
  });

  it('leaves out kinds, other people and other sections', () => {
    expect(matching(CHANGES, { ...EVERYTHING, without: new Set(['added']) })).toEqual([2, 3, 4]);
    expect(matching(CHANGES, { ...EVERYTHING, author: 'ben' })).toEqual([1, 2, 4]);
    expect(matching(CHANGES, { ...EVERYTHING, section: -1 })).toEqual([0]);
    expect(matching(CHANGES, { without: new Set(['removed']), author: 'ben', section: 0 })).toEqual([1]);
  });

  it('counts what each choice would show', () => {
    expect(countByGroup(CHANGES, { ...EVERYTHING, author: 'ben', without: new Set(['form']) })).toEqual({
      added: 1,
      removed: 1,
      reworded: 0,
      moved: 0,
      regrouped: 0,
      form: 1,
    });
    expect(countByAuthor(CHANGES)).toEqual([
      { userId: 'ben', count: 3 },
      { userId: 'ana', count: 2 },
    ]);
    expect(countBySection(CHANGES)).toEqual([
      { section: -1, count: 1 },
      { section: 0, count: 2 },
      { section: 2, count: 2 },
    ]);
  });
});
