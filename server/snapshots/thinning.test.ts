/** Which snapshots go when: a table of days, and the laws that hold whatever the history is. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SNAPSHOT_KINDS } from '../../shared/api.ts';
import { type Held, mayThin, thinnable } from './thinning.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const PACE = { keepAll: 48 * HOUR, keepDaily: 30 * DAY };
/** A Monday. */
const MONDAY = Date.UTC(2026, 2, 2);

/** Automatic ones at 9, 12 and 18 o'clock of each of `days`, and the latest one long after. */
function history(days: number, kind: Held['kind'] = 'idle'): Held[] {
  const held: Held[] = [];
  for (let day = 0; day < days; day++) {
    for (const hour of [9, 12, 18])
      held.push({ number: held.length + 1, time: MONDAY + day * DAY + hour * HOUR, kind });
  }
  return [...held, { number: held.length + 1, time: MONDAY + 400 * DAY, kind: 'idle' }];
}

/** Days and hours, counted from that Monday, of what is still there `age` days after the last day. */
function left(held: Held[], age: number): string[] {
  const gone = new Set(thinnable(held, held.at(-2)!.time + age * DAY, PACE));
  return held
    .slice(0, -1)
    .filter(({ number }) => !gone.has(number))
    .map(({ time }) => `${Math.floor((time - MONDAY) / DAY)}@${((time - MONDAY) % DAY) / HOUR}`);
}

test.each([
  [0, ['0@18', '1@9', '1@12', '1@18', '2@9', '2@12', '2@18']],
  [1, ['0@18', '1@18', '2@9', '2@12', '2@18']],
  [2, ['0@18', '1@18', '2@18']],
  [28, ['0@18', '1@18', '2@18']],
  // The first two days are 30 days old, and of one week.
  [29, ['1@18', '2@18']],
  [30, ['2@18']],
  [300, ['2@18']],
])('of three days, %i days later these stay', (age, expected) => {
  expect(left(history(3), age)).toEqual(expected);
});

test('of three weeks, the last of each stays for ever', () => {
  expect(left(history(21), 31)).toEqual(['6@18', '13@18', '20@18']);
});

test('what a person did and the beginning stay for ever; the state before something drastic stays a month', () => {
  for (const kind of ['named', 'created', 'imported', 'before-restore', 'restored'] as const) {
    expect(left(history(3, kind), 1_000)).toHaveLength(9);
  }
  for (const kind of ['before-deletion', 'before-merge'] as const) {
    expect(left(history(3, kind), 27)).toHaveLength(9);
    expect(left(history(3, kind), 31)).toEqual(['2@18']);
  }
});

const histories = fc
  .array(fc.record({ gap: fc.integer({ min: -2 * HOUR, max: 5 * DAY }), kind: fc.constantFrom(...SNAPSHOT_KINDS) }), {
    maxLength: 80,
  })
  .map((steps) => {
    let time = MONDAY;
    return steps.map(({ gap, kind }, index): Held => {
      // A clock may go back.
      time += gap;
      return { number: index + 1, time, kind };
    });
  });

const without = (held: Held[], numbers: readonly number[]): Held[] =>
  held.filter(({ number }) => !numbers.includes(number));

test('thinning twice at one time does no more than once', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 0, max: 500 * DAY }), (held, later) => {
      const now = MONDAY + later;
      expect(thinnable(without(held, thinnable(held, now, PACE)), now, PACE)).toEqual([]);
    }),
  );
});

test('only what may go goes, the latest stays, and every week that had any keeps one', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 0, max: 500 * DAY }), (held, later) => {
      const gone = new Set(thinnable(held, MONDAY + later, PACE));
      expect(gone.has(held.length)).toBe(false);
      const weeks = (among: Held[]): Set<number> =>
        new Set(among.map(({ time }) => Math.floor((time - MONDAY) / (7 * DAY))));
      for (const { number, time, kind } of held) {
        if (gone.has(number)) expect(mayThin(kind) && MONDAY + later - time >= PACE.keepAll).toBe(true);
      }
      expect(weeks(without(held, [...gone]))).toEqual(weeks(held));
    }),
  );
});

test('how often the server thins makes no difference to what is left in the end', () => {
  const growing = fc.array(fc.integer({ min: 0, max: 5 * DAY }), { maxLength: 60 }).map((gaps) => {
    let time = MONDAY;
    return gaps.map((gap, index): Held => {
      time += gap;
      return { number: index + 1, time, kind: 'idle' };
    });
  });
  fc.assert(
    fc.property(growing, fc.array(fc.integer({ min: 0, max: 300 * DAY }), { maxLength: 6 }), (held, rounds) => {
      const end = MONDAY + 400 * DAY;
      let often = held;
      for (const later of rounds.sort((a, b) => a - b)) {
        const now = MONDAY + later;
        // As of then: what was taken later is not there yet.
        const known = often.filter(({ time }) => time <= now);
        often = without(often, thinnable(known, now, PACE));
      }
      expect(without(often, thinnable(often, end, PACE))).toEqual(without(held, thinnable(held, end, PACE)));
    }),
  );
});
