/** The two documents as trees whose nodes know their counterpart in the other: text by what it says, containers by what they share. */
import type { NodeJSON } from './comparison.ts';
import type { Draft } from './draft.ts';
import { matchUnits, type Unit } from './matching.ts';
import { isContainer, isItem, isList, isTextBlock, textOf } from './node.ts';
import type { WordBag } from './word-bag.ts';

/** A block of one of the two documents. A leaf is a block of text, a rule, or a whole table. */
export interface Block {
  readonly node: NodeJSON;
  readonly number: number;
  readonly parent: Block | null;
  readonly children: readonly Block[];
  readonly siblings: readonly Block[];
  /** Index in `siblings`. */
  readonly index: number;
  readonly depth: number;
  /** The leaves in it, as a range of indexes in `Side.leaves`. */
  readonly first: number;
  readonly end: number;
  partner: Block | null;
  /** Of leaves: the partner does not stand in the order of the others. */
  moved: boolean;
  /** Of leaves: paired for one being a part of the other. */
  partial: boolean;
  /** Of leaves that were split or joined: what they are in the other document, with the partner. */
  parts: readonly Block[];
}

export interface Side {
  readonly roots: readonly Block[];
  readonly leaves: readonly Block[];
  /** Words and signs of the leaf. */
  readonly units: readonly Unit[];
}

/** What is nested deeper is compared as a whole; no person goes there, and recursion has an end. */
const MOST_DEPTH = 100;

export function readSide(content: readonly NodeJSON[], draft: Draft): Side {
  const leaves: Block[] = [];
  const read = (nodes: readonly NodeJSON[], parent: Block | null, depth: number): Block[] => {
    const siblings: Block[] = [];
    nodes.forEach((node, index) => {
      const first = leaves.length;
      const children: Block[] = [];
      const block = {
        ...{ node, number: draft.nodes.of(node), parent, children, siblings, index, depth, first, end: first },
        ...{ partner: null, moved: false, partial: false, parts: [] },
      };
      if (isContainer(node) && depth < MOST_DEPTH)
        for (const child of read(node.content ?? [], block, depth + 1)) children.push(child);
      else leaves.push(block);
      block.end = leaves.length;
      siblings.push(block);
    });
    return siblings;
  };
  const roots = read(content, null, 0);
  // A container that is not taken apart is only itself.
  const groupOfLeaf = ({ node, number }: Block) => (isContainer(node) ? `whole ${number}` : undefined);
  return { roots, leaves, units: leaves.map((leaf) => unitOf(leaf.node, draft, groupOfLeaf(leaf))) };
}

/** Paragraphs, headings and code may become one another. */
const groupOf = (node: NodeJSON): string => (isTextBlock(node) && node.type !== 'figure' ? 'text' : node.type);

export function unitOf(node: NodeJSON, draft: Draft, group = groupOf(node)): Unit {
  const { alt, credit, src } = node.attrs ?? {};
  const text = node.type === 'figure' ? [textOf(node), alt, credit, src].join(' ') : textOf(node);
  let bag: WordBag | null = null;
  return {
    number: draft.nodes.of(node),
    type: node.type,
    group,
    length: text.length,
    get bag() {
      bag ??= draft.bags.of(text);
      return bag;
    },
  };
}

/** Finds every block's partner. */
export function pairSides(before: Side, after: Side, draft: Draft): void {
  for (const match of matchUnits(before.units, after.units, draft)) {
    const [b, a] = [before.leaves[match.before]!, after.leaves[match.after]!];
    [b.partner, a.partner] = [a, b];
    b.moved = a.moved = match.moved;
    b.partial = a.partial = match.partial;
  }
}

/** Containers above this depth are not paired: every leaf adds to all pairs of containers around it. */
const DEEPEST = 12;
/** The part of their text that two containers must share to be one: of both together, or of the smaller one. */
const LEAST_SHARED = 0.3;
const LEAST_CONTAINED = 0.6;

const containerGroup = (node: NodeJSON): string => (isList(node) ? 'list' : isItem(node) ? 'item' : node.type);

/** Containers are the same if most of what they hold is. */
export function pairContainers(before: Side, after: Side): void {
  const shared = new Map<Block, Map<Block, number>>();
  const weigh = (side: Side, leaf: number) => side.units[leaf]!.length + 1;
  before.leaves.forEach((leaf, index) => {
    const partner = leaf.partner;
    if (!partner) return;
    const weight = Math.min(weigh(before, index), weigh(after, partner.first));
    for (let b = leaf.parent; b; b = b.parent) {
      if (b.depth >= DEEPEST) continue;
      for (let a = partner.parent; a; a = a.parent) {
        if (a.depth >= DEEPEST || containerGroup(a.node) !== containerGroup(b.node)) continue;
        const row = shared.get(b) ?? new Map<Block, number>();
        row.set(a, (row.get(a) ?? 0) + weight);
        shared.set(b, row);
      }
    }
  });
  const total = (side: Side) => {
    const sums = new Float64Array(side.units.length + 1);
    side.units.forEach((_, index) => {
      sums[index + 1] = sums[index]! + weigh(side, index);
    });
    return ({ first, end }: Block) => sums[end]! - sums[first]!;
  };
  const [totalBefore, totalAfter] = [total(before), total(after)];
  const pairs = [...shared].flatMap(([b, row]) =>
    [...row].flatMap(([a, weight]) => {
      const [own, other] = [totalBefore(b), totalAfter(a)];
      const part = (2 * weight) / (own + other);
      return part >= LEAST_SHARED || weight >= LEAST_CONTAINED * Math.min(own, other) ? [{ b, a, weight, part }] : [];
    }),
  );
  pairs.sort(
    (one, other) =>
      other.part - one.part ||
      other.weight - one.weight ||
      Math.abs(one.b.depth - one.a.depth) - Math.abs(other.b.depth - other.a.depth) ||
      one.b.depth - other.b.depth,
  );
  const paired: Block[] = [];
  for (const { b, a } of pairs) {
    if (b.partner || a.partner || isInverted(b, a)) continue;
    [b.partner, a.partner] = [a, b];
    paired.push(b);
  }
  for (const b of paired) if (isSpilled(b, b.partner!, before) || isSpilled(b.partner!, b, after)) unpair(b);
}

function unpair(block: Block): void {
  block.partner!.partner = null;
  block.partner = null;
}

/**
 * Whether what is in a list or quote stands in several neighbouring ones on the other side: it was split, or several were joined. Then
 * neither is the other: all are wrapped anew around what stayed where it was.
 */
function isSpilled(block: Block, partner: Block, side: Side): boolean {
  if (isItem(block.node)) return false;
  for (let leaf = block.first; leaf < block.end; leaf++) {
    const { partner: other, moved } = side.leaves[leaf]!;
    if (!other || moved) continue;
    for (let around = other.parent; around && around !== partner; around = around.parent) {
      const isBeside = around.siblings === partner.siblings && !around.partner;
      if (isBeside && containerGroup(around.node) === containerGroup(block.node)) return true;
    }
  }
  return false;
}

/** Whether what is outside on one side would be inside on the other. */
function isInverted(b: Block, a: Block): boolean {
  const isWithin = (inner: Block, outer: Block) =>
    inner.first >= outer.first && inner.end <= outer.end && inner.depth > outer.depth;
  for (let outer = b.parent; outer; outer = outer.parent) if (outer.partner && isWithin(outer.partner, a)) return true;
  for (let outer = a.parent; outer; outer = outer.parent) if (outer.partner && isWithin(outer.partner, b)) return true;
  return false;
}
