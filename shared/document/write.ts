/** An edit of the ProseMirror document as the smallest change of the flow. */
import type { Mark, Node, Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { align } from './align.ts';
import { applyFrom, type Op } from './apply.ts';
import { type Block, isHidden, pieceLength } from './blocks.ts';
import {
  assignElements,
  inherit,
  inheritRows,
  isTablePart,
  pathOf,
  sameChain,
  writeContainerAttributes,
} from './containers.ts';
import { flatten, type Leaf } from './flatten.ts';
import {
  type Attributes,
  contentRoots,
  EMPTY_CONTAINER,
  formatPath,
  INLINE,
  INSIDE,
  inlineCode,
  KIND,
  PATH,
  type PathElement,
  parsePath,
  sameValue,
  shownAttributes,
} from './format.ts';
import { isInlineContainer, isMarkKey, markKey, markValue, paragraphType, type Unit } from './leaf.ts';
import type { Entry, FlowSymbol } from './symbols.ts';

export interface Edit {
  schema: Schema;
  /** The blocks that the edited nodes replace, as rendered before. */
  blocks: readonly Block[];
  /** Index in the Y.Text at which the first of the blocks starts. */
  start: number;
  nodes: readonly Node[];
  /** Leaves among the nodes that are not to be written: only the view has them. */
  fillers: ReadonlySet<Node>;
  /** Where the edit started, counted from the start of `nodes`: tells which of several equal letters was typed. */
  hint: number | null;
  /**
   * `changes` writes what differs from what was shown. `shown` writes everything that is shown, for when the flow would
   * render differently otherwise; `anew` gives new tags as well; in tables only where one tag stands in two places.
   */
  mode: 'changes' | 'shown' | 'anew';
}

/** Writes an edit into the Y.Doc. Call inside a transaction. */
export function writeEdit(ydoc: Y.Doc, edit: Edit): void {
  const { ytext, yattrs } = contentRoots(ydoc);
  const { blocks, mode } = edit;
  const leaves = flatten(edit.nodes, edit.fillers);
  const entries = align(blocks, leaves, edit.hint);
  const continues = new Map<Leaf, Block>();
  for (const entry of entries) {
    if (entry.kind === 'whole') continues.set(leaves[entry.leaf]!, blocks[entry.block]!);
    if (entry.kind === 'keep' && entry.new.unit === null) continues.set(leaves[entry.new.at]!, blocks[entry.old.at]!);
  }
  inherit(leaves, continues, mode === 'anew' ? isTablePart : () => true);
  inheritRows(leaves, blocks);
  assignElements(ydoc, leaves, mode === 'anew');
  for (const [leaf, block] of continues) updateMarker(edit.schema, block, leaf, mode !== 'changes');
  writeContainerAttributes(yattrs, leaves, mode !== 'changes');
  writeEntries(ytext, edit, leaves, entries);
}

/** Writes the edited content of one textblock whose type, attributes and containers are what they were. Call inside a transaction. */
export function writeText(ydoc: Y.Doc, edit: Edit): void {
  const leaves: Leaf[] = edit.nodes.map((node) => ({ node, chain: [], pos: 0 }));
  writeEntries(contentRoots(ydoc).ytext, edit, leaves, align(edit.blocks, leaves, edit.hint));
}

function writeEntries(ytext: Y.Text, edit: Edit, leaves: readonly Leaf[], entries: readonly Entry[]): void {
  const { blocks, mode } = edit;
  const ops = new Ops();
  const hidden = new HiddenFormatting(edit.schema, blocks);
  let inherited: Attributes = {};
  let next = 0;
  const passHidden = (end: number, stays: boolean) => {
    for (; next < end; next++) {
      const { length } = blocks[next]!;
      if (isHidden(blocks[next]!)) ops.push(stays ? { retain: length } : { delete: length });
    }
  };
  entries.forEach((entry, i) => {
    // Hidden blocks stay, unless the marker behind them goes (what it marked would become theirs), or all is to be as shown.
    if (entry.kind === 'whole') passHidden(entry.block, mode === 'changes');
    else if (entry.kind !== 'insert') passHidden(entry.old.at, mode === 'changes' && entry.kind === 'keep');
    if (entry.kind === 'insert' && entries[i - 1]?.kind !== 'insert') inherited = hidden.around(entries, i);
    if (entry.kind === 'whole') ops.push({ retain: blocks[entry.block]!.length });
    else if (entry.kind === 'delete') ops.push({ delete: 1 });
    else if (entry.kind === 'keep') ops.push({ retain: 1, attributes: reformatted(entry, blocks, leaves) });
    else ops.push(insertion(entry.new, leaves, inherited));
  });
  passHidden(blocks.length, mode === 'changes');
  const delta = ops.finish();
  if (delta.length > 0) applyFrom(ytext, blocks[0] ?? null, edit.start, delta);
}

/** Collects operations, joining neighbours and leaving out a retain at the end. */
class Ops {
  readonly #ops: Op[] = [];

  push(op: Op): void {
    const last = this.#ops.at(-1);
    if (!last || !sameValue(last.attributes ?? {}, op.attributes ?? {})) {
      this.#ops.push(op);
    } else if (last.retain !== undefined && op.retain !== undefined) {
      last.retain += op.retain;
    } else if (last.delete !== undefined && op.delete !== undefined) {
      last.delete += op.delete;
    } else if (typeof last.insert === 'string' && typeof op.insert === 'string') {
      last.insert += op.insert;
    } else {
      this.#ops.push(op);
    }
  }

  finish(): Op[] {
    while (this.#ops.at(-1)?.retain !== undefined && !hasKeys(this.#ops.at(-1)!.attributes)) this.#ops.pop();
    return this.#ops;
  }
}

const hasKeys = (attributes: Attributes | undefined): boolean =>
  attributes !== undefined && Object.keys(attributes).length > 0;

const formattingOf = (marks: readonly Mark[], inside: boolean): Record<string, unknown> => {
  const attributes: Record<string, unknown> = {};
  for (const mark of marks) attributes[markKey(mark)] = markValue(mark);
  if (inside) attributes[INSIDE] = true;
  return attributes;
};

/** The formatting to change on a kept unit so that it goes from what was shown to what is shown now. */
function reformatted(
  entry: Extract<Entry, { kind: 'keep' }>,
  blocks: readonly Block[],
  leaves: readonly Leaf[],
): Attributes | undefined {
  const side = (unit: Unit | null, node: Node | null | undefined) =>
    unit ? formattingOf(unit.marks, unit.inside) : formattingOf(node?.marks ?? [], false);
  const before = side(entry.old.unit, blocks[entry.old.at]!.node);
  const after = side(entry.new.unit, leaves[entry.new.at]!.node);
  const changes: Record<string, unknown> = {};
  for (const key of Object.keys(before)) if (!(key in after)) changes[key] = null;
  for (const key of Object.keys(after)) if (!sameValue(before[key], after[key])) changes[key] = after[key];
  return hasKeys(changes) ? changes : undefined;
}

function insertion({ at, unit }: FlowSymbol, leaves: readonly Leaf[], inherited: Attributes): Op {
  const leaf = leaves[at]!;
  if (!unit) return { insert: newMarker(leaf), attributes: formattingOf(leaf.node?.marks ?? [], false) };
  const attributes = { ...inherited, ...formattingOf(unit.marks, unit.inside) };
  return { insert: typeof unit.content === 'string' ? unit.content : newEmbed(unit.content), attributes };
}

function newMarker({ node, chain }: Leaf): Y.Map<unknown> {
  const entries: [string, unknown][] = [];
  if (!node) entries.push([KIND, EMPTY_CONTAINER]);
  else if (node.type !== paragraphType(node.type.schema)) entries.push([KIND, node.type.name]);
  if (chain.length > 0) entries.push([PATH, formatPath(pathOf(chain, []))]);
  if (node) entries.push(...attributeEntries(node));
  return new Y.Map(entries);
}

const newEmbed = (node: Node): Y.Map<unknown> =>
  new Y.Map<unknown>([[INLINE, inlineCode(node.type.name)], ...attributeEntries(node)]);

const attributeEntries = (node: Node): [string, unknown][] =>
  Object.entries(node.attrs)
    .filter(([name, value]) => !sameValue(value, node.type.spec.attrs?.[name]?.default))
    .map(([name, value]) => [`.${name}`, value]);

/** Brings a kept marker from what its block showed to what the leaf shows; keys that the schema does not know stay. */
function updateMarker(schema: Schema, block: Block, { node, chain }: Leaf, everything: boolean): void {
  const { marker } = block;
  if (!marker) return;
  const put = (key: string, value: unknown) => {
    if (value === undefined ? marker.has(key) : !sameValue(marker.get(key), value)) {
      if (value === undefined) marker.delete(key);
      else marker.set(key, value);
    }
  };
  if (everything || block.node?.type !== node?.type) {
    put(KIND, !node ? EMPTY_CONTAINER : node.type === paragraphType(schema) ? undefined : node.type.name);
  }
  if (node && node !== block.node) {
    const shown = shownAttributes(node.type, (name) => block.props[`.${name}`]);
    for (const [name, value] of Object.entries(node.attrs)) {
      if (everything || !sameValue(shown?.[name], value)) {
        put(`.${name}`, sameValue(value, node.type.spec.attrs?.[name]?.default) ? undefined : value);
      }
    }
  }
  if (everything || !sameChain(chain, block.chain)) {
    const path = formatPath(pathOf(chain, trailingUnknown(schema, parsePath(block.props[PATH]))));
    put(PATH, path === '' ? undefined : path);
  }
}

/** Elements behind the last container that the schema knows. */
function trailingUnknown(schema: Schema, path: readonly PathElement[]): readonly PathElement[] {
  const last = path.findLastIndex(({ type }) => schema.nodes[type]?.isBlock);
  return path.slice(last + 1);
}

/** Formatting that this schema does not know, which text typed inside it must continue or leave a hole in. */
class HiddenFormatting {
  readonly #schema: Schema;
  readonly #blocks: readonly Block[];
  readonly #cache = new Map<number, Attributes[]>();

  constructor(schema: Schema, blocks: readonly Block[]) {
    this.#schema = schema;
    this.#blocks = blocks;
  }

  /** What the units on both sides of a run of insertions, of which the first is given, have in common. */
  around(entries: readonly Entry[], first: number): Attributes {
    let right = first + 1;
    while (entries[right]?.kind === 'insert') right++;
    const before = entries[first - 1];
    const after = entries[right];
    if (!before || !after || before.kind === 'whole' || after.kind === 'whole') return {};
    if (before.kind === 'insert' || after.kind === 'insert' || before.old.at !== after.old.at) return {};
    if (!before.old.unit || !after.old.unit) return {};
    return this.#common(before.old, after.old);
  }

  #common(left: FlowSymbol, right: FlowSymbol): Attributes {
    const hidden = this.#hidden(left.at);
    if (hidden.length === 0) return {};
    const leaf = this.#blocks[left.at]!.node!;
    const index = (symbol: FlowSymbol) => unitIndex(leaf, symbol.unit!.offset);
    const a = hidden[index(left)] ?? {};
    const b = hidden[index(right)] ?? {};
    return Object.fromEntries(Object.entries(a).filter(([key, value]) => sameValue(value, b[key])));
  }

  /** Hidden formatting of each unit of a block; empty when there is none, which is nearly always. */
  #hidden(at: number): Attributes[] {
    const known = this.#cache.get(at);
    if (known) return known;
    const isHidden = (key: string) => key !== INSIDE && !isMarkKey(this.#schema, key);
    const { pieces } = this.#blocks[at]!;
    const units = pieces.some(({ attributes }) => Object.keys(attributes).some(isHidden))
      ? pieces.flatMap((piece) => {
          const attributes = Object.fromEntries(Object.entries(piece.attributes).filter(([key]) => isHidden(key)));
          return new Array<Attributes>(pieceLength(piece)).fill(attributes);
        })
      : [];
    this.#cache.set(at, units);
    return units;
  }
}

/** Index of the unit at a ProseMirror offset in a leaf: closing an inline container is a position, but no unit. */
export function unitIndex(leaf: Node, offset: number): number {
  let units = 0;
  let position = 0;
  for (const child of leaf.children) {
    if (offset <= position) break;
    if (isInlineContainer(child.type)) {
      const inside = Math.min(offset - position - 1, child.content.size);
      units += 1 + unitIndex(child, inside);
    } else {
      units += Math.min(offset - position, child.nodeSize);
    }
    position += child.nodeSize;
  }
  return units;
}
