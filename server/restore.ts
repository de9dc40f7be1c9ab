/** `npm run restore -- FILE`: puts a backup in the place of a stopped server's database, which stays beside it. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { insertAudit } from './store/audit.ts';
import { replaceDatabase, syncPath } from './store/backup.ts';
import { takeLock } from './store/database.ts';
import { migrate } from './store/migrations.ts';
import { verifyDatabase } from './verify-database.ts';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

function restore(backup: string | undefined): void {
  if (!backup) throw new Error('Expected the backup to restore: npm run restore -- FILE');
  if (!existsSync(backup)) throw new Error(`There is no file ${backup}.`);
  const dataDir = resolve(process.env.DATA_DIR || './data');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Throws where a server runs; held to the end, so that none starts meanwhile.
  const lock = takeLock(dataDir);
  const copy = join(dataDir, 'commonplan-restoring.db');
  try {
    rmSync(copy, { force: true });
    copyFileSync(backup, copy);
    // Whatever the backup's own mode is, and wherever it has been.
    chmodSync(copy, 0o600);
    prepare(copy);
    if (verifyDatabase(copy, say) > 0) {
      throw new Error(`Nothing was restored: ${backup} is damaged, as said above. The database is what it was.`);
    }
    syncPath(copy);
    const kept = replaceDatabase(join(dataDir, 'commonplan.db'), copy, new Date());
    say(`${backup} is the database of ${dataDir} now.`);
    if (kept !== null) say(`What was there before is kept: ${kept}. Remove it when you are sure.`);
    if (!existsSync(join(dataDir, 'secret'))) {
      say('There is no file "secret" beside it: unless SECRET is set, everybody has to sign in again.');
    }
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${copy}${end}`, { force: true });
    lock.close();
  }
}

/** Brings the copy up to this program's schema, and notes that it was restored. Throws for what is no database of ours, or a newer one. */
function prepare(copy: string): void {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = new DatabaseSync(copy, { enableForeignKeyConstraints: true });
    const [plans] = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'plans'").all();
    if (!plans) throw new Error('it holds no plans');
    sqlite.exec('PRAGMA journal_mode = DELETE');
    migrate(sqlite);
    insertAudit(sqlite, { planId: null, actor: null, action: 'database-restored' });
  } catch (cause) {
    throw new Error(`This is no backup that can be restored: ${(cause as Error).message}`, { cause });
  } finally {
    sqlite?.close();
  }
}

try {
  restore(process.argv[2]);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
