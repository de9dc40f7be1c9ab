/** How long an acknowledgement takes under many small commits, and how long the event loop of the server stalls meanwhile. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { openClients } from '../client.ts';
import { pace, until } from '../pace.ts';
import { Samples } from '../statistics.ts';
import { Typist } from '../typing.ts';
import type { Figures, Surroundings, Workload } from '../workload.ts';

const PROBE = join(import.meta.dirname, '..', 'servers', 'stall-probe.mjs');
const stalls = z.object({ p99: z.number(), p999: z.number(), max: z.number() });
const DRAIN_MS = 10_000;

async function acknowledgements({ quick, startServer, documents }: Surroundings): Promise<Figures> {
  const count = quick ? 20 : 200;
  const rate = 5;
  const seconds = quick ? 1 : 8;
  const warmSeconds = quick ? 0.5 : 3;
  const server = await startServer(['--import', PROBE]);
  const clients = await openClients((await documents(server, count, 1)).flat());
  const typists = clients.map(
    (client, index) => new Typist(index, client, Math.ceil(rate * (seconds + warmSeconds)) + 2),
  );
  const latencies = new Samples();
  for (const client of clients) client.onAck = (all) => latencies.addAll(all);
  const type = (index: number) => typists[index % count]!.type();
  const acknowledged = () => clients.every((client) => client.acknowledged === client.sentAt.length);

  await pace(count * rate, warmSeconds, type);
  await until(acknowledged, DRAIN_MS);
  await sleep(300);
  latencies.clear();
  await server.ask('reset');
  const cpu = server.startCpu();
  await pace(count * rate, seconds, type);
  await until(acknowledged, DRAIN_MS);
  const cpuMs = cpu();
  const stall = stalls.parse(await server.ask('stalls'));
  return {
    ackP50: latencies.percentile(0.5),
    ackP99: latencies.percentile(0.99),
    stallP99: stall.p99,
    stallP999: stall.p999,
    stallMax: stall.max,
    cpuUs: (cpuMs * 1000) / (count * rate * seconds),
    missing: clients.reduce((sum, client) => sum + client.sentAt.length - client.acknowledged, 0),
  };
}

export const durableAck: Workload = {
  name: 'durable-ack',
  title: 'Acknowledgements at 1,000 updates/s in 200 plans (ours: on disk; Hocuspocus: received)',
  peers: ['commonplan', 'hocuspocus'],
  columns: [
    { key: 'ackP50', label: 'ack p50 ms', digits: 1 },
    { key: 'ackP99', label: 'p99 ms', digits: 1 },
    { key: 'stallP99', label: 'loop stall p99 ms', digits: 2 },
    { key: 'stallP999', label: 'p99.9 ms', digits: 2 },
    { key: 'stallMax', label: 'max ms', digits: 1 },
    { key: 'cpuUs', label: 'CPU us/update', digits: 0 },
    { key: 'missing', label: 'unacknowledged', digits: 0 },
  ],
  rounds: 3,
  run: acknowledgements,
};
