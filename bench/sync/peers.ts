/** The servers that are measured: how each is started, with which settings, and how a document of it is reached. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Target } from './client.ts';
import { createPlans } from './commonplan.ts';
import { hocuspocus, relay, yWebsocket } from './dialect.ts';
import type { Command } from './server-process.ts';

export const PEER_NAMES = ['commonplan', 'hocuspocus', 'y-websocket-server', 'relay'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

export interface Peer {
  /** What the report says about version and settings. */
  readonly about: string;
  command(port: number, dataDir: string): Command;
  /** So many fresh documents, each with one target for each of its clients. */
  documents(port: number, count: number, clients: number): Promise<Target[][]>;
}

const inServers = (path: string) => join(import.meta.dirname, 'servers', path);

/** A server that knows no accounts and makes a document of any name. */
const byName =
  (dialect: (name: string) => Target['dialect']): Peer['documents'] =>
  async (port, count, clients) =>
    Array.from({ length: count }, () => {
      const name = randomUUID();
      return new Array<Target>(clients).fill({
        url: `ws://127.0.0.1:${port}/${name}`,
        headers: {},
        dialect: dialect(name),
      });
    });

export const PEERS: Record<PeerName, Peer> = {
  commonplan: {
    about:
      'the server of this repository (`node server/main.ts`), SQLite, DURABILITY=normal, every session authenticated by cookie, ten to a guest; RATE_LIMITS=off, MAX_SESSIONS_PER_PLAN=2000, LOG_LEVEL=warn, otherwise defaults',
    command: (port, dataDir) => ({
      args: [join(import.meta.dirname, '../../server/main.ts')],
      env: {
        PORT: String(port),
        HOST: '127.0.0.1',
        DATA_DIR: dataDir,
        RATE_LIMITS: 'off',
        MAX_SESSIONS_PER_PLAN: '2000',
        LOG_LEVEL: 'warn',
      },
    }),
    documents: createPlans,
  },
  hocuspocus: {
    about:
      '@hocuspocus/server 4.7.0 with @hocuspocus/extension-sqlite 4.7.0 (on node:sqlite: better-sqlite3 aborts under Node 24), defaults, nobody authenticated',
    command: (port, dataDir) => ({
      args: [inServers('hocuspocus.mjs')],
      env: { PORT: String(port), DATABASE: join(dataDir, 'hocuspocus.sqlite') },
    }),
    documents: byName(hocuspocus),
  },
  'y-websocket-server': {
    about:
      '@y/websocket-server 0.1.5 with @y/protocols 1.0.6-1, its own command, defaults: no storage, nobody authenticated',
    command: (port) => ({
      args: [inServers('node_modules/@y/websocket-server/src/server.js')],
      env: { PORT: String(port), HOST: '127.0.0.1' },
    }),
    documents: byName(yWebsocket),
  },
  relay: {
    about: 'a bare relay on ws 8.23: no CRDT, no storage, no checks',
    command: (port) => ({ args: [inServers('relay.mjs')], env: { PORT: String(port) } }),
    documents: byName(relay),
  },
};
