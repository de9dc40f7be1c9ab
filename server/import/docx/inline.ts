/** What a paragraph of a Word file is made of once it is read, and as HTML elements. */
import type { Element, ElementContent } from 'hast';
import type { Format } from './styles.ts';

export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly format: Format; readonly href: string | null }
  | { readonly kind: 'break' }
  | { readonly kind: 'note' | 'picture'; readonly element: Element };

/** Lines where it is broken. */
export const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'break' ? '\n' : '')).join('');

/** Without white space before its first word. */
export function trimmed(pieces: readonly Piece[]): Piece[] {
  const [first, ...rest] = pieces;
  if (first?.kind !== 'text') return [...pieces];
  const text = first.text.trimStart();
  return text ? [{ ...first, text }, ...rest] : trimmed(rest);
}

/** Elements around each stretch of words that is set alike. `isBold`: of words that are so by nature, as in a heading. */
export function toHast(pieces: readonly Piece[], { isBold = false }: { isBold?: boolean } = {}): ElementContent[] {
  const nodes: ElementContent[] = [];
  let key: string | null = null;
  let text = { type: 'text' as const, value: '' };
  for (const piece of pieces) {
    if (piece.kind !== 'text') {
      key = null;
      nodes.push(piece.kind === 'break' ? element('br') : piece.element);
      continue;
    }
    const { format, href } = piece;
    const tags = tagsOf(format, { isBold, isLink: href !== null });
    const next = JSON.stringify([tags, href]);
    if (next === key) {
      text.value += piece.text;
      continue;
    }
    key = next;
    text = { type: 'text', value: piece.text };
    const words = tags.reduceRight<ElementContent>((inner, tag) => element(tag, [inner]), text);
    nodes.push(href === null ? words : element('a', [words], { href }));
  }
  return nodes;
}

/** Outermost first. A link is underlined by nature. */
function tagsOf(format: Format, { isBold, isLink }: { isBold: boolean; isLink: boolean }): string[] {
  if (format.credit) return ['small'];
  return [
    ...(format.bold && !isBold ? ['strong'] : []),
    ...(format.italic ? ['em'] : []),
    ...(format.strike ? ['s'] : []),
    ...(format.underline && !isLink ? ['u'] : []),
    ...(format.highlight && !format.code ? ['mark'] : []),
    ...(format.position ? [format.position] : []),
    ...(format.code ? ['code'] : []),
  ];
}

export const element = (
  tagName: string,
  children: ElementContent[] = [],
  properties: Element['properties'] = {},
): Element => ({ type: 'element', tagName, properties, children });
