/** Writes the comparison of two lists of blocks: what stayed in place, and between that what was wrapped, unwrapped, moved, lost, added. */

import { heaviestRising } from '../rising.ts';
import type { ComparedNode, NodeJSON } from './comparison.ts';
import type { Draft } from './draft.ts';
import { compareInline, compareRegrouped } from './inline.ts';
import { isItem, isSameShape, isTextBlock, shapeOf } from './node.ts';
import { findGroups, type Group, textBlockOf } from './regroup.ts';
import { compareTables } from './tables.ts';
import { type Block, pairContainers, pairSides, readSide, type Side } from './tree.ts';
import { findWraps } from './wraps.ts';

export function compareBlocks(before: readonly NodeJSON[], after: readonly NodeJSON[], draft: Draft): ComparedNode[] {
  const [older, newer] = [readSide(before, draft), readSide(after, draft)];
  pairSides(older, newer, draft);
  const groups = findGroups(older, newer, draft);
  pairContainers(older, newer);
  return new Writer(older, newer, groups, draft).compare(older.roots, newer.roots, null);
}

/** What stayed in place: a pair, or a group that was split or joined. Ranges of indexes. */
interface InPlace {
  readonly b0: number;
  readonly b1: number;
  readonly a0: number;
  readonly a1: number;
  readonly group: Group | null;
}

class Writer {
  readonly #before: Side;
  readonly #after: Side;
  readonly #groups: ReadonlyMap<Block, readonly Group[]>;
  readonly #draft: Draft;
  /** The changes of blocks of the older document that stand elsewhere in the newer one. */
  readonly #moves = new Map<Block, number>();

  constructor(before: Side, after: Side, groups: ReadonlyMap<Block, readonly Group[]>, draft: Draft) {
    this.#before = before;
    this.#after = after;
    this.#groups = groups;
    this.#draft = draft;
  }

  /** `wrap`: the change that put something around these blocks, or took it away, which its items are part of. */
  compare(before: readonly Block[], after: readonly Block[], wrap: number | null): ComparedNode[] {
    const result: ComparedNode[] = [];
    const put = (nodes: readonly ComparedNode[]) => {
      for (const node of nodes) result.push(node);
    };
    let [b, a] = [0, 0];
    for (const place of this.#inPlace(before, after)) {
      put(this.#gap(before.slice(b, place.b0), after.slice(a, place.a0), wrap));
      if (place.group) put([this.#regrouped(place.group)]);
      else put([this.#pair(before[place.b0]!, after[place.a0]!, wrap)]);
      [b, a] = [place.b1, place.a1];
    }
    put(this.#gap(before.slice(b), after.slice(a), wrap));
    return result;
  }

  #inPlace(before: readonly Block[], after: readonly Block[]): InPlace[] {
    const [olds, news] = [indexes(before), indexes(after)];
    const places: InPlace[] = [];
    before.forEach((block, b0) => {
      const isHere = ({ before, after }: Group) =>
        before.every((member) => olds.has(member)) && after.every((member) => news.has(member));
      const group = this.#groups.get(block)?.find(isHere);
      const a0 = block.partner ? news.get(block.partner) : undefined;
      if (group) {
        const [b, a] = [olds.get(group.before[0]!)!, news.get(group.after[0]!)!];
        places.push({ b0: b, b1: b + group.before.length, a0: a, a1: a + group.after.length, group });
      } else if (a0 !== undefined) places.push({ b0, b1: b0 + 1, a0, a1: a0 + 1, group: null });
    });
    const rising = heaviestRising(
      places.map(({ a0 }) => a0),
      (index) => places[index]!.b1 - places[index]!.b0 + this.#weight(before[places[index]!.b0]!),
    );
    return rising.map((index) => places[index]!);
  }

  #weight({ first, end }: Block): number {
    let weight = 0;
    for (let leaf = first; leaf < end; leaf++) weight += this.#before.units[leaf]!.length;
    return weight;
  }

  /** Blocks between two that stayed. */
  #gap(before: readonly Block[], after: readonly Block[], wrap: number | null): ComparedNode[] {
    const result: ComparedNode[] = [];
    const put = (nodes: readonly ComparedNode[]) => {
      for (const node of nodes) result.push(node);
    };
    let [b, a] = [0, 0];
    const between = (bEnd: number, aEnd: number) => {
      put(before.slice(b, bEnd).map((block) => this.#gone(block)));
      put(after.slice(a, aEnd).map((block) => this.#come(block)));
    };
    const sides = { before: this.#before, after: this.#after };
    for (const { b0, b1, a0, a1, isWrap } of findWraps(before, after, sides)) {
      between(b0, a0);
      const container = isWrap ? after[a0]! : before[b0]!;
      const inside = isWrap ? before.slice(b0, b1) : after.slice(a0, a1);
      const isSame = ({ node, partner }: Block) => !partner && node.type === container.node.type;
      const kind = inside.filter(isSame).length < 2 ? 'retyped' : isWrap ? 'joined' : 'split';
      const change = wrap ?? this.#draft.add(kind);
      const shape = shapeOf(container.node);
      const children = isWrap
        ? this.compare(inside, container.children, change)
        : this.compare(container.children, inside, change);
      put([{ op: 'container', before: isWrap ? null : shape, after: isWrap ? shape : null, change, children }]);
      [b, a] = [b1, a1];
    }
    between(before.length, after.length);
    return result;
  }

  /** A block and what became of it, in the same place or, behind `arrived`, in another. */
  #pair(before: Block, after: Block, wrap: number | null): ComparedNode {
    if (before.number === after.number && this.#isWhole(before, after)) return { op: 'same', node: after.node };
    const [old, fresh] = [shapeOf(before.node), shapeOf(after.node)];
    const isRetyped = old.type !== fresh.type || old.attrs?.level !== fresh.attrs?.level;
    const kind = isRetyped ? 'retyped' : 'attributes';
    const change = isSameShape(old, fresh)
      ? null
      : wrap !== null && isRetyped && isItem(old)
        ? wrap
        : this.#draft.add(kind);
    if (isTextBlock(old) && isTextBlock(fresh)) {
      const byLine = old.type === 'codeBlock' && fresh.type === 'codeBlock';
      const inline = compareInline(before.node.content, after.node.content, this.#draft, byLine);
      return { op: 'text', before: old, after: fresh, change, inline };
    }
    const children =
      old.type === 'table'
        ? compareTables(before.node, after.node, this.#draft, compareBlocks)
        : this.compare(before.children, after.children, isRetyped ? change : null);
    return { op: 'container', before: old, after: fresh, change, children };
  }

  /** Whether everything in two equal blocks is each other's partner. */
  #isWhole(before: Block, after: Block): boolean {
    for (let offset = 0; offset < before.end - before.first; offset++) {
      const leaf = this.#before.leaves[before.first + offset]!;
      if (leaf.partner !== this.#after.leaves[after.first + offset]) return false;
    }
    return true;
  }

  #regrouped({ before, after }: Group): ComparedNode {
    const change = this.#draft.add(after.length > before.length ? 'split' : 'joined');
    const text = (blocks: readonly Block[]) => blocks.map((block) => textBlockOf(block).node.content);
    const shapes = (blocks: readonly Block[]) =>
      blocks.map((block) => {
        const inner = textBlockOf(block);
        return (inner === block ? [block] : [block, inner]).map(({ node }) => shapeOf(node));
      });
    const inline = compareRegrouped(text(before), text(after), change, this.#draft);
    return { op: 'regrouped', before: shapes(before), after: shapes(after), change, inline };
  }

  #gone(block: Block): ComparedNode {
    if (block.partner) return { op: 'departed', node: block.node, change: this.#move(block, block.partner) };
    const kept = keptIn(block);
    if (kept.length === 0) return { op: 'deleted', node: block.node, change: this.#draft.add('deleted') };
    const change = this.#isAllKept(block, this.#before)
      ? this.#move(kept[0]!, kept[0]!.partner!)
      : this.#draft.add('deleted');
    const children = block.children.map((child) => this.#gone(child));
    return { op: 'container', before: shapeOf(block.node), after: null, change, children };
  }

  #come(block: Block): ComparedNode {
    const partner = block.partner;
    if (partner) {
      const change = this.#move(partner, block);
      return { op: 'arrived', node: this.#pair(partner, block, null), change };
    }
    const kept = keptIn(block);
    if (kept.length === 0) return { op: 'inserted', node: block.node, change: this.#draft.add('inserted') };
    const change = this.#isAllKept(block, this.#after)
      ? this.#move(kept[0]!.partner!, kept[0]!)
      : this.#draft.add('inserted');
    const children = block.children.map((child) => this.#come(child));
    return { op: 'container', before: null, after: shapeOf(block.node), change, children };
  }

  #isAllKept({ first, end }: Block, side: Side): boolean {
    for (let leaf = first; leaf < end; leaf++) if (!side.leaves[leaf]!.partner) return false;
    return true;
  }

  /** Neighbours that went to the same place moved together. */
  #move(before: Block, after: Block): number {
    const known = this.#moves.get(before);
    if (known !== undefined) return known;
    const previous = before.siblings[before.index - 1];
    const together = previous?.partner && previous.partner === after.siblings[after.index - 1];
    const kind = this.#isMoved(before) || isInSame(before, after) ? 'moved' : 'retyped';
    const shared = together ? this.#moves.get(previous) : undefined;
    const change = shared !== undefined && this.#draft.kinds[shared] === kind ? shared : this.#draft.add(kind);
    this.#moves.set(before, change);
    return change;
  }

  /** Or else it stands where it stood among its words, in another container. */
  #isMoved({ first, end }: Block): boolean {
    for (let leaf = first; leaf < end; leaf++) if (this.#before.leaves[leaf]!.moved) return true;
    return false;
  }
}

/** Whether the container around is the same one: what changed its place in it did nothing else. */
const isInSame = (before: Block, after: Block): boolean =>
  (before.parent?.partner ?? null) === after.parent && (before.parent === null) === (after.parent === null);

const indexes = (blocks: readonly Block[]): Map<Block, number> => new Map(blocks.map((block, index) => [block, index]));

/** The outermost blocks in a block that the other document has too. */
const keptIn = (block: Block): Block[] => (block.partner ? [block] : block.children.flatMap(keptIn));
