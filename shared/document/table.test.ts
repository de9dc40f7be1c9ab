/** Tables of any rows, columns and spans show as valid rectangles of bounded size with all their text, in its order. */
import { TableMap } from '@tiptap/pm/tables';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { containerAttribute, contentRoots, PATH } from './format.ts';
import { readContent } from './ydoc.ts';

interface StoredCell {
  row: number;
  column: number;
  span: number;
  text: string;
}

/** A plan with one table that consists of these cells, in this order. */
function tableOf(cells: readonly StoredCell[]): Y.Doc {
  const ydoc = new Y.Doc();
  const { ytext, yattrs } = contentRoots(ydoc);
  ydoc.transact(() => {
    const delta = cells.flatMap(({ row, column, span, text }) => {
      const tag = `r${row}.c${column}`;
      yattrs.set(containerAttribute(tag, 'colspan'), span);
      yattrs.set(containerAttribute(tag, 'rowspan'), span);
      const marker = { insert: new Y.Map([[PATH, `tb#t/r#r${row}/c#${tag}`]]) };
      return text ? [marker, { insert: text }] : [marker];
    });
    ytext.applyDelta(delta);
  });
  return ydoc;
}

function expectWhole(cells: readonly StoredCell[]): void {
  const shown = readContent(tableOf(cells));
  shown.check();
  expect(shown.textContent).toBe(cells.map(({ text }) => text).join(''));
  const { width, height, problems } = TableMap.get(shown.child(0));
  expect(problems).toBeNull();
  expect(width).toBeLessThanOrEqual(Math.min(99, new Set(cells.map(({ column }) => column)).size));
  expect(height).toBeLessThanOrEqual(cells.filter(({ row }, i) => row !== cells[i - 1]?.row).length);
}

const span = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 100 }), fc.integer({ min: -9, max: 10_000 }));

test('rows of any columns and spans', () => {
  const cell = fc.tuple(fc.nat(150), span);
  const row = fc.uniqueArray(cell, { selector: ([column]) => column, minLength: 1, maxLength: 130 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
      expectWhole(
        rows.flatMap((cells, y) => cells.map(([column, span], x) => ({ row: y, column, span, text: `⟨${y}.${x}⟩` }))),
      );
    }),
    { numRuns: 30 },
  );
});

test('cells of rows and columns that stand there already, as two people make them at once', () => {
  const cell = fc.record({ row: fc.nat(4), column: fc.nat(4), span, text: fc.constantFrom('', '', 'x ', 'word ') });
  fc.assert(fc.property(fc.array(cell, { minLength: 1, maxLength: 40 }), expectWhole));
});

test('three thousand columns', () => {
  const row = (y: number, columns: readonly number[], span: number) =>
    columns.map((column, x) => ({ row: y, column, span, text: `⟨${y}.${x}⟩` }));
  const columns = [...Array(3000).keys()];
  expectWhole([...row(0, columns, 100), ...row(1, columns.toReversed(), 10_000)]);
});

test('three thousand rows', () => {
  expectWhole([...Array(6000).keys()].map((i) => ({ row: i >> 1, column: i & 1, span: 10_000, text: `⟨${i}⟩` })));
});
