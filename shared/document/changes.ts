/** What a Yjs transaction changed in the flow, found from the transaction itself: reading an event's delta instead would write. */
import * as Y from 'yjs';

/** Yjs types its map of changed types by its own event class, which no type's own events fit. */
type AnyType = Parameters<Y.Transaction['changed']['has']>[0];
const asAnyType = (type: unknown): AnyType => type as AnyType;

/**
 * The items of the flow that a finished transaction added or deleted, format items among them, and the embeds (markers and
 * inline ones) whose own keys it changed. Costs what the transaction is long, however long the text is.
 */
export function changedItems(ytext: Y.Text, transaction: Y.Transaction): Set<Y.Item> {
  const items = new Set<Y.Item>();
  if (transaction.changed.has(asAnyType(ytext))) {
    const { beforeState, afterState, deleteSet, doc } = transaction;
    const collect = (client: number, from: number, to: number) => {
      const structs = doc.store.clients.get(client);
      if (!structs || from >= to) return;
      for (let i = Y.findIndexSS(structs, from); i < structs.length && structs[i]!.id.clock < to; i++) {
        const item = structs[i]!;
        if (item instanceof Y.Item && item.parent === ytext) items.add(item);
      }
    };
    for (const [client, clock] of afterState) collect(client, beforeState.get(client) ?? 0, clock);
    for (const [client, ranges] of deleteSet.clients) {
      for (const { clock, len } of ranges) collect(client, clock, clock + len);
    }
  }
  for (const embed of changedEmbeds(ytext, transaction)) if (embed._item) items.add(embed._item);
  return items;
}

/** Embeds of the flow whose own keys a transaction changed. */
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

/**
 * What lies nearest to the left and to the right of the given items and was there before, unchanged; null for the text's start or end.
 * @param known what an item was there as; undefined for items to pass over
 */
export function around<T>(
  items: Iterable<Y.Item>,
  known: (item: Y.Item) => T | undefined,
): [Set<T | null>, Set<T | null>] {
  const walk = (start: (item: Y.Item) => Y.Item | null, next: (item: Y.Item) => Y.Item | null): Set<T | null> => {
    const found = new Set<T | null>();
    // Neighbours lead to the same place: nobody walks where another has been.
    const visited = new Set<Y.Item>();
    for (const changed of items) {
      let item = start(changed);
      for (; item !== null && !visited.has(item); item = next(item)) {
        visited.add(item);
        const here = known(item);
        if (here === undefined) continue;
        found.add(here);
        break;
      }
      if (item === null) found.add(null);
    }
    return found;
  };
  return [
    // A marker whose keys changed is itself what lies nearest: its block starts there still.
    walk(
      (item) => item,
      (item) => item.left,
    ),
    walk(
      (item) => item.right,
      (item) => item.right,
    ),
  ];
}
