/** `npm run verify [-- --data FOLDER|FILE]`: reads every plan, snapshot and picture of a running or stopped server, and says what is damaged. Changes nothing. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { verifyDatabase } from './verify-database.ts';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** The database of a server's folder, or a file: a backup. */
function findDatabase(): string {
  const { values } = parseArgs({ options: { data: { type: 'string' } } });
  const data = values.data ?? (process.env.DATA_DIR || './data');
  const file = existsSync(data) && statSync(data).isFile() ? data : join(data, 'commonplan.db');
  if (!existsSync(file)) throw new Error(`There is no database at ${file}. Name the server's folder: --data FOLDER.`);
  return file;
}

try {
  if (verifyDatabase(findDatabase(), say) > 0) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
