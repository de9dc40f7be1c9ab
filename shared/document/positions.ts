/** Places in the text that survive everybody's edits: between ProseMirror positions and Yjs relative positions, both ways. */
import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import type { Slot } from './blocks.ts';
import type { FlowView } from './flow-view.ts';
import { contentRoots } from './format.ts';
import { isInlineContainer, isLeafBlock } from './leaf.ts';
import { unitIndex } from './write.ts';

/** A relative position as JSON, to travel in presence or to be stored. */
export type Anchor = Readonly<Record<string, unknown>>;

/** A place in the Y.Text: before the unit of this index (a marker), or, in text, behind the unit before it. */
interface Place {
  index: number;
  inText: boolean;
}

/**
 * A place that stays with its surroundings. In text it keeps to the unit before it, so that what others write there comes
 * behind it; at a block as a whole (a selected rule) it keeps to the block.
 * @param pos a position in `view.doc`
 */
export function toAnchor(ydoc: Y.Doc, view: FlowView, pos: number): Anchor {
  const { index, inText } = pmToY(view, pos);
  const { ytext } = contentRoots(ydoc);
  return Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(ytext, index, inText ? -1 : 0));
}

/** The position in `view.doc` that an anchor stands for now; null when it is of another document or not an anchor. */
export function fromAnchor(ydoc: Y.Doc, view: FlowView, anchor: unknown): number | null {
  if (typeof anchor !== 'object' || anchor === null) return null;
  try {
    const relative = Y.createRelativePositionFromJSON(anchor);
    const absolute = Y.createAbsolutePositionFromRelativePosition(relative, ydoc, false);
    if (!absolute || absolute.type !== contentRoots(ydoc).ytext) return null;
    return yToPm(view, { index: absolute.index, inText: relative.assoc < 0 });
  } catch {
    // Anchors come from other people's clients; a broken one is nowhere.
    return null;
  }
}

/** The place in the Y.Text of a ProseMirror position. What only the view has (padding) counts as the next block there is. */
export function pmToY(view: FlowView, pos: number): Place {
  const $pos = view.doc.resolve(pos);
  for (let child = $pos.index(0); child < view.doc.childCount; child++) {
    for (const { slot, pos: start } of leavesAt(view, child)) {
      if (!slot.block || start + slot.node.nodeSize <= pos) continue;
      const at = view.startOf(view.blocks.indexOf(slot.block));
      if (pos <= start) return { index: at, inText: false };
      const marker = slot.block.marker ? 1 : 0;
      return { index: at + marker + unitIndex(slot.node, pos - start - 1), inText: true };
    }
  }
  return { index: view.startOf(view.blocks.length), inText: true };
}

/** The ProseMirror position of a place in the Y.Text. */
export function yToPm(view: FlowView, { index, inText }: Place): number {
  let start = 0;
  for (let i = 0; i < view.blocks.length; i++) {
    const block = view.blocks[i]!;
    const end = start + block.length;
    const isHere = inText ? index > start && index <= end : index >= start && index < end;
    const first = inText && i === 0 && index === 0;
    if (isHere || first) {
      const child = view.childOf(i);
      const found = leavesAt(view, child).find(({ slot }) => slot.block === block);
      if (!found) return startOfChild(view.doc, child);
      const { node } = found.slot;
      const units = index - start - (block.marker ? 1 : 0);
      if (units < 0 || !node.isTextblock) return found.pos;
      return found.pos + 1 + offsetOf(node, units);
    }
    start = end;
  }
  return view.doc.content.size;
}

function startOfChild(doc: Node, child: number): number {
  let pos = 0;
  for (let i = 0; i < child; i++) pos += doc.child(i).nodeSize;
  return pos;
}

/** The leaves of a child of the document, with their positions. */
function leavesAt(view: FlowView, child: number): { slot: Slot; pos: number }[] {
  const slots = view.slotsOf(child);
  const result: { slot: Slot; pos: number }[] = [];
  const visit = (node: Node, pos: number) => {
    if (isLeafBlock(node.type)) result.push({ slot: slots[result.length]!, pos });
    else
      node.forEach((inner, offset) => {
        visit(inner, pos + 1 + offset);
      });
  };
  visit(view.doc.child(child), startOfChild(view.doc, child));
  return result;
}

/** The ProseMirror offset in a leaf behind so many units; behind an inline container's last unit it is outside of it. */
function offsetOf(leaf: Node, units: number): number {
  let left = units;
  let offset = 0;
  for (const child of leaf.children) {
    if (left === 0) break;
    if (isInlineContainer(child.type)) {
      const inside = unitIndex(child, child.content.size);
      if (left <= inside) return offset + 1 + offsetOf(child, left - 1);
      left -= 1 + inside;
    } else if (left < child.nodeSize) {
      return offset + left;
    } else {
      left -= child.nodeSize;
    }
    offset += child.nodeSize;
  }
  return offset;
}
