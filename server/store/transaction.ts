/** Transactions: for writing on the server's one connection that writes, which Kysely shares, and for reading several things as of one moment. */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CommonplanError } from '../../shared/errors.ts';

/** Runs `work` in a transaction, after those that Kysely may have open. Rolls back and rejects when it throws; with `disk-full` where that was why. */
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
    throw isDiskFull(error) ? new CommonplanError('disk-full', undefined, { cause: error }) : error;
  }
}

/** Whether SQLite gave up because there was no room for more. */
export function isDiskFull(error: unknown): boolean {
  const SQLITE_FULL = 13;
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_FULL;
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
