/** Turns a textblock's inline content, where formatting is a flat set of marks on each piece, into nested nodes of the tree. */
import type { JSONContent } from '@tiptap/core';
import type { PhrasingContent } from 'mdast';
import * as check from '../../shared/schema/attributes.ts';
import { safeUrl } from '../../shared/schema/safe-url.ts';
import type { Formatting } from './nodes.ts';

type Mark = NonNullable<JSONContent['marks']>[number];

interface Piece {
  node: JSONContent;
  marks: Mark[];
}

/** What a redline puts around words (redline.ts); no document of the schema has these marks. */
const REDLINE = ['insertion', 'deletion'];
/** Outermost first where runs are equally long. `code` is not among them: it is always innermost, for Markdown reads nothing in it. */
const RANK = [...REDLINE, 'link', 'bold', 'italic', 'strike', 'underline', 'highlight', 'subscript', 'superscript'];

/** Characters that no file format carries: NUL becomes U+FFFD, as in CommonMark, and half surrogate pairs too. */
export const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** A text that stands on one line, such as a credit. */
export const cleanLine = (value: unknown): string =>
  typeof value === 'string' ? cleanText(value).replace(/\r\n?|\n/g, ' ') : '';

/** Inline nodes of the schema -> phrasing content. A line feed in running text is shown as a break, so it is exported as one. */
export function toPhrasing(nodes: JSONContent[] = []): PhrasingContent[] {
  return nest(nodes.flatMap(pieces));
}

function pieces(node: JSONContent): Piece[] {
  const marks = (node.marks ?? []).filter((mark) => mark.type === 'code' || RANK.includes(mark.type)).filter(isUsable);
  // A note's number is a link itself, so it cannot stand in another.
  if (node.type === 'footnote') return [{ node, marks: marks.filter((mark) => mark.type !== 'link') }];
  if (node.type !== 'text') return [{ node, marks }];
  return cleanText(node.text ?? '')
    .split(/\r\n?|\n/)
    .flatMap((text, index): Piece[] => [
      ...(index > 0 ? [{ node: { type: 'hardBreak' }, marks }] : []),
      ...(text ? [{ node: { type: 'text', text }, marks }] : []),
    ]);
}

const isUsable = (mark: Mark): boolean => mark.type !== 'link' || safeUrl(mark.attrs?.href) !== null;

/** Wraps the longest run of each mark first, so that the fewest wrappers are needed; at most as deep as there are marks. */
function nest(run: Piece[]): PhrasingContent[] {
  const result: PhrasingContent[] = [];
  let start = 0;
  while (start < run.length) {
    const { mark, end } = longestRun(run, start);
    const inside = run.slice(start, end);
    if (!mark) result.push(...plain(inside));
    else {
      const children = nest(
        inside.map(({ node, marks }) => ({ node, marks: marks.filter((other) => !isSame(other, mark)) })),
      );
      result.push(wrap(mark, children));
    }
    start = end;
  }
  return result;
}

function longestRun(run: Piece[], start: number): { mark: Mark | undefined; end: number } {
  const candidates = run[start]!.marks.filter((mark) => mark.type !== 'code').sort(
    (a, b) => RANK.indexOf(a.type) - RANK.indexOf(b.type),
  );
  if (candidates.length === 0) {
    const next = run.findIndex((piece, index) => index > start && piece.marks.some((mark) => mark.type !== 'code'));
    return { mark: undefined, end: next === -1 ? run.length : next };
  }
  let best = { mark: candidates[0], end: start };
  for (const mark of candidates) {
    let end = start + 1;
    while (end < run.length && run[end]!.marks.some((other) => isSame(other, mark))) end++;
    if (end > best.end) best = { mark, end };
  }
  return best;
}

function isSame(a: Mark, b: Mark): boolean {
  return (
    a.type === b.type &&
    (a.type !== 'link' || (a.attrs?.href === b.attrs?.href && (a.attrs?.title ?? null) === (b.attrs?.title ?? null))) &&
    (!REDLINE.includes(a.type) || (a.attrs?.change === b.attrs?.change && a.attrs?.moved === b.attrs?.moved))
  );
}

function wrap(mark: Mark, children: PhrasingContent[]): PhrasingContent {
  switch (mark.type) {
    case 'link': {
      const title = check.validOr<string | null>(check.linkTitle, mark.attrs?.title, null);
      return {
        type: 'link',
        url: cleanText(safeUrl(mark.attrs?.href) ?? '#'),
        title: cleanLine(title) || null,
        children,
      } as PhrasingContent;
    }
    case 'bold':
      return { type: 'strong', children };
    case 'italic':
      return { type: 'emphasis', children };
    case 'strike':
      return { type: 'delete', children };
    case 'insertion':
    case 'deletion':
      return { type: mark.type, change: changeOf(mark.attrs), moved: mark.attrs?.moved === true, children };
    default:
      return { type: mark.type as Formatting['type'], children };
  }
}

const changeOf = (attrs: JSONContent['attrs']): number | null =>
  typeof attrs?.change === 'number' ? attrs.change : null;

/** Pieces without marks other than code. */
function plain(run: Piece[]): PhrasingContent[] {
  const result: PhrasingContent[] = [];
  let start = 0;
  while (start < run.length) {
    const isCode = isCoded(run[start]!);
    let end = start + 1;
    while (end < run.length && isCoded(run[end]!) === isCode) end++;
    const inside = run.slice(start, end);
    if (!isCode) result.push(...leaves(inside));
    else if (inside.every(({ node }) => node.type === 'text')) {
      result.push({ type: 'inlineCode', value: inside.map(({ node }) => node.text).join('') });
    } else result.push({ type: 'monospace', children: leaves(inside) });
    start = end;
  }
  return result;
}

const isCoded = (piece: Piece): boolean => piece.marks.length > 0;

function leaves(run: Piece[]): PhrasingContent[] {
  const result: PhrasingContent[] = [];
  for (const { node } of run) {
    const last = result.at(-1);
    if (node.type === 'text' && last?.type === 'text') last.value += node.text ?? '';
    else if (node.type === 'text') result.push({ type: 'text', value: node.text ?? '' });
    else if (node.type === 'hardBreak') result.push({ type: 'break' });
    else if (node.type === 'changeNote') {
      result.push({ type: 'changeNote', value: cleanLine(node.attrs?.text), change: changeOf(node.attrs) });
    } else if (node.type === 'footnote') result.push({ type: 'footnote', children: toPhrasing(node.content) });
    // An inline node of a newer schema: its text is kept.
    else result.push(...toPhrasing(node.content));
  }
  return result;
}
