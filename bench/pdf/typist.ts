/** Somebody who types into a plan while somebody else exports another, in a thread of their own: only the server is in the bench's main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { path } from '../../shared/api.ts';
import { MESSAGE, SYNC } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';

export interface Asked {
  readonly url: string;
  readonly token: string;
  /** The plan that is typed into, and the one that is exported; null: none is, and so many milliseconds are typed. */
  readonly typed: string;
  readonly exported: string | null;
  readonly duration: number;
}

export interface Noticed {
  /** Milliseconds from a key to the word that it is safe, from the shortest to the longest. */
  readonly waits: readonly number[];
  /** Milliseconds that the export took, and its bytes. */
  readonly export: { readonly time: number; readonly bytes: number } | null;
}

/** Milliseconds between keys: a fast typist. */
const BETWEEN_KEYS = 60;
const { url, token, typed, exported, duration } = workerData as Asked;
const headers = { origin: url, authorization: `Bearer ${token}` };

const socket = new WebSocket(`${url.replace('http', 'ws')}${path.sync(typed)}?schema=${SCHEMA_VERSION}`, { headers });
const sent: number[] = [];
const waits: number[] = [];
socket.on('message', (message: Buffer) => {
  if (message[0] === MESSAGE.ack) for (const at of sent.splice(0)) waits.push(performance.now() - at);
});
await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));

const ydoc = new Y.Doc();
ydoc.on('update', (update: Uint8Array) => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.sync);
  encoding.writeVarUint(encoder, SYNC.update);
  encoding.writeVarUint8Array(encoder, update);
  sent.push(performance.now());
  socket.send(encoding.toUint8Array(encoder));
});
const typing = setInterval(() => ydoc.getText('content').insert(0, 'x'), BETWEEN_KEYS);

async function makeExport(planId: string): Promise<Noticed['export']> {
  const start = performance.now();
  const response = await fetch(`${url}${path.export(planId, 'pdf')}`, { headers });
  const bytes = (await response.arrayBuffer()).byteLength;
  if (!response.ok) throw new Error(`The export was answered with ${response.status}`);
  return { time: performance.now() - start, bytes };
}

const made =
  exported === null ? await new Promise((done) => setTimeout(done, duration, null)) : await makeExport(exported);
clearInterval(typing);
socket.close();
parentPort?.postMessage({ waits: waits.sort((a, b) => a - b), export: made as Noticed['export'] } satisfies Noticed);
