/** Frames come out of a pipe as they went in, however the pipe cuts them up. */
import { PassThrough, Readable } from 'node:stream';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFrames, writeFrame } from './frames.ts';

test('frames of any length come out as they went in, wherever the pipe cuts them', async () => {
  const frames = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(frames, fc.integer({ min: 1, max: 60 }), async (sent, size) => {
      const pipe = new PassThrough();
      for (const frame of sent) writeFrame(pipe, frame);
      pipe.end();
      const bytes = Buffer.concat(await pipe.toArray());
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const received: number[][] = [];
      const cut = Readable.from(chunks);
      readFrames(cut, (frame) => received.push([...frame]));
      await new Promise((resolve) => cut.on('end', resolve));
      expect(received).toEqual(sent.map((frame) => [...frame]));
    }),
  );
});
