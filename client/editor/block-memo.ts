/** Remembers what was computed from a block for as long as the block lives, so that a key costs only the block it changed. */
import type { Node } from '@tiptap/pm/model';

/** ProseMirror nodes never change, so identity is enough: an edit makes new nodes for what it touches and keeps all others. */
export function perBlock<T>(compute: (block: Node) => T): (block: Node) => T {
  const known = new WeakMap<Node, { value: T }>();
  return (block) => {
    let entry = known.get(block);
    if (!entry) {
      entry = { value: compute(block) };
      known.set(block, entry);
    }
    return entry.value;
  };
}
