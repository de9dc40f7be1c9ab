/** Puts the server together and runs it: database, documents, rooms, application, socket. The only wiring. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { accountPath } from '../shared/accounts-api.ts';
import { createApp } from './app.ts';
import { createAccess } from './auth/access.ts';
import { createAccounts } from './auth/accounts.ts';
import { createAuditReader } from './auth/audit-reader.ts';
import { createProvider } from './auth/provider.ts';
import { createRevocation } from './auth/revocation.ts';
import type { Config } from './config.ts';
import { createDocuments } from './documents/documents.ts';
import { createExports } from './export/exports.ts';
import { createPdfExporter, pdfAvailable } from './export/pdf/exporter.ts';
import { createImageEncoder } from './images/encoder.ts';
import { createImages } from './images/images.ts';
import type { Log } from './log.ts';
import { createMailer } from './mail.ts';
import { createMetrics } from './metrics.ts';
import { createRateLimits } from './rate-limit.ts';
import { loadSecret } from './secret.ts';
import { createPace } from './snapshots/pace.ts';
import { createRestores } from './snapshots/restore.ts';
import { createSnapshots } from './snapshots/snapshots.ts';
import { watchUsers } from './store/access-changes.ts';
import { openDatabase } from './store/database.ts';
import { type Space, watchDisk } from './store/disk.ts';
import { openDurability } from './store/durability.ts';
import { createUpdateLog } from './store/update-log.ts';
import { createRooms } from './sync/rooms.ts';

/** Bytes of one message on a sync socket (W11). */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** Pieces that a message may come in, and that are kept until one is whole: nobody's page sends more than one. */
const MAX_FRAGMENTS = 1_024;
export const SOCKET_LIMITS = {
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  maxFragments: MAX_FRAGMENTS,
  maxBufferedChunks: 16 * MAX_FRAGMENTS,
};
/** Milliseconds for a request's headers, for the whole of it, and for those under way when the server is told to stop. */
const HEADERS_TIMEOUT = 20_000;
const REQUEST_TIMEOUT = 120_000;
const STOP_TIMEOUT = 5_000;
/** Milliseconds that an idle connection is kept: longer than proxies keep theirs, or they would send requests into one that is just being closed. */
const KEEP_ALIVE_TIMEOUT = 75_000;

export interface RunningServer {
  /** Where it answers, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Takes nothing new, ends what is under way, writes what is left, closes the database. */
  stop(): Promise<void>;
}

/** What the operating system is asked, where a test answers in its place. */
export interface System {
  readonly measureDisk?: (folder: string) => Promise<Space>;
}

/** Resolves when the server listens. Rejects with what the database or the network says, and leaves nothing open then. */
export async function startServer(config: Config, log: Log, system: System = {}): Promise<RunningServer> {
  // What is opened last is closed first, also when the start fails half-way.
  const opened = new AsyncDisposableStack();
  try {
    const database = openDatabase(config.dataDir);
    opened.defer(() => database.close());
    const metrics = config.metricsToken === undefined ? null : createMetrics();
    opened.defer(() => metrics?.stop());
    const disk = await watchDisk({
      ...{ folder: config.dataDir, reserve: config.diskReserveBytes, log },
      measure: system.measureDisk,
    });
    opened.defer(() => disk.stop());
    const wal = openDurability(database);
    opened.defer(() => wal.stop());
    const durability = metrics?.timedDurability(wal) ?? wal;
    const documents = createDocuments({ database, log });
    opened.defer(() => documents.stop());
    const pdf = pdfAvailable() ? createPdfExporter({ log }) : null;
    opened.defer(() => pdf?.stop());
    const encoder = createImageEncoder({ log });
    opened.defer(() => encoder.stop());
    const images = createImages({ database, encoder, mostBytesPerPlan: config.maxImageBytesPerPlan });
    const snapshots = createSnapshots({ database, documents, thinning: config.snapshots, log });
    opened.defer(() => snapshots.stop());
    const pace = createPace({ snapshots, times: config.snapshots, log });
    opened.defer(() => pace.stop());
    const rooms = createRooms({
      updateLog: createUpdateLog(database),
      durability,
      strict: config.durability === 'strict',
      documents,
      log,
      limits: {
        planBytes: config.maxPlanBytes,
        planWarnBytes: Math.floor(config.maxPlanBytes * 0.4),
        sessionsPerRoom: config.maxSessionsPerPlan,
      },
      changes: pace,
      hasRoom: () => disk.state !== 'full',
      ...(metrics && { observer: metrics }),
    });
    opened.defer(() => rooms.stop());
    snapshots.onChange((planId, number) => rooms.notify(planId, { type: 'snapshots', number }));

    metrics?.watch({ rooms, documents, database, disk });

    const { kysely } = database;
    const exports = createExports({ documents, pdf });
    const secret = loadSecret(config.dataDir, config.secret);
    const accounts = await createAccounts({ kysely, secret, baseUrl: config.baseUrl, log });
    watchUsers(database.sqlite);
    const revocation = await createRevocation({ kysely, rooms, log });
    opened.defer(() => revocation.stop());
    const mail = config.mail && createMailer(config.mail, log);
    opened.defer(() => mail?.stop());
    const provider =
      config.provider && createProvider(config.provider, `${config.baseUrl}${accountPath.providerCallback}`, log);
    const app = createApp({
      config,
      log,
      kysely,
      accounts,
      access: createAccess(kysely, accounts),
      audit: createAuditReader(database),
      revocation,
      documents,
      snapshots,
      images,
      exports: metrics?.timedExports(exports) ?? exports,
      restores: createRestores({ kysely, documents, rooms, snapshots, log }),
      rooms,
      durability,
      rateLimits: createRateLimits(config.rateLimits),
      mail,
      provider,
      databaseFile: database.file,
      disk,
      metrics,
    });
    const server = serve({
      fetch: app.fetch,
      port: config.port,
      ...(config.host !== undefined && { hostname: config.host }),
      serverOptions: {
        headersTimeout: HEADERS_TIMEOUT,
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
        requestTimeout: REQUEST_TIMEOUT,
      },
      websocket: {
        server: new WebSocketServer({ noServer: true, ...SOCKET_LIMITS }),
      },
    }) as Server;
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      port,
      url: config.baseUrl ?? `http://localhost:${port}`,
      async stop() {
        const closed = once(server, 'close');
        server.close();
        const impatient = setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT);
        // Sockets of rooms are connections too: the server is closed when they are.
        await rooms.stop();
        await closed;
        clearTimeout(impatient);
        await opened.disposeAsync();
      },
    };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}
