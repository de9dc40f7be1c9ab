/** How front matter lives in the Y.Map `frontMatter` of a Y.Doc, so that two people can edit one field at once. */
import * as Y from 'yjs';
import { type FrontMatter, frontMatterSchema } from './front-matter.ts';

/**
 * Fields held as Y.Text, so that concurrent edits merge. Lists are text with one entry per line for the same reason.
 * The server makes the Y.Text objects once, when it creates the plan (R6); clients only edit them.
 */
export const TEXT_FIELDS = ['title', 'subtitle', 'place', 'authors', 'summary', 'keywords'] as const;
/** Fields held as plain values: the last writer wins. */
export const VALUE_FIELDS = ['status', 'language', 'licence', 'stream'] as const;

export type TextField = (typeof TEXT_FIELDS)[number];
export type ValueField = (typeof VALUE_FIELDS)[number];

const LIST_FIELDS: ReadonlySet<TextField> = new Set(['authors', 'keywords']);

const splitLines = (text: string): string[] =>
  text
    .split('\n')
    .map((entry) => entry.trim())
    .filter(Boolean);

/** Fills the empty front matter of a new plan. Call it once, in the transaction that creates the plan. */
export function writeFrontMatter(ydoc: Y.Doc, frontMatter: FrontMatter): void {
  const map = ydoc.getMap('frontMatter');
  ydoc.transact(() => {
    for (const field of TEXT_FIELDS) {
      map.set(field, new Y.Text(toText(frontMatter[field])));
    }
    for (const field of VALUE_FIELDS) map.set(field, frontMatter[field]);
  });
}

/** A field as its Y.Text holds it. */
export const toText = (value: string | readonly string[]): string =>
  typeof value === 'string' ? value : value.join('\n');

/** Reads front matter out of any Y.Doc. Total: what is missing or not valid takes its default, so a plan always opens. */
export function readFrontMatter(ydoc: Y.Doc): FrontMatter {
  const map = ydoc.getMap('frontMatter');
  const result: Record<string, unknown> = {};
  for (const field of [...TEXT_FIELDS, ...VALUE_FIELDS]) {
    const stored = map.get(field);
    const text = stored instanceof Y.Text ? stored.toString() : stored;
    const value = LIST_FIELDS.has(field as TextField) && typeof text === 'string' ? splitLines(text) : text;
    const parsed = frontMatterSchema.shape[field].safeParse(value);
    result[field] = parsed.success ? parsed.data : frontMatterSchema.shape[field].parse(undefined);
  }
  return result as FrontMatter;
}
