/** `npm run backup -- FILE`: copies the database of a running or stopped server, whole and consistent, into one file. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';

const [target] = process.argv.slice(2);
const source = join(process.env.DATA_DIR || './data', 'commonplan.db');
const refusal = !target
  ? 'Expected the file to write: npm run backup -- FILE'
  : existsSync(target)
    ? `${target} exists already. Name a new file.`
    : !existsSync(source)
      ? `There is no database at ${source}. Set DATA_DIR to the server's.`
      : null;

if (refusal !== null || !target) {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 1;
} else {
  const database = new DatabaseSync(source, { readOnly: true });
  try {
    await backup(database, target);
  } finally {
    database.close();
  }
  const copy = new DatabaseSync(target);
  // One file, without a write-ahead log beside it; the server switches back when it opens it.
  copy.exec('PRAGMA journal_mode = DELETE');
  const check = copy.prepare('PRAGMA integrity_check').get()?.integrity_check;
  copy.close();
  if (check !== 'ok') throw new Error(`The copy is damaged: ${check}. Is the disk full?`);
  process.stdout.write(`${source} is copied to ${target}.\n`);
}
