/** Tests of the smallest edit between two texts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editBetween } from './text-field.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '🌍', '🌎'), maxLength: 12 });

describe('editBetween', () => {
  it('turns one text into the other, wherever the caret stands', () => {
    fc.assert(
      fc.property(text, text, fc.nat(12), (before, after, caret) => {
        const edit = editBetween(before, after, Math.min(caret, after.length));
        expect(before.slice(0, edit.at) + edit.inserted + before.slice(edit.at + edit.deleted)).toBe(after);
        expect(edit.deleted).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('never cuts a surrogate pair', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const edit = editBetween(before, after);
        expect(edit.inserted.isWellFormed()).toBe(true);
        expect(before.slice(edit.at, edit.at + edit.deleted).isWellFormed()).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('puts a letter among equal ones where the caret is', () => {
    expect(editBetween('aaa', 'aaaa', 2)).toEqual({ at: 1, deleted: 0, inserted: 'a' });
    expect(editBetween('aaa', 'aaaa', 4)).toEqual({ at: 3, deleted: 0, inserted: 'a' });
    expect(editBetween('abab', 'ab', 0)).toEqual({ at: 0, deleted: 2, inserted: '' });
  });
});
