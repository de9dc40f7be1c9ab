/** Tables of any size and any spans show as a valid document of bounded width with all their text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { containerAttribute, contentRoots, PATH } from './format.ts';
import { readContent } from './ydoc.ts';

/** A plan whose rows have cells in columns of the given ids, with a span each. */
function tableOf(rows: readonly (readonly [column: number, span: number])[][]): Y.Doc {
  const ydoc = new Y.Doc();
  const { ytext, yattrs } = contentRoots(ydoc);
  ydoc.transact(() => {
    const delta = rows.flatMap((cells, y) =>
      cells.flatMap(([column, span], x) => {
        const tag = `r${y}.c${column}`;
        yattrs.set(containerAttribute(tag, 'colspan'), span);
        yattrs.set(containerAttribute(tag, 'rowspan'), span);
        return [{ insert: new Y.Map([[PATH, `tb#t/r#r${y}/c#${tag}`]]) }, { insert: `⟨${y}.${x}⟩` }];
      }),
    );
    ytext.applyDelta(delta);
  });
  return ydoc;
}

function expectWhole(rows: readonly (readonly [number, number])[][]): void {
  const shown = readContent(tableOf(rows));
  shown.check();
  shown.descendants((node) => {
    if (node.type.name === 'tableRow') expect(node.childCount).toBeLessThanOrEqual(100);
  });
  expect(shown.textContent).toBe(rows.map((cells, y) => cells.map((_, x) => `⟨${y}.${x}⟩`).join('')).join(''));
}

test('rows of any columns and spans', () => {
  const cell = fc.tuple(fc.nat(150), fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: -9, max: 10_000 })));
  const row = fc.uniqueArray(cell, { selector: ([column]) => column, minLength: 1, maxLength: 130 });
  fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), expectWhole), { numRuns: 30 });
});

test('three thousand columns', () => {
  const columns = [...Array(3000).keys()];
  expectWhole([columns.map((i) => [i, 100] as const), columns.reverse().map((i) => [i, 10_000] as const)]);
});
