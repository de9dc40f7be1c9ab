/** W4: hundreds join one document within a second, while it rests and while people type in it. */
import { Client, openClients, type Target } from '../client.ts';
import { middlingText } from '../documents.ts';
import { pace, until } from '../pace.ts';
import { Samples } from '../statistics.ts';
import { Typist } from '../typing.ts';
import type { Figures, Surroundings, Workload } from '../workload.ts';

const TYPISTS = 10;
const KEYS_PER_SECOND = 2;
const SYNC_WITHIN_MS = 60_000;

async function storm({ quick, startServer, documents }: Surroundings, typing: boolean): Promise<Figures> {
  const count = quick ? 50 : 500;
  const content = middlingText();
  const server = await startServer();
  const [targets] = await documents(server, 1, TYPISTS + count);
  const newcomers = targets!.slice(TYPISTS);
  const residents = await openClients(targets!.slice(0, TYPISTS));
  const typists = residents.map((client, index) => new Typist(index, client, 1000));
  let arrived = 0;
  residents[1]!.onContent = (update) => {
    arrived += update.length;
  };
  residents[0]!.sendUpdate(content);
  if (!(await until(() => arrived >= content.length * 0.9, SYNC_WITHIN_MS)))
    throw new Error('The content did not arrive');
  // One run for the compiler: the storm measures a server that has served before.
  for (const client of await openClients(newcomers.slice(0, 100), 10)) client.close();

  const times = new Samples();
  let start = 0;
  let lastAt = 0;
  const join = (target: Target) => {
    const began = performance.now();
    const client = new Client(target);
    let bytes = 0;
    let answered = false;
    let complete = false;
    client.onContent = (update, now, last) => {
      bytes += update.length;
      answered ||= last;
      if (complete || !answered || bytes < content.length * 0.9) return;
      complete = true;
      times.add(now - began);
      lastAt = now;
    };
    client.synced.catch((error: unknown) => {
      if (!complete) throw error;
    });
    return client;
  };
  const joined: Client[] = [];
  let done = false;
  const keys = async () => {
    if (!typing) return;
    for (let second = 0; !done; second++) {
      await pace(TYPISTS * KEYS_PER_SECOND, 0.5, (index) => typists[(index + second) % TYPISTS]!.type());
    }
  };
  const typed = keys();
  const cpu = server.startCpu();
  start = performance.now();
  await pace(count, 1, (index) => joined.push(join(newcomers[index]!)));
  const all = await until(() => times.length === count, SYNC_WITHIN_MS, 5);
  const cpuMs = cpu();
  done = true;
  await typed;
  return {
    allMs: all ? lastAt - start : Number.POSITIVE_INFINITY,
    p50: times.percentile(0.5),
    p99: times.percentile(0.99),
    cpuMs: cpuMs / count,
    rssMb: server.rss() / 1e6,
    missing: count - times.length,
  };
}

const columns = [
  { key: 'allMs', label: 'all synced after ms', digits: 0 },
  { key: 'p50', label: 'sync p50 ms', digits: 1 },
  { key: 'p99', label: 'p99 ms', digits: 0 },
  { key: 'cpuMs', label: 'CPU ms/client', digits: 2 },
  { key: 'rssMb', label: 'RSS MB', digits: 0 },
  { key: 'missing', label: 'not synced', digits: 0 },
];
const peers = ['commonplan', 'hocuspocus', 'y-websocket-server'] as const;

export const joinIdle: Workload = {
  name: 'join-idle',
  title: 'W4 storm: 500 clients open one 100 KB document within 1 s',
  peers,
  columns,
  rounds: 3,
  run: (surroundings) => storm(surroundings, false),
};

export const joinTyping: Workload = {
  name: 'join-typing',
  title: 'W4 storm while 10 people type 2 characters/s each',
  peers,
  columns,
  rounds: 3,
  run: (surroundings) => storm(surroundings, true),
};
