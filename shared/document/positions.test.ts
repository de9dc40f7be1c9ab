/** Tests of anchors: every place comes back, and stays with its surroundings whatever others do. */
import type { Node } from '@tiptap/pm/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { schema } from '../schema/schema.ts';
import { FlowBinding } from './binding.ts';
import { FlowView } from './flow-view.ts';
import { contentRoots } from './format.ts';
import { Random, RandomContent } from './fuzz/random.ts';
import { isLeafBlock } from './leaf.ts';
import { type Anchor, fromAnchor, toAnchor } from './positions.ts';
import { writeContent } from './ydoc.ts';

const paragraph = (text: string) => ({ type: 'paragraph', content: text ? [{ type: 'text', text }] : [] });
const content = (...nodes: object[]) => schema.nodeFromJSON({ type: 'doc', content: nodes });

function open(doc: Node): { ydoc: Y.Doc; binding: FlowBinding } {
  const ydoc = new Y.Doc();
  writeContent(ydoc, doc);
  const binding: FlowBinding = new FlowBinding(ydoc, schema, () => binding.view.doc);
  return { ydoc, binding };
}

/** The first position of these words in the text. */
function find(doc: Node, words: string): number {
  let found = -1;
  doc.descendants((node, pos) => {
    const at = node.isText ? (node.text ?? '').indexOf(words) : -1;
    if (found < 0 && at >= 0) found = pos + at;
  });
  if (found < 0) throw new Error(`Expected the text to hold ${words}`);
  return found;
}

describe('anchors', () => {
  it('give back every position of every document, through JSON', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 6 }), (seed, blocks) => {
        let words = 0;
        const random = new Random(seed);
        const doc = new RandomContent(schema, random, () => `w${++words}`).document(blocks);
        const { ydoc, binding } = open(doc);
        for (let pos = 0; pos <= doc.content.size; pos++) {
          const anchor = JSON.parse(JSON.stringify(toAnchor(ydoc, binding.view, pos))) as Anchor;
          const $pos = binding.doc.resolve(pos);
          // No leaf says where an empty row is.
          if (!$pos.parent.inlineContent && !hasLeaf($pos.nodeAfter) && !hasLeaf($pos.nodeBefore)) continue;
          expect(fromAnchor(ydoc, binding.view, anchor), `position ${pos} of ${doc}`).toBe(pos);
        }
      }),
      { numRuns: 300 },
    );
  });

  const hasLeaf = (node: Node | null): boolean => {
    if (!node) return false;
    if (isLeafBlock(node.type)) return true;
    const edges = [node.firstChild, node.lastChild];
    return edges.every(hasLeaf);
  };

  it('come from others: whatever is none has no place, and nothing throws', () => {
    const { ydoc, binding } = open(content(paragraph('one'), { type: 'horizontalRule' }));
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        const pos = fromAnchor(ydoc, binding.view, anything);
        if (pos !== null) binding.doc.resolve(pos);
      }),
      { examples: [[{ item: { client: 1, clock: 99_999 } }], [{ tname: 'attrs' }], [{ tname: 'content' }]] },
    );
    const broken = ['tname', 'item', 'type', 'assoc', 'before', 'after', 'outside'];
    const value = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.constantFrom('content', 'attrs', null, true),
      fc.record({ client: fc.constantFrom(ydoc.clientID, 1), clock: fc.integer() }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...broken), value), (anchor) => {
        const pos = fromAnchor(ydoc, binding.view, anchor);
        if (pos !== null) binding.doc.resolve(pos);
      }),
      { numRuns: 1000 },
    );
  });

  it('stand at the start of a plan in which nothing is written yet', () => {
    const ydoc = new Y.Doc();
    const view = new FlowView(ydoc, schema);
    expect(fromAnchor(ydoc, view, toAnchor(ydoc, view, 1))).toBe(1);
  });

  const start = content(paragraph('Zero.'), paragraph('First words of Ana.'), paragraph('Second words.'));
  const item = (...nodes: object[]) => ({ type: 'listItem', content: nodes });
  const cases: readonly [string, object[]][] = [
    ['a split before it', [paragraph('Zero.'), paragraph('First'), paragraph(' words of Ana.'), paragraph('Second.')]],
    [
      'the block becoming a heading',
      [
        paragraph('Zero.'),
        { type: 'heading', attrs: { level: 2 }, content: paragraph('First words of Ana.').content },
        paragraph('Second words.'),
      ],
    ],
    [
      'wrapping it in a list',
      [paragraph('Zero.'), { type: 'bulletList', content: [item(paragraph('First words of Ana.'))] }, paragraph('S')],
    ],
    [
      'wrapping and indenting it',
      [
        {
          type: 'bulletList',
          content: [
            item(paragraph('Zero.'), { type: 'bulletList', content: [item(paragraph('First words of Ana.'))] }),
          ],
        },
        paragraph('Second words.'),
      ],
    ],
    ['joining it with the block before', [paragraph('Zero.First words of Ana.'), paragraph('Second words.')]],
    ['text written before it', [paragraph('Zero.'), paragraph('The very First words of Ana.'), paragraph('Second')]],
  ];
  for (const [name, nodes] of cases) {
    it(`stay on their words after ${name} by somebody else`, () => {
      const { ydoc, binding } = open(start);
      const anchor = toAnchor(ydoc, binding.view, find(binding.doc, 'words of Ana') + 5);
      const other = new Y.Doc();
      Y.applyUpdate(other, Y.encodeStateAsUpdate(ydoc));
      const theirs: FlowBinding = new FlowBinding(other, schema, () => theirs.view.doc);
      theirs.edit(content(...nodes));
      Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(other));
      expect(fromAnchor(ydoc, binding.view, anchor)).toBe(find(binding.doc, 'words of Ana') + 5);
    });
  }

  it('keep one’s own letters together: what others write at the place comes behind it', () => {
    const { ydoc, binding } = open(content(paragraph('one')));
    const anchor = toAnchor(ydoc, binding.view, 4);
    contentRoots(ydoc).ytext.insert(4, ' two');
    expect(binding.doc.textContent).toBe('one two');
    expect(fromAnchor(ydoc, binding.view, anchor)).toBe(4);
  });

  it('follow text that was deleted and brought back by undo', () => {
    const { ydoc, binding } = open(content(paragraph('one two')));
    const { ytext, yattrs } = contentRoots(ydoc);
    const undo = new Y.UndoManager([ytext, yattrs]);
    const anchor = toAnchor(ydoc, binding.view, 6);
    ytext.delete(3, 5);
    expect(fromAnchor(ydoc, binding.view, anchor)).toBe(3);
    undo.undo();
    expect(binding.doc.textContent).toBe('one two');
    expect(fromAnchor(ydoc, binding.view, anchor)).toBe(6);
  });
});
