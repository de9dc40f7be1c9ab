/** Places of an edited document's containers in the stored paths: which old container each continues, and which tag it carries. */
import type { Attrs, NodeType } from '@tiptap/pm/model';
import type * as Y from 'yjs';
import { type Block, type Frame, isHidden } from './blocks.ts';
import type { Container, Leaf } from './flatten.ts';
import { cellTag, columnOf, containerAttribute, freshTag, type PathElement, sameValue } from './format.ts';
import { family } from './render.ts';

/** Tables, rows and cells: what two people give new tags at once falls apart into more rows and columns than either made. */
export const isTablePart = (type: NodeType): boolean => type.spec.tableRole !== undefined;

/**
 * Gives every container the old one it continues: going outwards from the first leaf that was there before, the next one
 * of the same family, each only once. So an item keeps its tag when it is indented, lifted out of or wrapped into something.
 * @param may which types of containers continue an old one at all
 */
export function inherit(
  leaves: readonly Leaf[],
  continues: ReadonlyMap<Leaf, Block>,
  may: (type: NodeType) => boolean,
): void {
  const used = new Set<Frame>();
  for (const leaf of leaves) {
    const chain = continues.get(leaf)?.chain;
    if (!chain) continue;
    let inner = chain.length - 1;
    for (const container of [...leaf.chain].reverse()) {
      if (container.old) {
        const at = chain.lastIndexOf(container.old);
        if (at >= 0 && at <= inner) inner = at - 1;
        continue;
      }
      if (!may(container.node.type)) continue;
      const kin = family(container.node.type);
      for (let i = inner; i >= 0; i--) {
        const frame = chain[i]!;
        if (frame.virtual || used.has(frame) || family(frame.type) !== kin) continue;
        container.old = frame;
        used.add(frame);
        inner = i - 1;
        break;
      }
    }
  }
}

/**
 * Rows that merging cells left without a leaf that was there before are still the old rows: where between two rows that
 * continue old ones there are as many rows as there were, those continue them. Call after `inherit`.
 */
export function inheritRows(leaves: readonly Leaf[], blocks: readonly Block[]): void {
  const oldRows = new Map<Frame, Set<Frame>>();
  for (const block of blocks) {
    if (isHidden(block)) continue;
    block.chain.forEach((row, i) => {
      const table = block.chain[i - 1];
      if (table && row.type.spec.tableRole === 'row' && !row.virtual) append(oldRows, table, row);
    });
  }
  const rows = new Map<Container, Set<Container>>();
  for (const { chain } of leaves) {
    for (const row of chain) {
      if (row.parent?.old && row.node.type.spec.tableRole === 'row') append(rows, row.parent, row);
    }
  }
  for (const [table, fresh] of rows) {
    const old = [...(oldRows.get(table.old!) ?? [])];
    let next = 0;
    let unknown: Container[] = [];
    for (const row of [...fresh, null]) {
      if (row && !row.old) {
        unknown.push(row);
        continue;
      }
      const at = row?.old ? old.indexOf(row.old) : old.length;
      if (at - next === unknown.length) {
        unknown.forEach((one, i) => {
          one.old = old[next + i]!;
        });
      }
      unknown = [];
      next = Math.max(next, at + 1);
    }
  }
}

function append<K, V>(index: Map<K, Set<V>>, key: K, value: V): void {
  const set = index.get(key);
  if (set) set.add(value);
  else index.set(key, new Set([value]));
}

/**
 * Gives every container its path element. Call after `inherit`.
 * @param once whether a tag that stands in two places stays in the first of them only
 */
export function assignElements(ydoc: Y.Doc, leaves: readonly Leaf[], once: boolean): void {
  const columns = tableColumns(leaves);
  const given = new Set<string | null>();
  for (const leaf of leaves) {
    for (const container of leaf.chain) {
      if (container.element) continue;
      const tag = container.old?.tag ?? null;
      container.element = elementOf(ydoc, container, columns, !(once && given.has(tag)));
      given.add(container.element.tag);
    }
  }
}

type Columns = Map<Container, (string | undefined)[]>;

/** The ids of each table's columns, as far as cells bring them along. */
function tableColumns(leaves: readonly Leaf[]): Columns {
  const tables = new Map<Container, Set<Container>>();
  for (const { chain } of leaves) {
    for (const cell of chain) {
      const table = cell.parent?.parent;
      if (cell.column >= 0 && table) append(tables, table, cell);
    }
  }
  return new Map([...tables].map(([table, cells]) => [table, columnIds(cells)]));
}

/** Each column has the id that most of its cells bring along, so that as few of them as can be are given another. */
function columnIds(cells: Iterable<Container>): (string | undefined)[] {
  const votes = new Map<string, { column: number; id: string; count: number }>();
  for (const { column, old } of cells) {
    if (!old?.tag) continue;
    const id = columnOf(old.tag);
    const key = `${column} ${id}`;
    const vote = votes.get(key) ?? { column, id, count: 0 };
    votes.set(key, { ...vote, count: vote.count + 1 });
  }
  const ids: (string | undefined)[] = [];
  for (const { column, id } of [...votes.values()].sort((a, b) => b.count - a.count)) {
    if (ids[column] === undefined && !ids.includes(id)) ids[column] = id;
  }
  return ids;
}

function elementOf(ydoc: Y.Doc, container: Container, columns: Columns, keeps: boolean): PathElement {
  const { node, parent, before, column, old } = container;
  const type = node.type.name;
  const ids = column >= 0 && parent?.parent ? columns.get(parent.parent) : undefined;
  if (ids && parent?.element?.tag) {
    ids[column] ??= freshTag(ydoc);
    return { type, tag: cellTag(parent.element.tag, ids[column]) };
  }
  const previous = before?.element;
  const joins = (tag: string | null) => previous?.type === type && previous.tag === tag;
  if (old?.tag && keeps && !joins(old.tag)) return { type, tag: old.tag };
  const tagged = !standsAlone(node.type) || hasAttributes(node.type, node.attrs) || joins(null);
  return { type, tag: tagged ? freshTag(ydoc) : null };
}

/** Whether a container may stand directly in the document; items, rows and cells may not, and always carry a tag. */
const standsAlone = (type: NodeType): boolean => type.schema.topNodeType.contentMatch.matchType(type) !== null;

const defaultOf = (type: NodeType, name: string): unknown => type.spec.attrs?.[name]?.default;

const hasAttributes = (type: NodeType, attrs: Attrs): boolean =>
  Object.keys(attrs).some((name) => !sameValue(attrs[name], defaultOf(type, name)));

/** Whether a leaf's containers are the ones its block was rendered in, so that the stored path says it already. */
export const sameChain = (chain: readonly Container[], frames: readonly Frame[]): boolean =>
  chain.length === frames.length &&
  chain.every(({ old, element, node }, i) => {
    const frame = frames[i]!;
    return old === frame && element?.tag === frame.tag && node.type === frame.type;
  });

/** The path of a leaf; elements that this schema does not know stay in front of the container they stood before. */
export function pathOf(chain: readonly Container[], trailing: readonly PathElement[]): PathElement[] {
  return [...chain.flatMap(({ old, element }) => [...(old?.unknown ?? []), element!]), ...trailing];
}

/** Writes the attributes in which the containers differ from what was shown before. Call inside a transaction. */
export function writeContainerAttributes(yattrs: Y.Map<unknown>, leaves: readonly Leaf[], everything: boolean): void {
  const done = new Set<Container>();
  for (const { chain } of leaves) {
    for (const container of chain) {
      const { node, old, element } = container;
      if (done.has(container) || !element || element.tag === null) continue;
      done.add(container);
      const shown = !everything && old && old.tag === element.tag ? old.attrs : null;
      for (const [name, value] of Object.entries(node.attrs)) {
        const key = containerAttribute(element.tag, name);
        const isDefault = sameValue(value, defaultOf(node.type, name));
        if (shown ? sameValue(shown[name], value) : isDefault && !yattrs.has(key)) continue;
        if (!isDefault) {
          if (!sameValue(yattrs.get(key), value)) yattrs.set(key, value);
        } else if (yattrs.has(key)) yattrs.delete(key);
      }
    }
  }
}
