/** The updates of a room since its base, kept as the very frames that were broadcast, end to end in one growing buffer. */
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { SYNC } from '../../shared/protocol.ts';
import { syncFrameLength, writeSyncFrame } from './frames.ts';

/** Merging is quadratic in the number of updates, so it happens in a tree of this width (notes: 4 us an update at 5-10, 212 at 10,000). */
const MERGE_WIDTH = 32;
/** Frames from which a joiner would rather get one merged frame. */
const FOLD_FRAMES = 64;

export class Tail {
  #buffer = Buffer.alloc(0);
  #length = 0;
  /** For each frame, where it ends and the seq of the last update in it. Plain arrays: two numbers a frame, no objects. */
  #ends: number[] = [];
  #seqs: number[] = [];
  /** Updates in the log since the base; frames may be fewer, after merging. */
  count = 0;

  /** Bytes of all frames. */
  get bytes(): number {
    return this.#length;
  }

  /** Adds a frame for an update whose last seq is `seq`; the frame is a view that stays valid and unchanged. */
  append(update: Uint8Array, seq: number, updates: number): Buffer {
    const start = this.#length;
    this.#reserve(syncFrameLength(update.length));
    this.#length = writeSyncFrame(this.#buffer, start, SYNC.update, update);
    this.#ends.push(this.#length);
    this.#seqs.push(seq);
    this.count += updates;
    return this.#buffer.subarray(start, this.#length);
  }

  /** The last `frames` frames as one piece. */
  last(frames: number): Buffer {
    const first = this.#ends.length - frames;
    return this.#buffer.subarray(first === 0 ? 0 : this.#ends[first - 1], this.#length);
  }

  /** Everything with a seq above `seq`, and perhaps some before it: to apply an update twice does nothing. */
  after(seq: number): Buffer {
    if (this.#ends.length > FOLD_FRAMES && seq < this.#seqs[0]!) this.#fold();
    let first = this.#seqs.length;
    while (first > 0 && this.#seqs[first - 1]! > seq) first--;
    return this.#buffer.subarray(first === 0 ? 0 : this.#ends[first - 1], this.#length);
  }

  /** Forgets what a base up to `seq` now holds. */
  trim(seq: number, updates: number): void {
    const rest = this.after(seq);
    let kept = this.#seqs.length;
    while (kept > 0 && this.#seqs[kept - 1]! > seq) kept--;
    const cut = this.#length - rest.length;
    // A copy: sockets may still be sending the old bytes.
    this.#buffer = Buffer.from(rest);
    this.#length = rest.length;
    this.#ends = this.#ends.slice(kept).map((end) => end - cut);
    this.#seqs = this.#seqs.slice(kept);
    this.count -= updates;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    // Written bytes never change, so views into the old buffer stay right.
    const grown = Buffer.allocUnsafe(
      Math.max(needed, Math.min(this.#buffer.length * 2, this.#buffer.length + 65_536), 256),
    );
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }

  /** Taken out of the frames again. */
  updates(): Uint8Array[] {
    return this.#ends.map((end, index) =>
      updateOfFrame(this.#buffer.subarray(index === 0 ? 0 : this.#ends[index - 1], end)),
    );
  }

  #fold(): void {
    const merged = mergeTree(this.updates());
    const seq = this.#seqs.at(-1)!;
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
    this.#ends = [];
    this.#seqs = [];
    this.append(merged, seq, 0);
  }
}

function updateOfFrame(frame: Buffer): Uint8Array {
  const size = frame[1]!;
  const decoder = decoding.createDecoder(frame.subarray(size < 126 ? 2 : size === 126 ? 4 : 10));
  decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
  return decoding.readVarUint8Array(decoder);
}

/** One update with all that `updates` hold; they must not be empty. */
export function mergeTree(updates: readonly Uint8Array[]): Uint8Array {
  let level = updates;
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let index = 0; index < level.length; index += MERGE_WIDTH) {
      next.push(Y.mergeUpdates(level.slice(index, index + MERGE_WIDTH) as Uint8Array[]));
    }
    level = next;
  }
  return level[0]!;
}
