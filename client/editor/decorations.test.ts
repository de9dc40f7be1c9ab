/** Tests that what is drawn over the text (carets, marks of a search) survives what others write. */
import { EditorState, Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { FlowBinding } from '../../shared/document/binding.ts';
import { writeContent } from '../../shared/document/ydoc.ts';
import { schema } from '../../shared/schema/schema.ts';

const key = new PluginKey<DecorationSet>('marked');
const paragraphs = (texts: readonly string[]) =>
  schema.nodeFromJSON({
    type: 'doc',
    content: texts.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] })),
  });

it('decorations on blocks that others did not touch stay, on their words', () => {
  const texts = Array.from({ length: 100 }, (_, i) => `Paragraph ${i} with a word.`);
  const ydoc = new Y.Doc();
  writeContent(ydoc, paragraphs(texts));
  let state: EditorState;
  const binding: FlowBinding = new FlowBinding(ydoc, schema, (steps) => {
    const transaction = state.tr;
    for (const step of steps) transaction.step(step);
    state = state.apply(transaction);
    return state.doc;
  });
  const marked = new Plugin({
    key,
    state: {
      init: (_config, { doc }) => {
        const found: Decoration[] = [];
        doc.forEach((node, pos) => {
          found.push(Decoration.inline(pos + 1, pos + node.nodeSize - 7, { class: 'found' }));
        });
        return DecorationSet.create(doc, found);
      },
      apply: (transaction, set) => set.map(transaction.mapping, transaction.doc),
    },
  });
  state = EditorState.create({ doc: binding.doc, plugins: [marked] });
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(ydoc));
  const theirs: FlowBinding = new FlowBinding(other, schema, () => theirs.doc);
  const heading = schema.nodes.heading!.create({ level: 2 }, schema.text('A heading that is new.'));
  const nodes = theirs.doc.children.flatMap((node, i) => {
    if (i === 10) return [heading, node];
    return i === 20 ? paragraphs(['Paragraph 20 has other words.']).children : [node];
  });
  theirs.edit(schema.nodes.doc!.create(null, nodes));
  Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(other));
  expect(state.doc.childCount).toBe(101);
  const left = key.getState(state)?.find() ?? [];
  expect(left.length).toBeGreaterThanOrEqual(99);
  const words = new Set(left.map(({ from, to }) => state.doc.textBetween(from, to)));
  for (const i of [0, 9, 10, 11, 19, 21, 99]) expect(words).toContain(`Paragraph ${i} with a`);
});
