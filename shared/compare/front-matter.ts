/** What changed in the front matter, and in any plain text, by words. */
import type { FrontMatter } from '../schema/front-matter.ts';
import type { ComparedField, ComparedWords } from './comparison.ts';
import { Draft } from './draft.ts';
import { compareInline } from './inline.ts';

/** The fields that differ, their words compared in a language (BCP 47), in the order of `before` and then those that only `after` has. */
export function compareFrontMatter(
  before: Partial<FrontMatter>,
  after: Partial<FrontMatter>,
  language = 'en',
): ComparedField[] {
  const [older, newer] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const fields = new Set([...older.keys(), ...newer.keys()]);
  return [...fields].flatMap((field) => {
    const [old, fresh] = [asText(older.get(field)), asText(newer.get(field))];
    return old === fresh ? [] : [{ field, before: old, after: fresh, inline: compareWords(old, fresh, language) }];
  });
}

const asText = (value: FrontMatter[keyof FrontMatter] | undefined): string =>
  Array.isArray(value) ? value.join('\n') : (value ?? '');

/** Texts that may hold line feeds. Same and deleted together are `before`, same and inserted `after`. */
export function compareWords(before: string, after: string, language = 'en'): ComparedWords[] {
  const nodes = (text: string) => (text ? [{ type: 'text', text }] : []);
  return compareInline(nodes(before), nodes(after), new Draft(language), true).flatMap((part) =>
    part.op === 'same' || part.op === 'inserted' || part.op === 'deleted'
      ? [{ op: part.op, text: part.node.text ?? '' }]
      : [],
  );
}
