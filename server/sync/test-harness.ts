/** For tests: rooms on a real socket and a real database in a folder of their own, and real Yjs clients to join them. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, upgradeWebSocket } from '@hono/node-server';
import { Hono } from 'hono';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { pino } from 'pino';
import { expect, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { MESSAGE, SYNC } from '../../shared/protocol.ts';
import type { Role } from '../../shared/roles.ts';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { createDocuments, type Documents } from '../documents/documents.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { type Durability, openDurability } from '../store/durability.ts';
import { createUpdateLog } from '../store/update-log.ts';
import { COLORS } from './colors.ts';
import type { Limits } from './limits.ts';
import { type ChangeListener, createRooms, type Rooms } from './rooms.ts';

export interface TestServer {
  readonly port: number;
  readonly dataDir: string;
  readonly database: Database;
  readonly documents: Documents;
  readonly durability: Durability;
  readonly rooms: Rooms;
  /** Lines of the log, as objects. */
  readonly logged: Record<string, unknown>[];
  /** Stops what runs and starts it again on the same data. */
  restart(): Promise<TestServer>;
  stop(): Promise<void>;
}

export interface TestOptions {
  readonly limits?: Partial<Limits>;
  readonly strict?: boolean;
  readonly dataDir?: string;
  readonly maxPayload?: number;
  /** Called before each sync to disk: rejects as a failing disk would, or takes its time. */
  readonly beforeSync?: () => Promise<void>;
  readonly changes?: ChangeListener;
  readonly hasRoom?: () => boolean;
}

// Real servers, sockets and workers on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const running = new Set<TestServer>();
const clients = new Set<TestClient | RawClient>();
const folders = new Set<string>();

/** Ends what a test connected, where tests share a server. */
export function endClients(): void {
  for (const client of clients) client.end();
  clients.clear();
}

/** Ends everything that was started: call it after each test, or after all that share a server. */
export async function cleanUp(): Promise<void> {
  endClients();
  for (const server of [...running]) await server.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

/** Who a socket is, in the query of its address: what the upgrade finds out in the real server. */
export async function startTestServer(options: TestOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'commonplan-sync-'));
  folders.add(dataDir);
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const database = openDatabase(dataDir);
  const disk = openDurability(database);
  const durability: Durability = {
    ...disk,
    async sync() {
      await options.beforeSync?.();
      await disk.sync();
    },
  };
  const documents = createDocuments({ database, log });
  const { limits = {}, strict = false, changes, hasRoom } = options;
  const parts = { updateLog: createUpdateLog(database), durability, documents, log };
  const rooms = createRooms({ ...parts, strict, limits, ...(changes && { changes }), ...(hasRoom && { hasRoom }) });
  const app = new Hono();
  app.get(
    '/sync/:planId',
    upgradeWebSocket((c) => ({
      onOpen(_event, { raw }) {
        const { user = 'ann', role = 'editor', schema, expires } = c.req.query();
        const admitted = {
          user: { id: user, name: user.toUpperCase(), color: COLORS[0]!, guest: false },
          role: role as Role,
          schema: schema === undefined ? null : Number(schema),
          signInId: `sign-in of ${user}`,
          expiresAt: expires === undefined ? null : new Date(Number(expires)),
        };
        rooms.admit(c.req.param('planId') ?? '', admitted)(raw as WebSocket);
      },
    })),
  );
  const { maxPayload = 4 * 1024 * 1024 } = options;
  const http = serve({
    fetch: app.fetch,
    port: 0,
    hostname: '127.0.0.1',
    websocket: { server: new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false }) },
  }) as Server;
  await once(http, 'listening');
  const server: TestServer = {
    port: (http.address() as AddressInfo).port,
    dataDir,
    database,
    documents,
    durability,
    rooms,
    logged,
    async restart() {
      await server.stop();
      return startTestServer({ ...options, dataDir });
    },
    async stop() {
      if (!running.delete(server)) return;
      await rooms.stop();
      await documents.stop();
      await durability.stop();
      http.close();
      http.closeAllConnections();
      database.close();
    },
  };
  running.add(server);
  return server;
}

let plans = 0;

/** A plan with one paragraph; its owner is `ann`. */
export async function createPlan({ documents }: TestServer, text = 'Once upon a time'): Promise<string> {
  const planId = `plan-${++plans}-${Math.random().toString(36).slice(2)}`;
  const content = { type: 'doc', content: [{ type: 'paragraph', ...(text && { content: [{ type: 'text', text }] }) }] };
  await documents.create({
    planId,
    ownerId: 'ann',
    frontMatter: frontMatterSchema.parse({ title: 'A plan' }),
    content,
  });
  return planId;
}

interface Identity {
  readonly user?: string;
  readonly role?: Role;
  /** Absent: a stock client that names none. */
  readonly schema?: number;
  readonly expires?: number;
}

const params = (identity: Identity): Record<string, string> =>
  Object.fromEntries(Object.entries(identity).map(([name, value]) => [name, String(value)]));

/** A stock y-websocket client. `text` is a Y.Text of the tests' own, beside the plan's content. */
export class TestClient {
  readonly ydoc: Y.Doc;
  readonly provider: WebsocketProvider;
  readonly closes: number[] = [];
  acknowledged = 0;

  constructor(server: Pick<TestServer, 'port'>, planId: string, identity: Identity = {}, ydoc = new Y.Doc()) {
    this.ydoc = ydoc;
    this.provider = new WebsocketProvider(`ws://127.0.0.1:${server.port}/sync`, planId, this.ydoc, {
      params: params(identity),
      disableBc: true,
      WebSocketPolyfill: WebSocket as never,
      maxBackoffTime: 200,
    });
    this.provider.messageHandlers[MESSAGE.hello] = () => {};
    this.provider.messageHandlers[MESSAGE.notice] = () => {};
    this.provider.messageHandlers[MESSAGE.ack] = (_encoder, decoder) => {
      this.acknowledged = decoding.readVarUint(decoder);
    };
    this.provider.on('connection-close', (event) => void this.closes.push(event?.code ?? 0));
    clients.add(this);
  }

  get text(): Y.Text {
    return this.ydoc.getText('test');
  }

  /** Resolves when the provider says that it has everything. */
  async synced(): Promise<this> {
    await until(() => this.provider.synced);
    return this;
  }

  end(): void {
    this.provider.destroy();
    this.ydoc.destroy();
  }
}

export interface Message {
  readonly type: number;
  /** Of sync messages. */
  readonly sync?: number;
  readonly bytes?: Uint8Array;
  readonly json?: Record<string, unknown>;
  readonly count?: number;
}

/** A bare socket that notes every message, and sends any. */
export class RawClient {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  closed: { code: number; reason: string } | null = null;

  constructor(server: Pick<TestServer, 'port'>, planId: string, identity: Identity = {}) {
    const query = new URLSearchParams(params(identity));
    this.socket = new WebSocket(`ws://127.0.0.1:${server.port}/sync/${planId}?${query}`);
    this.socket.on('message', (data: Buffer) => this.messages.push(readMessage(data)));
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    this.socket.on('error', () => {
      this.closed ??= { code: 1006, reason: '' };
    });
    clients.add(this);
  }

  async opened(): Promise<this> {
    await until(() => this.socket.readyState === WebSocket.OPEN);
    return this;
  }

  sendSync(type: 0 | 1 | 2, bytes: Uint8Array): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, type);
    encoding.writeVarUint8Array(encoder, bytes);
    this.socket.send(encoding.toUint8Array(encoder));
  }

  sendPresence(entries: readonly { clientId: number; clock: number; state: unknown }[]): void {
    const inner = encoding.createEncoder();
    encoding.writeVarUint(inner, entries.length);
    for (const { clientId, clock, state } of entries) {
      encoding.writeVarUint(inner, clientId);
      encoding.writeVarUint(inner, clock);
      encoding.writeVarString(inner, JSON.stringify(state));
    }
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE.awareness);
    encoding.writeVarUint8Array(encoder, encoding.toUint8Array(inner));
    this.socket.send(encoding.toUint8Array(encoder));
  }

  /** Asks for the document, and waits until it is there. */
  async sync(ydoc = new Y.Doc()): Promise<Y.Doc> {
    await this.opened();
    const before = this.ofSync(SYNC.step2).length;
    this.sendSync(SYNC.step1, Y.encodeStateVector(ydoc));
    await until(() => this.ofSync(SYNC.step2).length > before);
    for (const { bytes } of [...this.ofSync(SYNC.update), ...this.ofSync(SYNC.step2)]) Y.applyUpdate(ydoc, bytes!);
    return ydoc;
  }

  ofSync(type: number): Message[] {
    return this.messages.filter((message) => message.type === MESSAGE.sync && message.sync === type);
  }

  of(type: number): Message[] {
    return this.messages.filter((message) => message.type === type);
  }

  /** The last state that this socket was told for a client id. */
  presenceOf(clientId: number): unknown {
    let state: unknown;
    for (const { bytes } of this.of(MESSAGE.awareness)) {
      const decoder = decoding.createDecoder(bytes!);
      for (let left = decoding.readVarUint(decoder); left > 0; left--) {
        const id = decoding.readVarUint(decoder);
        decoding.readVarUint(decoder);
        const json = decoding.readVarString(decoder);
        if (id === clientId) state = JSON.parse(json);
      }
    }
    return state;
  }

  end(): void {
    this.socket.terminate();
  }
}

function readMessage(data: Buffer): Message {
  const decoder = decoding.createDecoder(new Uint8Array(data));
  const type = decoding.readVarUint(decoder);
  switch (type) {
    case MESSAGE.sync:
      return { type, sync: decoding.readVarUint(decoder), bytes: decoding.readVarUint8Array(decoder) };
    case MESSAGE.awareness:
      return { type, bytes: decoding.readVarUint8Array(decoder) };
    case MESSAGE.ack:
      return { type, count: decoding.readVarUint(decoder) };
    default:
      return { type, json: JSON.parse(decoding.readVarString(decoder)) };
  }
}

/** Waits for what must come to pass, a little less long than the test itself may take: so what did not come is told by its name. */
export async function until(condition: () => boolean, what = condition.toString()): Promise<void> {
  const deadline = Date.now() + 55_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** All replicas hold the same document, deletions included. */
export function expectSame(...ydocs: Y.Doc[]): void {
  const [first, ...rest] = ydocs;
  for (const other of rest) {
    expect(Y.encodeStateVector(other)).toEqual(Y.encodeStateVector(first!));
    expect(Y.equalSnapshots(Y.snapshot(other), Y.snapshot(first!))).toBe(true);
    expect(other.getText('test').toString()).toBe(first!.getText('test').toString());
  }
}

/** Waits until all clients have the same document. */
export async function converged(...all: { ydoc: Y.Doc }[]): Promise<void> {
  const [first, ...rest] = all;
  await until(
    () => rest.every(({ ydoc }) => Y.equalSnapshots(Y.snapshot(ydoc), Y.snapshot(first!.ydoc))),
    'the same document everywhere',
  );
  expectSame(...all.map(({ ydoc }) => ydoc));
}
