/** W2: many small documents at once; what one update costs, and what one open document weighs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, openClients } from '../client.ts';
import { smallText } from '../documents.ts';
import { pace, until } from '../pace.ts';
import { Deliveries, Typist } from '../typing.ts';
import type { Figures, Surroundings, Workload } from '../workload.ts';

const CLIENTS_PER_DOCUMENT = 2;
const DRAIN_MS = 15_000;
/** Long enough for a garbage collection and for what servers do some seconds after a change. */
const SETTLE_MS = 4000;

async function typing({ quick, startServer, documents }: Surroundings): Promise<Figures> {
  const count = quick ? 50 : 500;
  const seconds = quick ? 1 : 6;
  const warmSeconds = quick ? 0.5 : 4;
  const server = await startServer();
  const targets = await documents(server, count, CLIENTS_PER_DOCUMENT);
  const clients = await openClients(targets.flat());
  const deliveries = new Deliveries();
  const each = Math.ceil(seconds + warmSeconds) + 2;
  const typists = clients.map((client, index) => new Typist(index, client, each));
  for (let from = 0; from < clients.length; from += CLIENTS_PER_DOCUMENT) {
    const to = from + CLIENTS_PER_DOCUMENT;
    deliveries.watch(clients.slice(from, to), typists.slice(from, to));
  }
  const documentOf = new Map(clients.map((client, index) => [client, Math.floor(index / CLIENTS_PER_DOCUMENT)]));
  const missing = () =>
    deliveries.missing((client, typist) => documentOf.get(client) === documentOf.get(typist.client));
  const perSecond = clients.length;
  const type = (index: number) => typists[index % typists.length]!.type();

  await pace(perSecond, warmSeconds, type);
  await sleep(500);
  deliveries.reset();
  const cpu = server.startCpu();
  await pace(perSecond, seconds, type);
  await until(() => deliveries.count >= perSecond * seconds, DRAIN_MS, 25);
  return {
    cpuUs: (cpu() * 1000) / (perSecond * seconds),
    p50: deliveries.latencies.percentile(0.5),
    p99: deliveries.latencies.percentile(0.99),
    missing: missing(),
  };
}

async function memory({ quick, startServer, documents }: Surroundings): Promise<Figures> {
  const count = quick ? 50 : 500;
  const server = await startServer();
  const targets = await documents(server, count, CLIENTS_PER_DOCUMENT);
  await sleep(SETTLE_MS);
  const before = server.rss();
  const clients = await openClients(targets.flat());
  await sleep(SETTLE_MS);
  const empty = server.rss();
  const content = smallText();
  const received = clients.map(() => false);
  clients.forEach((client, index) => {
    client.onContent = () => {
      received[index] = true;
    };
  });
  for (let index = 0; index < clients.length; index += CLIENTS_PER_DOCUMENT) {
    const author: Client = clients[index]!;
    author.sendUpdate(content);
    await until(() => received[index + 1] === true, DRAIN_MS, 1);
  }
  await sleep(SETTLE_MS);
  const full = server.rss();
  return {
    emptyKb: (empty - before) / count / 1024,
    fullKb: (full - before) / count / 1024,
    missing: received.filter((has, index) => index % CLIENTS_PER_DOCUMENT === 1 && !has).length,
  };
}

export const manyPlans: Workload = {
  name: 'many-plans',
  title: 'W2 many small plans: 500 documents x 2 clients, 2 updates/s to each',
  peers: ['commonplan', 'hocuspocus', 'y-websocket-server', 'relay'],
  columns: [
    { key: 'cpuUs', label: 'CPU us/update', digits: 0 },
    { key: 'p50', label: 'p50 ms', digits: 2 },
    { key: 'p99', label: 'p99 ms', digits: 1 },
    { key: 'missing', label: 'undelivered', digits: 0 },
  ],
  rounds: 5,
  run: typing,
};

export const memoryPerPlan: Workload = {
  name: 'memory',
  title: 'W2 memory: one open document with 2 sockets, of 500',
  peers: ['commonplan', 'hocuspocus', 'y-websocket-server', 'relay'],
  columns: [
    { key: 'emptyKb', label: 'KB RSS, empty', digits: 0 },
    { key: 'fullKb', label: 'KB RSS, 10 KB text of 2,000 edits', digits: 0 },
    { key: 'missing', label: 'undelivered', digits: 0 },
  ],
  rounds: 3,
  run: memory,
};
