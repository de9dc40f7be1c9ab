/** W3: opening a big document that is resident, that everybody had left, and after a restart. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as Y from 'yjs';
import { Client, openClients, type Target } from '../client.ts';
import { paper } from '../documents.ts';
import { until } from '../pace.ts';
import type { ServerProcess } from '../server-process.ts';
import { median } from '../statistics.ts';
import type { Figures, Surroundings, Workload } from '../workload.ts';

const UPLOAD_WITHIN_MS = 60_000;
/** Hocuspocus stores 2 s after the last change; ours compacts in the background. */
const SETTLE_MS = 4000;
const QUIET_MS = 700;

interface Opening {
  /** From connecting until the last frame that completed the content. */
  ms: number;
  cpuMs: number;
  /** 1: the server called us synced while content was missing. */
  emptyFirst: number;
}

/** Opens the document; which frame completed it is found afterwards, so that looking does not disturb the clock. */
async function open(server: ServerProcess, target: Target, expected: ReadonlyMap<number, number>): Promise<Opening> {
  const frames: { update: Uint8Array; at: number; last: boolean }[] = [];
  const cpu = server.startCpu();
  const start = performance.now();
  const client = new Client(target);
  client.onContent = (update, at, last) => frames.push({ update, at, last });
  await client.synced;
  let seen = -1;
  await until(
    () => {
      const quiet = frames.length === seen;
      seen = frames.length;
      return quiet;
    },
    UPLOAD_WITHIN_MS,
    QUIET_MS,
  );
  const cpuMs = cpu();
  client.close();
  const doc = new Y.Doc();
  let complete: number | undefined;
  let syncedAt = Number.POSITIVE_INFINITY;
  for (const { update, at, last } of frames) {
    Y.applyUpdate(doc, update);
    if (last) syncedAt = Math.min(syncedAt, at);
    if (complete === undefined && [...expected].every(([author, clock]) => Y.getState(doc.store, author) >= clock)) {
      complete = at;
    }
  }
  if (complete === undefined) throw new Error(`${target.url} gave ${frames.length} frames, but not the whole content`);
  return { ms: complete - start, cpuMs, emptyFirst: complete > syncedAt ? 1 : 0 };
}

/** Every copy comes from a client of its own, as limits on what one client may send at once expect. Returns one that stays. */
async function upload(targets: readonly Target[], updates: readonly Uint8Array[]): Promise<Client> {
  const [reader, ...writers] = await openClients(targets.slice(0, updates.length + 1));
  let arrived = 0;
  reader!.onContent = (update) => {
    arrived += update.length;
  };
  const bytes = updates.reduce((sum, update) => sum + update.length, 0);
  updates.forEach((update, copy) => {
    writers[copy]!.sendUpdate(update);
  });
  // Servers may merge updates, which saves a little.
  if (!(await until(() => arrived > bytes * 0.9, UPLOAD_WITHIN_MS))) {
    throw new Error(`Of ${bytes} bytes sent to ${targets[0]!.url} only ${arrived} arrived at another client`);
  }
  for (const writer of writers) writer.close();
  return reader!;
}

async function openings(surroundings: Surroundings, copies: number): Promise<Figures> {
  const updates = paper(surroundings.trace, copies);
  const expected = new Map<number, number>();
  for (const update of updates) for (const [author, clock] of Y.parseUpdateMeta(update).to) expected.set(author, clock);
  const server = await surroundings.startServer();
  const [targets] = await surroundings.documents(server, 1, copies + 1);
  const target = targets![0]!;
  const resident = await upload(targets!, updates);
  await sleep(SETTLE_MS);
  const warm = [];
  for (let time = 0; time < 3; time++) warm.push(await open(server, target, expected));
  const figures: Figures = {
    residentMs: median(warm.map(({ ms }) => ms)),
    residentCpu: median(warm.map(({ cpuMs }) => cpuMs)),
  };
  resident.close();
  // Without storage there is nothing to come back to.
  if (surroundings.peer === 'y-websocket-server') return figures;
  await sleep(SETTLE_MS);
  const reopened = await open(server, target, expected);
  await sleep(SETTLE_MS);
  await server.stop();
  await server.start();
  await sleep(QUIET_MS);
  const cold = await open(server, target, expected);
  return {
    ...figures,
    reopenedMs: reopened.ms,
    reopenedCpu: reopened.cpuMs,
    coldMs: cold.ms,
    coldCpu: cold.cpuMs,
    rssMb: server.rss() / 1e6,
    emptyFirst: Math.max(...[...warm, reopened, cold].map(({ emptyFirst }) => emptyFirst)),
  };
}

const columns = [
  { key: 'residentMs', label: 'resident: ms', digits: 1 },
  { key: 'residentCpu', label: 'CPU ms', digits: 1 },
  { key: 'reopenedMs', label: 'all left, reopened: ms', digits: 1 },
  { key: 'reopenedCpu', label: 'CPU ms', digits: 1 },
  { key: 'coldMs', label: 'after restart: ms', digits: 1 },
  { key: 'coldCpu', label: 'CPU ms', digits: 1 },
  { key: 'rssMb', label: 'RSS MB then', digits: 0 },
  { key: 'emptyFirst', label: 'synced while empty', digits: 0 },
];
const peers = ['commonplan', 'hocuspocus', 'y-websocket-server'] as const;

export const bigPlan: Workload = {
  name: 'big-plan',
  title: 'W3 opening a big document: a paper of 260,000 edits (0.3 MB)',
  peers,
  columns,
  rounds: 3,
  run: (surroundings) => openings(surroundings, 1),
};

export const hugePlan: Workload = {
  name: 'huge-plan',
  title: 'W3 opening a huge document: twenty such papers (6 MB)',
  peers,
  columns,
  rounds: 3,
  run: (surroundings) => openings(surroundings, surroundings.quick ? 3 : 20),
};
