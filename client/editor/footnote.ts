/** Footnotes in the editor: a number in the line, the note in a panel below it while the caret is inside. */
import type { Editor, NodeViewRenderer } from '@tiptap/core';
import { Fragment, type Node, type Slice } from '@tiptap/pm/model';
import { type EditorState, NodeSelection, Plugin, PluginKey, TextSelection } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { type Note, notes } from './outline.ts';

interface Shown {
  readonly doc: Node;
  readonly open: number | null;
  readonly decorations: DecorationSet;
}

const key = new PluginKey<Shown>('footnotes');

/** The footnote that holds the caret: its position and node. */
export function openFootnote(state: EditorState): { pos: number; node: Node } | null {
  const { $from, $to } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name === 'footnote' && $to.depth >= depth && $to.before(depth) === $from.before(depth))
      return { pos: $from.before(depth), node: $from.node(depth) };
  }
  return null;
}

/** Puts the caret at the end of the note at this position; opens its panel. */
export function enterFootnote(view: EditorView, pos: number): void {
  const node = view.state.doc.nodeAt(pos);
  if (node?.type.name !== 'footnote') return;
  const selection = TextSelection.create(view.state.doc, pos + node.nodeSize - 1);
  view.dispatch(view.state.tr.setSelection(selection).scrollIntoView());
  view.focus();
}

/** Puts the caret behind the note, back in the text. */
export function leaveFootnote(view: EditorView, side: 'before' | 'after' = 'after'): boolean {
  const open = openFootnote(view.state);
  if (!open) return false;
  const pos = side === 'before' ? open.pos : open.pos + open.node.nodeSize;
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, pos)));
  view.focus();
  return true;
}

/** Adds an empty footnote behind the selection, with the caret in it. False where none can stand (code, another note). */
export function insertFootnote(editor: Editor): boolean {
  const { state, view } = editor;
  const { $to } = state.selection;
  const type = state.schema.nodes.footnote;
  if (!type || openFootnote(state) || !$to.parent.inlineContent) return false;
  if (!$to.parent.canReplaceWith($to.index(), $to.index(), type)) return false;
  const tr = state.tr.insert($to.pos, type.create());
  view.dispatch(tr.setSelection(TextSelection.create(tr.doc, $to.pos + 1)).scrollIntoView());
  view.focus();
  return true;
}

/** What is pasted into a note becomes one run of text: a note cannot hold blocks. */
function asNoteText(slice: Slice, state: EditorState): Fragment {
  const nodes: Node[] = [];
  const lineBreak = state.schema.nodes.hardBreak;
  slice.content.descendants((node) => {
    if (node.isTextblock && nodes.length > 0 && lineBreak) nodes.push(lineBreak.create());
    if (node.isText || node.type === lineBreak) nodes.push(node);
    return true;
  });
  return Fragment.from(nodes);
}

function draw(doc: Node, open: number | null, all: Note[]): DecorationSet {
  const decorations = all.map(({ pos, number, node }) =>
    Decoration.node(pos, pos + node.nodeSize, pos === open ? { class: 'footnote-open' } : {}, { number }),
  );
  if (open !== null) {
    // The panel hangs out of its block, which must not clip it (content-visibility implies paint containment).
    const block = doc.resolve(open).before(1);
    decorations.push(
      Decoration.node(block, block + (doc.nodeAt(block)?.nodeSize ?? 0), { class: 'holds-open-footnote' }),
    );
  }
  return DecorationSet.create(doc, decorations);
}

function shownIn(state: EditorState, before?: Shown): Shown {
  const open = openFootnote(state)?.pos ?? null;
  if (before?.doc === state.doc && before.open === open) return before;
  const all = notes(state.doc);
  return { doc: state.doc, open, decorations: draw(state.doc, open, all) };
}

/** Numbers, the open panel, and pasting into a note. */
export const footnotePlugin = new Plugin<Shown>({
  key,
  state: {
    init: (_config, state) => shownIn(state),
    apply: (_tr, before, _old, state) => shownIn(state, before),
  },
  props: {
    decorations: (state) => key.getState(state)?.decorations,
    handlePaste(view, _event, slice) {
      if (!openFootnote(view.state)) return false;
      const { from, to } = view.state.selection;
      view.dispatch(view.state.tr.replaceWith(from, to, asNoteText(slice, view.state)).scrollIntoView());
      return true;
    },
  },
});

export const footnoteView: NodeViewRenderer = ({ node: first, getPos, view, decorations: drawn }) => {
  let node = first;
  const dom = document.createElement('span');
  dom.className = 'footnote';
  dom.dataset.footnote = '';
  const number = document.createElement('button');
  number.type = 'button';
  number.className = 'footnote-number';
  number.contentEditable = 'false';
  number.tabIndex = -1;
  const panel = document.createElement('span');
  panel.className = 'footnote-panel';
  const contentDOM = document.createElement('span');
  contentDOM.className = 'footnote-text';
  panel.append(contentDOM);
  dom.append(number, panel);

  const show = (decorations: readonly Decoration[]): void => {
    const shown = String(decorations.find(({ spec }) => spec.number)?.spec.number ?? '');
    if (number.textContent !== shown) {
      number.textContent = shown;
      number.setAttribute('aria-label', `Footnote ${shown}`);
      panel.dataset.number = shown;
    }
    panel.classList.toggle('empty', node.content.size === 0);
  };
  number.addEventListener('mousedown', (event) => event.preventDefault());
  number.addEventListener('click', () => {
    const pos = getPos();
    if (pos === undefined) return;
    if (openFootnote(view.state)?.pos === pos) leaveFootnote(view);
    else enterFootnote(view, pos);
  });
  show(drawn as readonly Decoration[]);
  return {
    dom,
    contentDOM,
    update(next, decorations) {
      if (next.type !== node.type) return false;
      node = next;
      show(decorations as readonly Decoration[]);
      return true;
    },
    stopEvent: (event) => number.contains(event.target as globalThis.Node),
    ignoreMutation: (mutation) => mutation.type !== 'selection' && !contentDOM.contains(mutation.target),
    selectNode: () => dom.classList.add('ProseMirror-selectednode'),
    deselectNode: () => dom.classList.remove('ProseMirror-selectednode'),
  };
};

/** A step of the caret over or out of a note: first the number is selected, the next step passes it. */
function step(editor: Editor, direction: 1 | -1): boolean {
  const { state, view } = editor;
  const { selection } = state;
  if (!selection.empty || !(selection instanceof TextSelection)) return false;
  const { $head } = selection;
  const beside = direction > 0 ? $head.nodeAfter : $head.nodeBefore;
  if (beside?.type.name === 'footnote') {
    const pos = direction > 0 ? $head.pos : $head.pos - beside.nodeSize;
    view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, pos)).scrollIntoView());
    return true;
  }
  const open = openFootnote(state);
  if (!open) return false;
  const edge = direction > 0 ? $head.parentOffset === $head.parent.content.size : $head.parentOffset === 0;
  return edge && leaveFootnote(view, direction > 0 ? 'after' : 'before');
}

/** +1 when the key goes with the direction of writing. */
function forward(editor: Editor, arrow: 'left' | 'right'): 1 | -1 {
  const { node } = editor.view.domAtPos(editor.state.selection.head);
  const element = node instanceof Element ? node : node.parentElement;
  const rightToLeft = element !== null && getComputedStyle(element).direction === 'rtl';
  return (arrow === 'right') === rightToLeft ? -1 : 1;
}

/** Backspace and Delete beside a note select it first: nobody loses a note by one key too many. */
function erase(editor: Editor, direction: 1 | -1): boolean {
  const { state, view } = editor;
  const open = openFootnote(state);
  if (!open || !state.selection.empty) return !open && step(editor, direction);
  if (open.node.content.size === 0) {
    view.dispatch(state.tr.delete(open.pos, open.pos + open.node.nodeSize));
    return true;
  }
  const { $head } = state.selection;
  return direction > 0 ? $head.parentOffset === $head.parent.content.size : $head.parentOffset === 0;
}

export const footnoteKeys: Record<string, (props: { editor: Editor }) => boolean> = {
  'Mod-Alt-f': ({ editor }) => insertFootnote(editor),
  Escape: ({ editor }) => leaveFootnote(editor.view),
  Enter: ({ editor }) => {
    const { selection } = editor.state;
    if (!(selection instanceof NodeSelection) || selection.node.type.name !== 'footnote')
      return leaveFootnote(editor.view);
    enterFootnote(editor.view, selection.from);
    return true;
  },
  ArrowRight: ({ editor }) => step(editor, forward(editor, 'right')),
  ArrowLeft: ({ editor }) => step(editor, forward(editor, 'left')),
  Backspace: ({ editor }) => erase(editor, -1),
  Delete: ({ editor }) => erase(editor, 1),
  'Mod-a': ({ editor }) => {
    const open = openFootnote(editor.state);
    if (!open) return false;
    return editor.commands.setTextSelection({ from: open.pos + 1, to: open.pos + open.node.nodeSize - 1 });
  },
};
