/** ProseMirror nodes as the leaves of the flow, each with the containers around it. */
import type { Node } from '@tiptap/pm/model';
import type { Frame } from './blocks.ts';
import type { PathElement } from './format.ts';
import { isLeafBlock } from './leaf.ts';
import { isCellType } from './table.ts';

/** A container in an edited document, on its way to a place in the stored paths. */
export interface Container {
  readonly node: Node;
  readonly parent: Container | null;
  /** The sibling right before it, when that is a container too: equal untagged neighbours would join. */
  readonly before: Container | null;
  /** Of a cell: the column of the grid it starts in. */
  readonly column: number;
  /** The container of the previous rendering that it continues. */
  old: Frame | null;
  element: PathElement | null;
}

export interface Leaf {
  /** Null stands for a container without children, the last of the chain. */
  readonly node: Node | null;
  readonly chain: readonly Container[];
  /** Position right before the node, counted from the start of the nodes given. */
  readonly pos: number;
}

/**
 * The leaves of sibling nodes, in order. `fillers` are only in the view and left out, and with them the cells that hold
 * nothing else; any other container that would have no leaf then stands as an empty container where the schema allows
 * that, or else keeps them.
 */
export function flatten(nodes: readonly Node[], fillers: ReadonlySet<Node>): Leaf[] {
  const leaves: Leaf[] = [];
  const visitAll = (
    children: readonly Node[],
    chain: readonly Container[],
    start: number,
    leftOut: ReadonlySet<Node>,
    columns: readonly (readonly number[])[],
  ) => {
    const parent = chain.at(-1) ?? null;
    const row = parent?.node.type.spec.tableRole === 'row';
    let before: Container | null = null;
    let pos = start;
    children.forEach((node, i) => {
      if (isLeafBlock(node.type)) {
        if (!leftOut.has(node)) leaves.push({ node, chain, pos });
        before = null;
      } else {
        const container: Container = {
          node,
          parent,
          before,
          column: row ? (columns[0]?.[i] ?? -1) : -1,
          old: null,
          element: null,
        };
        const inner =
          node.type.spec.tableRole === 'table'
            ? gridColumns(node)
            : node.type.spec.tableRole === 'row'
              ? [columns[i] ?? []]
              : [];
        visit(container, [...chain, container], pos, leftOut, inner);
        before = container;
      }
      pos += node.nodeSize;
    });
  };
  const visit = (
    { node }: Container,
    chain: readonly Container[],
    pos: number,
    leftOut: ReadonlySet<Node>,
    columns: readonly (readonly number[])[],
  ) => {
    const count = leaves.length;
    visitAll(node.children, chain, pos + 1, leftOut, columns);
    if (leaves.length > count || isCellType(node.type)) return;
    if (node.type.contentMatch.validEnd) leaves.push({ node: null, chain, pos });
    else visitAll(node.children, chain, pos + 1, NOTHING, columns);
  };
  visitAll(nodes, [], 0, fillers, []);
  return leaves;
}

const NOTHING: ReadonlySet<Node> = new Set();

/** The grid column in which each cell of each row starts. */
function gridColumns(table: Node): number[][] {
  const taken: boolean[][] = [];
  return table.children.map((row, y) => {
    let x = 0;
    return row.children.map((cell) => {
      while (taken[y]?.[x]) x++;
      const start = x;
      x += Number(cell.attrs.colspan ?? 1);
      for (let dy = 1; dy < Math.min(Number(cell.attrs.rowspan ?? 1), table.childCount - y); dy++) {
        taken[y + dy] ??= [];
        for (let covered = start; covered < x; covered++) taken[y + dy]![covered] = true;
      }
      return start;
    });
  });
}
