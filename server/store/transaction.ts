/** Transactions: for writing on the server's one connection that writes, which Kysely shares, and for reading several things as of one moment. */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Runs `work` in a transaction, after those that Kysely may have open. Rolls back and rejects when it throws. */
export async function transaction<T>(sqlite: DatabaseSync, work: () => T): Promise<T> {
  while (sqlite.isTransaction) await nextTurn();
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    sqlite.exec('COMMIT');
    return result;
  } catch (error) {
    // After some errors, a full disk among them, SQLite has rolled back by itself.
    if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
    throw error;
  }
}

/** Runs `work` so that all it reads is as of one moment; inside an open transaction it is as of that one's. */
export function reading<T>(sqlite: DatabaseSync, work: () => T): T {
  if (sqlite.isTransaction) return work();
  sqlite.exec('BEGIN');
  try {
    return work();
  } finally {
    sqlite.exec('COMMIT');
  }
}
