/** Token buckets: never more than the burst and the rate allow, and always what they allow. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CommonplanError } from '../shared/errors.ts';
import { createRateLimit } from './rate-limit.ts';

const takes = (limit: { take(key: string): void }, key: string): boolean => {
  try {
    limit.take(key);
    return true;
  } catch (error) {
    if (error instanceof CommonplanError && error.code === 'too-many') return false;
    throw error;
  }
};

test('in any stretch of time passes at most the burst and the rate times its length, and keys do not share', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 600 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.constantFrom('a', 'b')), { maxLength: 200 }),
      (perMinute, burst, attempts) => {
        let now = 0;
        const limit = createRateLimit(perMinute, burst, () => now);
        const passed: { at: number; key: string }[] = [];
        for (const [pause, key] of attempts) {
          now += pause;
          if (takes(limit, key)) passed.push({ at: now, key });
        }
        for (const key of ['a', 'b']) {
          const times = passed.filter((take) => take.key === key).map(({ at }) => at);
          for (let from = 0; from < times.length; from++) {
            for (let to = from; to < times.length; to++) {
              const allowed = burst + ((times[to]! - times[from]!) * perMinute) / 60_000;
              expect(to - from + 1).toBeLessThanOrEqual(allowed + 1e-6);
            }
          }
        }
      },
    ),
  );
});

test('who keeps to the rate is never refused, and the hint says how long to wait', () => {
  let now = 0;
  const limit = createRateLimit(60, 1, () => now);
  for (let second = 0; second < 100; second++) {
    expect(takes(limit, 'a')).toBe(true);
    now += 1000;
  }
  expect(takes(limit, 'a')).toBe(true);
  expect(() => limit.take('a')).toThrow(expect.objectContaining({ code: 'too-many', hint: 'Try again in 1 s.' }));
});
