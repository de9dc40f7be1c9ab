/** Which automatic snapshots go with age: all stay for a while, then the last of each day, then the last of each week. */
import type { SnapshotKind } from '../../shared/api.ts';

export interface ThinningPace {
  /** Milliseconds for which every snapshot stays. */
  readonly keepAll: number;
  /** Milliseconds for which the last of each day stays, and every one that was taken before something drastic. */
  readonly keepDaily: number;
}

export interface Held {
  readonly number: number;
  readonly time: number;
  readonly kind: SnapshotKind;
}

/** What a person did, and the beginning: they stay for ever. A restore is one with the state that it left. */
const FOR_EVER: ReadonlySet<SnapshotKind> = new Set(['named', 'created', 'imported', 'before-restore', 'restored']);
const BEFORE_DRASTIC: ReadonlySet<SnapshotKind> = new Set(['before-deletion', 'before-merge']);

/** Whether the content of such a one goes with age. */
export const mayThin = (kind: SnapshotKind): boolean => !FOR_EVER.has(kind);

const DAY = 24 * 60 * 60 * 1000;
/** 1 January 1970 was a Thursday; weeks begin on Monday. */
const MONDAY = 3 * DAY;

/** Numbers of those whose content may go at `now`. `held` in order of their numbers; the latest always stays. Days and weeks are UTC. */
export function thinnable(held: readonly Held[], now: number, { keepAll, keepDaily }: ThinningPace): number[] {
  const lastOf = new Map<string, number>();
  const candidates: { number: number; period: string }[] = [];
  for (const { number, time, kind } of held.slice(0, -1)) {
    const age = now - time;
    if (!mayThin(kind) || age < keepAll) continue;
    const weekly = age >= keepDaily;
    if (!weekly && BEFORE_DRASTIC.has(kind)) continue;
    const period = weekly ? `week ${Math.floor((time + MONDAY) / (7 * DAY))}` : `day ${Math.floor(time / DAY)}`;
    candidates.push({ number, period });
    lastOf.set(period, number);
  }
  return candidates.filter(({ number, period }) => lastOf.get(period) !== number).map(({ number }) => number);
}
