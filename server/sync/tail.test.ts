/** A tail gives back what was put in, whatever was merged and trimmed in between. */
import fc from 'fast-check';
import * as decoding from 'lib0/decoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { Tail } from './tail.ts';

/** Applies every frame of a run of frames. */
function applyFrames(ydoc: Y.Doc, frames: Buffer): void {
  for (let at = 0; at < frames.length; ) {
    const size = frames[at + 1]!;
    const header = size < 126 ? 2 : size === 126 ? 4 : 10;
    const length =
      size < 126 ? size : size === 126 ? frames.readUInt16BE(at + 2) : Number(frames.readBigUInt64BE(at + 2));
    const decoder = decoding.createDecoder(new Uint8Array(frames.subarray(at + header, at + header + length)));
    expect([decoding.readVarUint(decoder), decoding.readVarUint(decoder)]).toEqual([0, 2]);
    Y.applyUpdate(ydoc, decoding.readVarUint8Array(decoder));
    expect(decoding.hasContent(decoder)).toBe(false);
    at += header + length;
  }
}

test('[R5] base and tail together are always the whole, and views handed out never change', () => {
  const step = fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record({ kind: fc.constant('append' as const), length: fc.constantFrom(1, 3, 200, 70_000) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), length: fc.constant(0) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('trim' as const), length: fc.nat(100) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 200 }), (steps) => {
      const writer = new Y.Doc();
      const tail = new Tail();
      const base = new Y.Doc();
      const log: Uint8Array[] = [];
      const views: { view: Buffer; copy: Buffer }[] = [];
      writer.on('update', (update: Uint8Array) => log.push(update));
      let baseSeq = 0;
      for (const { kind, length } of steps) {
        if (kind === 'append') {
          writer.getText('test').insert(0, 'x'.repeat(length));
          const view = tail.append(log.at(-1)!, log.length, 1);
          views.push({ view, copy: Buffer.from(view) });
        } else if (kind === 'join') {
          const view = tail.after(baseSeq);
          views.push({ view, copy: Buffer.from(view) });
        } else {
          const seq = Math.min(log.length, baseSeq + length);
          for (const update of log.slice(baseSeq, seq)) Y.applyUpdate(base, update);
          tail.trim(seq, seq - baseSeq);
          baseSeq = seq;
        }
        expect(tail.count).toBe(log.length - baseSeq);
      }
      const joiner = new Y.Doc();
      Y.applyUpdate(joiner, Y.encodeStateAsUpdate(base));
      applyFrames(joiner, tail.after(baseSeq));
      expect(joiner.getText('test').toString()).toBe(writer.getText('test').toString());
      expect(joiner.store.pendingStructs).toBeNull();
      for (const { view, copy } of views) expect(view.equals(copy)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
