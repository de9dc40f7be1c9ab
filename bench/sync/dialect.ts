/** How the measured servers frame Yjs messages: plain y-protocols, ours on top of it, and Hocuspocus's with the document's name in front. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { MESSAGE, SYNC } from '../../shared/protocol.ts';

/** Message numbers of Hocuspocus that y-protocols does not know (@hocuspocus/server, MessageType). */
const HOCUSPOCUS = { auth: 2, syncReply: 4, syncStatus: 8 } as const;
const AUTH_TOKEN = 0;

/** What a server said, as far as the measurements care. */
export type Message =
  | { type: 'step1' }
  /** `last`: the answer to our step 1, after which a client calls itself synced. */
  | { type: 'content'; update: Uint8Array; last: boolean }
  | { type: 'awareness'; update: Uint8Array }
  /** How many of our updates are acknowledged: so many in all, or so many more. */
  | { type: 'ack'; count: number; relative: boolean }
  | { type: 'other' };

export interface Dialect {
  /** What a client says as soon as the socket is open. */
  greeting(): Uint8Array[];
  /** The answer to the server's step 1 of a client that has nothing to offer. */
  emptyStep2(): Uint8Array;
  update(update: Uint8Array): Uint8Array;
  awareness(update: Uint8Array): Uint8Array;
  parse(frame: Uint8Array): Message;
  /** Whether the server answers a greeting; a bare relay does not. */
  readonly answers: boolean;
}

const EMPTY_VECTOR = Uint8Array.of(0);
const EMPTY_UPDATE = Uint8Array.of(0, 0);

function message(prefix: Uint8Array, numbers: readonly number[], payload?: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeUint8Array(encoder, prefix);
  for (const number of numbers) encoding.writeVarUint(encoder, number);
  if (payload) encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder);
}

function parse(frame: Uint8Array, offset: number): Message {
  const decoder = decoding.createDecoder(frame);
  decoder.pos = offset;
  const type = decoding.readVarUint(decoder);
  if (type === MESSAGE.sync || type === HOCUSPOCUS.syncReply) {
    const step = decoding.readVarUint(decoder);
    if (step === SYNC.step1) return { type: 'step1' };
    return { type: 'content', update: decoding.readVarUint8Array(decoder), last: step === SYNC.step2 };
  }
  if (type === MESSAGE.awareness) return { type: 'awareness', update: decoding.readVarUint8Array(decoder) };
  if (type === MESSAGE.ack) return { type: 'ack', count: decoding.readVarUint(decoder), relative: false };
  if (type === HOCUSPOCUS.syncStatus) return { type: 'ack', count: decoding.readVarUint(decoder), relative: true };
  return { type: 'other' };
}

function framedBy(prefix: Uint8Array, greeting: () => Uint8Array[], answers: boolean): Dialect {
  return {
    greeting,
    answers,
    emptyStep2: () => message(prefix, [MESSAGE.sync, SYNC.step2], EMPTY_UPDATE),
    update: (update) => message(prefix, [MESSAGE.sync, SYNC.update], update),
    awareness: (update) => message(prefix, [MESSAGE.awareness], update),
    parse: (frame) => parse(frame, prefix.length),
  };
}

const NO_PREFIX = new Uint8Array();
const step1 = (prefix: Uint8Array) => message(prefix, [MESSAGE.sync, SYNC.step1], EMPTY_VECTOR);

/** y-websocket's protocol: y-websocket-server and ours (shared/PROTOCOL.md). */
export const yWebsocket = (): Dialect => framedBy(NO_PREFIX, () => [step1(NO_PREFIX)], true);

/** The same frames to a relay that only passes them on. */
export const relay = (): Dialect => framedBy(NO_PREFIX, () => [], false);

/** Hocuspocus 4: every frame names the document; the first message is a token, empty where nobody checks it. */
export function hocuspocus(documentName: string): Dialect {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, documentName);
  const prefix = encoding.toUint8Array(encoder);
  const token = message(prefix, [HOCUSPOCUS.auth, AUTH_TOKEN], new Uint8Array());
  return framedBy(prefix, () => [token, step1(prefix)], true);
}
