/** One person's copy of a plan without a browser: a real Y.Doc, a real editor state, the real binding between them. */
import type { Node, Schema } from '@tiptap/pm/model';
import { EditorState, type Transaction } from '@tiptap/pm/state';
import { fixTables, tableEditing } from '@tiptap/pm/tables';
import * as Y from 'yjs';
import { FlowBinding } from '../binding.ts';
import { contentRoots } from '../format.ts';
import { changeStart } from '../steps.ts';

const RECEIVED = Symbol('received');

export class Replica {
  readonly name: string;
  readonly ydoc = new Y.Doc();
  readonly binding: FlowBinding;
  readonly undo: Y.UndoManager;
  state: EditorState;
  /** The document as the last edit left it, before the flow had its say. */
  intended: Node | null = null;
  /** Updates written here and not yet handed over, per receiving replica. */
  readonly outbox = new Map<Replica, Uint8Array[]>();
  /** Updates this replica wrote although nobody edited here: there must never be any. */
  unasked = 0;
  #editing = false;

  constructor(name: string, clientID: number, schema: Schema, content: Uint8Array) {
    this.name = name;
    this.ydoc.clientID = clientID;
    const { ytext, yattrs } = contentRoots(this.ydoc);
    this.ydoc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === RECEIVED) return;
      if (!this.#editing) this.unasked++;
      for (const updates of this.outbox.values()) updates.push(update);
    });
    Y.applyUpdate(this.ydoc, content, RECEIVED);
    this.binding = new FlowBinding(this.ydoc, schema, (steps) => {
      const tr = this.state.tr;
      for (const step of steps) tr.step(step);
      this.state = this.state.apply(tr);
      return this.state.doc;
    });
    this.undo = new Y.UndoManager([ytext, yattrs], { trackedOrigins: new Set([this.binding]), captureTimeout: 0 });
    this.state = EditorState.create({ doc: this.binding.doc, plugins: [tableEditing()] });
  }

  /** Does what a person does; the only thing that may write. */
  act(action: () => void): void {
    this.#editing = true;
    try {
      action();
    } finally {
      this.#editing = false;
    }
  }

  dispatch = (tr: Transaction): void => {
    if (!tr.docChanged) {
      this.state = this.state.apply(tr);
      return;
    }
    const start = changeStart(tr);
    const before = this.state;
    this.state = this.state.apply(tr);
    // The table plugin mends ragged tables after a local change, as in the editor.
    const fixed = fixTables(this.state, before);
    if (fixed) this.state = this.state.apply(fixed);
    this.intended = this.state.doc;
    this.act(() => this.binding.edit(this.state.doc, start));
  };

  /** Receives all that waits here for `other`, or the first `count` updates. */
  deliverTo(other: Replica, count = Number.POSITIVE_INFINITY): void {
    const waiting = this.outbox.get(other) ?? [];
    for (const update of waiting.splice(0, Math.min(count, waiting.length)))
      Y.applyUpdate(other.ydoc, update, RECEIVED);
  }

  destroy(): void {
    this.binding.destroy();
    this.undo.destroy();
    this.ydoc.destroy();
  }
}

/** Replicas of one plan that know each other; every pair has its own queue, so delays differ. */
export function connect(replicas: readonly Replica[]): void {
  for (const a of replicas) for (const b of replicas) if (a !== b) a.outbox.set(b, []);
}

/** Delivers everything until nothing waits. */
export function deliverAll(replicas: readonly Replica[]): void {
  for (const a of replicas) for (const b of replicas) if (a !== b) a.deliverTo(b);
}
