/** Tests that a delta written from a block on does what Yjs does with it from the start of the text. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { schema } from '../schema/schema.ts';
import { applyFrom, type Op } from './apply.ts';
import { readBlocks } from './blocks.ts';
import { contentRoots } from './format.ts';
import { Random, RandomContent } from './fuzz/random.ts';
import { readContent, writeContent } from './ydoc.ts';

/** Retains, inserts and deletes that fit into so many units. */
function randomDelta(random: Random, units: number): Op[] {
  const ops: Op[] = [];
  for (let left = units; ops.length < 5; ) {
    const length = Math.min(left, 1 + random.below(12));
    const chance = random.next();
    const attributes = random.chance(0.3) ? { bold: true } : undefined;
    if (chance < 0.4) ops.push({ insert: 'new', attributes: attributes ?? {} });
    else if (length === 0) break;
    else if (chance < 0.6) ops.push({ delete: length });
    else ops.push({ retain: length, ...(attributes && random.chance(0.5) ? { attributes } : {}) });
    if (chance >= 0.4) left -= length;
  }
  return ops;
}

it('leads to the same content, from whichever block it starts', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = new Random(seed);
      const ydoc = new Y.Doc();
      let words = 0;
      writeContent(ydoc, new RandomContent(schema, random, () => `w${++words}`).document(4));
      const copy = new Y.Doc();
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(ydoc));
      for (let edit = 0; edit < 3; edit++) {
        const { ytext } = contentRoots(ydoc);
        const blocks = readBlocks(ytext);
        const at = random.below(blocks.length);
        const index = blocks.slice(0, at).reduce((sum, { length }) => sum + length, 0);
        const ops = randomDelta(random, ytext.length - index);
        // Yjs fills the attributes of an insert up where they are given.
        applyFrom(ytext, blocks[at] ?? null, index, structuredClone(ops));
        contentRoots(copy).ytext.applyDelta([{ retain: index }, ...structuredClone(ops)]);
        expect(readContent(ydoc).toString()).toBe(readContent(copy).toString());
      }
      const received = new Y.Doc();
      Y.applyUpdate(received, Y.encodeStateAsUpdate(ydoc));
      expect(readContent(received).eq(readContent(ydoc))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
