/** Brings the front matter in a Y.Doc to a given one, as an edit that leaves what others write beside it alone. */
import * as Y from 'yjs';
import { compareWords } from '../compare/front-matter.ts';
import type { FrontMatter } from './front-matter.ts';
import { readFrontMatter, TEXT_FIELDS, toText, VALUE_FIELDS } from './front-matter-map.ts';

/**
 * Changes front matter into the given one by the smallest forward edit (R14): in a text only the words that differ, of values only those
 * that do. So what others write into a field at the same time stays.
 */
export function rewriteFrontMatter(ydoc: Y.Doc, frontMatter: FrontMatter): void {
  const map = ydoc.getMap('frontMatter');
  const present = readFrontMatter(ydoc);
  ydoc.transact(() => {
    for (const field of TEXT_FIELDS) {
      const text = toText(frontMatter[field]);
      if (toText(present[field]) === text) continue;
      const stored = map.get(field);
      if (stored instanceof Y.Text) rewriteText(stored, text, frontMatter.language);
      else map.set(field, new Y.Text(text));
    }
    for (const field of VALUE_FIELDS) if (present[field] !== frontMatter[field]) map.set(field, frontMatter[field]);
  });
}

function rewriteText(stored: Y.Text, text: string, language: string): void {
  // Something that is no text takes places that a string does not show.
  if (stored.toString().length !== stored.length) stored.delete(0, stored.length);
  let at = 0;
  for (const { op, text: words } of compareWords(stored.toString(), text, language)) {
    if (op === 'deleted') stored.delete(at, words.length);
    else {
      if (op === 'inserted') stored.insert(at, words);
      at += words.length;
    }
  }
}
