/** Figures about the running server for Prometheus. README.md lists them. */
import { stat } from 'node:fs/promises';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Documents } from './documents/documents.ts';
import type { Exports } from './export/exports.ts';
import type { Database } from './store/database.ts';
import type { Disk } from './store/disk.ts';
import type { Durability } from './store/durability.ts';
import type { PipelineObserver } from './sync/pipeline.ts';
import type { Rooms } from './sync/rooms.ts';

/** Seconds. */
const SHORT = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const LONG = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface Metrics extends PipelineObserver {
  /** A durability and exports that are timed. */
  timedDurability(durability: Durability): Durability;
  timedExports(exports: Exports): Exports;
  requestAnswered(method: string, status: number, seconds: number): void;
  /** What is read off when somebody asks. */
  watch(parts: Watched): void;
  /** In the text format of Prometheus. */
  read(): Promise<string>;
  readonly contentType: string;
  stop(): void;
}

export interface Watched {
  readonly rooms: Pick<Rooms, 'counts' | 'health'>;
  readonly documents: Pick<Documents, 'waiting'>;
  readonly database: Pick<Database, 'file'>;
  readonly disk: Disk;
}

export function createMetrics(): Metrics {
  const register = new Registry();
  // Event-loop lag, heap, CPU time, open files of the process.
  collectDefaultMetrics({ register });
  const registers = [register];
  const updates = new Counter({ name: 'commonplan_updates_total', help: 'Changes that were committed.', registers });
  const acks = new Histogram({
    name: 'commonplan_ack_seconds',
    help: 'From the arrival of a change to its acknowledgement: the longest of each sync.',
    buckets: SHORT,
    registers,
  });
  const syncs = new Histogram({
    name: 'commonplan_sync_seconds',
    help: 'Syncs of the write-ahead log to the disk.',
    buckets: SHORT,
    registers,
  });
  const exported = new Histogram({
    name: 'commonplan_export_seconds',
    help: 'Exports made, by format and outcome.',
    labelNames: ['format', 'outcome'],
    buckets: LONG,
    registers,
  });
  const requests = new Histogram({
    name: 'commonplan_http_request_seconds',
    help: 'Requests answered, by method and status.',
    labelNames: ['method', 'status'],
    buckets: LONG,
    registers,
  });

  /** A gauge that is read off when somebody asks. */
  const gauge = (name: string, help: string, value: () => number | Promise<number>): void => {
    new Gauge({
      name: `commonplan_${name}`,
      help,
      registers,
      async collect() {
        this.set(await value());
      },
    });
  };

  return {
    contentType: register.contentType,
    committed: (count) => updates.inc(count),
    acknowledged: (milliseconds) => acks.observe(milliseconds / 1000),
    requestAnswered: (method, status, seconds) => requests.observe({ method, status }, seconds),

    timedDurability: (durability) => ({
      ...durability,
      async sync() {
        const end = syncs.startTimer();
        await durability.sync();
        end();
      },
    }),

    timedExports: (exports) => ({
      ...exports,
      async write(request, signal) {
        const end = exported.startTimer({ format: request.format });
        try {
          const file = await exports.write(request, signal);
          end({ outcome: 'done' });
          return file;
        } catch (error) {
          end({ outcome: signal?.aborted ? 'given-up' : 'failed' });
          throw error;
        }
      },
    }),

    watch({ rooms, documents, database, disk }) {
      gauge('sockets', 'Sync sockets that are open.', () => rooms.counts().sessions);
      gauge('rooms', 'Plans that are open.', () => rooms.counts().rooms);
      gauge('healthy', '1 while changes can be stored.', () => Number(rooms.health().ok && disk.state !== 'full'));
      gauge('jobs_waiting', 'Jobs on documents that wait for a worker.', () => documents.waiting());
      gauge('database_bytes', 'Size of the database file.', () => sizeOf(database.file));
      gauge('wal_bytes', 'Size of the write-ahead log.', () => sizeOf(`${database.file}-wal`));
      gauge('disk_free_bytes', 'Room on the disk that the data lies on.', () => disk.space.free);
      gauge('disk_bytes', 'Size of that disk.', () => disk.space.total);
    },

    read: () => register.metrics(),
    stop: () => register.clear(),
  };
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file)).size;
}
