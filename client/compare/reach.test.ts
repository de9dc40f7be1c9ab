/** What can be put back from where one reads. */
import { describe, expect, it } from 'vitest';
import type { ComparisonAnswer } from '../../shared/api.ts';
import { compare } from '../../shared/compare/compare.ts';
import type { NodeJSON } from '../../shared/compare/comparison.ts';
import { sizeOf } from '../../shared/compare/node.ts';
import { reaches } from './reach.ts';
import { survey } from './survey.ts';

const p = (words: string): NodeJSON => ({ type: 'paragraph', content: [{ type: 'text', text: words }] });
const h = (level: number, words: string): NodeJSON => ({
  type: 'heading',
  attrs: { level },
  content: [{ type: 'text', text: words }],
});
const doc = (...content: NodeJSON[]): NodeJSON => ({ type: 'doc', content });

/** What the first change reaches: each label, and the text of its range in the older document's children. */
function reached(before: NodeJSON, after: NodeJSON): [string, { from: number; to: number }][] {
  const comparison = compare(before, after);
  const answer = { ...comparison, changes: comparison.changes.map((change) => ({ ...change, by: [] })) };
  return reaches(answer as unknown as ComparisonAnswer, survey(comparison), 0).map(({ label, range }) => [
    label,
    range,
  ]);
}

const WATER = 'Every street keeps a register of its wells and pumps.';

describe('reaches', () => {
  it('goes from the words to the paragraph to the section, subsections included', () => {
    const children = [
      h(1, 'Land'),
      p('Before.'),
      h(1, 'Water'),
      p(WATER),
      h(2, 'Wells'),
      p('They are deep.'),
      h(1, 'Food'),
    ];
    const before = doc(...children);
    const after = doc(
      ...children.map((child) => (child === children[3] ? p(WATER.replace('street', 'house')) : child)),
    );
    const start = (index: number): number => children.slice(0, index).reduce((sum, child) => sum + sizeOf(child), 0);
    const word = start(3) + 1 + WATER.indexOf('street');
    expect(reached(before, after)).toEqual([
      ['Undo this change', { from: word, to: word + 'street'.length }],
      ['Put back this whole paragraph', { from: start(3), to: start(4) }],
      ['Put back the section “Water”', { from: start(2), to: start(6) }],
    ]);
  });

  it('offers nothing larger that would be the same, and no paragraph that was not there', () => {
    const before = doc(p(WATER), p('The rest stays.'));
    expect(reached(before, doc(p('The rest stays.'))).map(([label]) => label)).toEqual([
      'Undo this change',
      'Put back the part before the first heading',
    ]);
    expect(reached(before, doc(p(WATER), p('Something new.'), p('The rest stays.'))).map(([label]) => label)).toEqual([
      'Undo this change',
      'Put back the part before the first heading',
    ]);
  });
});
