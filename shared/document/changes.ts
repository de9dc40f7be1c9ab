/** What a Yjs transaction changed in the flow, found by walking the items: reading an event's delta instead would write. */
import * as Y from 'yjs';
import { firstItem, formatted, PLAIN } from './blocks.ts';
import { sameValue } from './format.ts';

/** Yjs types its map of changed types by its own event class, which no type's own events fit. */
type AnyType = Parameters<Y.Transaction['changed']['has']>[0];
const asAnyType = (type: unknown): AnyType => type as AnyType;

/** Units `from`..`oldTo` became units `from`..`newTo`; everything outside is untouched, its formatting included. */
export interface Change {
  from: number;
  oldTo: number;
  newTo: number;
}

/**
 * The smallest range that holds all changes of a finished transaction, or null when text and formatting stayed as they were.
 * Both the formatting before and after the transaction are followed along, so that a format item without effect on a
 * character (Yjs ends a removed mark far behind the text) does not count.
 */
export function changedRange(ytext: Y.Text, transaction: Y.Transaction): Change | null {
  if (!transaction.changed.has(asAnyType(ytext))) return null;
  const { beforeState, afterState, deleteSet } = transaction;
  const authors = [...afterState].filter(([client, clock]) => clock !== (beforeState.get(client) ?? 0));
  let before = PLAIN;
  let after = PLAIN;
  let oldIndex = 0;
  let newIndex = 0;
  let from = -1;
  let oldTo = 0;
  let newTo = 0;
  for (let item = firstItem(ytext); item !== null; item = item.right) {
    const { client, clock } = item.id;
    const added = authors.some(([author]) => author === client && clock >= (beforeState.get(author) ?? 0));
    const was = !added && (!item.deleted || (deleteSet.clients.size > 0 && Y.isDeleted(deleteSet, item.id)));
    const is = !item.deleted;
    if (!was && !is) continue;
    if (item.content instanceof Y.ContentFormat) {
      const same = before === after && was && is;
      if (was) before = formatted(before, item.content);
      if (same) after = before;
      else if (is) after = formatted(after, item.content);
      continue;
    }
    if (!item.countable) continue;
    const changed = was !== is || !sameValue(before, after);
    if (changed && from < 0) from = newIndex;
    if (was) oldIndex += item.length;
    if (is) newIndex += item.length;
    if (changed) {
      oldTo = oldIndex;
      newTo = newIndex;
    }
  }
  return from < 0 ? null : { from, oldTo, newTo };
}

/** Embeds of the flow (markers and inline ones) whose own keys a transaction changed. */
export function changedEmbeds(ytext: Y.Text, transaction: Y.Transaction): Y.Map<unknown>[] {
  const embeds: Y.Map<unknown>[] = [];
  for (const [type] of transaction.changed) {
    if (type instanceof Y.Map && type.parent === ytext) embeds.push(type);
  }
  return embeds;
}

/** Keys of a map that a transaction changed. */
export function changedKeys(ymap: Y.Map<unknown>, transaction: Y.Transaction): string[] {
  return [...(transaction.changed.get(asAnyType(ymap)) ?? [])].filter((key) => key !== null);
}
