/** Putting deletions in a few at a time comes to what Yjs makes of all of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { addDeletes, type DeleteSet } from './delete-set.ts';

type Ranges = readonly (readonly [client: number, clock: number, len: number])[];

function toSet(ranges: Ranges): DeleteSet {
  const set = Y.createDeleteSet();
  for (const [client, clock, len] of ranges) {
    set.clients.set(client, [...(set.clients.get(client) ?? []), { clock, len }]);
  }
  return set;
}

const plain = (set: DeleteSet) =>
  [...set.clients].map(([client, ranges]) => [client, ranges.map(({ clock, len }) => [clock, len])]).sort();

const range = fc.tuple(fc.constantFrom(1, 2), fc.nat(60), fc.integer({ min: 1, max: 6 }));

test('whatever is put in, in whatever order and however often, the ranges are those that Yjs merges to', () => {
  fc.assert(
    fc.property(fc.array(fc.array(range, { maxLength: 40 }), { maxLength: 8 }), (parts) => {
      const known = Y.createDeleteSet();
      for (const part of parts) {
        const more = toSet(part);
        const before = plain(more);
        addDeletes(known, more);
        expect(plain(more)).toEqual(before);
      }
      expect(plain(known)).toEqual(plain(Y.mergeDeleteSets([toSet(parts.flat())])));
    }),
    { numRuns: 500 },
  );
});
