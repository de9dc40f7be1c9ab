/** The Tiptap extension that binds an editor to the content of a Y.Doc: sync both ways, undo of one's own edits, carets, read-only guard. */
import { type Content, Extension } from '@tiptap/core';
import { Plugin, type Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { caretsPlugin } from './carets.ts';
import { driftCheck } from './drift-check.ts';
import { EditorSync } from './editor-sync.ts';
import { isFromFlow } from './from-flow.ts';
import { ownCaretPlugin } from './own-caret.ts';
import { UndoHistory } from './undo.ts';

export interface CollaborationOptions {
  /** Holds the whole content already: nothing is ever written on opening (R6, R13). */
  ydoc: Y.Doc;
  /** Null: nobody's carets, and nobody is told of one's own. */
  awareness: Awareness | null;
  user: { readonly name: string; readonly color: string } | null;
  /** A check found the editor to show something else than the plan holds; it has been put right already. */
  onDrift: () => void;
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
  sync: EditorSync | null;
  history: UndoHistory | null;
}

export const Collaboration = Extension.create<CollaborationOptions, Storage>({
  name: 'collaboration',
  priority: 1000,

  addOptions() {
    return {
      ydoc: new Y.Doc(),
      awareness: null,
      user: null,
      onDrift: () =>
        reportError(new Error('The editor showed something else than the plan holds; it has been put right.')),
    };
  },

  addStorage() {
    return { sync: null, history: null };
  },

  onBeforeCreate() {
    const { editor, options, storage } = this;
    const sync = new EditorSync(options.ydoc, editor.schema, () => editor.view);
    storage.sync = sync;
    storage.history = new UndoHistory(sync.binding);
    const { awareness, user } = options;
    if (awareness && user && !awareness.getLocalState()?.user) awareness.setLocalStateField('user', user);
    // Tiptap takes a node as it is; only its type does not say so.
    editor.options.content = sync.binding.doc as unknown as Content;
  },

  onDestroy() {
    this.storage.history?.destroy();
    this.storage.sync?.destroy();
  },

  dispatchTransaction({ transaction, next }) {
    const { sync, history } = this.storage;
    const before = this.editor.state;
    const own = !isFromFlow(transaction);
    if (own) history?.expect(transaction, before);
    next(transaction);
    if (own) sync?.edited(transaction, before);
  },

  addCommands() {
    const run =
      (way: 'undo' | 'redo') =>
      () =>
      ({ tr, dispatch, view }: { tr: Transaction; dispatch: unknown; view: EditorView }): boolean => {
        const { history } = this.storage;
        // What happens is told by the flow; this transaction would be of a document that is no more.
        tr.setMeta('preventDispatch', true);
        if (!history || !view.editable) return false;
        return dispatch ? history.run(way, view) : history.can(way);
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
    const { sync } = storage;
    if (!sync) return [];
    const { binding } = sync;
    const { awareness, onDrift } = options;
    return [
      ...(awareness ? [caretsPlugin(binding, awareness), ownCaretPlugin(binding, awareness)] : []),
      driftCheck(binding, onDrift),
      sync.compositionPlugin(),
      new Plugin({
        filterTransaction(transaction) {
          if (!transaction.docChanged || isFromFlow(transaction)) return true;
          // A plugin that mends the document after a remote change would write on receiving; and a reader never writes.
          const root = transaction.getMeta('appendedTransaction') as Transaction | undefined;
          return editor.isEditable && !(root && isFromFlow(root));
        },
      }),
    ];
  },
});
