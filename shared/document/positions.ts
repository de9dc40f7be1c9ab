/** Places in the text that survive everybody's edits: between ProseMirror positions and Yjs relative positions, both ways. */
import type { Node, ResolvedPos } from '@tiptap/pm/model';
import * as Y from 'yjs';
import type { Block, Slot } from './blocks.ts';
import type { FlowView } from './flow-view.ts';
import { contentRoots } from './format.ts';
import { isInlineContainer, isLeafBlock } from './leaf.ts';
import { unitIndex } from './write.ts';

/**
 * A place as JSON, to travel in presence or to be stored: a Yjs relative position to a unit of the flow, and what it alone
 * cannot say. In text that is the unit before the place, so that what others write right there comes behind it. `outside`: behind the
 * inline container (the footnote) that the unit belongs to. `before`, `after`: the unit is the marker of a leaf block, the place lies
 * before or after the node that many levels above that leaf.
 */
export type Anchor = Readonly<Record<string, unknown>>;

/** @param pos a position in `view.doc`; one in what only the view has (padding) counts as the start of the next block there is */
export function toAnchor(ydoc: Y.Doc, view: FlowView, pos: number): Anchor {
  const { ytext } = contentRoots(ydoc);
  const anchorBehind = (index: number, more: Anchor): Anchor => ({
    ...Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(ytext, index, -1)),
    ...more,
  });
  const $pos = view.doc.resolve(pos);
  const depth = leafDepth($pos);
  if (depth === 0) {
    const beside = leafBeside(view, $pos);
    if (beside) return anchorBehind(contentStart(view, beside.block), beside.place);
  } else {
    const { block } = slotAt(view, $pos.index(0), $pos.before(depth));
    if (block) {
      const units = unitIndex($pos.node(depth), pos - $pos.start(depth));
      const outside = $pos.nodeBefore && isInlineContainer($pos.nodeBefore.type);
      return anchorBehind(contentStart(view, block) + units, outside ? { outside } : {});
    }
  }
  for (let child = $pos.index(0); child < view.doc.childCount; child++) {
    for (const { slot, pos: start } of leavesOf(view, child)) {
      if (slot.block && start >= pos) return anchorBehind(contentStart(view, slot.block), {});
    }
  }
  return anchorBehind(ytext.length, {});
}

/** The position in `view.doc` that an anchor stands for now; null when it is of another document or no anchor at all. */
export function fromAnchor(ydoc: Y.Doc, view: FlowView, anchor: unknown): number | null {
  if (typeof anchor !== 'object' || anchor === null) return null;
  const absolute = absolutePosition(ydoc, anchor);
  if (!absolute || absolute.type !== contentRoots(ydoc).ytext) return null;
  const { before, after, outside } = anchor as { before?: unknown; after?: unknown; outside?: unknown };
  const place = placeOf(view, absolute.index);
  if (!place) return view.doc.childCount > 0 && view.doc.child(0).isTextblock ? 1 : 0;
  const { leaf, pos, units } = place;
  const levels = before ?? after;
  if (units === 0 && typeof levels === 'number') return edgeOf(view.doc, pos, levels, before === undefined);
  if (!leaf.isTextblock) return units < 0 ? pos : pos + leaf.nodeSize;
  const inside = pos + 1 + offsetOf(leaf, Math.max(0, units));
  const $inside = view.doc.resolve(inside);
  return outside === true && isInlineContainer($inside.parent.type) ? $inside.after() : inside;
}

/** The index in the Y.Text that a relative position stands for; null for whatever other people's clients send instead of one. */
function absolutePosition(ydoc: Y.Doc, anchor: object): Y.AbsolutePosition | null {
  try {
    return Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(anchor), ydoc);
  } catch {
    // Not of the form that Yjs takes, or about an item that nobody has.
    return null;
  }
}

/** Depth of the leaf block around a position; 0 between blocks. */
function leafDepth($pos: ResolvedPos): number {
  for (let depth = $pos.depth; depth > 0; depth--) if (isLeafBlock($pos.node(depth).type)) return depth;
  return 0;
}

/** For a position between blocks: the first leaf of the node behind it, or the last of the one before it. */
function leafBeside(view: FlowView, $pos: ResolvedPos): { block: Block; place: Anchor } | null {
  const find = (node: Node, pos: number, last: boolean): { block: Block; levels: number } | null => {
    let levels = 0;
    let inner = node;
    let start = pos;
    while (!isLeafBlock(inner.type)) {
      const child = last ? inner.lastChild : inner.firstChild;
      if (!child) return null;
      start = last ? start + inner.nodeSize - 1 - child.nodeSize : start + 1;
      inner = child;
      levels++;
    }
    const { block } = slotAt(view, view.doc.resolve(start).index(0), start);
    return block && { block, levels };
  };
  const { nodeBefore, nodeAfter, pos } = $pos;
  const behind = nodeAfter && find(nodeAfter, pos, false);
  if (behind) return { block: behind.block, place: { before: behind.levels } };
  const ahead = nodeBefore && find(nodeBefore, pos - nodeBefore.nodeSize, true);
  return ahead && { block: ahead.block, place: { after: ahead.levels } };
}

/** The index in the Y.Text right behind a block's marker. */
const contentStart = (view: FlowView, block: Block): number =>
  view.startOf(view.blocks.indexOf(block)) + (block.marker ? 1 : 0);

/** The leaf that holds the unit before an index, its position, and how many units of its content lie before the index. */
function placeOf(view: FlowView, index: number): { leaf: Node; pos: number; units: number } | null {
  let start = 0;
  let at = 0;
  while (at < view.blocks.length - 1 && start + view.blocks[at]!.length < index) start += view.blocks[at++]!.length;
  const block = view.blocks[at];
  if (!block) return null;
  const shown = block.node ? at : nearestShown(view, at);
  if (shown === null) return null;
  const child = view.childOf(shown);
  const found = leavesOf(view, child).find(({ slot }) => slot.block === view.blocks[shown]);
  if (!found) return null;
  const units = shown === at ? index - start - (block.marker ? 1 : 0) : shown < at ? Number.MAX_SAFE_INTEGER : -1;
  return { leaf: found.slot.node, pos: found.pos, units };
}

/** A container without children shows no leaf: the nearest block that does, rather one before it. */
function nearestShown(view: FlowView, at: number): number | null {
  for (let i = at - 1; i >= 0; i--) if (view.blocks[i]!.node) return i;
  for (let i = at + 1; i < view.blocks.length; i++) if (view.blocks[i]!.node) return i;
  return null;
}

/** The position before or after the node that many levels above the leaf at `pos`. */
function edgeOf(doc: Node, pos: number, levels: number, after: boolean): number {
  const $leaf = doc.resolve(pos);
  const depth = $leaf.depth - Math.max(0, Math.min(Math.trunc(levels) || 0, $leaf.depth));
  if (depth === $leaf.depth) return after ? pos + ($leaf.nodeAfter?.nodeSize ?? 0) : pos;
  return after ? $leaf.after(depth + 1) : $leaf.before(depth + 1);
}

function startOfChild(doc: Node, child: number): number {
  let pos = 0;
  for (let i = 0; i < child; i++) pos += doc.child(i).nodeSize;
  return pos;
}

/** The leaves of a child of the document, with their positions. */
function leavesOf(view: FlowView, child: number): { slot: Slot; pos: number }[] {
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

function slotAt(view: FlowView, child: number, pos: number): Slot {
  const found = leavesOf(view, child).find((leaf) => leaf.pos === pos);
  if (!found) throw new RangeError(`Expected a leaf block at position ${pos}`);
  return found.slot;
}

/** The ProseMirror offset in a leaf behind so many units; behind an inline container's last unit it is still inside. */
function offsetOf(leaf: Node, units: number): number {
  let left = units;
  let offset = 0;
  for (const child of leaf.children) {
    if (left === 0) break;
    if (isInlineContainer(child.type)) {
      const inside = unitIndex(child, child.content.size);
      if (left <= 1 + inside) return offset + 1 + offsetOf(child, left - 1);
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
