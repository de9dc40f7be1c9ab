/** The flow as last rendered: its blocks, the document that shows them, and how the two belong together. */
import { Fragment, type Node, type Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';
import {
  type Block,
  firstItem,
  isMarker,
  PLAIN,
  readBlocks,
  readPieces,
  type Slot,
  sameBlock,
  toBlocks,
} from './blocks.ts';
import { around } from './changes.ts';
import { contentRoots, PATH, parsePath, sameValue, tagOfAttribute } from './format.ts';
import { isLeafBlock, leafNodes, leafType, renderLeaf } from './leaf.ts';
import { isTopLevel, render, renderDocument } from './render.ts';
import { isCellType } from './table.ts';

/** Blocks `first`..`oldEnd` became blocks `first`..`newEnd`. */
interface DirtyBlocks {
  first: number;
  oldEnd: number;
  newEnd: number;
}

/** What a child of the document shows. */
interface Shown {
  /** How many blocks; containers without children are blocks, but no leaf stands for them. */
  readonly blocks: number;
  readonly slots: readonly Slot[];
}

export class FlowView {
  readonly schema: Schema;
  readonly #ytext: Y.Text;
  readonly #yattrs: Y.Map<unknown>;
  #blocks: Block[] = [];
  readonly #byMarker = new Map<Y.Map<unknown> | null, Block>();
  /** Of each child of `doc`, what it shows. Kept by place, since one node object may stand in two places. */
  #shown: Shown[] = [];
  #doc!: Node;

  constructor(ydoc: Y.Doc, schema: Schema) {
    this.schema = schema;
    const { ytext, yattrs } = contentRoots(ydoc);
    this.#ytext = ytext;
    this.#yattrs = yattrs;
    this.readAll();
  }

  get doc(): Node {
    return this.#doc;
  }

  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  /** Reads the whole flow again; blocks that hold what they held keep what was rendered from them. */
  readAll(): void {
    this.#blocks = readBlocks(this.#ytext).map((block) => {
      const old = this.#byMarker.get(block.marker);
      return old && sameBlock(old, block) && block.pieces.every(({ insert }) => typeof insert === 'string')
        ? old
        : block;
    });
    this.#byMarker.clear();
    for (const block of this.#blocks) this.#byMarker.set(block.marker, block);
    this.#renderAll();
  }

  #renderAll(): void {
    const { doc, counts, fillers } = renderDocument(this.schema, this.#blocks, this.#containerValue);
    this.#doc = doc;
    this.#shown = shownBy(doc.children, counts, fillers, this.#blocks);
  }

  /** Takes over what a transaction changed (see changes.ts) and renders as much anew as that asks for. */
  update(items: ReadonlySet<Y.Item>, attributeKeys: Iterable<string>): void {
    const dirty = items.size > 0 ? this.#readChange(items) : null;
    const tagged = this.#blocksTagged(new Set([...attributeKeys].map(tagOfAttribute)));
    if (dirty && !tagged && this.#renderText(dirty)) return;
    if (dirty) this.#renderBlocks(dirty);
    if (tagged) this.#renderBlocks(tagged);
  }

  /**
   * Takes an equal document's nodes for its own. The editor makes nodes of its own when it applies steps; telling
   * what an edit left alone rests on knowing them.
   */
  adopt(doc: Node): void {
    if (this.#doc.childCount !== doc.childCount) throw new RangeError('Expected a document equal to the one rendered');
    const before = this.#doc.children;
    doc.children.forEach((node, i) => {
      if (node === before[i]) return;
      const leaves = leafNodes(node);
      const { slots } = this.#shown[i]!;
      if (leaves.length !== slots.length) throw new RangeError('Expected a document equal to the one rendered');
      slots.forEach((slot, at) => {
        slot.node = leaves[at]!;
        if (slot.block) slot.block.node = slot.node;
      });
    });
    this.#doc = doc;
  }

  /** The blocks that the children `from`..`to` of the document show, and where the first of them starts in the Y.Text. */
  partOf(from: number, to: number): { blocks: readonly Block[]; start: number } {
    const first = this.firstBlockOf(from);
    return { blocks: this.#blocks.slice(first, this.firstBlockOf(to)), start: this.startOf(first) };
  }

  /** Index in the Y.Text at which a block starts. */
  startOf(block: number): number {
    let start = 0;
    for (let i = 0; i < block; i++) start += this.#blocks[i]!.length;
    return start;
  }

  /** The index of the first block that a child of the document shows. */
  firstBlockOf(child: number): number {
    let first = 0;
    for (let i = 0; i < child; i++) first += this.#shown[i]!.blocks;
    return first;
  }

  /** The child of the document that shows a block. */
  childOf(block: number): number {
    let child = -1;
    for (let end = 0; end <= block; ) end += this.#shown[++child]!.blocks;
    return child;
  }

  slotsOf(child: number): readonly Slot[] {
    return this.#shown[child]?.slots ?? [];
  }

  readonly #containerValue = (key: string): unknown => this.#yattrs.get(key);

  /** The block that an item marked the start of when it was last read, and still does. */
  readonly #markedBy = (item: Y.Item): Block | undefined => {
    if (item.deleted || !(item.content instanceof Y.ContentType)) return undefined;
    const { type } = item.content;
    return type instanceof Y.Map && isMarker(type) ? this.#byMarker.get(type) : undefined;
  };

  #readChange(items: ReadonlySet<Y.Item>): DirtyBlocks {
    const blocks = this.#blocks;
    const [before, behind] = around(items, this.#markedBy);
    const first = before.has(null) ? 0 : firstOf(blocks, before);
    let oldEnd = behind.has(null) ? blocks.length : lastOf(blocks, behind);
    const start = before.has(null) ? null : blocks[first]!;
    const pieces = readPieces(
      start?.marker?._item ?? firstItem(this.#ytext),
      start?.attributes ?? PLAIN,
      (item, formatting) => {
        const next = blocks[oldEnd];
        if (!next || item !== next.marker?._item) return false;
        // Formatting that ends or starts differently now reaches on to wherever it is again what it was.
        if (sameValue(formatting, next.attributes)) return true;
        oldEnd++;
        return false;
      },
    );
    const old = blocks.slice(first, oldEnd);
    for (const { marker } of old) this.#byMarker.delete(marker);
    const known = new Map(old.map((block) => [block.marker, block]));
    const isChanged = (insert: string | object) =>
      insert instanceof Y.Map && insert._item !== null && items.has(insert._item);
    const fresh = toBlocks(pieces).map((block) => {
      const same = known.get(block.marker);
      return same && sameBlock(same, block) && !block.pieces.some(({ insert }) => isChanged(insert)) ? same : block;
    });
    for (const block of fresh) this.#byMarker.set(block.marker, block);
    this.#replaced = old;
    if (fresh.length === old.length) {
      fresh.forEach((block, i) => {
        blocks[first + i] = block;
      });
    } else {
      this.#blocks = blocks.slice(0, first).concat(fresh, blocks.slice(oldEnd));
    }
    return { first, oldEnd, newEnd: first + fresh.length };
  }

  /** The blocks that the last `#readChange` took out. */
  #replaced: readonly Block[] = [];

  #blocksTagged(tags: ReadonlySet<string>): DirtyBlocks | null {
    if (tags.size === 0) return null;
    const isTagged = (block: Block) => parsePath(block.props[PATH]).some(({ tag }) => tag !== null && tags.has(tag));
    const first = this.#blocks.findIndex(isTagged);
    if (first < 0) return null;
    const end = this.#blocks.findLastIndex(isTagged) + 1;
    return { first, oldEnd: end, newEnd: end };
  }

  /** The common case: the text of one block changed and nothing else. False when it is not that case. */
  #renderText({ first, oldEnd, newEnd }: DirtyBlocks): boolean {
    if (oldEnd - first !== newEnd - first) return false;
    let changed = -1;
    for (let i = first; i < newEnd; i++) {
      if (this.#blocks[i] === this.#replaced[i - first]) continue;
      if (changed >= 0) return false;
      changed = i;
    }
    if (changed < 0) return true;
    const block = this.#blocks[changed]!;
    const old = this.#replaced[changed - first]!;
    const leaf = old.node;
    const sameMarker = sameBlock({ ...block, pieces: [], length: 0 }, { ...old, pieces: [], length: 0 });
    const sameType = leafType(this.schema, block) === leafType(this.schema, old);
    if (!leaf?.type.isTextblock || !block.marker || !sameMarker || !sameType) return false;
    // Whether a stray cell is shown depends on whether there is anything in it.
    const emptied = (block.pieces.length === 0) !== (old.pieces.length === 0);
    if (emptied && old.chain.some(({ type }) => isCellType(type))) return false;
    const parent = old.chain.at(-1)?.type ?? this.schema.topNodeType;
    block.node = renderLeaf(this.schema, block, leaf.type, parent);
    block.chain = old.chain;
    const child = this.childOf(changed);
    const { slots, blocks } = this.#shown[child]!;
    const at = slots.findIndex((slot) => slot.block === old);
    const fresh = slots.with(at, { node: block.node, block });
    this.#shown[child] = { blocks, slots: fresh };
    const replaced = replaceLeaf(this.#doc.child(child), at, block.node);
    this.#doc = this.#doc.copy(this.#doc.content.replaceChild(child, replaced));
    return true;
  }

  /** The index of the child that starts with the block of this index, or the number of children behind the last block. */
  #childAt(block: number): number {
    let child = 0;
    for (let first = 0; first < block; child++) first += this.#shown[child]!.blocks;
    return child;
  }

  #renderBlocks({ first, oldEnd, newEnd }: DirtyBlocks): void {
    const blocks = this.#blocks;
    let start = first;
    while (start > 0 && !isTopLevel(blocks[start - 1]!)) start--;
    let end = newEnd;
    while (end < blocks.length && !isTopLevel(blocks[end]!)) end++;
    if (blocks.length === 0 || this.#shown.every(({ blocks: count }) => count === 0)) {
      this.#renderAll();
      return;
    }
    const region = blocks.slice(start, end);
    const rendered = render(this.schema, region, this.#containerValue);
    const from = this.#childAt(start);
    const to = this.#childAt(end - newEnd + oldEnd);
    const shown = shownBy(rendered.nodes, rendered.counts, rendered.fillers, region);
    this.#shown = this.#shown.slice(0, from).concat(shown, this.#shown.slice(to));
    const children = this.#doc.children;
    this.#doc = this.#doc.copy(Fragment.fromArray(children.slice(0, from).concat(rendered.nodes, children.slice(to))));
  }
}

/** The lowest index of any of these blocks. Nearly always there is one only. */
function firstOf(blocks: readonly Block[], which: ReadonlySet<Block | null>): number {
  const [one = null] = which;
  return one && which.size === 1 ? blocks.indexOf(one) : blocks.findIndex((block) => which.has(block));
}

function lastOf(blocks: readonly Block[], which: ReadonlySet<Block | null>): number {
  const [one = null] = which;
  return one && which.size === 1 ? blocks.indexOf(one) : blocks.findLastIndex((block) => which.has(block));
}

function shownBy(
  nodes: readonly Node[],
  counts: readonly number[],
  fillers: ReadonlySet<Node>,
  blocks: readonly Block[],
): Shown[] {
  let next = 0;
  return nodes.map((node, i) => {
    const end = next + counts[i]!;
    const slots = leafNodes(node).map((leaf): Slot => {
      if (fillers.has(leaf)) return { node: leaf, block: null };
      while (blocks[next]!.node === null) next++;
      return { node: leaf, block: blocks[next++]! };
    });
    next = end;
    return { blocks: counts[i]!, slots };
  });
}

/** A node with its leaf at index `at` replaced. */
function replaceLeaf(node: Node, at: number, replacement: Node): Node {
  let left = at;
  const visit = (parent: Node): Node => {
    if (isLeafBlock(parent.type)) return left-- === 0 ? replacement : parent;
    for (let i = 0; i < parent.childCount && left >= 0; i++) {
      const visited = visit(parent.child(i));
      if (visited !== parent.child(i)) return parent.copy(parent.content.replaceChild(i, visited));
    }
    return parent;
  };
  return visit(node);
}
