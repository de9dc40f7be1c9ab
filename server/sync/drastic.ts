/** Whether an update changes so much at once that the state before it deserves a snapshot. Counts Yjs units: characters, but for markers and formatting. */
import type { Change, StateVector } from './change.ts';
import { countOverlap, type DeleteSet } from './delete-set.ts';

export type DrasticKind = 'before-deletion' | 'before-merge';

/** Units that are deleted at once, and their share of what is there. */
const DELETED = 2_000;
const DELETED_SHARE = 0.2;
/** Units that a client brings, or has deleted, when it comes back. */
const MERGED = 1_000;

/**
 * @param vector what is there before the change
 * @param deletes everything deleted before it; asked for only when the change deletes much, because it may have to be gathered
 * @param merge the change is what a client has that was away: it may repeat deletions that are long known
 */
export function drasticKind(
  { inserts, deletes }: Change,
  vector: StateVector,
  allDeletes: () => DeleteSet,
  merge: boolean,
): DrasticKind | null {
  let inserted = 0;
  for (const [client, clock] of inserts) inserted += clock - (vector.get(client) ?? 0);
  if (merge && inserted >= MERGED) return 'before-merge';
  const named = countUnits(deletes);
  if (named < (merge ? MERGED : DELETED)) return null;
  const known = allDeletes();
  const deleted = named - countOverlap(known, deletes);
  if (merge && deleted >= MERGED) return 'before-merge';
  let there = -countUnits(known);
  for (const clock of vector.values()) there += clock;
  return deleted >= DELETED && deleted >= there * DELETED_SHARE ? 'before-deletion' : null;
}

function countUnits({ clients }: DeleteSet): number {
  let units = 0;
  for (const ranges of clients.values()) for (const { len } of ranges) units += len;
  return units;
}
