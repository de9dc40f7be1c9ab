/** Opens the database: one SQLite file in the data directory, for one server at a time. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import { copyDatabase, syncPath } from './backup.ts';
import { migrate, requireVersion } from './migrations.ts';
import type { Tables } from './tables.ts';

export interface Database {
  /**
   * Ordinary queries. Shares the connection with the update log, which cannot commit while a transaction is open here: never await
   * anything but queries inside one.
   */
  readonly kysely: Kysely<Tables>;
  /** The server's one writing connection, for prepared statements. */
  readonly sqlite: DatabaseSync;
  /** Path of the database file. The write-ahead log lies beside it, with `-wal` at the end of its name. */
  readonly file: string;
  close(): void;
}

/** Milliseconds that a statement waits for a lock of another connection, which only checkpoints, backups and tools take. */
const BUSY_TIMEOUT = 5_000;
const DATABASE_FILE = 'commonplan.db';

/**
 * Opens `commonplan.db` in `dataDir`, which is made when absent, and brings it up to date. Throws with a sentence for the operator when
 * another server runs on the same directory, or the database is newer than this program.
 */
export function openDatabase(dataDir: string): Database {
  // Plans and sign-ins are nobody else's business on this machine.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = takeLock(dataDir);
  const file = join(dataDir, DATABASE_FILE);
  let sqlite: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(file, { timeout: BUSY_TIMEOUT, enableForeignKeyConstraints: true });
    sqlite = opened;
    setPragmas(opened);
    migrate(opened, (from, to) => keepBeforeUpgrade(opened, dataDir, from, to));
    // The files' names must survive a power cut as well as their bytes.
    syncPath(dataDir);
  } catch (error) {
    sqlite?.close();
    lock.close();
    throw error;
  }
  const open = sqlite;
  return {
    kysely: new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyDatabase(open) }) }),
    sqlite: open,
    file,
    close() {
      open.close();
      lock.close();
    },
  };
}

/**
 * Opens the database of a server that may be running: for a command that reads and changes a few rows. Throws with a sentence for the
 * operator when there is none, or when it is another version's.
 */
export function openBeside(dataDir: string): Pick<Database, 'kysely' | 'close'> {
  const file = join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) throw new Error(`There is no database at ${file}. Set DATA_DIR to the server's.`);
  const sqlite = new DatabaseSync(file, { timeout: BUSY_TIMEOUT, enableForeignKeyConstraints: true });
  try {
    requireVersion(sqlite);
    // Checkpoints are the server's; what is committed here is on the disk before the command ends.
    sqlite.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL');
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return {
    kysely: new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyDatabase(sqlite) }) }),
    close: () => sqlite.close(),
  };
}

/**
 * A second database that is nothing but a lock, held as an open exclusive transaction. The kernel gives it up with the process, so a
 * killed server leaves nothing to clear away, and the real file stays readable for backups.
 */
export function takeLock(dataDir: string): DatabaseSync {
  const lock = new DatabaseSync(join(dataDir, 'lock.db'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw cause;
    throw new Error(`Another server is running on ${dataDir}. Stop it, or set DATA_DIR to another directory.`, {
      cause,
    });
  }
}

/** Whatever an upgrade may do wrong, the database from before it is there. A copy of an attempt that failed is made anew. */
function keepBeforeUpgrade(sqlite: DatabaseSync, dataDir: string, from: number, to: number): void {
  const copy = join(dataDir, `commonplan-before-upgrade-${from}-to-${to}.db`);
  rmSync(copy, { force: true });
  copyDatabase(sqlite, copy);
}

function isBusy(error: unknown): boolean {
  const SQLITE_BUSY = 5;
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function setPragmas(sqlite: DatabaseSync): void {
  const pragma = (text: string): unknown => Object.values(sqlite.prepare(`PRAGMA ${text}`).get() ?? {})[0];
  const expect = (text: string, expected: unknown): void => {
    const value = pragma(text);
    if (value !== expected) throw new Error(`SQLite answered ${value} to PRAGMA ${text}, expected ${expected}.`);
  };
  expect('journal_mode = WAL', 'wal');
  // A commit survives the process; durability.ts makes it survive a power cut, off the main thread.
  sqlite.exec('PRAGMA synchronous = NORMAL');
  const NORMAL = 1;
  expect('synchronous', NORMAL);
  // A checkpoint on the main thread would stall every room for milliseconds: checkpointer.ts does them.
  expect('wal_autocheckpoint = 0', 0);
  sqlite.exec(`PRAGMA journal_size_limit = ${64 * 1024 * 1024}`);
  expect('foreign_keys', 1);
}

/** Statements that are kept prepared. The program has far fewer texts, but for lists of unlike lengths. */
const MOST_STATEMENTS = 500;

/** node:sqlite behind the three methods that Kysely's SQLite dialect asks of a driver. */
function kyselyDatabase(sqlite: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known) return known;
    if (prepared.size >= MOST_STATEMENTS) prepared.clear();
    const statement = sqlite.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return {
    close: () => sqlite.close(),
    prepare(sql) {
      const statement = prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...parameters.map(toSqlite)),
        run: (parameters) => statement.run(...parameters.map(toSqlite)),
        iterate: (parameters) => statement.iterate(...parameters.map(toSqlite)),
      };
    },
  };
}

/** SQLite has no booleans: they are 0 and 1, as in every other driver. */
function toSqlite(value: unknown): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : (value as SQLInputValue);
}
