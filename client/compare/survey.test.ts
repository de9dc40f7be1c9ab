/** The walk through a comparison agrees with the two documents that were compared, whatever they are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from '../../shared/compare/compare.ts';
import type { NodeJSON } from '../../shared/compare/comparison.ts';
import { contentSize, sizeOf } from '../../shared/compare/node.ts';
import { edited, seeded } from '../../shared/compare/test-edits.ts';
import { normalized, randomDocument } from '../../shared/schema/random-document.ts';
import { survey } from './survey.ts';

const text = (words: string): NodeJSON => ({ type: 'text', text: words });
const p = (...content: NodeJSON[]): NodeJSON => ({ type: 'paragraph', content });
const note = (words: string): NodeJSON => ({ type: 'footnote', content: [text(words)] });
const doc = (...content: NodeJSON[]): NodeJSON => ({ type: 'doc', content });

const footnotes = (node: NodeJSON): number =>
  (node.type === 'footnote' ? 1 : 0) + (node.content ?? []).reduce((sum, child) => sum + footnotes(child), 0);

const LAND = 'The city gives land, money and time to those who care for it.';
const WATER = 'Every street keeps a register of its wells, pumps and gardens.';
const SEEDS = 'Assemblies meet twice a year and decide by consent on seeds.';

describe('survey', () => {
  it('places rows in the older document, one behind the other, finds every change and numbers every footnote', () => {
    fc.assert(
      fc.property(randomDocument, fc.integer({ min: 1, max: 12 }), fc.integer(), (content, count, seed) => {
        const before = normalized(content) as NodeJSON;
        const after = edited(before, count, seeded(seed));
        const { rows, facts, notes } = survey(compare(before, after));
        let pos = 0;
        for (const row of rows) {
          expect(row.before.from).toBe(pos);
          pos = row.before.to;
        }
        expect(pos).toBe(contentSize(before));
        for (const { rows: places } of facts) expect(places.length).toBeGreaterThan(0);
        const numbers = notes.flatMap((each) => each.after ?? []);
        expect(numbers).toEqual(Array.from({ length: footnotes(after) }, (_, index) => index + 1));
      }),
      { numRuns: 150 },
    );
  });

  it('says which row of the older document a row was', () => {
    const before = doc(p(text(LAND)), p(text(WATER)), p(text(SEEDS)));
    const { rows } = survey(compare(before, doc(p(text(LAND)), p(text('Something new.')), p(text(SEEDS)))));
    const first = sizeOf(p(text(LAND)));
    expect(rows[0]?.before).toEqual({ from: 0, to: first });
    expect(rows.filter(({ before: { from, to } }) => from === to)).toHaveLength(1);
  });

  it('keeps what a change took and gave, and both places of a move', () => {
    const { facts } = survey(
      compare(doc(p(text(LAND)), p(text(WATER)), p(text(SEEDS))), doc(p(text(WATER)), p(text(SEEDS)), p(text(LAND)))),
    );
    expect(facts).toHaveLength(1);
    expect(facts[0]?.rows).toHaveLength(2);
    expect(facts[0]?.removed).toBe(LAND);
  });

  it('numbers footnotes in both documents', () => {
    const before = doc(p(text('One'), note('gone'), text(' and two'), note('stays')));
    const after = doc(p(text('One and two'), note('stays'), text(' and three'), note('new')));
    const { notes, noteByKey } = survey(compare(before, after));
    expect(notes.map((each) => [each.before, each.after])).toEqual([
      [1, null],
      [2, 1],
      [null, 2],
    ]);
    for (const each of notes) expect(noteByKey.get(each.key)).toBe(each);
  });
});
