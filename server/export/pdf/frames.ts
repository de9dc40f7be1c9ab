/** Messages over a pipe: four bytes of length, then so many bytes. Unlike Node's own messages between processes these are never copied whole, which would hold up a thread that serves. */
import type { Readable, Writable } from 'node:stream';

const LENGTH_BYTES = 4;

/** `bytes` must stay as they are until they are sent. */
export function writeFrame(pipe: Writable, bytes: Uint8Array): void {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(bytes.byteLength);
  pipe.write(length);
  pipe.write(bytes);
}

export function readFrames(pipe: Readable, take: (frame: Buffer<ArrayBuffer>) => void): void {
  let isLength = true;
  let frame: Buffer<ArrayBuffer> = Buffer.alloc(LENGTH_BYTES);
  let filled = 0;
  pipe.on('data', (chunk: Buffer) => {
    let at = 0;
    while (at < chunk.length || filled === frame.length) {
      const copied = chunk.copy(frame, filled, at);
      at += copied;
      filled += copied;
      if (filled < frame.length) return;
      const whole = frame;
      frame = isLength ? Buffer.allocUnsafeSlow(whole.readUInt32LE()) : Buffer.alloc(LENGTH_BYTES);
      filled = 0;
      isLength = !isLength;
      if (isLength) take(whole);
    }
  });
}
