/** What the fuzz once found, each as the smallest script that shows it, and the seeds themselves. */
import { setBlockType } from '@tiptap/pm/commands';
import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { schema } from '../schema/schema.ts';
import { contentRoots } from './format.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { countWords, Ledger } from './fuzz/ledger.ts';
import { connect, deliverAll, Replica } from './fuzz/replica.ts';
import { readContent, writeContent } from './ydoc.ts';

const { paragraph, codeBlock, hardBreak, footnote, doc } = schema.nodes;
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

test.each([
  [100062, 'a break made a line end'],
  [100075, 'two blocks joined, a line end made a break'],
  [100766, 'text without a marker'],
  [100770, 'moved by one, deleted by another, and undone'],
  [5003, 'cells merged over two rows, and a block moved'],
  [1000180, 'a footnote dropped whose end repeats the word before it'],
  [1000217, 'a deletion whose place is not known'],
])('seed %i: %s', { timeout: 60_000 }, (seed) => {
  const clean = { lost: [], doubled: [], problems: [] };
  expect(fuzz({ seed, replicas: 3, edits: 60, oracle: true })).toMatchObject(clean);
});
