/** The Tiptap extension that binds an editor to the content of a Y.Doc: sync both ways, undo of one's own edits, read-only guard. */
import { type Content, type Editor, Extension } from '@tiptap/core';
import { NodeSelection, Plugin, PluginKey, TextSelection, type Transaction } from '@tiptap/pm/state';
import type { Step } from '@tiptap/pm/transform';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { FlowBinding } from '../../shared/document/binding.ts';
import { contentRoots } from '../../shared/document/format.ts';
import { type Anchor, fromAnchor, toAnchor } from '../../shared/document/positions.ts';
import { changeStart } from '../../shared/document/steps.ts';
import { caretsPlugin, shareCaret } from './carets.ts';

export interface CollaborationOptions {
  /** Holds the whole content already: nothing is ever written on opening (R6, R13). */
  ydoc: Y.Doc;
  awareness: Awareness | null;
  user: { readonly name: string; readonly color: string } | null;
  /** A check found the editor to show something else than the plan holds; it has been put right already. */
  onDrift: (() => void) | null;
}

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    collaboration: {
      /** Takes back one's own last edit; never somebody else's. */
      undo: () => ReturnType;
      redo: () => ReturnType;
    };
  }
}

interface Storage {
  binding: FlowBinding | null;
  undoManager: Y.UndoManager | null;
  undoSelection: UndoSelection | null;
}

/** A full check renders the whole plan, so it happens seldom, and when nobody types. */
const CHECK_EVERY_MS = 60_000;

/** A selection that survives everybody's edits. */
interface Selected {
  readonly anchor: Anchor;
  readonly head: Anchor;
}

/** Set on transactions that bring the editor what the Y.Doc holds: they are not written back. */
const fromFlow = new PluginKey('collaboration');

export const Collaboration = Extension.create<CollaborationOptions, Storage>({
  name: 'collaboration',
  priority: 1000,

  addOptions() {
    return { ydoc: new Y.Doc(), awareness: null, user: null, onDrift: null };
  },

  addStorage() {
    return { binding: null, undoManager: null, undoSelection: null };
  },

  onBeforeCreate() {
    const { editor, options, storage } = this;
    const binding = new FlowBinding(options.ydoc, editor.schema, (steps) => applySteps(editor, steps));
    const { ytext, yattrs } = contentRoots(options.ydoc);
    storage.binding = binding;
    storage.undoManager = new Y.UndoManager([ytext, yattrs], { trackedOrigins: new Set([binding]) });
    const { awareness, user } = options;
    if (awareness && user && !awareness.getLocalState()?.user) awareness.setLocalStateField('user', user);
    storage.undoSelection = new UndoSelection(editor, binding, storage.undoManager);
    // Tiptap takes a node as it is; only its type does not say so.
    editor.options.content = binding.doc as unknown as Content;
  },

  onDestroy() {
    this.storage.undoManager?.destroy();
    this.storage.binding?.destroy();
  },

  dispatchTransaction({ transaction, next }) {
    next(transaction);
    const { binding } = this.storage;
    const { editor, options } = this;
    if (!binding) return;
    if (!transaction.getMeta(fromFlow)) binding.edit(editor.state.doc, changeStart(transaction));
    if (editor.state.doc !== binding.doc) return;
    this.storage.undoSelection?.note();
    if (options.awareness) shareCaret(editor.view, binding, options.awareness);
  },

  onFocus() {
    const { binding } = this.storage;
    if (binding && this.options.awareness) shareCaret(this.editor.view, binding, this.options.awareness);
  },

  onBlur() {
    const { binding } = this.storage;
    if (binding && this.options.awareness) shareCaret(this.editor.view, binding, this.options.awareness);
  },

  addCommands() {
    const run =
      (way: 'undo' | 'redo') =>
      () =>
      ({ tr, dispatch }: { tr: Transaction; dispatch: unknown }): boolean => {
        const { undoManager } = this.storage;
        tr.setMeta('preventDispatch', true);
        if (!undoManager || undoManager[way === 'undo' ? 'undoStack' : 'redoStack'].length === 0) return false;
        if (dispatch) undoManager[way]();
        return true;
      };
    return { undo: run('undo'), redo: run('redo') };
  },

  addKeyboardShortcuts() {
    const { editor } = this;
    return {
      'Mod-z': () => editor.commands.undo(),
      'Mod-y': () => editor.commands.redo(),
      'Shift-Mod-z': () => editor.commands.redo(),
    };
  },

  addProseMirrorPlugins() {
    const { editor, options, storage } = this;
    const { binding } = storage;
    return [
      ...(binding && options.awareness ? [caretsPlugin(binding, options.awareness)] : []),
      ...(binding ? [driftCheck(binding, options.onDrift)] : []),
      new Plugin({
        key: fromFlow,
        filterTransaction(transaction) {
          if (!transaction.docChanged || transaction.getMeta(fromFlow)) return true;
          // A plugin that mends the document after a remote change would write on receiving; and a reader never writes.
          const root = transaction.getMeta('appendedTransaction') as Transaction | undefined;
          return editor.isEditable && !root?.getMeta(fromFlow);
        },
      }),
    ];
  },
});

function applySteps(editor: Editor, steps: readonly Step[]) {
  const transaction = editor.state.tr;
  for (const step of steps) transaction.step(step);
  const { selection } = editor.state;
  if (selection instanceof TextSelection) {
    // What others write exactly at the caret goes behind it: otherwise it would come between the letters of one's own word.
    const place = (pos: number) => transaction.doc.resolve(transaction.mapping.map(pos, -1));
    transaction.setSelection(TextSelection.between(place(selection.anchor), place(selection.head)));
  }
  transaction.setMeta(fromFlow, true).setMeta('addToHistory', false).setMeta('preventAutolink', true);
  editor.view.dispatch(transaction);
  return editor.state.doc;
}

/** Keeps the selection with every undo step, as it was before the edit, and puts it back when the edit is taken back. */
class UndoSelection {
  readonly #editor: Editor;
  readonly #binding: FlowBinding;
  #last: Selected | null = null;

  constructor(editor: Editor, binding: FlowBinding, undoManager: Y.UndoManager) {
    this.#editor = editor;
    this.#binding = binding;
    undoManager.on('stack-item-added', ({ stackItem }) => {
      if (this.#last) stackItem.meta.set(UndoSelection, this.#last);
    });
    undoManager.on('stack-item-popped', ({ stackItem }) => {
      const selected = stackItem.meta.get(UndoSelection) as Selected | undefined;
      if (selected) this.#restore(selected);
    });
  }

  /** Call when the flow holds what the editor shows. */
  note(): void {
    const { ydoc, view } = this.#binding;
    const { anchor, head } = this.#editor.state.selection;
    this.#last = { anchor: toAnchor(ydoc, view, anchor), head: toAnchor(ydoc, view, head) };
  }

  #restore(selected: Selected): void {
    const { ydoc, view } = this.#binding;
    const { doc, tr } = this.#editor.state;
    const anchor = fromAnchor(ydoc, view, selected.anchor);
    const head = fromAnchor(ydoc, view, selected.head);
    if (doc !== this.#binding.doc || anchor === null || head === null) return;
    const node = doc.nodeAt(anchor);
    const selection =
      node?.isBlock && node.isAtom
        ? NodeSelection.create(doc, anchor)
        : TextSelection.between(doc.resolve(anchor), doc.resolve(head));
    this.#editor.view.dispatch(tr.setSelection(selection).scrollIntoView());
  }
}

/** Now and then compares what the editor shows with a full rendering of the plan. */
function driftCheck(binding: FlowBinding, onDrift: (() => void) | null): Plugin {
  return new Plugin({
    view(view) {
      const timer = setInterval(() => {
        if (view.composing || document.hidden) return;
        if (!binding.check()) onDrift?.();
      }, CHECK_EVERY_MS);
      return { destroy: () => clearInterval(timer) };
    },
  });
}
