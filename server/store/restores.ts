/** Restores in the database: each with the edit that takes it back, and the Yjs client ids that both were written under. */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import { type AuditRecord, writeAudit } from './audit.ts';
import type { Tables } from './tables.ts';

/** An edit that the server made: a Yjs update under a client id that nothing else is written with. */
export interface ServerEdit {
  readonly update: Uint8Array;
  readonly clientId: number;
  /** Clocks of that client. */
  readonly clocks: number;
}

interface Edits {
  readonly edit: ServerEdit;
  readonly undo: ServerEdit;
}

export interface NewRestore extends Edits {
  readonly planId: string;
  readonly userId: string;
  /** The snapshot that is restored. */
  readonly number: number;
  /** The snapshot that shows the plan as it is before; null: there is none. */
  readonly before: number | null;
}

/**
 * Notes a restore before its update goes to the log, so that nobody ever sees restored text of unknown origin. Answers its id. Until
 * `noteWritten` it cannot be undone.
 */
export async function addRestore(kysely: Kysely<Tables>, restore: NewRestore): Promise<string> {
  const { planId, userId, number, before, edit, undo } = restore;
  const id = randomBytes(12).toString('base64url');
  await kysely.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('restores')
      .values({
        id,
        plan_id: planId,
        number,
        user_id: userId,
        time: Date.now(),
        seq: null,
        undo: undo.update,
        undone_at: null,
      })
      .execute();
    const origin = ({ clientId, clocks }: ServerEdit, source: number | null) => ({
      plan_id: planId,
      client_id: clientId,
      clocks,
      how: 'restored' as const,
      source: source === null ? null : String(source),
    });
    const origins = [origin(edit, number), origin(undo, before)].filter(({ clocks }) => clocks > 0);
    if (origins.length > 0) await transaction.insertInto('origins').values(origins).execute();
  });
  return id;
}

/** Forgets a restore whose update was refused. */
export async function removeRestore(kysely: Kysely<Tables>, id: string, { edit, undo }: Edits): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const removed = await transaction
      .deleteFrom('restores')
      .where('id', '=', id)
      .returning('plan_id')
      .executeTakeFirst();
    if (!removed) return;
    await transaction
      .deleteFrom('origins')
      .where('plan_id', '=', removed.plan_id)
      .where('client_id', 'in', [edit.clientId, undo.clientId])
      .execute();
  });
}

/** The update that restored is in the log, as number `seq`. What would undo the restores before it is not kept: they cannot be undone any more. */
export async function noteWritten(
  kysely: Kysely<Tables>,
  planId: string,
  id: string,
  seq: number,
  audit: AuditRecord,
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    await writeAudit(transaction, audit);
    await transaction.updateTable('restores').set({ seq }).where('id', '=', id).execute();
    await transaction
      .updateTable('restores')
      .set({ undo: new Uint8Array() })
      .where('plan_id', '=', planId)
      .where('seq', '<', seq)
      .execute();
  });
}

export interface StoredRestore {
  readonly seq: number;
  readonly undo: Uint8Array;
  readonly undone: boolean;
  /** Another restore was written after it. */
  readonly followed: boolean;
}

/** Null: the plan has no such restore, or its update never reached the log. */
export async function readRestore(kysely: Kysely<Tables>, planId: string, id: string): Promise<StoredRestore | null> {
  const row = await kysely
    .selectFrom('restores')
    .select(['seq', 'undo', 'undone_at'])
    .where('id', '=', id)
    .where('plan_id', '=', planId)
    .executeTakeFirst();
  if (!row || row.seq === null) return null;
  const follower = await kysely
    .selectFrom('restores')
    .select('id')
    .where('plan_id', '=', planId)
    .where('seq', '>', row.seq)
    .limit(1)
    .executeTakeFirst();
  return { seq: row.seq, undo: row.undo, undone: row.undone_at !== null, followed: follower !== undefined };
}

/**
 * The restore that can be undone: the last one, if nobody has undone it; with the number of the snapshot that was taken right after it.
 * An edit that takes back one that others followed would bring words back that these have brought back already.
 */
export function undoableRestores(sqlite: DatabaseSync, planId: string): { restoreId: string; number: number }[] {
  const rows = sqlite
    .prepare(
      `SELECT restores.id, min(snapshots.number) AS number FROM restores
         JOIN snapshots ON snapshots.plan_id = restores.plan_id AND snapshots.kind = 'restored' AND snapshots.seq >= restores.seq
         WHERE restores.plan_id = ? AND restores.undone_at IS NULL
           AND restores.seq = (SELECT max(seq) FROM restores WHERE plan_id = ?)
         GROUP BY restores.id`,
    )
    .all(planId, planId);
  return rows.map((row) => ({ restoreId: row.id as string, number: row.number as number }));
}

export async function countRestores(kysely: Kysely<Tables>, planId: string): Promise<number> {
  const { count } = await kysely
    .selectFrom('restores')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('plan_id', '=', planId)
    .executeTakeFirstOrThrow();
  return count;
}

/** The edit is in the log now: it is not kept here as well. */
export async function noteUndone(kysely: Kysely<Tables>, id: string, audit: AuditRecord): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    await writeAudit(transaction, audit);
    await transaction
      .updateTable('restores')
      .set({ undone_at: Date.now(), undo: new Uint8Array() })
      .where('id', '=', id)
      .execute();
  });
}

/** Number of the last snapshot that shows a plan as it was before its update `seq`; null: there is none. */
export async function snapshotBefore(kysely: Kysely<Tables>, planId: string, seq: number): Promise<number | null> {
  const row = await kysely
    .selectFrom('snapshots')
    .select((of) => of.fn.max('number').as('number'))
    .where('plan_id', '=', planId)
    .where('seq', '<', seq)
    .executeTakeFirst();
  return row?.number ?? null;
}
