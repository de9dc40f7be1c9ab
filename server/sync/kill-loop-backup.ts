/** The kill loop's operator: backs the server up while people write and it is killed, restores the backup elsewhere and reads what it holds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as Y from 'yjs';
import { openDatabase } from '../store/database.ts';
import { createUpdateLog } from '../store/update-log.ts';

/** The words of the plan in a backup that was begun at this moment. Rejects when it cannot be made, restored or verified. */
export async function backUpAndRestore(dataDir: string, planId: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'commonplan-backup-'));
  try {
    const backup = join(folder, 'backup.db');
    const restored = join(folder, 'restored');
    await run('backup', dataDir, backup);
    // Reads every plan and every snapshot before it puts anything in place.
    await run('restore', restored, backup);
    return await wordsIn(restored, planId);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(command: 'backup' | 'restore', dataDir: string, file: string): Promise<void> {
  const program = fileURLToPath(new URL(`../${command}.ts`, import.meta.url));
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [program, file], { env: { PATH, NODE_COMPILE_CACHE, DATA_DIR: dataDir } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`npm run ${command} ended with ${code}:\n${output}`);
}

async function wordsIn(dataDir: string, planId: string): Promise<string[]> {
  const database = openDatabase(dataDir);
  try {
    const plan = await createUpdateLog(database).load(planId);
    if (!plan) throw new Error('The plan is not in the backup.');
    const ydoc = new Y.Doc();
    Y.applyUpdate(ydoc, plan.base.state);
    for (const { update } of plan.tail) Y.applyUpdate(ydoc, update);
    return ydoc.getText('content').toString().split(' ').filter(Boolean);
  } finally {
    database.close();
  }
}
