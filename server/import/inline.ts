/** Gathers the inline content of one textblock while a reader walks its source, whatever that is written in. */
import type { JSONContent } from '@tiptap/core';
import { schema } from '../../shared/schema/schema.ts';

export type Mark = NonNullable<JSONContent['marks']>[number];

const ORDER = Object.keys(schema.marks);

/** `marks` with one more, in the schema's order. What is there stays: a link within a link keeps the outer address. */
export function withMark(marks: readonly Mark[], mark: Mark): Mark[] {
  if (marks.some((other) => other.type === mark.type)) return [...marks];
  return [...marks, mark].sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
}

const key = (marks: Mark[] | undefined): string => JSON.stringify(marks ?? []);

export class InlineContent {
  readonly nodes: JSONContent[] = [];
  /** Pictures met on the way: the schema has none inside a line, so they follow the textblock. */
  readonly figures: JSONContent[] = [];

  text(text: string, marks: Mark[]): void {
    if (text === '') return;
    const last = this.nodes.at(-1);
    if (last?.type === 'text' && key(last.marks) === key(marks)) last.text += text;
    else this.nodes.push({ type: 'text', text, ...(marks.length > 0 ? { marks } : {}) });
  }

  node(node: JSONContent, marks: Mark[]): void {
    this.nodes.push(marks.length > 0 ? { ...node, marks } : node);
  }

  /** The number of a note is a link itself, so it cannot stand in another. */
  footnote(content: JSONContent[], marks: Mark[]): void {
    const node = { type: 'footnote', ...(content.length > 0 ? { content } : {}) };
    this.node(
      node,
      marks.filter((mark) => mark.type !== 'link'),
    );
  }

  lineBreak(marks: Mark[]): void {
    this.node({ type: 'hardBreak' }, marks);
  }

  /** Nothing but white space, if anything. */
  get isBlank(): boolean {
    return this.nodes.every((node) => node.type === 'text' && /^\s*$/.test(node.text ?? ''));
  }
}

/** The textblock and the pictures that stood in it; a paragraph that held only pictures is not left behind empty. */
export function textblock(block: JSONContent, inline: InlineContent): JSONContent[] {
  if (inline.isBlank && inline.figures.length > 0 && block.type === 'paragraph') return inline.figures;
  return [inline.nodes.length > 0 ? { ...block, content: inline.nodes } : block, ...inline.figures];
}

/** What a list item or a quote holds: never nothing, and an item begins with a paragraph. */
export const itemContent = (blocks: JSONContent[]): JSONContent[] =>
  blocks[0]?.type === 'paragraph' ? blocks : [{ type: 'paragraph' }, ...blocks];
export const someContent = (blocks: JSONContent[]): JSONContent[] =>
  blocks.length > 0 ? blocks : [{ type: 'paragraph' }];
