/** `npm run backup -- FILE`: copies the database of a running or stopped server, whole and consistent, into one file. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { copyDatabase } from './store/backup.ts';

function backUp(target: string | undefined): void {
  if (!target) throw new Error('Expected the file to write: npm run backup -- FILE');
  if (existsSync(target)) throw new Error(`${target} exists already. Name a new file.`);
  const source = join(process.env.DATA_DIR || './data', 'commonplan.db');
  if (!existsSync(source)) throw new Error(`There is no database at ${source}. Set DATA_DIR to the server's.`);
  const sqlite = new DatabaseSync(source, { readOnly: true, timeout: 5_000 });
  try {
    copyDatabase(sqlite, target);
  } finally {
    sqlite.close();
  }
  process.stdout.write(`${source} is copied to ${target}.\n`);
}

try {
  backUp(process.argv[2]);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
