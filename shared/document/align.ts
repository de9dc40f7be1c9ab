/** Which blocks and characters of an edited document are the ones that were there before: what need not be written. */
import type { Node } from '@tiptap/pm/model';
import { heaviestRising } from '../rising.ts';
import { type Block, isHidden, type Slot } from './blocks.ts';
import type { Leaf } from './flatten.ts';
import { sameValue } from './format.ts';
import { isLeafBlock, leafNodes, leafUnits, paragraphType } from './leaf.ts';
import { alignSymbols, type Entry, type FlowSymbol } from './symbols.ts';
import { isCellType } from './table.ts';

/** Aligns old blocks, but for hidden ones, with new leaves. `hint`: where the edit started, as a position in the new nodes, or null. */
export function align(blocks: readonly Block[], leaves: readonly Leaf[], hint: number | null): Entry[] {
  const entries: Entry[] = [];
  let block = 0;
  let leaf = 0;
  const gap = (blockEnd: number, leafEnd: number) => {
    for (const entry of alignGap(blocks, block, blockEnd, leaves, leaf, leafEnd, hint)) entries.push(entry);
  };
  for (const [b, l] of anchors(blocks, leaves)) {
    gap(b, l);
    entries.push({ kind: 'whole', block: b, leaf: l });
    block = b + 1;
    leaf = l + 1;
  }
  gap(blocks.length, leaves.length);
  return entries;
}

/** Pairs of blocks and leaves that show the same, rising on both sides. */
const anchors = (blocks: readonly Block[], leaves: readonly Leaf[]): [number, number][] =>
  matchNodes(
    blocks.map(({ node, marker }) => (marker ? node : null)),
    leaves.map(({ node }) => node),
    true,
  );

/** Nodes of the document and what they became. */
export interface Change {
  readonly before: readonly Node[];
  /** Of each node before: the leaves that show blocks, and those that only the view has. */
  readonly slots: readonly (readonly Slot[])[];
  readonly after: readonly Node[];
}

/**
 * The leaves that are fillers of the view and that an edit left as they are; of those that pad a table, the ones whose cell
 * it left as it is too (but for the width of its column). `padding`: of these, the ones whose whole row it left as it is.
 */
export function untouchedFillers(change: Change): { fillers: Set<Node>; padding: Set<Node> } {
  const { before, after } = change;
  const slots = change.slots.flat();
  const fillers = new Set<Node>();
  const padding = new Set<Node>();
  if (slots.every(({ block }) => block)) return { fillers, padding };
  const pairs = matchNodes(
    slots.map(({ node }) => node),
    after.flatMap(leafNodes),
    false,
  );
  for (const [slot] of pairs) if (slots[slot]!.block === null) fillers.add(slots[slot]!.node);
  const oldCells = new Map(before.flatMap((node) => innermostCells(node)).map((one) => [leafNodes(one.cell)[0], one]));
  const oldRows = new Set([...oldCells.values()].map(({ row }) => row));
  for (const { cell, row } of after.flatMap((node) => innermostCells(node))) {
    const leaves = leafNodes(cell);
    if (!leaves.every((leaf) => fillers.has(leaf))) continue;
    const old = oldCells.get(leaves[0]);
    const same = old !== undefined && isSameCell(old.cell, cell);
    for (const leaf of leaves) {
      if (!same) fillers.delete(leaf);
      else if (oldRows.has(row)) padding.add(leaf);
    }
  }
  return { fillers, padding };
}

function innermostCells(node: Node, row: Node | null = null): { cell: Node; row: Node | null }[] {
  if (isLeafBlock(node.type)) return [];
  const inner = node.children.flatMap((child) => innermostCells(child, node));
  return inner.length === 0 && isCellType(node.type) ? [{ cell: node, row }] : inner;
}

const isSameCell = (a: Node, b: Node): boolean =>
  a === b ||
  (a.type === b.type &&
    a.content.eq(b.content) &&
    Object.keys(a.attrs).every((name) => name === 'colwidth' || sameValue(a.attrs[name], b.attrs[name])));

/** Index pairs of matching nodes, rising on both sides: the very same node, or (`byContent`) an equal one. Null matches nothing. */
function matchNodes(
  before: readonly (Node | null)[],
  after: readonly (Node | null)[],
  byContent: boolean,
): [number, number][] {
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before[start] && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < most - start) {
    const node = before[before.length - 1 - tail];
    if (!node || node !== after[after.length - 1 - tail]) break;
    tail++;
  }
  const beforeEnd = before.length - tail;
  const afterEnd = after.length - tail;
  const pairs: [number, number][] = [];
  for (let i = 0; i < start; i++) pairs.push([i, i]);
  const claimed = new Set<number>();
  const candidates = new Array<number | null>(afterEnd - start).fill(null);
  const claim = <K>(keyOf: (node: Node) => K, equal: (a: Node, b: Node) => boolean) => {
    const places = new Map<K, number[]>();
    for (let i = beforeEnd - 1; i >= start; i--) {
      const node = before[i];
      if (node && !claimed.has(i)) append(places, keyOf(node), i);
    }
    for (let j = start; j < afterEnd; j++) {
      const node = after[j];
      if (!node || candidates[j - start] !== null) continue;
      const list = places.get(keyOf(node));
      const i = list?.at(-1);
      if (i === undefined || !equal(before[i]!, node)) continue;
      list!.pop();
      claimed.add(i);
      candidates[j - start] = i;
    }
  };
  // The very node first: the editor leaves untouched leaves as they are. Equal content next: a whole document put in anew.
  claim((node) => node, Object.is);
  if (byContent) claim(contentKey, (a, b) => a.content.size > 0 && a.eq(b));
  const found = candidates.flatMap((before, i): [number, number][] => (before === null ? [] : [[before, start + i]]));
  const rising = heaviestRising(
    found.map(([before]) => before),
    (i) => after[found[i]![1]]!.nodeSize,
  );
  for (const i of rising) pairs.push(found[i]!);
  for (let i = 0; i < tail; i++) pairs.push([beforeEnd + i, afterEnd + i]);
  return pairs;
}

const contentKey = (node: Node): string => `${node.type.name} ${node.textContent}`;

function append<K>(index: Map<K, number[]>, key: K, value: number): void {
  const list = index.get(key);
  if (list) list.push(value);
  else index.set(key, [value]);
}

const MARKER = '¶¶';

/** Textblocks may become one another; a rule or an empty row is not a paragraph. */
const markerSymbol = (node: Node | null): string =>
  node === null ? '¶-' : node.isTextblock ? MARKER : `¶${node.type.name}`;

function alignGap(
  blocks: readonly Block[],
  blockStart: number,
  blockEnd: number,
  leaves: readonly Leaf[],
  leafStart: number,
  leafEnd: number,
  hint: number | null,
): Entry[] {
  if (blockStart === blockEnd && leafStart === leafEnd) return [];
  const before: FlowSymbol[] = [];
  for (let b = blockStart; b < blockEnd; b++) {
    const { marker, node } = blocks[b]!;
    if (isHidden(blocks[b]!)) continue;
    if (marker) before.push({ symbol: markerSymbol(node), at: b, unit: null });
    if (node) for (const unit of leafUnits(node)) before.push({ symbol: unit.symbol, at: b, unit });
  }
  const entries: Entry[] = [];
  const after: FlowSymbol[] = [];
  let cap = Number.POSITIVE_INFINITY;
  for (let l = leafStart; l < leafEnd; l++) {
    const { node, pos } = leaves[l]!;
    if (hint !== null && pos >= hint) cap = Math.min(cap, after.length);
    const marker: FlowSymbol = { symbol: markerSymbol(node), at: l, unit: null };
    // Text before the first marker stays where it is, and gets one only for what it cannot show without.
    if (l > leafStart || blockStart === blockEnd || blocks[blockStart]!.marker) after.push(marker);
    else if (!isImplicit(leaves[l]!)) entries.push({ kind: 'insert', new: marker });
    if (!node) continue;
    for (const unit of leafUnits(node)) {
      if (hint !== null && pos + 1 + unit.offset >= hint) cap = Math.min(cap, after.length);
      after.push({ symbol: unit.symbol, at: l, unit });
    }
  }
  for (const entry of alignSymbols(before, after, cap)) entries.push(entry);
  return entries;
}

/** Whether a leaf is what text without a marker shows as. */
const isImplicit = ({ node, chain }: Leaf): boolean =>
  node !== null &&
  chain.length === 0 &&
  node.type === paragraphType(node.type.schema) &&
  node.content.size > 0 &&
  node.marks.length === 0 &&
  Object.entries(node.attrs).every(([name, value]) => sameValue(value, node.type.spec.attrs?.[name]?.default));
