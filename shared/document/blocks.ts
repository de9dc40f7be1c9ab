/** Reading the flow: a stretch of the Y.Text's items as formatted pieces, cut into blocks at their markers. */
import type { Attrs, Node, NodeType } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { type Attributes, EMPTY_CONTAINER, INLINE, KIND, type PathElement, sameValue } from './format.ts';

/** A stretch of text with one formatting, or one embed (a string of length 1 stands for it in lengths). */
export interface Piece {
  readonly insert: string | object;
  readonly attributes: Attributes;
}

/** A container as rendered. */
export interface Frame {
  readonly type: NodeType;
  readonly tag: string | null;
  /** As shown: of a table's cells, after spans that collide were cut. */
  attrs: Attrs | null;
  /** Only in the view: the schema asks for a container here that the flow does not name. */
  readonly virtual: boolean;
  /** Elements of the path right before this one that the schema does not know; they travel with it. */
  readonly unknown: readonly PathElement[];
}

/** A leaf block: its marker and what follows it up to the next marker. */
export interface Block {
  /** Null for text before the first marker: an implicit paragraph. */
  readonly marker: Y.Map<unknown> | null;
  /** What the marker holds: kind, path, attributes. */
  readonly props: Attributes;
  /** The formatting of the marker itself: marks on the block as a node. */
  readonly attributes: Attributes;
  readonly pieces: readonly Piece[];
  /** Units in the Y.Text, marker included. */
  readonly length: number;
  /** The ProseMirror leaf that shows this block; null for an empty container, and for a stray empty cell (table.ts). */
  node: Node | null;
  /** The containers it was last rendered in, outermost first, wrappers that only the view has among them. */
  chain: readonly Frame[];
}

/** Whether a block is there and nothing shows it. It is no part of what a person edits and stays. */
export const isHidden = ({ node, marker, props }: Block): boolean =>
  node === null && marker !== null && props[KIND] !== EMPTY_CONTAINER;

/** A leaf as shown, and the block it shows; null when the schema asks for a leaf there that no block stands behind. */
export interface Slot {
  node: Node;
  readonly block: Block | null;
}

export const pieceLength = (piece: Piece): number => (typeof piece.insert === 'string' ? piece.insert.length : 1);

const NONE: Attributes = Object.freeze({});

/** Formatting with nothing in it. */
export const PLAIN = NONE;

const switches = new WeakMap<Attributes, Map<string, Attributes>>();

/**
 * The formatting behind a format item. Marks are switched on and off all along a text, so what switching leads to is
 * remembered: equal formatting is mostly one object, and walking makes no garbage.
 */
export function formatted(attributes: Attributes, format: Y.ContentFormat): Attributes {
  const { key, value } = format as unknown as { key: string; value: unknown };
  if (value === null || value === undefined) {
    if (!Object.hasOwn(attributes, key)) return attributes;
    const { [key]: _, ...rest } = attributes;
    return Object.keys(rest).length === 0 ? PLAIN : rest;
  }
  if (sameValue(attributes[key], value)) return attributes;
  if (value !== true) return { ...attributes, [key]: value };
  const known = switches.get(attributes) ?? new Map<string, Attributes>();
  switches.set(attributes, known);
  const next = known.get(key) ?? { ...attributes, [key]: true };
  known.set(key, next);
  return next;
}

/** The first item of a type; Yjs names it `_start` and gives no public way to walk the items, which is what writing nothing asks for. */
export const firstItem = (ytext: Y.Text): Y.Item | null => ytext._start;

/**
 * Reads pieces without ever writing (unlike `YTextEvent.delta`), from an item on until `ends` says so of an item, or the text is over.
 * @param formatting what is in force where it starts
 */
export function readPieces(
  start: Y.Item | null,
  formatting: Attributes,
  ends: (item: Y.Item, formatting: Attributes) => boolean,
): Piece[] {
  const pieces: Piece[] = [];
  let current = formatting;
  for (let item = start; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (ends(item, current)) break;
    if (item.content instanceof Y.ContentFormat) current = formatted(current, item.content);
    else if (item.countable) pushContent(pieces, item, current);
  }
  return pieces;
}

function pushContent(pieces: Piece[], { content }: Y.Item, attributes: Attributes): void {
  if (content instanceof Y.ContentString) {
    const text = content.str;
    const last = pieces.at(-1);
    if (last && typeof last.insert === 'string' && sameValue(last.attributes, attributes)) {
      pieces[pieces.length - 1] = { insert: last.insert + text, attributes: last.attributes };
    } else {
      pieces.push({ insert: text, attributes });
    }
  } else if (content instanceof Y.ContentType) {
    pieces.push({ insert: content.type, attributes });
  } else {
    for (const value of content.getContent()) pieces.push({ insert: Object(value), attributes });
  }
}

export const isMarker = (insert: string | object): insert is Y.Map<unknown> =>
  insert instanceof Y.Map && !insert.has(INLINE);

/** Cuts pieces into blocks. The first block has no marker when the pieces do not begin with one. */
export function toBlocks(pieces: readonly Piece[]): Block[] {
  const blocks: Block[] = [];
  let marker: Piece | null = null;
  let content: Piece[] = [];
  const finish = () => {
    if (marker || content.length > 0) blocks.push(makeBlock(marker, content));
    content = [];
  };
  for (const piece of pieces) {
    if (isMarker(piece.insert)) {
      finish();
      marker = piece;
    } else {
      content.push(piece);
    }
  }
  finish();
  return blocks;
}

function makeBlock(marker: Piece | null, pieces: readonly Piece[]): Block {
  const ymap = marker && (marker.insert as Y.Map<unknown>);
  return {
    marker: ymap,
    props: ymap ? Object.fromEntries(ymap.entries()) : NONE,
    attributes: marker?.attributes ?? NONE,
    pieces,
    length: pieces.reduce((sum, piece) => sum + pieceLength(piece), marker ? 1 : 0),
    node: null,
    chain: [],
  };
}

/** Whether two readings of one block hold the same, so that the older one, with what was rendered from it, can stay. */
export const sameBlock = (a: Block, b: Block): boolean =>
  a.marker === b.marker &&
  a.length === b.length &&
  sameValue(a.props, b.props) &&
  sameValue(a.attributes, b.attributes) &&
  a.pieces.length === b.pieces.length &&
  a.pieces.every((piece, i) => {
    const other = b.pieces[i]!;
    return piece.insert === other.insert && sameValue(piece.attributes, other.attributes);
  });

export const readBlocks = (ytext: Y.Text): Block[] => toBlocks(readPieces(firstItem(ytext), PLAIN, () => false));
