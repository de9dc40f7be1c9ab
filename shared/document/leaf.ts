/** One block of the flow as a ProseMirror leaf: its attributes, its inline content, its marks. One unit of text is one unit shown. */
import { Fragment, Mark, type Node, type NodeType, type Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';
import type { Block } from './blocks.ts';
import {
  type Attributes,
  accepts,
  INLINE,
  INSIDE,
  inlineCode,
  inlineName,
  KIND,
  REPLACEMENT,
  shownAttributes,
} from './format.ts';

/** Inline nodes with content of their own (the footnote). */
export const isInlineContainer = (type: NodeType): boolean => type.isInline && !type.isLeaf;
export const isLeafBlock = (type: NodeType): boolean => type.isTextblock || (type.isLeaf && type.isBlock);

/** The leaf blocks in a node, in order. */
export const leafNodes = (node: Node): Node[] => (isLeafBlock(node.type) ? [node] : node.children.flatMap(leafNodes));

export function countLeaves(node: Node): number {
  if (isLeafBlock(node.type)) return 1;
  let count = 0;
  for (const child of node.children) count += countLeaves(child);
  return count;
}

/** The node type that a block asks for, whether or not it fits where it stands: what the schema does not know is a paragraph. */
export function leafType(schema: Schema, block: Block): NodeType {
  const kind = block.props[KIND];
  const type = typeof kind === 'string' ? schema.nodes[kind] : undefined;
  if (!type || !isLeafBlock(type) || (type.isLeaf && block.pieces.length > 0)) return paragraphType(schema);
  return type;
}

export function paragraphType(schema: Schema): NodeType {
  const type = schema.nodes.paragraph ?? schema.topNodeType.contentMatch.defaultType;
  if (!type?.isTextblock) throw new RangeError('Expected a schema with a paragraph');
  return type;
}

/** Shows a block as a leaf of the given type; what the block holds and the type cannot show stays in the block. */
export function renderLeaf(schema: Schema, block: Block, type: NodeType, parent: NodeType): Node {
  const attrs = shownAttributes(type, (name) => block.props[`.${name}`]);
  const marks = readMarks(schema, block.attributes, parent);
  return type.create(attrs, type.isLeaf ? null : inlineContent(schema, block, type), marks);
}

function inlineContent(schema: Schema, block: Block, type: NodeType): Fragment {
  const body: Node[] = [];
  let inside: { type: NodeType; attrs: Node['attrs'] | null; marks: readonly Mark[]; children: Node[] } | null = null;
  const close = () => {
    if (inside) body.push(inside.type.create(inside.attrs, inside.children, inside.marks));
    inside = null;
  };
  for (const { insert, attributes } of block.pieces) {
    if (attributes[INSIDE] !== true) close();
    const parent: NodeType = inside ? (inside as { type: NodeType }).type : type;
    const children: Node[] = inside ? (inside as { children: Node[] }).children : body;
    const marks = readMarks(schema, attributes, parent);
    if (typeof insert === 'string') {
      children.push(schema.text(insert, marks));
      continue;
    }
    const inline = insert instanceof Y.Map ? inlineType(schema, insert) : null;
    if (!inline || !parent.contentMatch.matchType(inline)) {
      children.push(schema.text(inline?.name === 'hardBreak' && type.spec.code ? '\n' : REPLACEMENT, marks));
      continue;
    }
    const attrs = shownAttributes(inline, (name) => (insert as Y.Map<unknown>).get(`.${name}`));
    if (isInlineContainer(inline)) {
      close();
      inside = { type: inline, attrs, marks, children: [] };
    } else {
      children.push(inline.create(attrs, null, marks));
    }
  }
  close();
  return Fragment.fromArray(
    joinText(body.map((node) => (isInlineContainer(node.type) ? node.copy(joined(node.content)) : node))),
  );
}

const joined = (content: Fragment): Fragment => {
  const nodes: Node[] = [];
  content.forEach((node) => {
    nodes.push(node);
  });
  return Fragment.fromArray(joinText(nodes));
};

/** Joins neighbouring text with equal marks, as ProseMirror's own nodes have it. */
function joinText(nodes: readonly Node[]): Node[] {
  const result: Node[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (last?.isText && node.isText && Mark.sameSet(last.marks, node.marks)) {
      result[result.length - 1] = node.type.schema.text((last.text ?? '') + (node.text ?? ''), last.marks);
    } else {
      result.push(node);
    }
  }
  return result;
}

function inlineType(schema: Schema, embed: Y.Map<unknown>): NodeType | null {
  const code = embed.get(INLINE);
  const type = typeof code === 'string' ? schema.nodes[inlineName(code)] : undefined;
  return type?.isInline && !type.isText ? type : null;
}

/**
 * The formatting key of a mark. Marks of one type that stand beside each other (comments) get a key each,
 * or two people's overlapping ones would overwrite one another.
 */
export function markKey(mark: Mark): string {
  const { type, attrs } = mark;
  if (type.excludes(type) || Object.keys(attrs).length === 0) return type.name;
  return `${type.name}--${typeof attrs.id === 'string' ? attrs.id : JSON.stringify(attrs)}`;
}

export const markValue = (mark: Mark): unknown => (Object.keys(mark.attrs).length === 0 ? true : { ...mark.attrs });

const markTypeName = (key: string): string => {
  const end = key.indexOf('--');
  return end < 0 ? key : key.slice(0, end);
};

/** Whether the schema knows a mark for this formatting key. */
export const isMarkKey = (schema: Schema, key: string): boolean => markTypeName(key) in schema.marks;

/** The marks that formatting stands for inside `parent`; sorted keys make conflicts come out the same everywhere. */
export function readMarks(schema: Schema, attributes: Attributes, parent: NodeType): readonly Mark[] {
  let marks: readonly Mark[] = Mark.none;
  for (const key of Object.keys(attributes).sort()) {
    const type = schema.marks[markTypeName(key)];
    const value = attributes[key];
    if (!type || !value || !parent.allowsMarkType(type)) continue;
    const stored: Record<string, unknown> = typeof value === 'object' ? (value as Record<string, unknown>) : {};
    const attrs: Record<string, unknown> = {};
    for (const [name, spec] of Object.entries(type.spec.attrs ?? {})) {
      const given = stored[name];
      attrs[name] = given !== undefined && accepts(spec.validate, given) ? given : (spec.default ?? null);
    }
    marks = type.create(attrs).addToSet(marks);
  }
  return marks;
}

/** One unit of a leaf as the editor shows it: what it is compared by, and how it is formatted. */
export interface Unit {
  /** Equal for units that may stand for each other. */
  readonly symbol: string;
  /** A character's text, or the inline node of an embed. */
  readonly content: string | Node;
  readonly marks: readonly Mark[];
  /** Whether it belongs to the inline container before it. */
  readonly inside: boolean;
  /** ProseMirror position of the unit, counted from the start of the leaf's content. */
  readonly offset: number;
}

/** A textblock's content as units, each of them one unit of the Y.Text. */
export function leafUnits(leaf: Node): Unit[] {
  const units: Unit[] = [];
  const visit = (node: Node, inside: boolean, offset: number) => {
    if (node.isText) {
      const text = node.text ?? '';
      for (let i = 0; i < text.length; i++) {
        units.push({ symbol: text[i]!, content: text[i]!, marks: node.marks, inside, offset: offset + i });
      }
      return;
    }
    // Two characters at least, so that no character of the text can equal it.
    const symbol = `${inlineCode(node.type.name)} ${JSON.stringify(node.attrs)}`;
    units.push({ symbol, content: node, marks: node.marks, inside, offset });
    node.forEach((child, childOffset) => {
      visit(child, true, offset + 1 + childOffset);
    });
  };
  leaf.forEach((child, offset) => {
    visit(child, false, offset);
  });
  return units;
}

/** Units in a leaf without building them: the length of its text in the flow. */
export function leafLength(leaf: Node): number {
  let length = 0;
  leaf.forEach((child) => {
    length += child.isText ? child.nodeSize : 1 + (child.isLeaf ? 0 : leafLength(child));
  });
  return length;
}
