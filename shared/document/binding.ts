/** Keeps a ProseMirror document and the flow in a Y.Doc equal, both ways. Knows no editor and no DOM. */
import type { Node, Schema } from '@tiptap/pm/model';
import type { Step } from '@tiptap/pm/transform';
import type * as Y from 'yjs';
import { type Change, untouchedFillers } from './align.ts';
import { readBlocks } from './blocks.ts';
import { changedItems, changedKeys } from './changes.ts';
import { FlowView } from './flow-view.ts';
import { contentRoots } from './format.ts';
import { isLeafBlock } from './leaf.ts';
import { renderDocument } from './render.ts';
import { changedText, sizeOf, stepsBetween } from './steps.ts';
import { type Edit, writeEdit, writeText } from './write.ts';

/**
 * Applies steps to the editor's document and returns the document they resulted in, with nothing else done to it.
 * `transaction` is what the steps come from.
 */
export type ApplySteps = (steps: readonly Step[], transaction: Y.Transaction | null) => Node;

interface PendingEdit {
  doc: Node;
  hint: number | null;
  mode: Edit['mode'];
  /** What the edit changed, and the nodes beside it. */
  change: Change | null;
}

export class FlowBinding {
  readonly ydoc: Y.Doc;
  readonly view: FlowView;
  readonly #ytext: Y.Text;
  readonly #yattrs: Y.Map<unknown>;
  readonly #apply: ApplySteps;
  /** The document the editor shows, as far as it was told of here. */
  #editorDoc: Node;
  /** Written to the Y.Doc, not yet seen to come out of it as the editor shows it. */
  #pending: PendingEdit | null = null;
  /** An edit made while another was pending. */
  #waiting: { doc: Node; hint: number | null } | null = null;
  /** Transactions that began inside another's observers have made incremental reading impossible. */
  #stale = false;
  #failed = false;

  /** Renders the Y.Doc as it is; writes nothing. Transactions of this binding have it as their origin. */
  constructor(ydoc: Y.Doc, schema: Schema, apply: ApplySteps) {
    this.ydoc = ydoc;
    this.#apply = apply;
    const { ytext, yattrs } = contentRoots(ydoc);
    this.#ytext = ytext;
    this.#yattrs = yattrs;
    this.view = new FlowView(ydoc, schema);
    this.#editorDoc = this.view.doc;
    ydoc.on('afterTransaction', this.#afterTransaction);
  }

  destroy(): void {
    this.ydoc.off('afterTransaction', this.#afterTransaction);
  }

  /** The document as the Y.Doc says it is. */
  get doc(): Node {
    return this.view.doc;
  }

  /**
   * Writes what a person changed. When the flow cannot show it just so (a ragged table, say), the editor gets steps to what it shows.
   * @param doc the editor's document after the change
   * @param hint where the change started, a position in `doc`: tells which of several equal letters was typed
   */
  edit(doc: Node, hint: number | null = null): void {
    if (this.#pending) this.#waiting = { doc, hint };
    else if (doc !== this.view.doc) this.#write({ doc, hint, mode: 'changes', change: null });
  }

  #write(pending: PendingEdit): void {
    const before = this.view.doc.children;
    const after = pending.doc.children;
    const most = Math.min(before.length, after.length);
    // What was written once has been rendered anew, equal or not.
    const isSame = (a: Node, b: Node) => a === b || (pending.mode !== 'changes' && a.eq(b));
    let start = 0;
    while (start < most && isSame(before[start]!, after[start]!)) start++;
    let tail = 0;
    while (tail < most - start && isSame(before.at(-1 - tail)!, after.at(-1 - tail)!)) tail++;
    if (start === before.length && start === after.length) return;
    this.#pending = pending;
    const one = before.length - tail === start + 1 && after.length - tail === start + 1;
    // The neighbours take part: an untagged list beside another untagged list must tell itself apart.
    let from = Math.max(0, start - 1);
    let kept = Math.max(0, tail - 1);
    // Given new tags, or none, a neighbour must not come to continue a container of its kind on its other side.
    if (pending.mode === 'anew') {
      while (from > 0 && mayJoin(after[from - 1]!, after[from]!)) from--;
      while (kept > 0 && mayJoin(after.at(-1 - kept)!, after.at(-kept)!)) kept--;
    }
    const to = before.length - kept;
    const nodes = after.slice(from, after.length - kept);
    const shown = before.slice(from, to);
    pending.change ??= { before: shown, slots: shown.map((_, i) => this.view.slotsOf(from + i)), after: nodes };
    const text = one && pending.mode === 'changes' ? changedText(before[start]!, after[start]!) : null;
    const block = text && this.view.slotsOf(start)[text.leaf]?.block;
    if (text && block?.marker) {
      const pos = sizeOf(after, 0, start) + text.pos;
      this.#transact(writeText, pending, pos, {
        blocks: [block],
        start: this.view.startOf(this.view.blocks.indexOf(block)),
        nodes: [text.node],
        fillers: new Set(),
      });
      return;
    }
    const untouched = untouchedFillers(pending.change);
    // Written again, the edit makes padding real in the rows it changed, which settles the order of the columns, and nowhere else.
    const fillers = pending.mode === 'changes' ? untouched.fillers : untouched.padding;
    this.#transact(writeEdit, pending, sizeOf(after, 0, from), { ...this.view.partOf(from, to), nodes, fillers });
  }

  /** @param pos where `part.nodes` start in the document */
  #transact(
    write: typeof writeEdit,
    { mode, hint }: PendingEdit,
    pos: number,
    part: Pick<Edit, 'blocks' | 'start' | 'nodes' | 'fillers'>,
  ): void {
    const { schema } = this.view;
    this.ydoc.transact(
      () => write(this.ydoc, { ...part, schema, mode, hint: hint === null ? null : hint - pos }),
      this,
    );
  }

  readonly #afterTransaction = (transaction: Y.Transaction): void => {
    // A transaction that began in an observer of this one has written already: reading must wait for the last of them.
    const queue = this.ydoc._transactionCleanups;
    if (queue.at(-1) !== transaction) {
      this.#stale = true;
      return;
    }
    if (this.#stale) {
      this.#stale = false;
      this.view.readAll();
    } else {
      const keys = changedKeys(this.#yattrs, transaction);
      const items = changedItems(this.#ytext, transaction);
      if (items.size === 0 && keys.length === 0 && !this.#pending) return;
      try {
        this.view.update(items, keys);
      } catch {
        // A view left half updated would stay wrong: reading all again needs nothing of what it was. `check` tells of it.
        this.#failed = true;
        this.view.readAll();
      }
    }
    this.#settle(transaction);
  };

  /** Brings editor and flow together after the flow was rendered. */
  #settle(transaction: Y.Transaction | null): void {
    const pending = this.#pending;
    const shown = this.#waiting?.doc ?? pending?.doc ?? this.#editorDoc;
    const { steps } = stepsBetween(shown, this.view.doc);
    if (pending && !this.#waiting && steps.length > 0 && pending.mode !== 'anew') {
      this.#pending = null;
      this.#write({ ...pending, mode: pending.mode === 'changes' ? 'shown' : 'anew' });
      return;
    }
    this.#pending = null;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) {
      this.edit(waiting.doc, waiting.hint);
      return;
    }
    const doc = steps.length > 0 ? this.#apply(steps, transaction) : shown;
    this.adopt(doc);
  }

  /** The editor shows `doc.eq(binding.doc)` by nodes of its own: told when it caught up with what `apply` let wait. */
  adopt(doc: Node): void {
    this.view.adopt(doc);
    this.#editorDoc = doc;
  }

  /**
   * Whether the incremental view is what a full rendering shows, and no update of it failed since the last check. When it
   * is not, the editor gets the latter.
   */
  check(): boolean {
    if (this.#pending) return true;
    const failed = this.#failed;
    this.#failed = false;
    const get = (key: string) => this.#yattrs.get(key);
    const { doc } = renderDocument(this.view.schema, readBlocks(this.#ytext), get);
    if (doc.eq(this.view.doc)) return !failed;
    this.view.readAll();
    this.#settle(null);
    return false;
  }
}

/** Whether two neighbours would be one container if nothing told them apart. */
const mayJoin = (one: Node, next: Node): boolean => one.type === next.type && !isLeafBlock(one.type);
