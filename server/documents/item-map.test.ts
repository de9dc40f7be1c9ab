/** The map of Yjs items against a plain one that holds every clock by itself. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ItemMap } from './item-map.ts';

const range = fc.record({ client: fc.integer({ min: 1, max: 2 }), clock: fc.nat(40), length: fc.nat(12) });

test('what is known first of an item stays, and only what was not known is answered', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(range, fc.nat(3))), range, (fills, asked) => {
      const map = new ItemMap<number>();
      const model = new Map<string, number>();
      for (const [{ client, clock, length }, value] of fills) {
        const fresh: string[] = [];
        for (let at = clock; at < clock + length; at++) {
          if (model.has(`${client}:${at}`)) continue;
          model.set(`${client}:${at}`, value);
          fresh.push(`${client}:${at}`);
        }
        const told = map.fill({ client, clock, length }, value);
        expect(
          told.flatMap((part) => Array.from({ length: part.length }, (_, i) => `${part.client}:${part.clock + i}`)),
        ).toEqual(fresh);
      }
      const parts = [...map.parts(asked)];
      expect(
        parts.flatMap((part) => Array.from({ length: part.length }, (_, i) => [part.clock + i, part.value])),
      ).toEqual(
        Array.from({ length: asked.length }, (_, i) => [
          asked.clock + i,
          model.get(`${asked.client}:${asked.clock + i}`),
        ]),
      );
      expect([...map.without(asked)]).toEqual(parts.filter(({ value }) => value === undefined));
      parts.slice(1).forEach((part, i) => void expect(part.value).not.toBe(parts[i]!.value));
    }),
    { numRuns: 1_000 },
  );
});

test('made of many ranges at once, it is as if they had been filled in one after the other', () => {
  const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 5 }), fc.nat(2)));
  fc.assert(
    fc.property(lengths, fc.infiniteStream(fc.nat()), range, (parts, order, asked) => {
      const ends = new Map<number, number>();
      const entries = parts.map(([client, length, value]) => {
        const clock = ends.get(client) ?? 0;
        ends.set(client, clock + length + value);
        return [{ client, clock, length }, value] as const;
      });
      const shuffled = entries
        .map((entry) => [order.next().value as number, entry] as const)
        .sort(([a], [b]) => a - b)
        .map(([, entry]) => entry);
      const filled = new ItemMap<number>();
      for (const [each, value] of shuffled) filled.fill(each, value);
      expect([...ItemMap.of(shuffled).parts(asked)]).toEqual([...filled.parts(asked)]);
    }),
    { numRuns: 300 },
  );
});
