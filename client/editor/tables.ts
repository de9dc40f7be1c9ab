/** Wide tables scroll in a box of their own: this makes that box reachable for the keyboard. */
import type { Node } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { perBlock } from './block-memo.ts';

const tablesIn = perBlock((block): readonly { offset: number; size: number }[] => {
  const tables = block.type.name === 'table' ? [{ offset: 0, size: block.nodeSize }] : [];
  block.descendants((node, pos) => {
    if (node.type.name === 'table') tables.push({ offset: pos + 1, size: node.nodeSize });
  });
  return tables;
});

/**
 * Where the text can be written in, the caret scrolls the table, and a stop of its own would take the focus from the text: the box only
 * says that it is part of what is edited. Where the text can only be read, the box is a stop of the Tab key.
 */
export function tableScrollPlugin(isEditable: () => boolean): Plugin {
  let drawn: { doc: Node; editable: boolean; decorations: DecorationSet } | null = null;
  return new Plugin({
    props: {
      decorations({ doc }) {
        const editable = isEditable();
        if (drawn?.doc !== doc || drawn.editable !== editable) {
          const attributes: Record<string, string> = editable ? { contenteditable: 'true' } : { tabindex: '0' };
          const decorations: Decoration[] = [];
          doc.forEach((block, pos) => {
            for (const { offset, size } of tablesIn(block))
              decorations.push(Decoration.node(pos + offset, pos + offset + size, attributes));
          });
          drawn = { doc, editable, decorations: DecorationSet.create(doc, decorations) };
        }
        return drawn.decorations;
      },
    },
  });
}
