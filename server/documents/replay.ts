/** A plan's Y.Doc from its log: base and tail applied in order, leaving out what cannot be applied (R8). */
import type { DatabaseSync } from 'node:sqlite';
import * as Y from 'yjs';
import { CommonplanError } from '../../shared/errors.ts';
import type { LoggedUpdate } from '../store/packed-row.ts';
import { reading } from '../store/transaction.ts';
import { readTail } from '../store/update-log.ts';
import type { PoisonFound } from './jobs.ts';

export interface StoredPlan {
  readonly baseSeq: number;
  readonly base: Uint8Array | null;
  readonly baseVector: Uint8Array | null;
  /** A Yjs update without structs. */
  readonly baseDeletes: Uint8Array | null;
  readonly tail: readonly LoggedUpdate[];
}

/** Reads a plan as of one moment, up to an update or (where a base is further already) as soon after as it can. Throws `not-found`. */
export function readStoredPlan(
  sqlite: DatabaseSync,
  planId: string,
  upTo: number = Number.POSITIVE_INFINITY,
): StoredPlan {
  // A compaction between two reads would show a base without its tail.
  return reading(sqlite, () => {
    if (!sqlite.prepare('SELECT 1 FROM plans WHERE id = ?').get(planId)) throw new CommonplanError('not-found');
    const base = sqlite
      .prepare('SELECT seq, state, state_vector, delete_set FROM bases WHERE plan_id = ? ORDER BY seq DESC LIMIT 1')
      .get(planId);
    const baseSeq = (base?.seq as number | undefined) ?? 0;
    const rows = sqlite
      .prepare('SELECT seq, count, data FROM updates WHERE plan_id = ? AND seq > ? ORDER BY seq')
      .iterate(planId, baseSeq);
    const tail = readTail(planId, baseSeq, rows).slice(0, Math.max(0, upTo - baseSeq));
    return {
      baseSeq,
      base: (base?.state as Uint8Array | undefined) ?? null,
      baseVector: (base?.state_vector as Uint8Array | undefined) ?? null,
      baseDeletes: (base?.delete_set as Uint8Array | undefined) ?? null,
      tail,
    };
  });
}

/** What one update can need at most: a poison among thousands costs as many replays as there are poisons, plus one. */
export function replay({ base, baseSeq, tail }: StoredPlan): { ydoc: Y.Doc; poisons: PoisonFound[]; seq: number } {
  const poisons: PoisonFound[] = [];
  for (;;) {
    const ydoc = new Y.Doc();
    // Outside the search for poison: a base has been loaded back before it was stored, so this is damage, not a bad update.
    if (base) Y.applyUpdate(ydoc, base);
    const found = applyTail(ydoc, baseSeq, tail, poisons);
    if (!found) return { ydoc, poisons, seq: baseSeq + tail.length };
    // What threw halfway has left the Y.Doc in no known state: begin anew without it.
    ydoc.destroy();
    poisons.push(found);
  }
}

function applyTail(
  ydoc: Y.Doc,
  baseSeq: number,
  tail: readonly LoggedUpdate[],
  leftOut: readonly PoisonFound[],
): PoisonFound | null {
  const skip = new Set(leftOut.map(({ seq }) => seq));
  for (const [index, { update }] of tail.entries()) {
    const seq = baseSeq + index + 1;
    if (skip.has(seq)) continue;
    try {
      Y.applyUpdate(ydoc, update);
    } catch (error) {
      return { seq, reason: error instanceof Error ? error.message : String(error) };
    }
    // Updates are in the log in an order in which each stands on those before it: what waits for others waits for ever.
    if (ydoc.store.pendingStructs !== null || ydoc.store.pendingDs !== null) {
      return { seq, reason: 'It builds on text that the log does not have.' };
    }
  }
  return null;
}
