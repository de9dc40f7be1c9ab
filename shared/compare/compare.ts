/** Compares two documents as a person would who marks the changes by hand. */
import { compareBlocks } from './blocks.ts';
import type { Comparison, NodeJSON } from './comparison.ts';
import { Draft } from './draft.ts';
import { placeChanges } from './places.ts';

/**
 * `before` and `after`: documents of the schema as ProseMirror JSON. `language`: BCP 47, for finding words where there are no
 * spaces between them. Never throws for what the schema accepts; time and memory grow with the size of the documents, not with its
 * square (README.md has the limits).
 */
export function compare(
  before: NodeJSON,
  after: NodeJSON,
  { language = 'en' }: { language?: string } = {},
): Comparison {
  const draft = new Draft(language);
  const blocks = compareBlocks(before.content ?? [], after.content ?? [], draft);
  return { blocks, ...placeChanges(blocks, draft.kinds) };
}
