/** Undo and redo of one's own edits, in the portions people expect, with the caret back where it was. */
import { type EditorState, Selection, type Transaction } from '@tiptap/pm/state';
import { ReplaceStep } from '@tiptap/pm/transform';
import type { EditorView } from '@tiptap/pm/view';
import * as Y from 'yjs';
import type { FlowBinding } from '../../shared/document/binding.ts';
import { contentRoots } from '../../shared/document/format.ts';
import { markFromFlow } from './from-flow.ts';
import { type Bookmark, bookmark, restore } from './selection.ts';

/** After a pause this long (ms) in writing, what is written is a portion of its own. */
const PAUSE = 500;

interface StackItemEvent {
  stackItem: { meta: Map<unknown, unknown> };
  origin: unknown;
  type: 'undo' | 'redo';
}

export class UndoHistory {
  readonly #binding: FlowBinding;
  readonly #manager: Y.UndoManager;
  /** Where the selection was before the edit that is being written. */
  #before: Bookmark | null = null;
  /** What the last undo or redo left to put the selection back to. */
  #popped: { way: 'undo' | 'redo'; before: Bookmark | null } | null = null;
  #lastWasTyping = false;

  constructor(binding: FlowBinding) {
    this.#binding = binding;
    const { ytext, yattrs } = contentRoots(binding.ydoc);
    this.#manager = new Y.UndoManager([ytext, yattrs], {
      trackedOrigins: new Set([binding]),
      captureTimeout: PAUSE,
    });
    this.#manager.on('stack-item-added', ({ stackItem, origin }: StackItemEvent) => {
      if (origin === binding) stackItem.meta.set(UndoHistory, this.#before);
    });
    this.#manager.on('stack-item-popped', ({ stackItem, type }: StackItemEvent) => {
      const before = (stackItem.meta.get(UndoHistory) ?? null) as Bookmark | null;
      this.#popped = { way: type, before };
      // What was undone can be redone, and then undone again: the selection before it stays the same one.
      this.#stack(type === 'undo' ? 'redo' : 'undo')
        .at(-1)
        ?.meta.set(UndoHistory, before);
    });
  }

  destroy(): void {
    this.#manager.destroy();
  }

  can(way: 'undo' | 'redo'): boolean {
    return this.#stack(way).length > 0;
  }

  /** Call with each of one's own transactions before it is applied; `state` is what it is applied to. */
  expect(transaction: Transaction, state: EditorState): void {
    if (!transaction.docChanged) {
      // Going elsewhere ends a portion: undo takes back what was written in one place.
      if (transaction.selectionSet && !transaction.selection.eq(state.selection)) this.#manager.stopCapturing();
      return;
    }
    const typing = isTyping(transaction);
    if (!typing || !this.#lastWasTyping) this.#manager.stopCapturing();
    this.#lastWasTyping = typing;
    const { lastChange, undoStack } = this.#manager;
    const goesOn = undoStack.length > 0 && Date.now() - lastChange < PAUSE;
    if (!goesOn) this.#before = bookmark(this.#binding, state);
  }

  /** Takes back, or does again, and shows the place. False when there is nothing to. */
  run(way: 'undo' | 'redo', view: EditorView): boolean {
    if (!this.can(way)) return false;
    const old = view.state.doc;
    this.#popped = null;
    this.#manager[way]();
    this.#lastWasTyping = false;
    if (!this.#popped) return true;
    const { doc, tr } = view.state;
    if (doc !== this.#binding.doc) return true;
    const { before } = this.#popped as { before: Bookmark | null };
    const selection = (way === 'undo' && before && restore(this.#binding, before, doc)) || changeEnd(old, doc);
    if (selection) tr.setSelection(selection);
    view.dispatch(markFromFlow(tr).scrollIntoView());
    return true;
  }

  #stack(way: 'undo' | 'redo') {
    return way === 'undo' ? this.#manager.undoStack : this.#manager.redoStack;
  }
}

/** Letters added to or taken from one block, by keys: everything else is a portion of its own. */
function isTyping(transaction: Transaction): boolean {
  if (transaction.getMeta('paste') || transaction.getMeta('uiEvent')) return false;
  return transaction.steps.every((step, i) => {
    if (!(step instanceof ReplaceStep) || step.slice.openStart + step.slice.openEnd > 0) return false;
    const doc = transaction.docs[i]!;
    return (
      step.slice.content.content.every((node) => node.isText) && doc.resolve(step.from).sameParent(doc.resolve(step.to))
    );
  });
}

/** Behind what differs between two documents. */
function changeEnd(before: EditorState['doc'], after: EditorState['doc']): Selection | null {
  const start = before.content.findDiffStart(after.content);
  const end = before.content.findDiffEnd(after.content);
  if (start === null || !end) return null;
  return Selection.near(after.resolve(Math.max(start, end.b)), -1);
}
