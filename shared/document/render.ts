/** The flow as a ProseMirror document: total, so that every content of the Y.Doc shows as a valid document and no text is hidden. */
import { type Attrs, type ContentMatch, Fragment, type Node, type NodeType, type Schema } from '@tiptap/pm/model';
import type { Block, Frame } from './blocks.ts';
import {
  containerAttribute,
  EMPTY_CONTAINER,
  KIND,
  PATH,
  type PathElement,
  parsePath,
  shownAttributes,
} from './format.ts';
import { isLeafBlock, leafType, paragraphType, renderLeaf } from './leaf.ts';
import { alignTable, isCellType, type RowContent, type Strays } from './table.ts';

export interface Rendering {
  nodes: Node[];
  /** How many blocks each node shows. */
  counts: number[];
  /** The leaves that the schema asks for and no block stands behind. */
  fillers: Set<Node>;
}

interface OpenFrame extends Frame {
  match: ContentMatch;
  children: Node[];
  /** The rows of a table, or of a row its cells, kept apart until the table closes and can be aligned. */
  rows: RowContent[];
  cells: RowContent['cells'];
}

/** Containers that may take each other's place and keep their tag: an item in another kind of list, a cell made a header. */
export function family(type: NodeType): string {
  if (isCellType(type)) return 'cell';
  return type.name === 'taskItem' ? 'listItem' : type.name;
}

const isContainer = (type: NodeType | undefined): type is NodeType =>
  !!type && type.isBlock && !isLeafBlock(type) && type !== type.schema.topNodeType && !type.isText;

/**
 * Renders a run of blocks that starts and ends at top level (see `isTopLevel`). Sets `node` and `chain` of each block as
 * shown; `node` is null when none is.
 */
export function render(schema: Schema, blocks: readonly Block[], containerValue: (key: string) => unknown): Rendering {
  const fillers = new Set<Node>();
  const strays: Strays = new Map();
  const top = schema.topNodeType;
  const stack: OpenFrame[] = [open(top, null, null, false, [])];
  const counts: number[] = [];
  let counted = 0;

  const fill = (frame: OpenFrame, fragment: Fragment | null) => {
    fragment?.forEach((node) => {
      noteFillers(node, fillers);
      add(frame, node);
    });
  };
  const add = (frame: OpenFrame, node: Node) => {
    frame.children.push(node);
    const next = frame.match.matchType(node.type);
    if (next) frame.match = next;
    if (frame === stack[0]) {
      counts.push(counted);
      counted = 0;
    }
  };
  const close = () => {
    const frame = stack.pop()!;
    const parent = stack.at(-1)!;
    const role = frame.type.spec.tableRole;
    if (role === 'table') {
      const rows = alignTable(schema, frame.rows, { fillers, strays });
      parent.children.push(frame.type.create(frame.attrs, rows));
    } else if (role === 'row' && parent.type.spec.tableRole === 'table') {
      parent.rows.push({ frame, cells: frame.cells });
      return;
    } else {
      fill(frame, frame.match.fillBefore(Fragment.empty, true));
      if (family(frame.type) === 'cell' && parent.type.spec.tableRole === 'row') {
        parent.cells.push({ frame, content: Fragment.fromArray(frame.children) });
        return;
      }
      parent.children.push(frame.type.create(frame.attrs, frame.children));
    }
    if (parent === stack[0]) {
      counts.push(counted);
      counted = 0;
    }
  };
  /** Makes room for a node of this type, closing containers that cannot take it; false when not even the document can. */
  const makeRoom = (type: NodeType): boolean => {
    for (;;) {
      const frame = stack.at(-1)!;
      if (frame.match.matchType(type)) return true;
      const wrapping = frame.match.findWrapping(type);
      if (wrapping) {
        for (const wrapper of wrapping)
          push(
            open(
              wrapper,
              null,
              shownAttributes(wrapper, () => undefined),
              true,
              [],
            ),
          );
        return true;
      }
      const before = frame.match.fillBefore(Fragment.from(type.create(shownAttributes(type, () => undefined))));
      if (before && before.childCount > 0) {
        fill(frame, before);
        return true;
      }
      if (stack.length === 1) return false;
      close();
    }
  };
  const push = (frame: OpenFrame) => {
    const parent = stack.at(-1)!;
    const next = parent.match.matchType(frame.type);
    if (next) parent.match = next;
    stack.push(frame);
  };

  for (const block of blocks) {
    const { known, unknown } = knownPath(schema, parsePath(block.props[PATH]));
    const anchor = findAnchor(stack, known);
    while (stack.length > anchor.depth + 1) close();
    for (let i = anchor.next; i < known.length; i++) {
      const { type, tag } = known[i]!;
      if (!makeRoom(type)) continue;
      const attrs = shownAttributes(type, (name) =>
        tag === null ? undefined : containerValue(containerAttribute(tag, name)),
      );
      push(open(type, tag, attrs, false, unknown[i]!));
    }
    const innermost = stack.at(-1)!;
    if (block.props[KIND] === EMPTY_CONTAINER && block.pieces.length === 0 && innermost.type.contentMatch.validEnd) {
      block.node = null;
    } else {
      const type = placeLeaf(stack, leafType(schema, block), paragraphType(schema), makeRoom);
      const parent = stack.at(-1)!;
      if (block.node?.type !== type) block.node = renderLeaf(schema, block, type, parent.type);
    }
    block.chain = stack.slice(1);
    counted++;
    if (block.node) add(stack.at(-1)!, block.node);
  }
  while (stack.length > 1) close();
  if (strays.size > 0) for (const block of blocks) settleStray(block, strays);
  const root = stack[0]!;
  return { nodes: root.children, counts, fillers };
}

/** Puts what a block was shown in and as right when one of its containers was not shown as itself. */
function settleStray(block: Block, strays: Strays): void {
  if (block.chain.some((frame) => strays.get(frame) === null)) block.node = null;
  block.chain = block.chain.map((frame) => strays.get(frame) ?? frame);
}

/** A whole document; an empty flow shows the emptiest document that the schema allows. */
export function renderDocument(
  schema: Schema,
  blocks: readonly Block[],
  containerValue: (key: string) => unknown,
): { doc: Node; counts: number[]; fillers: Set<Node> } {
  const { nodes, counts, fillers } = render(schema, blocks, containerValue);
  if (nodes.length === 0) {
    const filler = paragraphType(schema).create();
    fillers.add(filler);
    nodes.push(filler);
    counts.push(0);
  }
  return { doc: schema.topNodeType.create(null, nodes), counts, fillers };
}

/** Whether a block closes every container before it and opens none: rendering can start or stop behind and before it. */
export const isTopLevel = (block: Block): boolean => {
  const path = block.props[PATH];
  return typeof path !== 'string' || path === '';
};

const open = (
  type: NodeType,
  tag: string | null,
  attrs: Attrs | null,
  virtual: boolean,
  unknown: readonly PathElement[],
): OpenFrame => ({ type, tag, attrs, virtual, unknown, match: type.contentMatch, children: [], rows: [], cells: [] });

function noteFillers(node: Node, fillers: Set<Node>): void {
  if (isLeafBlock(node.type)) fillers.add(node);
  else for (const child of node.children) noteFillers(child, fillers);
}

interface KnownElement {
  type: NodeType;
  tag: string | null;
}

function knownPath(schema: Schema, path: readonly PathElement[]): { known: KnownElement[]; unknown: PathElement[][] } {
  const known: KnownElement[] = [];
  const unknown: PathElement[][] = [[]];
  for (const element of path) {
    const type = schema.nodes[element.type];
    if (isContainer(type)) {
      known.push({ type, tag: element.tag });
      unknown.push([]);
    } else {
      unknown.at(-1)!.push(element);
    }
  }
  return { known, unknown };
}

const isSame = (frame: Frame, element: KnownElement): boolean =>
  !frame.virtual &&
  frame.tag === element.tag &&
  (frame.type === element.type || (frame.tag !== null && family(frame.type) === family(element.type)));

/**
 * How many open containers a path shares. The deepest tagged element that is open anywhere decides, not the outermost:
 * so an item indented under one that was itself indented meanwhile follows it there.
 */
function findAnchor(stack: readonly OpenFrame[], path: readonly KnownElement[]): { depth: number; next: number } {
  let depth = 0;
  let next = 0;
  for (let i = path.length - 1; i >= 0 && depth === 0; i--) {
    if (path[i]!.tag === null) continue;
    for (let d = stack.length - 1; d > 0; d--) {
      if (!isSame(stack[d]!, path[i]!)) continue;
      depth = d;
      next = i + 1;
      break;
    }
  }
  while (depth + 1 < stack.length && next < path.length && isSame(stack[depth + 1]!, path[next]!)) {
    depth++;
    next++;
  }
  return { depth, next };
}

/** Makes room for a leaf and returns the type it is shown as: a textblock that does not fit gives way to one that does. */
function placeLeaf(
  stack: readonly OpenFrame[],
  wanted: NodeType,
  paragraph: NodeType,
  makeRoom: (type: NodeType) => boolean,
): NodeType {
  const { match } = stack.at(-1)!;
  if (wanted.isTextblock && !match.matchType(wanted)) {
    if (match.defaultType?.isTextblock) return match.defaultType;
    if (!match.findWrapping(wanted) && match.findWrapping(paragraph)) {
      makeRoom(paragraph);
      return paragraph;
    }
  }
  if (makeRoom(wanted)) return wanted;
  makeRoom(paragraph);
  return paragraph;
}
