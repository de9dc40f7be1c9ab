/** Worker thread: checkpoints the write-ahead log on a connection of its own, so that the main thread never waits for it. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** Pages of write-ahead log (16 MB) from which the writer is held up for a moment, so that the file can start again from its beginning. */
const RESTART_PAGES = 4_096;

const port = parentPort!;
const { file } = workerData as { file: string };
// Short: while a RESTART waits for a reader, the writer waits for it.
const sqlite = new DatabaseSync(file, { timeout: 100 });
sqlite.exec('PRAGMA synchronous = NORMAL');
const pageSize = Number(sqlite.prepare('PRAGMA page_size').get()?.page_size);

/**
 * PASSIVE disturbs nobody, but under steady writing it never lets the log start anew. Answers how many bytes are left in the log because
 * somebody still reads what came before them.
 */
function checkpoint(): number {
  let result = sqlite.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
  if (Number(result?.log) > RESTART_PAGES) result = sqlite.prepare('PRAGMA wal_checkpoint(RESTART)').get();
  return (Number(result?.log) - Number(result?.checkpointed)) * pageSize;
}

function rescue(): void {
  const result = sqlite.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  if (Number(result?.busy) !== 0) throw new Error('The write-ahead log is in use and could not be written back.');
}

port.on('message', ({ id, mode }: { id: number; mode: 'checkpoint' | 'rescue' | 'close' }) => {
  try {
    const left = mode === 'checkpoint' ? checkpoint() : 0;
    if (mode === 'rescue') rescue();
    if (mode === 'close') sqlite.close();
    port.postMessage({ id, left });
  } catch (error) {
    port.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
