/** Whose rights changed: read by the server from a table that triggers write, so that nobody who changes rights has to think of it. */
import type { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export interface AccessChange {
  /** They count up. */
  readonly id: number;
  /** null: in all plans. */
  readonly planId: string | null;
  /** null: everybody's. */
  readonly userId: string | null;
}

/** The triggers on better-auth's tables, which are not there yet when the migrations run. The others are in migrations.ts. */
export function watchUsers(sqlite: DatabaseSync): void {
  sqlite.exec(`
    CREATE TRIGGER IF NOT EXISTS user_changed AFTER UPDATE ON user BEGIN
      INSERT INTO access_changes (user_id) VALUES (OLD.id);
    END;
    CREATE TRIGGER IF NOT EXISTS session_ended AFTER DELETE ON session BEGIN
      INSERT INTO access_changes (user_id) VALUES (OLD.userId);
    END;
  `);
}

/** What came after the change `after`, oldest first. */
export async function listAccessChanges(kysely: Kysely<Tables>, after: number): Promise<AccessChange[]> {
  return kysely
    .selectFrom('access_changes')
    .select(['id', 'plan_id as planId', 'user_id as userId'])
    .where('id', '>', after)
    .orderBy('id')
    .execute();
}

/** The number of the last change; 0: there was none. */
export async function lastAccessChange(kysely: Kysely<Tables>): Promise<number> {
  const { id } = await kysely
    .selectFrom('access_changes')
    .select((select) => select.fn.coalesce(select.fn.max('id'), select.lit(0)).as('id'))
    .executeTakeFirstOrThrow();
  return id;
}

/** Removes what is older than an hour: every server has long seen it. */
export async function forgetAccessChanges(kysely: Kysely<Tables>): Promise<void> {
  await kysely
    .deleteFrom('access_changes')
    .where('time', '<', Date.now() - 60 * 60_000)
    .execute();
}
