/** Between the binding and the editor's view: brings others' changes in without moving the selection or breaking a composition. */
import { Fragment, type Node, type Schema } from '@tiptap/pm/model';
import { type EditorState, Plugin, type Selection, TextSelection, type Transaction } from '@tiptap/pm/state';
import { Mapping, type Step } from '@tiptap/pm/transform';
import type { EditorView } from '@tiptap/pm/view';
import type * as Y from 'yjs';
import { FlowBinding } from '../../shared/document/binding.ts';
import { type Anchor, fromAnchor, toAnchor } from '../../shared/document/positions.ts';
import { changeStart, stepsBetween } from '../../shared/document/steps.ts';
import { blockMap, rebase, touchesCaretBlock } from './composition.ts';
import { markFromFlow } from './from-flow.ts';
import { type Bookmark, bookmark, restore } from './selection.ts';

export class EditorSync {
  readonly binding: FlowBinding;
  readonly #view: () => EditorView;
  /**
   * While an input method composes, what others do to its block waits. The binding goes on as if the editor showed everything: `doc` is
   * what it believes the editor to show, `place` where the caret is in that. Null: nothing waits.
   */
  #believed: { doc: Node; place: number } | null = null;
  /** The believed place of the caret, in terms of the flow, while others' change is coming in. */
  #place: Anchor | null = null;
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
  edited(transaction: Transaction, before: EditorState): void {
    const { doc } = this.#view().state;
    if (doc === before.doc) return;
    const believed = this.#believed;
    if (!believed) {
      this.binding.edit(doc, changeStart(transaction));
      return;
    }
    const steps = transaction.doc === doc ? transaction.steps : stepsBetween(before.doc, doc).steps;
    const rebased = rebase(before.doc, steps, before.selection.head, believed.doc, believed.place);
    this.#believed = rebased;
    this.binding.edit(rebased.doc, rebased.hint);
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
    // Places have to be told while the flow is still as the editor shows it, or is believed to.
    if (origin === this.binding) return;
    const { state } = this.#view();
    if (this.#believed) this.#place = this.#anchor(this.#believed.place);
    else if (this.#kept?.selection !== state.selection) {
      this.#kept = { selection: state.selection, mark: bookmark(this.binding, state) };
    }
  };

  #anchor(pos: number): Anchor {
    return toAnchor(this.binding.ydoc, this.binding.view, pos);
  }

  #receive(steps: readonly Step[]): Node {
    const view = this.#view();
    const { state } = view;
    const mark = this.#kept?.selection === state.selection ? this.#kept.mark : null;
    if (this.#believed || (view.composing && steps.some((step) => touchesCaretBlock(state, step)))) {
      return this.#receiveBeside(view, steps, mark);
    }
    const transaction = markFromFlow(state.tr);
    for (const step of steps) transaction.step(step);
    this.#show(view, transaction, mark && restore(this.binding, mark, transaction.doc));
    if (mark) this.#kept = { selection: view.state.selection, mark };
    return view.state.doc;
  }

  /** Shows what changed before and behind the block that is being composed in; the rest waits. */
  #receiveBeside(view: EditorView, steps: readonly Step[], mark: Bookmark | null): Node {
    let doc = this.#believed?.doc ?? view.state.doc;
    const mapping = new Mapping(steps.map((step) => step.getMap()));
    const before = this.#believed?.place ?? view.state.selection.head;
    for (const step of steps) doc = step.apply(doc).doc ?? doc;
    const anchor = this.#believed ? this.#place : mark?.kind === 'text' ? mark.head : null;
    const place = anchor && fromAnchor(this.binding.ydoc, this.binding.view, anchor);
    this.#believed = { doc, place: place ?? mapping.map(before, -1) };
    const transaction = markFromFlow(view.state.tr);
    const beside = withChangesBeside(view.state, doc, this.#believed.place);
    for (const step of stepsBetween(view.state.doc, beside).steps) transaction.step(step);
    if (transaction.docChanged) this.#show(view, transaction, null);
    return doc;
  }

  /** Applies what others did. */
  #show(view: EditorView, transaction: Transaction, selection: Selection | null): void {
    const { selection: before } = view.state;
    if (selection) transaction.setSelection(selection);
    else if (before instanceof TextSelection) {
      // What others write exactly at the caret goes behind it: otherwise it would come between the letters of one's own word.
      const place = (pos: number) => transaction.doc.resolve(transaction.mapping.map(pos, -1));
      transaction.setSelection(TextSelection.between(place(before.anchor), place(before.head)));
    }
    view.dispatch(transaction);
  }

  #catchUp(view: EditorView): void {
    if (!this.#believed) return;
    const { doc, place } = this.#believed;
    const { state } = view;
    this.#believed = null;
    const transaction = markFromFlow(state.tr);
    for (const step of stepsBetween(state.doc, doc).steps) transaction.step(step);
    const { anchor, head } = state.selection;
    const map = blockMap(state.doc, head, doc, place);
    const mapped = (pos: number) => transaction.doc.resolve(map.map(pos, -1));
    this.#show(view, transaction, TextSelection.between(mapped(anchor), mapped(head)));
    this.binding.adopt(view.state.doc);
  }
}

/** `theirs` with the top-level node that holds the caret as it is; a side on which others added or took nodes stays as it is, too. */
function withChangesBeside({ doc, selection }: EditorState, theirs: Node, place: number): Node {
  const [at, there] = [selection.$head.index(0), theirs.resolve(place).index(0)];
  const sameAfter = doc.childCount - at === theirs.childCount - there;
  return doc.copy(
    Fragment.from([
      ...(at === there ? theirs.children.slice(0, there) : doc.children.slice(0, at)),
      ...doc.children.slice(at, at + 1),
      ...(sameAfter ? theirs.children.slice(there + 1) : doc.children.slice(at + 1)),
    ]),
  );
}
