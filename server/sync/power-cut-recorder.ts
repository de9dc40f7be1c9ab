/**
 * Loaded before the server (`node --import`) by the kill loop's power cut: after each completed sync it notes what is now certain to be on the
 * disk, as a copy of the database and of the write-ahead log.
 *
 * Why this is a fair model. A power cut keeps what a completed fdatasync covered and may lose every byte written since, in any part. Of all
 * the states that it can leave, this is the worst: nothing survives but what was certain. What was certain after a sync is
 * - the frames of the write-ahead log that were there when the sync began, up to the last commit among them;
 * - those that a checkpoint had begun to move: it syncs the log itself before it writes the first page of them (SQLite's wal.c,
 *   walCheckpoint), so they count as well, and the database file may already have them;
 * - the database file: SQLite writes it in checkpoints only, from frames that are on the disk, and syncs it before the log may start anew.
 * The product has no part in this: it calls fdatasync as always. Files are read through descriptors that stay open, because closing one
 * would drop SQLite's locks in this process.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const WAL_HEADER = 32;
const FRAME_HEADER = 24;
/** Offset of nBackfillAttempted in the `-shm` file: two copies of the index header (48 bytes), then nBackfill, 5 marks, 8 locks. */
const BACKFILL_ATTEMPTED = 2 * 48 + 4 + 5 * 4 + 8;

interface WalState {
  readonly bytes: Buffer;
  readonly salt: string;
  /** Frames up to and with the last commit. */
  readonly frames: number;
}

const directory = process.env.POWER_CUT_RECORD;
const dataDir = process.env.DATA_DIR;
if (isMainThread && directory && dataDir) record(join(dataDir, 'commonplan.db'), directory);

function record(file: string, directory: string): void {
  const original = fs.fdatasync;
  const descriptors = new Map<string, number>();
  let copies = 0;

  const read = (name: string): Buffer => {
    const descriptor = descriptors.get(name) ?? fs.openSync(name, 'r');
    descriptors.set(name, descriptor);
    const bytes = Buffer.alloc(fs.fstatSync(descriptor).size);
    return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, bytes.length, 0));
  };

  const publish = (before: WalState): void => {
    let start = before;
    for (;;) {
      const database = read(file);
      const shared = read(`${file}-shm`);
      const after = readWal(read(`${file}-wal`));
      if (after.salt === start.salt) {
        const frames = Math.max(start.frames, shared.readUInt32LE(BACKFILL_ATTEMPTED));
        save(database, after.bytes.subarray(0, endOf(after.bytes, frames)));
        return;
      }
      // The log started anew: a checkpoint has put all of the old one into the database and synced that. Of the new one nothing is certain.
      start = { ...after, frames: 0 };
    }
  };

  // Renamed into place, so that a kill in the middle leaves the copy before.
  const save = (database: Buffer, wal: Buffer): void => {
    const folder = join(directory, String(++copies));
    fs.mkdirSync(folder);
    fs.writeFileSync(join(folder, 'commonplan.db'), database);
    fs.writeFileSync(join(folder, 'commonplan.db-wal'), wal);
    fs.writeFileSync(join(directory, 'latest.new'), folder);
    fs.renameSync(join(directory, 'latest.new'), join(directory, 'latest'));
    fs.rmSync(join(directory, String(copies - 1)), { recursive: true, force: true });
  };

  fs.fdatasync = ((descriptor: number, callback: (error: NodeJS.ErrnoException | null) => void) => {
    const before = readWal(read(`${file}-wal`));
    original(descriptor, (error) => {
      if (!error) publish(before);
      callback(error);
    });
  }) as typeof fs.fdatasync;
  syncBuiltinESMExports();
}

/** See https://www.sqlite.org/fileformat2.html#the_write_ahead_log: a frame belongs to the log while its salts are the header's. */
function readWal(bytes: Buffer): WalState {
  if (bytes.length < WAL_HEADER) return { bytes, salt: '', frames: 0 };
  const salt = bytes.toString('hex', 16, 24);
  const frameSize = FRAME_HEADER + pageSize(bytes);
  let frames = 0;
  for (let index = 0; WAL_HEADER + (index + 1) * frameSize <= bytes.length; index++) {
    const at = WAL_HEADER + index * frameSize;
    if (bytes.toString('hex', at + 8, at + 16) !== salt) break;
    if (bytes.readUInt32BE(at + 4) !== 0) frames = index + 1;
  }
  return { bytes, salt, frames };
}

const pageSize = (wal: Buffer): number => wal.readUInt32BE(8);
const endOf = (wal: Buffer, frames: number): number =>
  frames === 0 ? 0 : WAL_HEADER + frames * (FRAME_HEADER + pageSize(wal));
