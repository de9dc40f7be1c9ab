/** Makes commits survive a power cut: syncs the write-ahead log off the main thread, and has it checkpointed by a worker. */
import { closeSync, constants, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Database } from './database.ts';

const syncFile = promisify(fdatasync);

export interface Durability {
  /** Resolves when everything that was committed before the call is on the disk. */
  sync(): Promise<void>;
  /** Moves the write-ahead log into the database file, as far as readers allow, so that it can start again from its beginning. Resolves with the bytes that readers did not allow. */
  checkpoint(): Promise<number>;
  /**
   * After a failed sync nobody knows which pages the kernel still holds, and a second sync may succeed without having written them
   * (https://wiki.postgresql.org/wiki/Fsync_Errors). Writing them anew elsewhere is what counts: a checkpoint of the whole log into the
   * database file. Rejects when that fails too.
   */
  rescue(): Promise<void>;
  stop(): Promise<void>;
}

interface Reply {
  id: number;
  left?: number;
  error?: string;
}

/**
 * Opening and closing the `-wal` file beside SQLite is safe: its locks lie on the other two files, and POSIX drops a process's locks on a
 * file as soon as it closes any descriptor of that file. For the same reason nothing in this process may ever open the database file itself.
 */
export function openDurability({ file }: Pick<Database, 'file'>): Durability {
  const descriptor = openSync(`${file}-wal`, constants.O_RDONLY);
  const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData: { file } });
  const waiting = new Map<number, { resolve: (left: number) => void; reject: (error: Error) => void }>();
  let nextId = 0;
  let dead: Error | undefined;
  const fail = (error: Error): void => {
    dead = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', ({ id, left = 0, error }: Reply) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(left);
    else call?.reject(new Error(error));
  });
  worker.on('error', (error: unknown) => fail(new Error('The checkpoint worker ended', { cause: error })));
  worker.on('exit', () => fail(new Error('The checkpoint worker has stopped')));
  worker.unref();

  const ask = (mode: 'checkpoint' | 'rescue' | 'close'): Promise<number> =>
    new Promise((resolve, reject) => {
      if (dead) return reject(dead);
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, mode });
    });

  return {
    sync: () => syncFile(descriptor),
    checkpoint: () => ask('checkpoint'),
    async rescue() {
      await ask('rescue');
    },
    async stop() {
      // The answer must not be missed because nothing else keeps the process running.
      worker.ref();
      if (!dead) await ask('close');
      await worker.terminate();
      closeSync(descriptor);
    },
  };
}
