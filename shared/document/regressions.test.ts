/** What the fuzz once found, each as the smallest script that shows it, and the seeds themselves. */
import { setBlockType, splitBlock } from '@tiptap/pm/commands';
import type { Node } from '@tiptap/pm/model';
import { type Command, TextSelection } from '@tiptap/pm/state';
import * as tables from '@tiptap/pm/tables';
import { describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { schema } from '../schema/schema.ts';
import { contentRoots } from './format.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { countWords, Ledger } from './fuzz/ledger.ts';
import { connect, deliverAll, Replica } from './fuzz/replica.ts';
import { readContent, writeContent } from './ydoc.ts';

const { paragraph, codeBlock, hardBreak, footnote, doc, table, tableRow, tableCell } = schema.nodes;
const p = (...content: (string | Node)[]) =>
  paragraph!.create(
    null,
    content.map((part) => (typeof part === 'string' ? schema.text(part) : part)),
  );

/** Replicas of one plan; `prepare` changes the Y.Doc before they open it. */
function open(people: number, content: Node[], prepare: (ydoc: Y.Doc) => void = () => {}): Replica[] {
  const start = new Y.Doc();
  start.clientID = 1;
  writeContent(start, doc!.create(null, content));
  prepare(start);
  const update = Y.encodeStateAsUpdate(start);
  const replicas = Array.from({ length: people }, (_, i) => new Replica('abc'[i]!, 10 * (i + 1), schema, update));
  connect(replicas);
  return replicas;
}

function agreed(replicas: readonly Replica[]): string {
  deliverAll(replicas);
  const [first, ...others] = replicas.map(({ ydoc }) => readContent(ydoc).toString());
  for (const other of others) expect(other).toBe(first);
  for (const replica of replicas) expect(replica.binding.check()).toBe(true);
  return first!;
}

const remove = (replica: Replica, from: number, to: number) => replica.dispatch(replica.state.tr.delete(from, to));
const makeCode = (replica: Replica) => {
  replica.dispatch(replica.state.tr.setSelection(TextSelection.create(replica.state.doc, 2)));
  setBlockType(codeBlock!)(replica.state, replica.dispatch);
};

describe('two people at the same moment', () => {
  test('make code of a paragraph with a break in it: each word once', () => {
    const replicas = open(2, [p('one two ', hardBreak!.create(), 'three')]);
    for (const replica of replicas) makeCode(replica);
    const shown = agreed(replicas);
    for (const word of ['one', 'two', 'three']) expect(shown.split(word), word).toHaveLength(2);
  });

  test('edit text that stands before the first marker: each word once', () => {
    const withoutMarker = (ydoc: Y.Doc) => contentRoots(ydoc).ytext.delete(0, 1);
    const replicas = open(2, [p('one two '), p('three')], withoutMarker);
    remove(replicas[0]!, 8, 9);
    remove(replicas[1]!, 4, 5);
    expect(agreed(replicas)).toBe('doc(paragraph("onetwo"), paragraph("three"))');
  });

  test('make code of text with a footnote, and write behind the word before it: the word stays whole', () => {
    const replicas = open(2, [p('see b9. ', footnote!.create(null, schema.text('c2. ')), ' on')]);
    makeCode(replicas[0]!);
    replicas[1]!.dispatch(replicas[1]!.state.tr.insertText('new ', 9));
    expect(agreed(replicas)).toContain('see b9. ');
  });

  test('drag a short block past a long one, and write in the long one: the writing is where it was written', () => {
    const replicas = open(2, [p('x'), p('a long paragraph')]);
    const [a, b] = replicas as [Replica, Replica];
    const tr = a.state.tr.delete(0, 3);
    a.dispatch(tr.insert(tr.doc.content.size, p('x')));
    b.dispatch(b.state.tr.insertText('very ', 6));
    expect(agreed(replicas)).toBe('doc(paragraph("a very long paragraph"), paragraph("x"))');
  });
});

describe('a word deleted by one person and brought back by their undo', () => {
  const undo = (replica: Replica) => replica.act(() => void replica.undo.undo());

  test('is there exactly once, whatever others write around it meanwhile', () => {
    const replicas = open(3, [p('one two three')]);
    const [a, b, c] = replicas as [Replica, Replica, Replica];
    remove(a, 5, 9);
    b.dispatch(b.state.tr.insertText('B', 5));
    c.dispatch(c.state.tr.split(9));
    undo(a);
    const shown = agreed(replicas);
    for (const word of ['one', 'two', 'three']) expect(shown.split(word), word).toHaveLength(2);
  });

  test('is missed by the ledger when it is gone, and when it is there twice', () => {
    const ledger = new Ledger();
    const words = (...list: string[]) => countWords(doc!.create(null, [p(list.map((word) => `⟨${word}⟩`).join(' '))]));
    ledger.note('a', words('a0'), words('a0', 'a1'), 'edit');
    ledger.note('b', words('a0', 'a1'), words('a0'), 'edit');
    expect(ledger.judge(words('a0')).lost).toEqual([]);
    ledger.note('b', words('a0'), words('a0', 'a1'), 'undo');
    expect(ledger.judge(words('a0')).lost).toEqual(['⟨a1⟩']);
    expect(ledger.judge(words('a0', 'a1'))).toEqual({ lost: [], doubled: [] });
    expect(ledger.judge(words('a0', 'a1', 'a1')).doubled).toEqual(['⟨a1⟩']);
  });
});

/** The first one's client id is the lower one: of what both insert at one place, the first one's stands first. */
describe('two people at one table', () => {
  const cell = (text: string) => tableCell!.create(null, p(...(text ? [text] : [])));
  const grid = (...rows: string[][]) =>
    table!.create(
      null,
      rows.map((row) => tableRow!.create(null, row.map(cell))),
    );
  const four = () => grid(['a', 'b'], ['c', 'd']);
  const openTwo = (...content: Node[]) => open(2, content) as [Replica, Replica];
  const run = (replica: Replica, text: string, command: Command) => {
    let place = -1;
    replica.state.doc.descendants((node, pos) => {
      if (node.text === text) place = pos;
    });
    expect(place, text).toBeGreaterThan(0);
    replica.dispatch(replica.state.tr.setSelection(TextSelection.create(replica.state.doc, place)));
    expect(command(replica.state, replica.dispatch)).toBe(true);
  };
  /** Positions of the empty textblocks. */
  const gaps = ({ state }: Replica) => {
    const found: number[] = [];
    state.doc.descendants((node, pos) => {
      if (node.isTextblock && node.content.size === 0) found.push(pos + 1);
    });
    return found;
  };
  const merge = (replica: Replica, from: number, to: number) => {
    const start = replica.state.doc.content.size - replica.state.doc.lastChild!.nodeSize + 1;
    const { map } = tables.TableMap.get(replica.state.doc.lastChild!);
    const selection = tables.CellSelection.create(replica.state.doc, start + map[from]!, start + map[to]!);
    replica.dispatch(replica.state.tr.setSelection(selection));
    expect(tables.mergeCells(replica.state, replica.dispatch)).toBe(true);
  };
  const rows = (shown: string) => shown.match(/tableRow/g)?.length;
  const blocks = ({ binding }: Replica) => binding.view.blocks.length;

  test('Enter beside a table that is padded writes one paragraph, and none of the padding', () => {
    const replicas = openTwo(p('x'), four());
    const [a, b] = replicas;
    run(a, 'a', tables.addColumnAfter);
    run(b, 'c', tables.addRowBefore);
    agreed(replicas);
    const before = blocks(a);
    run(a, 'x', splitBlock);
    run(b, 'x', splitBlock);
    agreed(replicas);
    expect(blocks(a)).toBe(before + 2);
  });

  test('rows, columns and Enter again and again: as many rows and columns as they made', () => {
    for (const [first, second] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const replicas = openTwo(p('x'), four());
      for (let round = 1; round <= 5; round++) {
        run(replicas[first], 'a', tables.addColumnAfter);
        run(replicas[second], 'd', tables.addRowBefore);
        for (const replica of replicas) run(replica, 'x', splitBlock);
        agreed(replicas);
        const { width, height } = tables.TableMap.get(replicas[0].state.doc.lastChild!);
        expect({ width, height }).toEqual({ width: 2 + round, height: 2 + round });
      }
    }
  });

  test('merge cells so that no cell starts in a column any more: no new rows, and each keeps the rest', () => {
    for (const [first, second] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const replicas = openTwo(four());
      merge(replicas[first], 0, 3);
      merge(replicas[second], 0, 1);
      const shown = agreed(replicas);
      expect(rows(shown)).toBe(2);
      expect(shown.match(/"\w"/g)?.join('')).toBe('"a""b""c""d"');
    }
  });

  test('merge the cells of a column, and add a column before it: no new rows', () => {
    for (const [first, second] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const replicas = openTwo(grid(['a'], ['b'], ['c']));
      merge(replicas[first], 0, 2);
      run(replicas[second], 'a', tables.addColumnBefore);
      const shown = agreed(replicas);
      expect(shown).toContain('paragraph("a"), paragraph("b"), paragraph("c")');
      expect(tables.TableMap.get(replicas[0].state.doc.child(0))).toMatchObject({ width: 2, height: 3 });
    }
  });

  test('a column behind the last cell and a row behind that: one column, one row', () => {
    for (const [first, second] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const replicas = openTwo(four());
      run(replicas[first], 'd', tables.addColumnAfter);
      run(replicas[second], 'd', tables.addRowAfter);
      expect(agreed(replicas)).toBe(doc!.create(null, grid(['a', 'b', ''], ['c', 'd', ''], ['', '', ''])).toString());
    }
  });

  test('write in the same two places of the padding: all of it in those two columns', () => {
    const replicas = openTwo(four());
    const [a, b] = replicas;
    run(a, 'b', tables.addColumnAfter);
    run(a, 'b', tables.addColumnAfter);
    run(b, 'c', tables.addRowBefore);
    agreed(replicas);
    for (const replica of replicas) {
      const places = gaps(replica).filter((pos) => replica.state.doc.resolve(pos).index(1) === 1);
      expect(places).toHaveLength(4);
      for (const [pos, text] of [
        [places[3]!, '4'],
        [places[2]!, '3'],
      ] as const) {
        replica.dispatch(replica.state.tr.insertText(replica.name + text, pos));
      }
    }
    const shown = agreed(replicas);
    for (const text of ['a3', 'a4', 'b3', 'b4']) expect(shown.split(text), text).toHaveLength(2);
    expect(tables.TableMap.get(a.state.doc.child(0))).toMatchObject({ width: 4, height: 3 });
  });

  test('a cell that came to lie behind the next row is not shown, stays, and takes in nothing', () => {
    const replicas = openTwo(four(), p('end'));
    const [a, b] = replicas;
    run(b, 'd', tables.addColumnAfter);
    run(a, 'd', tables.addRowAfter);
    agreed(replicas);
    const before = blocks(a);
    run(a, 'a', splitBlock);
    agreed(replicas);
    expect(blocks(a)).toBe(before + 1);
    // From the table's last cell up to the text behind it.
    const end = a.state.doc.content.size - a.state.doc.lastChild!.nodeSize;
    remove(a, end - 4, end + 1);
    const shown = agreed(replicas);
    expect(rows(shown)).toBe(3);
    expect(shown).toContain('tableCell(paragraph("end"))');
  });

  test('write in a cell that came to lie behind the next row: the text is there, in a row of its own', () => {
    const replicas = openTwo(four());
    const [a, b] = replicas;
    run(b, 'd', tables.addColumnAfter);
    b.dispatch(b.state.tr.insertText('new', gaps(b)[1]!));
    run(a, 'd', tables.addRowAfter);
    const shown = agreed(replicas);
    expect(shown.split('new')).toHaveLength(2);
    expect(rows(shown)).toBe(4);
  });
});

describe('a large table', () => {
  const cellsOf = (rows: number, columns: number) =>
    table!.create(
      null,
      Array.from({ length: rows }, (_, y) =>
        tableRow!.create(
          null,
          Array.from({ length: columns }, (_, x) => tableCell!.create(null, p(`⟨${y}.${x}⟩`))),
        ),
      ),
    );
  const mapOf = ({ state }: Replica) => tables.TableMap.get(state.doc.child(0));
  const mergeFirst = (replica: Replica, last: number) => {
    const { map } = mapOf(replica);
    const selection = tables.CellSelection.create(replica.state.doc, 1 + map[0]!, 1 + map[last]!);
    replica.dispatch(replica.state.tr.setSelection(selection));
    expect(tables.mergeCells(replica.state, replica.dispatch)).toBe(true);
  };

  test('a column of 150 rows can be merged, given a row more, and split again', () => {
    const [a] = open(1, [cellsOf(150, 2)]) as [Replica];
    const { textContent } = a.state.doc;
    mergeFirst(a, 149 * 2);
    expect(a.state.doc.nodeAt(2)!.attrs.rowspan).toBe(150);
    expect([...a.state.doc.textContent].sort()).toEqual([...textContent].sort());
    a.dispatch(a.state.tr.setSelection(TextSelection.create(a.state.doc, a.state.doc.content.size - 5)));
    expect(tables.addRowBefore(a.state, a.dispatch)).toBe(true);
    expect(a.state.doc.nodeAt(2)!.attrs.rowspan).toBe(151);
    a.dispatch(a.state.tr.setSelection(TextSelection.create(a.state.doc, 4)));
    expect(tables.splitCell(a.state, a.dispatch)).toBe(true);
    expect(mapOf(a)).toMatchObject({ width: 2, height: 151, problems: null });
    agreed([a]);
  });

  test('of more than 99 columns shows 99 with all the text; they can be merged, and given a column more', () => {
    const [a] = open(1, [cellsOf(2, 150)]) as [Replica];
    const { textContent } = a.state.doc;
    expect(mapOf(a)).toMatchObject({ width: 99, problems: null });
    mergeFirst(a, 98);
    expect(a.state.doc.nodeAt(2)!.attrs.colspan).toBe(99);
    a.dispatch(a.state.tr.setSelection(TextSelection.create(a.state.doc, a.state.doc.content.size - 5)));
    expect(tables.addColumnBefore(a.state, a.dispatch)).toBe(true);
    expect(mapOf(a)).toMatchObject({ width: 99, height: 2, problems: null });
    expect(a.state.doc.textContent).toBe(textContent);
    agreed([a]);
  });
});

test('an update of the view that fails is made good, and the next check tells', () => {
  const replicas = open(2, [p('one')]);
  const [a, b] = replicas as [Replica, Replica];
  a.dispatch(a.state.tr.insertText('two ', 1));
  vi.spyOn(b.binding.view, 'update').mockImplementationOnce(() => {
    throw new RangeError('broken');
  });
  deliverAll(replicas);
  expect(b.state.doc.textContent).toBe('two one');
  expect(b.binding.check()).toBe(false);
  expect(b.binding.check()).toBe(true);
});

test.each([
  [100062, 3, 'a break made a line end'],
  [100075, 3, 'two blocks joined, a line end made a break'],
  [100766, 3, 'text without a marker'],
  [100770, 3, 'moved by one, deleted by another, and undone'],
  [5003, 3, 'cells merged over two rows, and a block moved'],
  [1000180, 3, 'a footnote dropped whose end repeats the word before it'],
  [1000217, 3, 'a deletion whose place is not known'],
  [3000728, 2, 'padding of a table written by both'],
  [4000109, 5, 'padding of a table written by all'],
])('seed %i, %i people: %s', { timeout: 60_000 }, (seed, replicas) => {
  const clean = { lost: [], doubled: [], problems: [] };
  expect(fuzz({ seed, replicas, edits: 60, oracle: true })).toMatchObject(clean);
});
