/** Restoring as an edit: it brings back what the snapshot had, touches nothing else, and can be taken back. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { compare } from '../../shared/compare/compare.ts';
import { readContent, rewriteContent, writeContent } from '../../shared/document/ydoc.ts';
import { type FrontMatter, frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { readFrontMatter, writeFrontMatter } from '../../shared/schema/front-matter-map.ts';
import { randomDocument } from '../../shared/schema/random-document.ts';
import { rewriteFrontMatter } from '../../shared/schema/rewrite-front-matter.ts';
import type { PlanContent } from './jobs.ts';
import { restoreEdits } from './restore-job.ts';

const text = (...words: string[]): JSONContent[] => words.map((word) => ({ type: 'text', text: word }));
const p = (words: string): JSONContent => ({ type: 'paragraph', content: text(words) });
const heading = (words: string, level = 2): JSONContent => ({
  type: 'heading',
  attrs: { level },
  content: text(words),
});
const doc = (...content: JSONContent[]): JSONContent => ({ type: 'doc', content });
const NO_FIELDS = frontMatterSchema.parse({ title: 'A plan' });

function planOf(content: JSONContent, frontMatter: FrontMatter = NO_FIELDS): Y.Doc {
  const ydoc = new Y.Doc();
  writeFrontMatter(ydoc, frontMatter);
  writeContent(ydoc, content);
  return ydoc;
}

const read = (ydoc: Y.Doc): PlanContent => ({
  content: readContent(ydoc).toJSON(),
  frontMatter: readFrontMatter(ydoc),
});

/** Another replica, as whoever has the plan open has it. */
function replica(ydoc: Y.Doc): Y.Doc {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(ydoc));
  return other;
}

/** Types words behind others, as an editor does: nothing else is touched. */
function type(ydoc: Y.Doc, behind: string, words: string): void {
  const ytext = ydoc.getText('content');
  const flow = ytext
    .toDelta()
    .map(({ insert }: { insert: unknown }) => (typeof insert === 'string' ? insert : '\uFFFC'))
    .join('');
  ytext.insert(flow.indexOf(behind) + behind.length, words);
}

/** Position of a block in a document of paragraphs and headings. */
function placeOf(content: JSONContent, index: number, count = 1): { from: number; to: number } {
  const size = (node: JSONContent): number =>
    node.type === 'text' ? node.text!.length : 2 + (node.content ?? []).reduce((sum, child) => sum + size(child), 0);
  const from = content.content!.slice(0, index).reduce((sum, node) => sum + size(node), 0);
  return { from, to: from + content.content!.slice(index, index + count).reduce((sum, node) => sum + size(node), 0) };
}

const frontMatters = fc
  .record({
    title: fc.string({ maxLength: 30 }),
    subtitle: fc.constantFrom('', 'A plan for Ghent', 'A plan for the city of Ghent'),
    summary: fc
      .array(fc.constantFrom('water ', 'for ', 'all ', 'in\n', 'the ', 'city '), { maxLength: 12 })
      .map((words) => words.join('')),
    authors: fc.array(fc.constantFrom('Ana', 'Bo', 'Cleo Díaz', 'Dan'), { maxLength: 4 }),
    keywords: fc.array(fc.constantFrom('commons', 'water', 'care'), { maxLength: 3 }),
    status: fc.constantFrom('draft', 'adopted'),
    stream: fc.constantFrom(null, 'open-coops'),
  })
  .map((fields) => frontMatterSchema.parse(fields));

/** Whether the schema can tell two documents apart. */
const same = (one: PlanContent, other: PlanContent): void => {
  expect(one.content).toEqual(other.content);
  expect(one.frontMatter).toEqual(other.frontMatter);
};

describe('the whole snapshot', () => {
  test('[R14] any document is brought back exactly, and undoing brings back exactly what was there', () => {
    fc.assert(
      fc.property(randomDocument, randomDocument, frontMatters, frontMatters, (first, second, fields, later) => {
        const ydoc = planOf(first, fields);
        const snapshot = read(ydoc);
        rewriteContent(ydoc, second);
        rewriteFrontMatter(ydoc, later);
        const [here, there] = [read(ydoc), replica(ydoc)];
        const edits = restoreEdits(ydoc, snapshot, null);
        if (!edits) return same(here, snapshot);
        Y.applyUpdate(there, edits.edit.update);
        same(read(there), snapshot);
        Y.applyUpdate(there, edits.undo.update);
        same(read(there), here);
      }),
    );
  });

  test('there is nothing to restore in a plan that is as it was', () => {
    fc.assert(
      fc.property(randomDocument, (content) => {
        const ydoc = planOf(content);
        expect(restoreEdits(ydoc, read(ydoc), null)).toBeNull();
      }),
    );
  });

  test('an edit names the client id and the clocks that it was written under, and no other', () => {
    const ydoc = planOf(doc(p('one'), p('two')));
    const snapshot = read(ydoc);
    rewriteContent(ydoc, doc(p('one'), p('three'), p('four')));
    const vector = Y.encodeStateVector(ydoc);
    const { edit, undo } = restoreEdits(ydoc, snapshot, null)!;
    for (const { update, clientId, clocks } of [edit, undo]) {
      const { structs } = Y.decodeUpdate(update);
      expect(new Set(structs.map(({ id }) => id.client))).toEqual(new Set([clientId]));
      expect(structs.reduce((sum, { length }) => sum + length, 0)).toBe(clocks);
    }
    expect(Y.decodeStateVector(vector).has(edit.clientId)).toBe(false);
    expect(undo.clientId).not.toBe(edit.clientId);
  });

  test('[R14] paragraphs that did not change keep their items, and the edit is no larger than the change', () => {
    const paragraphs = Array.from({ length: 300 }, (_, index) =>
      p(`Paragraph ${index} says what it has to say about water.`),
    );
    const ydoc = planOf(doc(...paragraphs));
    const snapshot = read(ydoc);
    const changed = paragraphs.map((each, index) =>
      index === 150 ? p('Paragraph 150 says nothing of use any more.') : each,
    );
    rewriteContent(ydoc, doc(...changed));
    const there = replica(ydoc);
    const ytext = there.getText('content');
    const anchors = [10, 5_000, 9_000, ytext.length - 5].map((at) => Y.createRelativePositionFromTypeIndex(ytext, at));
    const places = () => anchors.map((anchor) => Y.createAbsolutePositionFromRelativePosition(anchor, there)!.index);
    const before = places();
    const { edit } = restoreEdits(ydoc, snapshot, null)!;
    Y.applyUpdate(there, edit.update);
    const grown = 'says what it has to say about water'.length - 'says nothing of use any more'.length;
    expect(places()).toEqual([before[0], before[1], before[2]! + grown, before[3]! + grown]);
    expect(edit.clocks).toBeLessThan(60);
    expect(edit.update.length).toBeLessThan(400);
    expect(read(there).content).toEqual(snapshot.content);
  });

  test('[R14] what others write at the same time stays, in the text and in the front matter', () => {
    const ydoc = planOf(
      doc(p('The river is clean.'), p('The city drinks it.')),
      frontMatterSchema.parse({ title: 'River plan' }),
    );
    const snapshot = read(ydoc);
    rewriteContent(ydoc, doc(p('The river is dirty.'), p('Nobody drinks it.')));
    rewriteFrontMatter(ydoc, frontMatterSchema.parse({ title: 'River plan of today' }));
    const other = replica(ydoc);
    const { edit } = restoreEdits(ydoc, snapshot, null)!;
    type(other, 'dirty', ', alas');
    type(other, 'Nobody', ' ever');
    type(other, 'drinks it.', ' New.');
    rewriteFrontMatter(other, frontMatterSchema.parse({ title: 'Our river plan of today' }));
    Y.applyUpdate(other, edit.update);
    const words = readContent(other).textContent;
    for (const restored of ['The river is', 'clean', 'The city']) expect(words).toContain(restored);
    for (const gone of ['dirty', 'Nobody']) expect(words).not.toContain(gone);
    for (const theirs of [', alas', 'ever', 'New.']) expect(words).toContain(theirs);
    expect(readFrontMatter(other).title).toBe('Our river plan');
  });

  test('undoing leaves what others wrote since', () => {
    const ydoc = planOf(doc(p('one two three'), p('four')));
    const snapshot = read(ydoc);
    rewriteContent(ydoc, doc(p('one three'), p('five'), p('six')));
    const there = replica(ydoc);
    const { edit, undo } = restoreEdits(ydoc, snapshot, null)!;
    Y.applyUpdate(there, edit.update);
    type(there, 'three', ' and more');
    type(there, 'four', ' last words');
    Y.applyUpdate(there, undo.update);
    const words = readContent(there).textContent;
    for (const kept of ['and more', 'last words', 'five', 'six']) expect(words).toContain(kept);
    for (const gone of ['two', 'four']) expect(words).not.toContain(gone);
  });

  test('a snapshot in an older schema takes the defaults of what it does not say', () => {
    const ydoc = planOf(doc(p('now')));
    const old = { type: 'doc', content: [{ type: 'heading', content: text('Then') }, { type: 'paragraph' }] };
    Y.applyUpdate(ydoc, restoreEdits(replica(ydoc), { content: old, frontMatter: NO_FIELDS }, null)!.edit.update);
    expect(readContent(ydoc).child(0).attrs).toMatchObject({ level: 1, lang: null });
  });

  test('a snapshot that the schema cannot hold is refused in words, and nothing is written', () => {
    const ydoc = planOf(doc(p('now')));
    const state = Y.encodeStateAsUpdate(ydoc);
    for (const content of [
      { type: 'doc', content: [{ type: 'hologram' }] },
      { type: 'doc' },
      { type: 'doc', content: [{ type: 'heading', attrs: { level: 99 } }] },
    ]) {
      expect(() => restoreEdits(ydoc, { content, frontMatter: NO_FIELDS }, null)).toThrow(
        /cannot be brought into the plan/,
      );
    }
    expect(Y.encodeStateAsUpdate(ydoc)).toEqual(state);
  });
});

describe('a part of it', () => {
  const older = doc(
    heading('Water'),
    p('The river is clean.'),
    p('We drink it.'),
    heading('Land'),
    p('The land is common.'),
    p('We till it.'),
  );
  const newer = doc(
    p('A preface.'),
    heading('Water and air'),
    p('The river is dirty.'),
    p('We drink beer.'),
    p('Nobody swims.'),
    heading('Land'),
    p('The land is sold.'),
    p('We till it no more.'),
    p('The end.'),
  );

  function putBack(range: { from: number; to: number }): JSONContent[] {
    const ydoc = planOf(older);
    const snapshot = read(ydoc);
    rewriteContent(ydoc, newer);
    Y.applyUpdate(ydoc, restoreEdits(replica(ydoc), snapshot, range)!.edit.update);
    return (readContent(ydoc).toJSON() as JSONContent).content!.map((block) => plain(block));
  }
  const plain = ({ type, content }: JSONContent) => ({
    type: type!,
    text: (content ?? []).map((piece) => piece.text).join(''),
  });
  const expected = (content: JSONContent) => content.content!.map(plain);

  test('a paragraph: all else stays byte for byte, what was put beside it too', () => {
    const blocks = [...newer.content!];
    blocks[3] = p('We drink it.');
    expect(putBack(placeOf(older, 2))).toEqual(expected(doc(...blocks)));
  });

  test('a heading alone', () => {
    const blocks = [...newer.content!];
    blocks[1] = heading('Water');
    expect(putBack(placeOf(older, 0))).toEqual(expected(doc(...blocks)));
  });

  test('a section: with what was added at its end, without what stands before it and after it', () => {
    expect(putBack(placeOf(older, 0, 3))).toEqual(
      expected(doc(p('A preface.'), ...older.content!.slice(0, 3), ...newer.content!.slice(5))),
    );
    expect(putBack(placeOf(older, 3, 3))).toEqual(
      expected(doc(...newer.content!.slice(0, 5), ...older.content!.slice(3))),
    );
  });

  test('an empty range takes out what was put in at that place', () => {
    expect(putBack({ from: 0, to: 0 })).toEqual(expected(doc(...newer.content!.slice(1))));
  });

  test('everything, as a range, is the whole text', () => {
    const { to } = placeOf(older, 0, 6);
    const blocks = putBack({ from: 0, to });
    // What was put before the first block or behind the last is beside the range.
    expect(blocks).toEqual(expected(doc(p('A preface.'), ...older.content!)));
  });

  test('a word in a paragraph that moved: the word goes back, the paragraph does not', () => {
    const [moves, stays] = [
      'The river is clean and everybody drinks of it, as ever.',
      'The land is common to all of us, and we till it as well as we can, year by year.',
    ];
    const ydoc = planOf(doc(p(moves), p(stays), p('We till it.')));
    const snapshot = read(ydoc);
    rewriteContent(ydoc, doc(p(stays), p('We till it.'), p(moves.replace('clean', 'dirty'))));
    const { changes } = compare(snapshot.content as never, readContent(ydoc).toJSON());
    const word = changes.find(({ kind }) => kind === 'replaced')!;
    expect(changes).toHaveLength(2);
    Y.applyUpdate(ydoc, restoreEdits(replica(ydoc), snapshot, word.before)!.edit.update);
    expect(readContent(ydoc).children.map(({ textContent }) => textContent)).toEqual([stays, 'We till it.', moves]);
  });

  test('an item of a list that became another kind of list: the item goes back, the list does not', () => {
    const list = (type: string, ...items: string[]): JSONContent => ({
      type,
      content: items.map((item) => ({ type: 'listItem', content: [p(item)] })),
    });
    const ydoc = planOf(doc(list('bulletList', 'the river is clean', 'the land is ours')));
    const snapshot = read(ydoc);
    rewriteContent(ydoc, doc(list('orderedList', 'the river is dirty', 'the land is sold')));
    Y.applyUpdate(ydoc, restoreEdits(replica(ydoc), snapshot, { from: 1, to: 23 })!.edit.update);
    const after = readContent(ydoc).child(0);
    expect([after.type.name, after.child(0).textContent, after.child(1).textContent]).toEqual([
      'orderedList',
      'the river is clean',
      'the land is sold',
    ]);
  });

  test('a range outside of the snapshot is refused with what was expected', () => {
    const ydoc = planOf(older);
    for (const range of [
      { from: 0, to: 10_000 },
      { from: 9, to: 3 },
    ]) {
      expect(() => restoreEdits(ydoc, read(ydoc), range)).toThrow(/Expected positions 0 to \d+/);
    }
  });

  test('[R14] any single change of any two documents can be put back, and undoing brings all of it back', () => {
    fc.assert(
      fc.property(randomDocument, randomDocument, fc.nat(), (first, second, pick) => {
        const ydoc = planOf(first);
        const snapshot = read(ydoc);
        rewriteContent(ydoc, second);
        const here = read(ydoc);
        const { changes } = compare(snapshot.content as never, here.content as never);
        if (changes.length === 0) return;
        const { before } = changes[pick % changes.length]!;
        const there = replica(ydoc);
        const edits = restoreEdits(ydoc, snapshot, before);
        if (!edits) return;
        Y.applyUpdate(there, edits.edit.update);
        readContent(there).check();
        Y.applyUpdate(there, edits.undo.update);
        same(read(there), here);
      }),
    );
  });
});
