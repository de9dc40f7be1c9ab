/** The way of an update to the disk: commit, then broadcast; sync, then acknowledge (R1). And what happens when the disk refuses. */
import { setTimeout as delay } from 'node:timers/promises';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import type { Log } from '../log.ts';
import type { Durability } from '../store/durability.ts';
import type { Append, UpdateLog } from '../store/update-log.ts';
import type { Limits } from './limits.ts';
import type { Load } from './load.ts';
import type { Room } from './room.ts';
import type { Author } from './write.ts';

/** Who counts and times. */
export interface PipelineObserver {
  /** So many updates are in the log. */
  committed(updates: number): void;
  /** A sync is over, and this the longest time in milliseconds that an update waited for it. */
  acknowledged(milliseconds: number): void;
}

export interface PipelineOptions {
  readonly updateLog: UpdateLog;
  readonly durability: Durability;
  /** True: nothing is broadcast before it is on the disk. False: before it is committed. */
  readonly strict: boolean;
  readonly limits: Limits;
  readonly load: Load;
  readonly log: Log;
  readonly observer: PipelineObserver | undefined;
  /** Ends a room's sessions and forgets the room: what it holds in memory may not be what is in the log. */
  readonly drop: (room: Room, code: ErrorCode) => void;
  readonly dropAll: (code: ErrorCode) => void;
}

export interface Pipeline {
  /** The room has pending updates. */
  commitSoon(room: Room): void;
  /** The author's count of committed messages rose without a commit of its own. */
  acknowledgeSoon(author: Author): void;
  forget(author: Author): void;
  forgetRoom(room: Room): void;
  /** Why the server cannot keep its promises at the moment; null: it can. */
  trouble(): string | null;
  /** False while the disk has no room for changes. */
  hasRoom(): boolean;
  /** False while nobody may be let in, because what the log holds may not be on the disk. */
  trusted(): boolean;
  /** Once a second. */
  tick(now: number): void;
  /** Commits, syncs and acknowledges all that has come in. */
  drain(): Promise<void>;
}

/** Bytes committed between two checkpoints, and the longest time in milliseconds between them while there is anything to write back. */
const CHECKPOINT_BYTES = 4 * 1024 * 1024;
const CHECKPOINT_INTERVAL = 30_000;
/** Bytes that cannot be written back from which the operator is told. */
const MOST_LOG_BYTES = 128 * 1024 * 1024;
/** Milliseconds after a failed commit until another is tried; twice as long each time that one fails. */
const PROBE_DELAY = 1_000;
const MOST_PROBE_DELAY = 30_000;

export function createPipeline(options: PipelineOptions): Pipeline {
  const { updateLog, durability, strict, limits, load, log, observer, drop, dropAll } = options;
  let stopping = false;
  let trouble: string | null = null;
  let full = false;

  // ---- commit, then broadcast (R1) ----

  let pendingRooms = new Set<Room>();
  let flushing: Promise<void> | null = null;
  let flushScheduled = false;
  let uncheckpointedBytes = 0;

  function scheduleFlush(): void {
    if (flushScheduled || flushing) return;
    flushScheduled = true;
    const window = load.window(limits.updateWindow);
    if (window === 0) setImmediate(flush);
    else setTimeout(flush, window);
  }

  function flush(): void {
    flushScheduled = false;
    if (flushing) return;
    flushing = commitPending().finally(() => {
      flushing = null;
      if (pendingRooms.size > 0) scheduleFlush();
    });
  }

  async function commitPending(): Promise<void> {
    const rooms: Room[] = [];
    const batch: Append[] = [];
    for (const room of pendingRooms) {
      const append = room.takePending();
      if (!append) continue;
      rooms.push(room);
      batch.push(append);
    }
    pendingRooms = new Set();
    if (batch.length === 0) return;
    try {
      await updateLog.append(batch);
    } catch (err) {
      return storageFailed(rooms, err, 'updates could not be stored');
    }
    for (const { updates } of batch) {
      observer?.committed(updates.length);
      oldestUnsynced = Math.min(oldestUnsynced, updates[0]!.time);
      for (const { update } of updates) uncheckpointedBytes += update.length;
    }
    // A client id's first write claims it for its user (W6). Were the claim lost with the power, somebody who saw what was written could
    // claim it in turn, and its owner would be shut out.
    const onDisk = strict || batch.some(({ claims }) => claims.size > 0);
    if (onDisk) {
      try {
        await durability.sync();
      } catch (err) {
        return syncFailed(rooms, err);
      }
    }
    storageWorks();
    probeDelay = PROBE_DELAY;
    for (const room of rooms) broadcastCommitted(room, onDisk);
    scheduleSync();
  }

  function broadcastCommitted(room: Room, onDisk: boolean): void {
    try {
      for (const author of room.committed()) {
        if (onDisk) author.acknowledge(author.committed);
        else unsynced.add(author);
      }
    } catch (err) {
      // One room's trouble is its own: it is read again from the log.
      log.error({ err, planId: room.planId }, 'a room could not go on');
      drop(room, 'internal');
    }
  }

  // ---- sync, then acknowledge (R1, W4) ----

  let unsynced = new Set<Author>();
  let syncing: Promise<void> | null = null;
  let syncTimer: NodeJS.Timeout | null = null;
  let syncedAt = 0;
  /** When the first update came of those that are not on the disk. */
  let oldestUnsynced = Number.POSITIVE_INFINITY;

  function scheduleSync(): void {
    if (syncing || syncTimer || unsynced.size === 0) return;
    const wait = Math.max(0, syncedAt + limits.syncInterval - Date.now());
    if (wait === 0) startSync();
    else syncTimer = setTimeout(startSync, wait);
  }

  function startSync(): void {
    syncTimer = null;
    syncing = syncAndAcknowledge().finally(() => {
      syncing = null;
      scheduleSync();
    });
  }

  async function syncAndAcknowledge(): Promise<void> {
    // Counted before the sync begins: what is committed while it runs may not be part of it.
    const counts = [...unsynced].map((author) => [author, author.committed] as const);
    unsynced = new Set();
    const oldest = oldestUnsynced;
    oldestUnsynced = Number.POSITIVE_INFINITY;
    syncedAt = Date.now();
    try {
      await durability.sync();
    } catch (err) {
      for (const [author] of counts) author.close('storage-failed');
      return syncFailed([], err);
    }
    for (const [author, count] of counts) author.acknowledge(count);
    if (Number.isFinite(oldest)) observer?.acknowledged(Date.now() - oldest);
    if (uncheckpointedBytes > CHECKPOINT_BYTES) checkpoint();
  }

  let checkpointing: Promise<void> | null = null;
  let checkpointedAt = Date.now();

  function checkpoint(): void {
    if (checkpointing) return;
    uncheckpointedBytes = 0;
    checkpointedAt = Date.now();
    checkpointing = durability
      .checkpoint()
      .then((left) => {
        if (left > MOST_LOG_BYTES)
          log.warn({ left }, 'the write-ahead log grows: something has been reading the database for very long');
      })
      .catch((err: unknown) => log.error({ err }, 'the write-ahead log could not be written back'))
      .finally(() => {
        checkpointing = null;
      });
  }

  // ---- when the disk fails ----

  /** Nothing of it is in the log, nothing was shown, nothing is acknowledged: the clients still have it and send it again. */
  function storageFailed(rooms: Iterable<Room>, err: unknown, what: string): void {
    if (trouble === null) log.error({ err }, what);
    trouble = `${what}: ${(err as Error).message}`;
    full = err instanceof CommonplanError && err.code === 'disk-full';
    probeAt = Date.now() + probeDelay;
    probeDelay = Math.min(2 * probeDelay, MOST_PROBE_DELAY);
    for (const room of rooms) drop(room, full ? 'disk-full' : 'storage-failed');
  }

  function storageWorks(): void {
    if (trouble === null || rescuing) return;
    log.info('updates can be stored again');
    trouble = null;
    full = false;
  }

  let probing = false;
  let probeAt = 0;
  let probeDelay = PROBE_DELAY;

  /** There is room again when a commit works, also where nobody may store anything meanwhile. */
  async function probe(now: number): Promise<void> {
    if (!full || rescuing || probing || now < probeAt) return;
    probing = true;
    try {
      await updateLog.probe();
      storageWorks();
    } catch (err) {
      probeAt = now + probeDelay;
      log.debug({ err }, 'the disk still refuses');
    } finally {
      probing = false;
    }
  }

  let rescuing = false;

  /** Drops every room. The log is read back from its file, so whoever reconnects sees what was committed; but nobody is let in until it is on the disk. */
  function syncFailed(rooms: Iterable<Room>, err: unknown): void {
    storageFailed(rooms, err, 'updates could not be synced to disk');
    if (rescuing) return;
    rescuing = true;
    dropAll('storage-failed');
    for (const author of unsynced) author.close('storage-failed');
    unsynced = new Set();
    void rescue();
  }

  async function rescue(): Promise<void> {
    while (rescuing && !stopping) {
      await delay(1_000, undefined, { ref: false });
      try {
        await durability.rescue();
        await durability.sync();
        rescuing = false;
        storageWorks();
      } catch (err) {
        log.error({ err }, 'the disk still refuses');
      }
    }
  }

  return {
    commitSoon(room) {
      pendingRooms.add(room);
      scheduleFlush();
    },
    acknowledgeSoon(author) {
      unsynced.add(author);
      scheduleSync();
    },
    forget: (author) => void unsynced.delete(author),
    forgetRoom: (room) => void pendingRooms.delete(room),
    trouble: () => trouble,
    hasRoom: () => !full,
    trusted: () => !rescuing,
    tick(now) {
      void probe(now);
      if (uncheckpointedBytes > 0 && now - checkpointedAt > CHECKPOINT_INTERVAL) checkpoint();
    },
    async drain() {
      stopping = true;
      while (pendingRooms.size > 0 || flushing) {
        if (!flushing) flush();
        await flushing;
      }
      if (syncTimer) clearTimeout(syncTimer);
      await syncing;
      if (unsynced.size > 0) await syncAndAcknowledge();
      await checkpointing;
    },
  };
}
