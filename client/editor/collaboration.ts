/** The Tiptap extension that binds an editor to the content of a Y.Doc: sync both ways, undo of one's own edits, read-only guard. */
import { type Content, type Editor, Extension } from '@tiptap/core';
import { Plugin, PluginKey, TextSelection, type Transaction } from '@tiptap/pm/state';
import type { Step } from '@tiptap/pm/transform';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { FlowBinding } from '../../shared/document/binding.ts';
import { contentRoots } from '../../shared/document/format.ts';
import { changeStart } from '../../shared/document/steps.ts';

export interface CollaborationOptions {
  /** Holds the whole content already: nothing is ever written on opening (R6, R13). */
  ydoc: Y.Doc;
  awareness: Awareness | null;
  user: { readonly name: string; readonly color: string } | null;
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
}

/** Set on transactions that bring the editor what the Y.Doc holds: they are not written back. */
const fromFlow = new PluginKey('collaboration');

export const Collaboration = Extension.create<CollaborationOptions, Storage>({
  name: 'collaboration',
  priority: 1000,

  addOptions() {
    return { ydoc: new Y.Doc(), awareness: null, user: null };
  },

  addStorage() {
    return { binding: null, undoManager: null };
  },

  onBeforeCreate() {
    const { editor, options, storage } = this;
    const binding = new FlowBinding(options.ydoc, editor.schema, (steps) => applySteps(editor, steps));
    const { ytext, yattrs } = contentRoots(options.ydoc);
    storage.binding = binding;
    storage.undoManager = new Y.UndoManager([ytext, yattrs], { trackedOrigins: new Set([binding]) });
    // Tiptap takes a node as it is; only its type does not say so.
    editor.options.content = binding.doc as unknown as Content;
  },

  onDestroy() {
    this.storage.undoManager?.destroy();
    this.storage.binding?.destroy();
  },

  dispatchTransaction({ transaction, next }) {
    next(transaction);
    if (!transaction.getMeta(fromFlow)) this.storage.binding?.edit(this.editor.state.doc, changeStart(transaction));
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
    const { editor } = this;
    return [
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
