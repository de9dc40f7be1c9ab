/** The smallest ProseMirror steps from one document to another, so that decorations, selections and the DOM in between stay. */
import { Fragment, type Node, Slice } from '@tiptap/pm/model';
import { ReplaceStep, type Step, type Transform } from '@tiptap/pm/transform';
import { countLeaves } from './leaf.ts';

/** A run of top-level nodes that differs, by child indexes in both documents. */
interface Gap {
  from: number;
  to: number;
  newFrom: number;
  newTo: number;
}

/** Steps to apply in order, and the document they result in, which equals `target`. Nodes that both share cost nothing. */
export function stepsBetween(doc: Node, target: Node): { steps: Step[]; doc: Node } {
  const gaps = findGaps(doc.children, target.children).filter((gap) => !isEmpty(gap, doc, target));
  // From the last to the first, so that no step moves the positions of the next.
  gaps.reverse();
  const small = gaps.map((gap) => smallStep(gap, doc, target));
  const result = applyAll(doc, small);
  const isTarget = ({ newFrom, newTo }: Gap) =>
    target.children.slice(newFrom, newTo).every((node, i) => result?.child(newFrom + i).eq(node));
  if (result?.childCount === target.childCount && gaps.every(isTarget)) return { steps: small, doc: result };
  const whole = gaps.map(({ from, to, newFrom, newTo }) => {
    const start = sizeOf(doc.children, 0, from);
    const content = Fragment.fromArray(target.children.slice(newFrom, newTo));
    return new ReplaceStep(start, start + sizeOf(doc.children, from, to), new Slice(content, 0, 0));
  });
  const replaced = applyAll(doc, whole);
  if (!replaced) throw new RangeError('Expected both documents to be of one schema');
  return { steps: whole, doc: replaced };
}

/** Whether what differs are only the nodes themselves and not what they hold. */
const isEmpty = ({ from, to, newFrom, newTo }: Gap, doc: Node, target: Node): boolean => {
  if (to - from !== newTo - newFrom) return false;
  for (let i = from; i < to; i++) if (!doc.child(i).eq(target.child(newFrom + i - from))) return false;
  return true;
};

function applyAll(doc: Node, steps: readonly Step[]): Node | null {
  let current: Node | null = doc;
  for (const step of steps) current = current && step.apply(current).doc;
  return current;
}

function findGaps(before: readonly Node[], after: readonly Node[]): Gap[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const places = new Map<Node, number>();
  for (let i = before.length - tail - 1; i >= start; i--) places.set(before[i]!, i);
  const gaps: Gap[] = [];
  let i = start;
  let j = start;
  const gap = (to: number, newTo: number) => {
    if (i < to || j < newTo) gaps.push({ from: i, to, newFrom: j, newTo });
    i = to;
    j = newTo;
  };
  for (let next = start; next < after.length - tail; next++) {
    const place = places.get(after[next]!);
    if (place === undefined || place < i) continue;
    gap(place, next);
    i++;
    j++;
  }
  gap(before.length - tail, after.length - tail);
  return gaps;
}

/** What the nodes from one index to another take up. */
export const sizeOf = (nodes: readonly Node[], from: number, to: number): number => {
  let size = 0;
  for (let i = from; i < to; i++) size += nodes[i]!.nodeSize;
  return size;
};

/**
 * The one textblock in which two nodes differ by its content, all around it being the same: as it is now, how many leaves there are
 * before it in the node, and its position in it. Null when they differ by anything else.
 */
export function changedText(before: Node, after: Node): { node: Node; leaf: number; pos: number } | null {
  let old = before;
  let node = after;
  let leaf = 0;
  let pos = 0;
  while (old.sameMarkup(node)) {
    if (node.isTextblock) return { node, leaf, pos };
    if (old.childCount !== node.childCount) return null;
    const from = node.children.findIndex((child, i) => child !== old.child(i));
    const to = node.children.findLastIndex((child, i) => child !== old.child(i));
    if (from < 0 || from !== to) return null;
    for (let i = 0; i < from; i++) leaf += countLeaves(node.child(i));
    pos += 1 + sizeOf(node.children, 0, from);
    old = old.child(from);
    node = node.child(from);
  }
  return null;
}

function smallStep({ from, to, newFrom, newTo }: Gap, doc: Node, target: Node): Step {
  const old = Fragment.fromArray(doc.children.slice(from, to));
  const fresh = Fragment.fromArray(target.children.slice(newFrom, newTo));
  const pos = sizeOf(doc.children, 0, from);
  const newPos = sizeOf(target.children, 0, newFrom);
  const start = old.findDiffStart(fresh) ?? old.size;
  const end = old.findDiffEnd(fresh) ?? { a: old.size, b: fresh.size };
  // Where text repeats, the equal end reaches back over the equal start.
  const overlap = Math.max(0, start - end.a, start - end.b);
  return new ReplaceStep(pos + start, pos + end.a + overlap, target.slice(newPos + start, newPos + end.b + overlap));
}

/** Where a transaction's changes start, as a position in its resulting document; null when it changed nothing. */
export function changeStart(transform: Transform): number | null {
  let start: number | null = null;
  transform.mapping.maps.forEach((map, i) => {
    map.forEach((_oldFrom, _oldTo, newFrom) => {
      const pos = transform.mapping.slice(i + 1).map(newFrom, -1);
      start = start === null ? pos : Math.min(start, pos);
    });
  });
  return start;
}
