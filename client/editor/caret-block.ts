/** Marks the block that one's own caret is in: the browser must not skip it as being out of sight. */
import type { Node } from '@tiptap/pm/model';
import { type EditorState, Plugin } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';

interface Marked {
  readonly doc: Node;
  readonly pos: number | null;
  readonly decorations: DecorationSet;
}

function mark({ doc, selection: { $head } }: EditorState, before?: Marked): Marked {
  const pos = $head.depth > 0 ? $head.before(1) : null;
  if (before?.doc === doc && before.pos === pos) return before;
  const block = pos === null ? [] : [Decoration.node(pos, $head.after(1), { class: 'holds-caret' })];
  return { doc, pos, decorations: DecorationSet.create(doc, block) };
}

/**
 * A block under `content-visibility: auto` counts as skipped until it has been drawn once. What is typed into a new one before that
 * (after a button, on a machine that draws late) is put into the text, but Chromium leaves the caret before it.
 */
export const caretBlockPlugin = new Plugin<Marked>({
  state: {
    init: (_config, state) => mark(state),
    apply: (_tr, before, _old, state) => mark(state, before),
  },
  props: {
    decorations(state) {
      return this.getState(state)?.decorations;
    },
  },
});
