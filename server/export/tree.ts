/** Turns a plan's content (ProseMirror JSON) into the tree that every export is written from: see nodes.ts. */
import type { JSONContent } from '@tiptap/core';
import type { BlockContent, Data, List, ListItem, Root } from 'mdast';
import * as check from '../../shared/schema/attributes.ts';
import { safeImageUrl } from '../../shared/schema/safe-url.ts';
import type { GridCell, GridRow } from './nodes.ts';
import { cleanLine, cleanText, toPhrasing } from './phrasing.ts';

/** Quotes, lists and tables nested deeper than this are unwrapped; writers recurse, and Typst gives up at 27 levels. */
export const MAX_DEPTH = 20;

type BlockHandler = (node: JSONContent, depth: number) => BlockContent[];

/**
 * `content` is a `doc` of the schema. Total: what this version does not know is unwrapped, attributes that are not valid take
 * their defaults and unsafe addresses are left out. Empty paragraphs that hold a template's prompt are no part of the text.
 */
export function toTree(content: JSONContent): Root {
  return { type: 'root', children: toBlocks(content, 0) };
}

function toBlocks(parent: JSONContent, depth: number): BlockContent[] {
  return (parent.content ?? []).flatMap((child) => (BLOCKS[child.type ?? ''] ?? unknown)(child, depth));
}

/** The children of a container; too deep, they take the container's place instead. */
function contained(
  node: JSONContent,
  depth: number,
  wrap: (children: BlockContent[]) => BlockContent[],
): BlockContent[] {
  if (depth >= MAX_DEPTH) return unwrapped(node, depth);
  const children = toBlocks(node, depth + 1);
  return children.length === 0 ? children : wrap(children);
}

const LEAVES = new Set(['paragraph', 'heading', 'codeBlock', 'horizontalRule', 'figure']);

/** The blocks of text inside of a container, without recursion: the call stack ends sooner than what a hostile plan can nest. */
function unwrapped(container: JSONContent, depth: number): BlockContent[] {
  const blocks: BlockContent[] = [];
  const waiting = [container];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    const type = node.type ?? '';
    if (LEAVES.has(type)) blocks.push(...BLOCKS[type]!(node, depth));
    else if (isTextblock(node)) blocks.push(...unknown(node, depth));
    else for (const child of (node.content ?? []).toReversed()) waiting.push(child);
  }
  return blocks;
}

const BLOCKS: Record<string, BlockHandler> = {
  paragraph: (node) => {
    const children = toPhrasing(node.content);
    if (children.length > 0) return [{ type: 'paragraph', children, ...languageOf(node) }];
    return node.attrs?.prompt ? [] : [{ type: 'emptyParagraph', children: [], ...languageOf(node) }];
  },
  heading: (node) => [
    {
      type: 'heading',
      depth: check.validOr<1 | 2 | 3 | 4>(check.headingLevel, node.attrs?.level, 4),
      children: toPhrasing(node.content),
      ...languageOf(node),
    },
  ],
  blockquote: (node, depth) => contained(node, depth, (children) => [{ type: 'blockquote', children }]),
  bulletList: (node, depth) => list(node, depth, {}),
  taskList: (node, depth) => list(node, depth, {}),
  orderedList: (node, depth) => {
    const numbering = check.validOr<string | null>(check.listType, node.attrs?.type, null);
    const start = check.validOr(check.listStart, node.attrs?.start, 1);
    return list(node, depth, { ordered: true, start, ...(numbering ? { data: { numbering } } : {}) });
  },
  codeBlock: (node) => {
    const language = check.validOr<string | null>(check.codeLanguage, node.attrs?.language, null);
    const lang = language && cleanText(language);
    const isPlain = (node.content ?? []).every((child) => child.type === 'text' && !child.marks?.length);
    if (!isPlain) return [{ type: 'markedCode', lang, children: toPhrasing(node.content) }];
    const value = cleanText((node.content ?? []).map((child) => child.text ?? '').join('')).replace(/\r\n?/g, '\n');
    return [{ type: 'code', lang, value }];
  },
  horizontalRule: () => [{ type: 'thematicBreak' }],
  figure: (node) => [
    {
      type: 'figure',
      url: pictureUrl(node.attrs?.src),
      alt: cleanLine(node.attrs?.alt),
      // Whoever wrote a description meant it to be read.
      decorative: node.attrs?.decorative === true && cleanLine(node.attrs.alt) === '',
      credit: cleanLine(node.attrs?.credit),
      children: toPhrasing(node.content),
      ...languageOf(node),
    },
  ],
  table: (node, depth) => {
    if (depth >= MAX_DEPTH) return unwrapped(node, depth);
    const children = (node.content ?? []).map((row): GridRow => ({ type: 'gridRow', children: cells(row, depth) }));
    return children.length === 0 ? [] : [{ type: 'grid', children }];
  },
};

function pictureUrl(source: unknown): string | null {
  const url = safeImageUrl(source);
  return url && cleanText(url);
}

/** A block of a newer schema: its text is kept, its kind is not. */
function unknown(node: JSONContent, depth: number): BlockContent[] {
  if (isTextblock(node)) return [{ type: 'paragraph', children: toPhrasing(node.content) }];
  return depth >= MAX_DEPTH ? unwrapped(node, depth) : toBlocks(node, depth + 1);
}

const isTextblock = ({ content }: JSONContent): boolean => content?.some(({ type }) => type === 'text') ?? false;

function list(node: JSONContent, depth: number, numbers: Partial<List>): BlockContent[] {
  if (depth >= MAX_DEPTH) return unwrapped(node, depth);
  const children = (node.content ?? []).flatMap((item) => listItem(item, depth));
  return children.length === 0
    ? []
    : [{ type: 'list', ordered: false, spread: children.some((item) => item.spread), children, ...numbers }];
}

function listItem(node: JSONContent, depth: number): ListItem[] {
  const children = toBlocks(node, depth + 1);
  if (children.length === 0 && (node.content?.length ?? 0) > 0) return [];
  const isTask = node.type === 'taskItem';
  // An item that holds one paragraph, and perhaps a list, stays close to its neighbours.
  const tight = children.every((child, index) => (index === 0 ? child.type === 'paragraph' : child.type === 'list'));
  return [
    {
      type: 'listItem',
      spread: children.length > 1 && !(tight && children.length === 2),
      checked: isTask ? node.attrs?.checked === true : null,
      children,
    },
  ];
}

function cells(row: JSONContent, depth: number): GridCell[] {
  return (row.content ?? []).map((cell) => ({
    type: 'gridCell',
    header: cell.type === 'tableHeader',
    colspan: check.validOr(check.span, cell.attrs?.colspan, 1),
    rowspan: check.validOr(check.rowSpan, cell.attrs?.rowspan, 1),
    align: check.validOr<GridCell['align']>(check.cellAlignment, cell.attrs?.align, null),
    widths: check.validOr<number[] | null>(check.columnWidths, cell.attrs?.colwidth, null),
    children: toBlocks(cell, depth + 1),
  }));
}

function languageOf(node: JSONContent): { data?: Data } {
  const lang = check.validOr<string | null>(check.language, node.attrs?.lang, null);
  const dir = check.validOr<'ltr' | 'rtl' | null>(check.direction, node.attrs?.dir, null);
  return lang || dir ? { data: { ...(lang ? { lang } : {}), ...(dir ? { dir } : {}) } } : {};
}
