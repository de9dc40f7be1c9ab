/** Copies of the database: one whole and consistent file each, while others write. */
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Copies the database behind this connection to `target`, as of one moment, and syncs it to the disk. A copy that was interrupted never
 * has the target's name. Throws when `target` exists, or what was copied is damaged.
 */
export function copyDatabase(sqlite: DatabaseSync, target: string): void {
  if (existsSync(target)) throw new Error(`${target} exists already. Name a new file.`);
  const part = `${target}.part`;
  rmSync(part, { force: true });
  try {
    // Plans and sign-ins are nobody else's business on this machine, also while they are copied. SQLite writes into a file that is empty.
    closeSync(openSync(part, 'wx', 0o600));
    // Not page by page: that begins anew whenever somebody writes in between.
    sqlite.prepare('VACUUM INTO ?').run(part);
    checkIntegrity(part);
    syncPath(part);
    renameSync(part, target);
    syncPath(dirname(target));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** Throws when SQLite finds the file damaged, or no database at all. */
export function checkIntegrity(file: string): void {
  const copy = new DatabaseSync(file, { readOnly: true });
  try {
    const result = copy.prepare('PRAGMA integrity_check').get()?.integrity_check;
    if (result !== 'ok') throw new Error(`The copy is damaged: ${result}. Is the disk full?`);
  } finally {
    copy.close();
  }
}

/**
 * Puts `replacement`, a file in the same folder, in the place of the database of a server that is stopped. What was there before stays
 * beside it under the answered name; null: there was nothing. At every moment one of the two is the database.
 */
export function replaceDatabase(file: string, replacement: string, now: Date): string | null {
  const folder = dirname(file);
  let kept: string | null = null;
  if (existsSync(file)) {
    const stamp = now
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
      .replace(/:/g, '');
    kept = join(folder, `commonplan-replaced-${stamp}.db`);
    const whole = settle(file);
    linkSync(file, kept);
    for (const end of ['-wal', '-shm']) {
      if (!existsSync(`${file}${end}`)) continue;
      // A log that cannot be carried over stays with the file that it belongs to.
      if (!whole) linkSync(`${file}${end}`, `${kept}${end}`);
      rmSync(`${file}${end}`);
    }
  }
  renameSync(replacement, file);
  syncPath(folder);
  return kept;
}

/** Carries the write-ahead log over into the database file; false where the database is too damaged for that. */
function settle(file: string): boolean {
  try {
    const sqlite = new DatabaseSync(file);
    try {
      const { journal_mode: mode } = sqlite.prepare('PRAGMA journal_mode = DELETE').get() ?? {};
      return mode === 'delete';
    } finally {
      sqlite.close();
    }
  } catch {
    // It is damaged, which is why it is replaced.
    return false;
  }
}

/** A file's bytes, or a folder's names, are on the disk when this returns. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
