/** WebSocket frames, built once and written to any number of sockets. PROTOCOL.md says what is in them. */
import * as encoding from 'lib0/encoding';
import { type Hello, MESSAGE, type Notice, SYNC } from '../../shared/protocol.ts';

/** FIN and opcode 2: one whole binary message (RFC 6455, 5.2). Frames of a server are not masked. */
const FINAL_BINARY = 0x82;

/** Bytes of the frame's header for a payload of `length` bytes. */
function headerLength(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10;
}

function writeHeader(target: Buffer, offset: number, length: number): number {
  target[offset] = FINAL_BINARY;
  if (length < 126) {
    target[offset + 1] = length;
    return offset + 2;
  }
  if (length < 65_536) {
    target[offset + 1] = 126;
    return target.writeUInt16BE(length, offset + 2);
  }
  target[offset + 1] = 127;
  return target.writeBigUInt64BE(BigInt(length), offset + 2);
}

/** A frame around a message that is already encoded. */
export function frame(message: Uint8Array): Buffer {
  const header = headerLength(message.length);
  const target = Buffer.allocUnsafe(header + message.length);
  target.set(message, writeHeader(target, 0, message.length));
  return target;
}

function varUintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Bytes that writeSync needs for an update of `length` bytes. */
export function syncFrameLength(length: number): number {
  const message = 2 + varUintLength(length) + length;
  return headerLength(message) + message;
}

/** Writes a sync message's frame into `target` without building it elsewhere first; answers the offset after it. */
export function writeSyncFrame(target: Buffer, offset: number, type: 0 | 1 | 2, bytes: Uint8Array): number {
  let at = writeHeader(target, offset, 2 + varUintLength(bytes.length) + bytes.length);
  target[at++] = MESSAGE.sync;
  target[at++] = type;
  let rest = bytes.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) target[at++] = 128 | (rest % 128);
  target[at++] = rest;
  target.set(bytes, at);
  return at + bytes.length;
}

export function syncFrame(type: 0 | 1 | 2, bytes: Uint8Array): Buffer {
  const target = Buffer.allocUnsafe(syncFrameLength(bytes.length));
  writeSyncFrame(target, 0, type, bytes);
  return target;
}

/** A Yjs update that changes nothing. */
export const EMPTY_UPDATE = Uint8Array.of(0, 0);
export const EMPTY_STEP_2 = syncFrame(SYNC.step2, EMPTY_UPDATE);

export function awarenessFrame(awarenessUpdate: Uint8Array): Buffer {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.awareness);
  encoding.writeVarUint8Array(encoder, awarenessUpdate);
  return frame(encoding.toUint8Array(encoder));
}

/** Nobody's presence: a stock client wants to hear something every 30 seconds, or it takes the connection for dead. */
export const SIGN_OF_LIFE = awarenessFrame(Uint8Array.of(0));

export function ackFrame(count: number): Buffer {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.ack);
  encoding.writeVarUint(encoder, count);
  return frame(encoding.toUint8Array(encoder));
}

export function helloFrame(hello: Hello): Buffer {
  return jsonFrame(MESSAGE.hello, hello);
}

export function noticeFrame(notice: Notice): Buffer {
  return jsonFrame(MESSAGE.notice, notice);
}

function jsonFrame(message: number, payload: unknown): Buffer {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, message);
  encoding.writeVarString(encoder, JSON.stringify(payload));
  return frame(encoding.toUint8Array(encoder));
}
