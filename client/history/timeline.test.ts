/** A plan's snapshots as a timeline. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SNAPSHOT_KINDS, type SnapshotKind, type SnapshotSummary } from '../../shared/api.ts';
import { isFold, localDate, type TimelineDay, timelineDays } from './timeline.ts';

function snapshot(
  number: number,
  kind: SnapshotKind,
  time: Date,
  more: Partial<SnapshotSummary> = {},
): SnapshotSummary {
  return {
    number,
    kind,
    time: time.toISOString(),
    author: null,
    label: kind === 'named' ? `Version ${number}` : '',
    note: '',
    seq: number,
    words: 100 * number,
    contributors: [],
    shares: [],
    restored: null,
    contentHash: '',
    authorshipHash: '',
    previousHash: null,
    hash: '',
    ...more,
  };
}

const at = (day: number, hour: number): Date => new Date(2026, 2, day, hour);
const numbers = (days: readonly TimelineDay[]): number[] =>
  days.flatMap(({ entries }) =>
    entries.flatMap((entry) =>
      isFold(entry) ? entry.items.map(({ snapshot }) => snapshot.number) : [entry.snapshot.number],
    ),
  );
const shape = (days: readonly TimelineDay[]) =>
  days.map(({ date, entries }) => [
    date,
    ...entries.map((entry) =>
      isFold(entry) ? entry.items.map(({ snapshot }) => snapshot.number) : entry.snapshot.number,
    ),
  ]);

describe('timelineDays', () => {
  it('folds neighbouring automatic snapshots of a day, and leaves what people look for by itself', () => {
    const days = timelineDays([
      snapshot(8, 'idle', at(4, 9)),
      snapshot(7, 'named', at(3, 18)),
      snapshot(6, 'interval', at(3, 17)),
      snapshot(5, 'idle', at(3, 16)),
      snapshot(4, 'restored', at(3, 15)),
      snapshot(3, 'before-restore', at(3, 14)),
      snapshot(2, 'idle', at(2, 10)),
      snapshot(1, 'created', at(2, 9)),
    ]);
    expect(shape(days)).toEqual([
      ['2026-03-04', 8],
      ['2026-03-03', 7, [6, 5], 4, 3],
      ['2026-03-02', 2, 1],
    ]);
  });

  it('counts words against the next older snapshot of the list, across days', () => {
    const days = timelineDays([
      snapshot(3, 'named', at(3, 9), { words: 90 }),
      snapshot(2, 'named', at(2, 9), { words: 120 }),
      snapshot(1, 'created', at(2, 8), { words: 0 }),
    ]);
    const changes = days.flatMap(({ entries }) => entries.map((entry) => (isFold(entry) ? [] : entry.change)));
    expect(changes).toEqual([-30, 120, null]);
  });

  it('names the contributors of a fold by how much they did', () => {
    const by = (userId: string, inserted: number, deleted = 0) => ({ userId, inserted, deleted });
    const [day] = timelineDays([
      snapshot(3, 'idle', at(3, 9), { contributors: [by('ana', 10), by('bo', 5, 4)] }),
      snapshot(2, 'idle', at(3, 8), { contributors: [by('bo', 3), by('caro', 1)] }),
    ]);
    const fold = day?.entries[0];
    expect(fold && isFold(fold) && [fold.key, fold.contributors]).toEqual([2, ['bo', 'ana', 'caro']]);
  });

  it('shows every snapshot once, in order, each under its own day', () => {
    const list = fc
      .array(
        fc.record({ kind: fc.constantFrom(...SNAPSHOT_KINDS), pause: fc.integer({ min: 0, max: 50 * 3600_000 }) }),
        { maxLength: 40 },
      )
      .map((steps) => {
        let time = at(1, 0).getTime();
        const snapshots = steps.map(({ kind, pause }, index) => {
          time += pause;
          return snapshot(index + 1, kind, new Date(time));
        });
        return snapshots.reverse();
      });
    fc.assert(
      fc.property(list, (snapshots) => {
        const days = timelineDays(snapshots);
        expect(numbers(days)).toEqual(snapshots.map(({ number }) => number));
        expect(new Set(days.map(({ date }) => date)).size).toBe(days.length);
        for (const { date, entries } of days) {
          for (const entry of entries) {
            const items = isFold(entry) ? entry.items : [entry];
            for (const item of items) expect(localDate(new Date(item.snapshot.time))).toBe(date);
            if (isFold(entry)) expect(entry.items.length).toBeGreaterThan(1);
          }
        }
      }),
    );
  });
});
