/** The outline of a document: which place each heading has, so that levels never skip and numbers and contents are right. */
import type { Heading, Nodes, PhrasingContent, Root } from 'mdast';

export interface OutlineEntry {
  /** From 1; one deeper than the heading above it at most, whatever its level says. */
  readonly depth: number;
  /** "2.1"; null: headings are not numbered, or it stands inside of something, such as a quotation. */
  readonly number: string | null;
  /** Its address within the file. null: it is not in the contents. */
  readonly id: string | null;
}

/** In the order of the text. Headings without words are not in it. */
export type Outline = ReadonlyMap<Heading, OutlineEntry>;

export function outlineOf(tree: Root, numbered: boolean): Outline {
  const outline = new Map<Heading, OutlineEntry>();
  /** Levels of the sections that are open, and how many there were at each depth. */
  const open: number[] = [];
  const counts: number[] = [];
  let last = 0;
  const walk = (nodes: readonly Nodes[], isTop: boolean): void => {
    for (const node of nodes) {
      if (node.type !== 'heading') {
        if ('children' in node) walk(node.children, false);
      } else if (plainText(node.children).trim() !== '') {
        outline.set(node, isTop ? section(node) : inside(node));
      }
    }
  };
  const section = (node: Heading): OutlineEntry => {
    while (open.length > 0 && open.at(-1)! >= node.depth) open.pop();
    open.push(node.depth);
    const depth = open.length;
    counts.length = Math.min(counts.length, depth);
    counts[depth - 1] = (counts[depth - 1] ?? 0) + 1;
    last = depth;
    const number = counts.join('.');
    return { depth, number: numbered ? number : null, id: `section-${number}` };
  };
  /** Below the section that it stands in, and no part of the numbering. */
  const inside = (node: Heading): OutlineEntry => {
    last = Math.min(Math.max(node.depth, open.length + 1), last + 1);
    return { depth: last, number: null, id: null };
  };
  walk(tree.children, true);
  return outline;
}

/** The words of inline content, without those of its notes. */
export function plainText(nodes: readonly PhrasingContent[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'break') return ' ';
      if (node.type === 'footnote' || node.type === 'changeNote') return '';
      if ('children' in node) return plainText(node.children as PhrasingContent[]);
      return 'value' in node ? node.value : '';
    })
    .join('');
}
