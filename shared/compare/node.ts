/** What the comparison asks of a node of ProseMirror JSON: its size, its text, and whether it equals another, in one number. */
import type { MarkJSON, NodeJSON, Shape } from './comparison.ts';

const INLINE = new Set(['text', 'hardBreak', 'footnote']);
/** Blocks whose content is text. */
const TEXT_BLOCKS = new Set(['paragraph', 'heading', 'codeBlock', 'figure']);
/** Inline nodes without content. */
const INLINE_LEAVES = new Set(['hardBreak']);
/** Blocks without content. */
const BLOCK_LEAVES = new Set(['horizontalRule']);

export const isInline = ({ type }: NodeJSON): boolean => INLINE.has(type);
export const isTextBlock = ({ type }: Shape): boolean => TEXT_BLOCKS.has(type);
export const isItem = ({ type }: Shape): boolean => type === 'listItem' || type === 'taskItem';
export const isList = ({ type }: Shape): boolean =>
  type === 'bulletList' || type === 'orderedList' || type === 'taskList';

/** A block that holds blocks and is taken apart when compared. Tables are compared by themselves. */
export const isContainer = (node: NodeJSON): boolean =>
  node.type !== 'table' && !isTextBlock(node) && node.content !== undefined && node.content.length > 0;

/** In ProseMirror positions. */
export function sizeOf(node: NodeJSON): number {
  if (node.type === 'text') return node.text?.length ?? 0;
  if (INLINE_LEAVES.has(node.type) || BLOCK_LEAVES.has(node.type)) return 1;
  return 2 + contentSize(node);
}

export const contentSize = (node: NodeJSON): number => sum(node.content, sizeOf);

function sum<T>(values: readonly T[] | undefined, of: (value: T) => number): number {
  let total = 0;
  for (const value of values ?? []) total += of(value);
  return total;
}

/** All text in a node, blocks and line breaks apart by a space. Footnotes stand where they are referred to. */
export function textOf(node: NodeJSON): string {
  if (node.type === 'text') return node.text ?? '';
  if (node.type === 'hardBreak') return ' ';
  return (node.content ?? []).map(textOf).join(isTextBlock(node) || node.type === 'footnote' ? '' : ' ');
}

export function shapeOf(node: NodeJSON): Shape {
  const { type, attrs, marks } = node;
  return { type, ...(attrs ? { attrs } : {}), ...(marks ? { marks } : {}) };
}

/** Canonical text of attributes: names in order, so that it does not matter who wrote them down. */
export function attributesKey(attrs: NodeJSON['attrs']): string {
  if (!attrs) return '';
  const names = Object.keys(attrs).sort();
  return names.map((name) => `${name}=${JSON.stringify(attrs[name])}`).join(' ');
}

export const marksKey = (marks: readonly MarkJSON[] | undefined): string =>
  (marks ?? []).map(({ type, attrs }) => `${type}(${attributesKey(attrs)})`).join(' ');

export const isSameShape = (one: Shape, other: Shape): boolean =>
  one.type === other.type &&
  attributesKey(one.attrs) === attributesKey(other.attrs) &&
  marksKey(one.marks) === marksKey(other.marks);

/** Numbers for texts: equal ones have the same number, without the collisions of a hash. */
export class Numbers {
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

/** Numbers nodes so that two have the same number exactly if they are equal in all. */
export class NodeNumbers {
  readonly #numbers = new Numbers();
  readonly #known = new WeakMap<NodeJSON, number>();

  of(node: NodeJSON): number {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const content = (node.content ?? []).map((child) => this.of(child)).join();
    // No control character stands in a type, nor, as JSON, in attributes.
    const key = [node.type, attributesKey(node.attrs), marksKey(node.marks), content, node.text ?? ''].join('\0');
    const number = this.#numbers.of(key);
    this.#known.set(node, number);
    return number;
  }

  /** As `of`, but for the marks of the node itself. */
  unmarked(node: NodeJSON): number {
    return node.marks?.length ? this.of({ ...node, marks: [] }) : this.of(node);
  }
}
