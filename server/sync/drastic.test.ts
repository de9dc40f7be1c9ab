/** What counts as drastic: measured on real updates of real Y.Docs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { readChange } from './change.ts';
import { countOverlap, type DeleteSet } from './delete-set.ts';
import { drasticKind } from './drastic.ts';

/** A Y.Doc with so many letters, and what the server would know of it. */
function docOf(letters: number): Y.Doc {
  const ydoc = new Y.Doc();
  ydoc.getText('content').insert(0, 'x'.repeat(letters));
  return ydoc;
}

function kindOf(ydoc: Y.Doc, change: (ytext: Y.Text) => void, merge = false) {
  const vector = Y.decodeStateVector(Y.encodeStateVector(ydoc));
  const deletes = Y.createDeleteSetFromStructStore(ydoc.store) as DeleteSet;
  const before = Y.encodeStateVector(ydoc);
  let update: Uint8Array = Uint8Array.of(0, 0);
  ydoc.once('update', (made: Uint8Array) => {
    update = made;
  });
  ydoc.transact(() => change(ydoc.getText('content')));
  // Who was away sends all that the server lacks, and every deletion there ever was.
  if (merge) update = Y.encodeStateAsUpdate(ydoc, before);
  return drasticKind(readChange(update, vector), vector, () => deletes, merge);
}

test.each([
  ['a fifth of a plan', 10_000, 2_000, 'before-deletion'],
  ['all of it', 3_000, 3_000, 'before-deletion'],
  ['less than a fifth', 10_500, 2_000, null],
  ['a fifth, but little', 9_000, 1_999, null],
])('deleting %s', (_what, letters, deleted, expected) => {
  expect(kindOf(docOf(letters), (ytext) => ytext.delete(0, deleted))).toBe(expected);
});

test('what was deleted before is neither there nor deleted again', () => {
  const ydoc = docOf(10_000);
  ydoc.getText('content').delete(0, 7_500);
  expect(kindOf(ydoc, (ytext) => ytext.insert(0, 'little'), true)).toBeNull();
  expect(kindOf(ydoc, (ytext) => ytext.delete(0, 2_000))).toBe('before-deletion');
});

test('writing much is not drastic, bringing it along after an absence is, as is having deleted much', () => {
  expect(kindOf(docOf(100), (ytext) => ytext.insert(0, 'y'.repeat(50_000)))).toBeNull();
  expect(kindOf(docOf(100), (ytext) => ytext.insert(0, 'y'.repeat(999)), true)).toBeNull();
  expect(kindOf(docOf(100), (ytext) => ytext.insert(0, 'y'.repeat(1_000)), true)).toBe('before-merge');
  expect(kindOf(docOf(100_000), (ytext) => ytext.delete(5, 1_000), true)).toBe('before-merge');
  expect(kindOf(docOf(100_000), (ytext) => ytext.delete(5, 999), true)).toBeNull();
});

test('two delete sets overlap in as many units as are in both', () => {
  const ranges = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 9 })), { maxLength: 12 });
  const sets = fc.dictionary(fc.constantFrom('1', '2', '3'), ranges);
  const unitsOf = (of: Record<string, [number, number][]>): Set<string> =>
    new Set(
      Object.entries(of).flatMap(([client, list]) =>
        list.flatMap(([clock, length]) => Array.from({ length }, (_, index) => `${client}:${clock + index}`)),
      ),
    );
  const toSet = (units: Set<string>): DeleteSet => {
    const set = Y.createDeleteSet();
    const sorted = [...units].map((unit) => unit.split(':').map(Number) as [number, number]);
    for (const [client, clock] of sorted.sort((a, b) => a[1] - b[1])) {
      set.clients.set(client, [...(set.clients.get(client) ?? []), { clock, len: 1 } as never]);
    }
    // Sorts, and joins what touches, as the server's own sets are.
    return Y.mergeDeleteSets([set]) as DeleteSet;
  };
  fc.assert(
    fc.property(sets, sets, (one, other) => {
      const [known, named] = [unitsOf(one), unitsOf(other)];
      const both = [...named].filter((unit) => known.has(unit)).length;
      expect(countOverlap(toSet(known), toSet(named))).toBe(both);
    }),
  );
});
