/** Cutting text by who wrote it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authoredPieces } from './authored-pieces.ts';

describe('authoredPieces', () => {
  it('cuts where another contribution begins, and leaves what nobody is known for', () => {
    const ranges = [
      { from: 1, to: 4, by: 0 },
      { from: 4, to: 6, by: 1 },
      { from: 8, to: 20, by: 0 },
    ];
    expect(authoredPieces('abcdefghij', 2, ranges)).toEqual([
      { text: 'ab', by: 0 },
      { text: 'cd', by: 1 },
      { text: 'ef', by: null },
      { text: 'ghij', by: 0 },
    ]);
    expect(authoredPieces('abc', 30, ranges)).toEqual([{ text: 'abc', by: null }]);
    expect(authoredPieces('', 2, ranges)).toEqual([]);
  });

  it('gives every character to the range that holds it, and loses none', () => {
    const ranges = fc
      .array(fc.record({ gap: fc.nat(3), length: fc.integer({ min: 1, max: 5 }), by: fc.nat(3) }), { maxLength: 12 })
      .map((parts) => {
        let at = 0;
        return parts.map(({ gap, length, by }) => {
          const from = at + gap;
          at = from + length;
          return { from, to: at, by };
        });
      });
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.nat(30), ranges, (text, pos, authorship) => {
        const pieces = authoredPieces(text, pos, authorship);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        let at = pos;
        for (const piece of pieces) {
          expect(piece.text).not.toBe('');
          for (let end = at + piece.text.length; at < end; at += 1) {
            const holder = authorship.find(({ from, to }) => from <= at && at < to);
            expect(piece.by).toBe(holder?.by ?? null);
          }
        }
      }),
    );
  });
});
