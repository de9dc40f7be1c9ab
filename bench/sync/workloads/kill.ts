/** W5: the server is killed with SIGKILL while people type; what others had seen or the server had acknowledged must be there after its restart. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as Y from 'yjs';
import { Client, openClients } from '../client.ts';
import { pace } from '../pace.ts';
import { Deliveries, Typist } from '../typing.ts';
import type { Figures, Surroundings, Workload } from '../workload.ts';

const TYPISTS = 10;
const KEYS_PER_SECOND = 5;

async function kill({ quick, startServer, documents }: Surroundings): Promise<Figures> {
  const seconds = quick ? 1 : 4;
  const server = await startServer();
  const [targets] = await documents(server, 1, TYPISTS);
  const clients = await openClients(targets!);
  const typists = clients.map((client, index) => new Typist(index, client, seconds * KEYS_PER_SECOND + 10));
  const deliveries = new Deliveries();
  deliveries.watch(clients, typists);
  await pace(TYPISTS * KEYS_PER_SECOND, seconds, (index) => typists[index % TYPISTS]!.type());
  await server.stop('SIGKILL');
  await sleep(200);

  await server.start();
  const doc = new Y.Doc();
  const reader = new Client(targets![0]!);
  reader.onContent = (update) => Y.applyUpdate(doc, update);
  await reader.synced;
  await sleep(1000);
  const figures = { broadcast: 0, missing: 0, acknowledged: 0, ackedMissing: 0 };
  for (const typist of typists) {
    const kept = Y.getState(doc.store, typist.id);
    const seen = deliveries.seenByAnybody(typist.id);
    // What a client sent besides its characters: the empty answer to the server's step 1, at the start.
    const preceding = typist.client.sentAt.length - typist.sentAt.length;
    const acknowledged = Math.max(0, typist.client.acknowledged - preceding);
    figures.broadcast += seen;
    figures.missing += Math.max(0, seen - kept);
    figures.acknowledged += acknowledged;
    figures.ackedMissing += Math.max(0, acknowledged - kept);
  }
  return figures;
}

export const killed: Workload = {
  name: 'kill',
  title: 'W5 SIGKILL while 10 people type 50 characters/s, then a restart; nobody reconnects',
  peers: ['commonplan', 'hocuspocus', 'y-websocket-server'],
  columns: [
    { key: 'broadcast', label: 'characters others had seen', digits: 0 },
    { key: 'missing', label: 'of them missing', digits: 0 },
    { key: 'acknowledged', label: 'acknowledged', digits: 0 },
    { key: 'ackedMissing', label: 'of them missing', digits: 0 },
  ],
  rounds: 3,
  run: kill,
};
