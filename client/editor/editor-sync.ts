/** Between the binding and the editor's view: brings others' changes in without moving the selection or breaking a composition. */
import type { Node, Schema } from '@tiptap/pm/model';
import { type EditorState, Plugin, type Selection, TextSelection, type Transaction } from '@tiptap/pm/state';
import type { Step } from '@tiptap/pm/transform';
import type { EditorView } from '@tiptap/pm/view';
import type * as Y from 'yjs';
import { FlowBinding } from '../../shared/document/binding.ts';
import { changeStart, stepsBetween } from '../../shared/document/steps.ts';
import { rebase, touchesCaretBlock } from './composition.ts';
import { markFromFlow } from './from-flow.ts';
import { type Bookmark, bookmark, restore } from './selection.ts';

export class EditorSync {
  readonly binding: FlowBinding;
  readonly #view: () => EditorView;
  /**
   * While an input method composes, what others do to its block waits. The binding goes on as if the editor showed everything: this is
   * the document it believes the editor to show. Null: nothing waits.
   */
  #believed: Node | null = null;
  /** The selection in terms of the flow, for as long as it is that selection. */
  #kept: { selection: Selection; mark: Bookmark | null } | null = null;

  /** @param view the editor's view, which is made later than this */
  constructor(ydoc: Y.Doc, schema: Schema, view: () => EditorView) {
    this.#view = view;
    this.binding = new FlowBinding(ydoc, schema, (steps) => this.#receive(steps));
    ydoc.on('beforeTransaction', this.#beforeTransaction);
  }

  destroy(): void {
    this.binding.ydoc.off('beforeTransaction', this.#beforeTransaction);
    this.binding.destroy();
  }

  /** Call when one's own transaction was applied to `before`. */
  edited(transaction: Transaction, before: Node): void {
    const { doc } = this.#view().state;
    if (doc === before) return;
    if (!this.#believed) {
      this.binding.edit(doc, changeStart(transaction));
      return;
    }
    const steps = transaction.doc === doc ? transaction.steps : stepsBetween(before, doc).steps;
    const believed = rebase(before, steps, this.#believed);
    this.#believed = believed.doc;
    this.binding.edit(believed.doc, believed.hint);
  }

  /** Lets what waited in when the input method has done. */
  compositionPlugin(): Plugin {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const release = (view: EditorView): void => {
      if (!view.isDestroyed && !view.composing) this.#catchUp(view);
    };
    return new Plugin({
      props: {
        handleDOMEvents: {
          // The view reads what was composed right after this event, and tidies up 20 ms later.
          compositionend: (view) => {
            clearTimeout(timer);
            timer = setTimeout(() => release(view), 30);
          },
          // The next word on a phone's keyboard begins at once: in between is the time.
          compositionstart: (view) => release(view),
        },
      },
      view: () => ({ destroy: () => clearTimeout(timer) }),
    });
  }

  readonly #beforeTransaction = ({ origin }: Y.Transaction): void => {
    // The places of the selection have to be told while the flow is still as the editor shows it.
    if (origin !== this.binding) this.#keepSelection(this.#view().state);
  };

  #keepSelection(state: EditorState): void {
    if (this.#kept?.selection === state.selection) return;
    this.#kept = { selection: state.selection, mark: bookmark(this.binding, state) };
  }

  #receive(steps: readonly Step[]): Node {
    const view = this.#view();
    const { state } = view;
    if (this.#believed || (view.composing && touchesCaretBlock(state, steps))) {
      let believed = this.#believed ?? state.doc;
      for (const step of steps) believed = step.apply(believed).doc ?? believed;
      this.#believed = believed;
      return believed;
    }
    const transaction = markFromFlow(state.tr);
    for (const step of steps) transaction.step(step);
    const mark = this.#kept?.selection === state.selection ? this.#kept.mark : null;
    this.#show(view, transaction, mark);
    return view.state.doc;
  }

  /** Applies what others did, the selection staying with its words. */
  #show(view: EditorView, transaction: Transaction, mark: Bookmark | null): void {
    const { selection } = view.state;
    const restored = mark && restore(this.binding, mark, transaction.doc);
    if (restored) transaction.setSelection(restored);
    else if (selection instanceof TextSelection) {
      // What others write exactly at the caret goes behind it: otherwise it would come between the letters of one's own word.
      const place = (pos: number) => transaction.doc.resolve(transaction.mapping.map(pos, -1));
      transaction.setSelection(TextSelection.between(place(selection.anchor), place(selection.head)));
    }
    view.dispatch(transaction);
    if (restored) this.#kept = { selection: view.state.selection, mark };
  }

  #catchUp(view: EditorView): void {
    if (!this.#believed) return;
    const { steps } = stepsBetween(view.state.doc, this.#believed);
    this.#believed = null;
    const transaction = markFromFlow(view.state.tr);
    for (const step of steps) transaction.step(step);
    this.#show(view, transaction, null);
    this.binding.adopt(view.state.doc);
  }
}
