/** Whatever is done to a history, in whatever order and at once: the chain is whole, and what is there opens as it was taken. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { readChain, readLinks, type SnapshotEntry } from '../store/snapshots.ts';
import { readSnapshot } from './stored.ts';
import { cleanUp, DAY, HOUR, TestHistory } from './test-history.ts';
import { mayThin } from './thinning.ts';
import { verifyChain } from './verify-chain.ts';

afterEach(cleanUp);

const person = fc.constantFrom('ann', 'bob', 'cho');
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('type' as const),
      person,
      at: fc.nat(),
      length: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('delete' as const),
      person,
      at: fc.nat(),
      length: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      kind: fc.constantFrom('named' as const, 'idle' as const, 'interval' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('before' as const), back: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('thin' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
);

test('[R15] whatever is done in whatever order, every snapshot that is there opens as it was taken', {
  timeout: 240_000,
}, async () => {
  const history = new TestHistory();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const plan = await history.createPlan();
      const { planId } = plan;
      /** What each held right after it was taken. */
      const taken = new Map<number, string>();
      const keep = (entry: SnapshotEntry | null): void => {
        if (entry)
          taken.set(entry.number, readSnapshot(history.database.sqlite, planId, entry.number).canonical.toString());
      };
      let underWay: Promise<unknown>[] = [];
      for (const each of steps) {
        if (each.do === 'type')
          await plan.edit(each.person, (ytext) => ytext.insert(each.at % (ytext.length + 1), 'w'.repeat(each.length)));
        if (each.do === 'delete')
          await plan.edit(each.person, (ytext) => ytext.delete(0, Math.min(each.length, ytext.length)));
        // Not waited for: they wait for each other.
        if (each.do === 'take') underWay.push(plan.take(each.kind, { label: 'A label' }).then(keep));
        if (each.do === 'before')
          underWay.push(plan.take('before-deletion', { upTo: plan.seq - each.back }).then(keep));
        if (each.do === 'wait') history.now += each.hours * HOUR;
        if (each.do === 'thin') underWay.push(history.snapshots.thin(history.now));
        if (each.do === 'compact') await history.documents.compact(planId);
        if (each.do === 'settle') {
          await Promise.all(underWay);
          underWay = [];
        }
      }
      await Promise.all(underWay);
      history.now += 40 * DAY;
      await history.snapshots.thin(history.now);
      const { sqlite } = history.database;
      expect(verifyChain(sqlite, planId).problems).toEqual([]);
      const held = readLinks(sqlite, planId).map(({ number }) => number);
      for (const number of held.filter((of) => taken.has(of))) {
        expect(readSnapshot(sqlite, planId, number).canonical.toString()).toBe(taken.get(number));
      }
      const chain = readChain(sqlite, planId);
      expect(chain.map(({ number }) => number)).toEqual(chain.map((_, index) => index + 1));
      // The number orders what the log ordered.
      expect(chain.map(({ seq }) => seq)).toEqual(chain.map(({ seq }) => seq).toSorted((a, b) => a - b));
      const lasting = chain.filter(({ kind, number }) => !mayThin(kind) || number === chain.length);
      expect(lasting.every(({ number }) => held.includes(number))).toBe(true);
    }),
    { numRuns: 25 },
  );
});
