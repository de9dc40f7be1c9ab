/** Packing contents loses nothing, costs what changed, and keeps runs short whatever is thinned out. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { depthsOf, type Link, LONGEST_RUN, nextDictionary, pack, relink, unpack } from './packing.ts';

test('what was packed comes back, with a dictionary and without', () => {
  const bytes = fc.uint8Array({ maxLength: 3_000 });
  fc.assert(
    fc.property(bytes, fc.option(bytes), (content, dictionary) => {
      expect(Buffer.compare(unpack(pack(content, dictionary), dictionary), content)).toBe(0);
    }),
  );
});

test('a small change to a long content costs little, wherever it is', () => {
  // Longer than the window of the level itself, and nothing that compresses by itself.
  const before = Buffer.from(randomBytes(3_000_000).toString('base64'));
  const after = Buffer.from(before);
  for (const at of [10, before.length / 2, before.length - 10]) after[at] = 33;
  const packed = pack(after, before);
  expect(packed.length).toBeLessThan(2_000);
  expect(unpack(packed, before).equals(after)).toBe(true);
  expect(pack(after, null).length).toBeGreaterThan(2_000_000);
});

test('bytes that claim to be longer than any plan are refused', () => {
  // 300 MB of one letter, packed into some kilobytes.
  expect(() => unpack(pack(Buffer.alloc(300 * 1024 * 1024, 97), null), null)).toThrow();
});

/** A history in which every content was packed when it was taken. */
function taken(count: number): Link[] {
  const links: Link[] = [];
  for (let number = 1; number <= count; number++) links.push({ number, dictionary: nextDictionary(links) });
  return links;
}

const longestRun = (links: readonly Link[]): number => Math.max(0, ...depthsOf(links).values()) + 1;

test('runs are as long as they may be, and no longer', () => {
  const links = taken(200);
  expect(longestRun(links)).toBe(LONGEST_RUN);
  expect(links.filter(({ dictionary }) => dictionary === null)).toHaveLength(Math.ceil(200 / LONGEST_RUN));
});

test('after any thinning, again and again, all that is left can be unpacked in a short run', () => {
  const rounds = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 2, max: 9 }), fc.integer({ min: 0, max: 20 })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 150 }), rounds, (count, thinnings) => {
      let links = taken(count);
      for (const [seed, keepOneIn, more] of thinnings) {
        // The latest always stays.
        const removed = new Set(
          links.slice(0, -1).flatMap(({ number }) => ((number * 31 + seed) % keepOneIn === 0 ? [] : [number])),
        );
        const changed = new Map(relink(links, removed).map((link) => [link.number, link]));
        const next = links.filter(({ number }) => !removed.has(number));
        for (const link of next) {
          const relinked = changed.get(link.number);
          // Packed anew exactly where what it was packed against is gone.
          expect(relinked !== undefined).toBe(link.dictionary !== null && removed.has(link.dictionary));
        }
        links = next.map((link) => changed.get(link.number) ?? link);
        const numbers = new Set(links.map(({ number }) => number));
        for (const { number, dictionary } of links) {
          expect(dictionary === null || (dictionary < number && numbers.has(dictionary))).toBe(true);
        }
        expect(longestRun(links)).toBeLessThanOrEqual(LONGEST_RUN);
        for (let index = 0; index < more; index++) {
          links.push({ number: links.at(-1)!.number + 1, dictionary: nextDictionary(links) });
        }
        expect(longestRun(links)).toBeLessThanOrEqual(LONGEST_RUN);
      }
    }),
  );
});
