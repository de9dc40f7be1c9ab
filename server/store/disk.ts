/** Watches the disk that the data lies on, so that nothing is taken that could not be kept. */
import { statfs } from 'node:fs/promises';
import type { Log } from '../log.ts';

/**
 * ok. low: the operator should look. no-uploads: files and pictures are refused. full: nothing is taken that needs room; reading, and
 * taking rights away, go on in the reserve.
 */
export type DiskState = 'ok' | 'low' | 'no-uploads' | 'full';

export interface Space {
  /** Bytes that this process may still write, and the size of the file system. */
  readonly free: number;
  readonly total: number;
}

export interface Disk {
  readonly state: DiskState;
  readonly space: Space;
  /** Looks now instead of at the next round. */
  look(): Promise<void>;
  stop(): void;
}

interface DiskOptions {
  readonly folder: string;
  /** Bytes that are kept free: below them nothing more is taken. */
  readonly reserve: number;
  readonly log: Log;
  /** What the system says of the folder's file system. */
  readonly measure?: ((folder: string) => Promise<Space>) | undefined;
}

const GIB = 1024 ** 3;
/** Shares of the file system, and what they are at most: a tenth of four terabytes is no reason to worry. */
const LOW_SHARE = 0.1;
const LOW_BYTES = 2 * GIB;
const NO_UPLOADS_SHARE = 0.05;
const NO_UPLOADS_BYTES = GIB;
/** Milliseconds between two looks. */
const INTERVAL = 5_000;

const SAID: Record<DiskState, string> = {
  ok: 'there is room on the disk again',
  low: 'the disk is getting full',
  'no-uploads': 'the disk is nearly full: files and pictures are refused',
  full: 'the disk is full: nothing is taken any more until there is room',
};

export function diskState({ free, total }: Space, reserve: number): DiskState {
  if (free < reserve) return 'full';
  if (free < Math.min(total * NO_UPLOADS_SHARE, NO_UPLOADS_BYTES)) return 'no-uploads';
  return free < Math.min(total * LOW_SHARE, LOW_BYTES) ? 'low' : 'ok';
}

/** Looks once before it resolves. Rejects when the folder cannot be asked about. */
export async function watchDisk({ folder, reserve, log, measure = askSystem }: DiskOptions): Promise<Disk> {
  let space = await measure(folder);
  let state = diskState(space, reserve);
  const say = (): void => log[state === 'ok' ? 'info' : 'warn']({ folder, ...space }, SAID[state]);
  if (state !== 'ok') say();

  async function look(): Promise<void> {
    try {
      space = await measure(folder);
    } catch (err) {
      // What was last seen still counts.
      log.error({ err, folder }, 'the free space of the disk could not be read');
      return;
    }
    const next = diskState(space, reserve);
    if (next === state) return;
    state = next;
    say();
  }

  const timer = setInterval(() => void look(), INTERVAL);
  timer.unref();
  return {
    get state() {
      return state;
    },
    get space() {
      return space;
    },
    look,
    stop: () => clearInterval(timer),
  };
}

async function askSystem(folder: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { free: bavail * bsize, total: blocks * bsize };
}
