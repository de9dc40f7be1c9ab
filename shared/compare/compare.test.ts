/** What holds for the comparison of any two documents: accepting and rejecting, places, and words that stay whole. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalized, randomDocument } from '../schema/random-document.ts';
import { schema } from '../schema/schema.ts';
import { compare } from './compare.ts';
import type { NodeJSON } from './comparison.ts';
import { resolve } from './resolve.ts';
import { edited, seeded } from './test-edits.ts';

const document = randomDocument.map((content) => content as NodeJSON);

/** A document and what came of it after some edits; or two documents that have nothing to do with each other. */
const versions = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(document, fc.integer(), fc.integer({ min: 1, max: 12 })).map(([before, seed, count]) => {
      for (let left = count; left > 0; left--) {
        try {
          return [before, normalized(edited(before, left, seeded(seed)) as JSONContent) as NodeJSON] as const;
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
      }
      return [before, before] as const;
    }),
  },
  { weight: 1, arbitrary: fc.tuple(document, document) },
);

describe('any two documents', () => {
  it('give the newer one when all is accepted, and the older one when all is rejected', () => {
    fc.assert(
      fc.property(versions, ([before, after]) => {
        const comparison = compare(before, after);
        expect(resolve(comparison, () => true)).toEqual(after);
        expect(resolve(comparison, () => false)).toEqual(before);
      }),
      { numRuns: 1000 },
    );
  });

  it('give a valid document when any of the changes are accepted', () => {
    fc.assert(
      fc.property(versions, fc.integer(), ([before, after], seed) => {
        const random = seeded(seed);
        const comparison = compare(before, after);
        const takes = comparison.changes.map(() => random(2) === 0);
        schema.nodeFromJSON(resolve(comparison, (change) => takes[change]!)).check();
      }),
      { numRuns: 1000 },
    );
  });

  it('differ in no change exactly if they are equal', () => {
    fc.assert(
      fc.property(versions, ([before, after]) => {
        const isEqual = schema.nodeFromJSON(before).eq(schema.nodeFromJSON(after));
        expect(compare(before, after).changes.length === 0).toBe(isEqual);
        expect(compare(before, structuredClone(before)).changes).toEqual([]);
      }),
    );
  });
});
