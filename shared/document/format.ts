/** The stored form of a plan's content: the two roots in the Y.Doc, the short codes in them, container paths and tags. */
import type { Attrs, NodeType } from '@tiptap/pm/model';
import * as Y from 'yjs';

/** Formatting attributes as Yjs hands them out: JSON values by key. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Key of a marker: the node type of a leaf block; absent means paragraph. */
export const KIND = 'k';
/** Kind of a marker that stands for a container without children: a table row whose cells all hang down from rows above. */
export const EMPTY_CONTAINER = '-';
/** Key of a marker: the containers around the block, outermost first. */
export const PATH = 'p';
/** Key of an inline embed: its node type. Its presence is what tells an embed from a marker. */
export const INLINE = 'i';
/** Formatting key of the characters that belong to the inline container (the footnote) right before them. */
export const INSIDE = 'fn';
/** What an embed that cannot be shown is shown as: one character, so that positions agree. */
export const REPLACEMENT = '\uFFFC';

/** Short names in stored paths; a container that is not listed is stored by its full name. Never change one: plans hold them. */
const CONTAINER_CODES: Readonly<Record<string, string>> = {
  bulletList: 'b',
  orderedList: 'o',
  listItem: 'i',
  taskList: 't',
  taskItem: 'k',
  blockquote: 'q',
  table: 'tb',
  tableRow: 'r',
  tableCell: 'c',
  tableHeader: 'h',
};
const INLINE_CODES: Readonly<Record<string, string>> = { hardBreak: 'br', footnote: 'fn' };

const inverse = (codes: Readonly<Record<string, string>>): Map<string, string> =>
  new Map(Object.entries(codes).map(([name, code]) => [code, name]));
const containerNames = inverse(CONTAINER_CODES);
const inlineNames = inverse(INLINE_CODES);

export const inlineCode = (name: string): string => INLINE_CODES[name] ?? name;
export const inlineName = (code: string): string => inlineNames.get(code) ?? code;

/** One container in a path. Untagged containers join with an equal neighbour; a tag tells apart and carries attributes. */
export interface PathElement {
  type: string;
  tag: string | null;
}

const parsedPaths = new Map<string, readonly PathElement[]>();

/** Reads a stored path; anything that is not a path reads as top level. */
export function parsePath(stored: unknown): readonly PathElement[] {
  if (typeof stored !== 'string' || stored === '') return [];
  let path = parsedPaths.get(stored);
  if (!path) {
    path = stored.split('/').map((element) => {
      const hash = element.indexOf('#');
      const code = hash < 0 ? element : element.slice(0, hash);
      return { type: containerNames.get(code) ?? code, tag: hash < 0 ? null : element.slice(hash + 1) };
    });
    // Paths repeat (every block of a list has its neighbour's), so reading them again is worth sparing; the cache stays small.
    if (parsedPaths.size > 20_000) parsedPaths.clear();
    parsedPaths.set(stored, path);
  }
  return path;
}

export const formatPath = (path: readonly PathElement[]): string =>
  path.map(({ type, tag }) => `${CONTAINER_CODES[type] ?? type}${tag === null ? '' : `#${tag}`}`).join('/');

/** Key of a container's attribute in the root `attrs`. */
export const containerAttribute = (tag: string, name: string): string => `${tag}.${name}`;
/** The tag in a key of the root `attrs`; a cell's tag holds dots itself, an attribute's name never does. */
export const tagOfAttribute = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf('.')));

/** A cell's tag: its row's tag and the id that all cells of its column share. */
export const cellTag = (rowTag: string, column: string): string => `${rowTag}.${column}`;
export const columnOf = (tag: string): string => tag.slice(tag.lastIndexOf('.') + 1);

const counters = new WeakMap<Y.Doc, number>();

/** A tag that no other replica and no earlier session of this one has given out. */
export function freshTag(ydoc: Y.Doc): string {
  // Client ids are unique per session and clocks only rise, so the pair is new; the counter bridges the time until a write.
  const count = Math.max((counters.get(ydoc) ?? -1) + 1, Y.getState(ydoc.store, ydoc.clientID));
  counters.set(ydoc, count);
  return `${ydoc.clientID.toString(36)}-${count.toString(36)}`;
}

/**
 * The two roots of the content.
 * Yjs answers remote formatting by deleting format items it finds redundant: a write upon receiving, from viewers too.
 * It does so only where it has seen formatting, so the flag that says so is held down on this one instance.
 */
export function contentRoots(ydoc: Y.Doc): { ytext: Y.Text; yattrs: Y.Map<unknown> } {
  const ytext = ydoc.getText('content');
  if (
    !Object.hasOwn(ytext, '_hasFormatting') ||
    Object.getOwnPropertyDescriptor(ytext, '_hasFormatting')?.get === undefined
  ) {
    Object.defineProperty(ytext, '_hasFormatting', { get: () => false, set: () => {}, configurable: true });
  }
  return { ytext, yattrs: ydoc.getMap('attrs') };
}

/** Equality of JSON values. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key as keyof typeof a], b[key as keyof typeof b]))
  );
}

/** A node type's attributes as shown: the stored value where the schema accepts it, otherwise the default. What is stored stays. */
export function shownAttributes(type: NodeType, stored: (name: string) => unknown): Attrs | null {
  const specs = type.spec.attrs;
  if (!specs) return null;
  const attrs: Record<string, unknown> = {};
  for (const name of Object.keys(specs)) {
    const value = stored(name);
    attrs[name] = value !== undefined && accepts(specs[name]?.validate, value) ? value : (specs[name]?.default ?? null);
  }
  return attrs;
}

/** Whether a ProseMirror attribute validator (a function that throws, or type names joined by |) accepts a value. */
export function accepts(validate: string | ((value: unknown) => void) | undefined, value: unknown): boolean {
  if (!validate) return true;
  if (typeof validate === 'string') return validate.split('|').includes(value === null ? 'null' : typeof value);
  try {
    validate(value);
    return true;
  } catch {
    // The validator's way of saying no.
    return false;
  }
}
