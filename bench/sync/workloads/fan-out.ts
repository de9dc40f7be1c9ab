/** W1: many people in one document, some of whom type; what one delivery costs the server and how long it takes. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openClients } from '../client.ts';
import { pace, until } from '../pace.ts';
import { nodeOnCore, SERVER_CORE } from '../server-process.ts';
import { Deliveries, Typist } from '../typing.ts';
import type { Figures, Surroundings, Workload } from '../workload.ts';

interface Shape {
  clients: number;
  typists: number;
  /** Characters a second, each. */
  rate: number;
  /** A busy loop shares the server's core. */
  halfCore?: boolean;
}

const DRAIN_MS = 15_000;
/** Characters a second to warm up with, among the typists alone and among all. */
const WARM_RATE = 1000;
const FAN_OUT_WARM_RATE = 200;

async function fanOut({ quick, startServer, documents }: Surroundings, shape: Shape): Promise<Figures> {
  const server = await startServer();
  const busy = shape.halfCore ? spawn(...nodeOnCore(SERVER_CORE, ['-e', 'for (;;);']), { stdio: 'ignore' }) : undefined;
  try {
    const [targets] = await documents(server, 1, shape.clients);
    const perSecond = shape.typists * shape.rate;
    const warmSeconds = quick ? 0.5 : 2;
    const seconds = quick ? 1 : 5;
    const each = (warmSeconds * (WARM_RATE + FAN_OUT_WARM_RATE) + seconds * perSecond) / shape.typists;
    const authors = await openClients(targets!.slice(0, shape.typists));
    const typists = authors.map((client, index) => new Typist(index, client, Math.ceil(each) + 3));
    const type = (index: number) => typists[index % typists.length]!.type();
    // A server that has run for a while has its code compiled: much typing among few, then some among all.
    await pace(WARM_RATE, warmSeconds, type);
    await sleep(1000);
    const clients = [...authors, ...(await openClients(targets!.slice(shape.typists)))];
    const deliveries = new Deliveries();
    deliveries.watch(clients, typists);
    const arrived = () => until(() => deliveries.missing() === 0, DRAIN_MS, 25);
    await pace(FAN_OUT_WARM_RATE, warmSeconds, type);
    await arrived();
    await sleep(300);
    deliveries.reset();
    for (const client of clients) client.frames = 0;
    const cpu = server.startCpu();
    await pace(perSecond, seconds, type);
    await arrived();
    const cpuMs = cpu();
    const frames = clients.reduce((sum, client) => sum + client.frames, 0);
    return {
      cpuUs: (cpuMs * 1000) / deliveries.count,
      p50: deliveries.latencies.percentile(0.5),
      p99: deliveries.latencies.percentile(0.99),
      frames: frames / deliveries.count,
      rssMb: server.rss() / 1e6,
      missing: deliveries.missing(),
    };
  } finally {
    busy?.kill('SIGKILL');
  }
}

const columns = [
  { key: 'cpuUs', label: 'CPU us/delivery', digits: 1 },
  { key: 'p50', label: 'p50 ms', digits: 1 },
  { key: 'p99', label: 'p99 ms', digits: 1 },
  { key: 'frames', label: 'frames/delivery', digits: 2 },
  { key: 'rssMb', label: 'RSS MB', digits: 0 },
  { key: 'missing', label: 'undelivered', digits: 0 },
];

const everybody = ['commonplan', 'hocuspocus', 'y-websocket-server', 'relay'] as const;
const crdtServers = ['commonplan', 'hocuspocus', 'y-websocket-server'] as const;

export const fanOut50: Workload = {
  name: 'fan-out-50',
  title: 'W1 fan-out: 1 document, 50 clients, 10 type 5 characters/s',
  peers: everybody,
  columns,
  rounds: 5,
  run: (surroundings) => fanOut(surroundings, { clients: 50, typists: 10, rate: 5 }),
};

export const fanOut200: Workload = {
  name: 'fan-out-200',
  title: 'W1 fan-out: 1 document, 200 clients, 10 type 5 characters/s',
  peers: everybody,
  columns,
  rounds: 5,
  run: (surroundings) => fanOut(surroundings, { clients: 200, typists: 10, rate: 5 }),
};

export const hotDocument: Workload = {
  name: 'hot-document',
  title: 'W1 hot document: 200 clients, 100 type 5 characters/s (100,000 deliveries/s)',
  peers: crdtServers,
  columns,
  rounds: 5,
  run: (surroundings) => fanOut(surroundings, { clients: 200, typists: 100, rate: 5 }),
};

export const hotDocumentHalfCore: Workload = {
  name: 'hot-document-half-core',
  title: 'W1 hot document on half a core: the same beside a busy loop',
  peers: crdtServers,
  columns,
  rounds: 3,
  run: (surroundings) => fanOut(surroundings, { clients: 200, typists: 100, rate: 5, halfCore: true }),
};
