/** A plan's snapshots as a timeline: by day, what people look for by itself, runs of automatic ones folded into one entry. */
import type { SnapshotSummary } from '../../shared/api.ts';
import { isLandmark } from './snapshot-words.ts';

export interface TimelineItem {
  readonly snapshot: SnapshotSummary;
  /** Words more (or fewer) than in the next older snapshot of the list; null for the oldest. */
  readonly change: number | null;
}

/** Newest first, as everywhere in the timeline. */
export interface TimelineFold {
  /** The number of its oldest snapshot: stays the same while newer ones join. */
  readonly key: number;
  readonly items: readonly TimelineItem[];
  /** Who contributed, those who did most first. */
  readonly contributors: readonly string[];
}

export interface TimelineDay {
  /** The local date as YYYY-MM-DD. */
  readonly date: string;
  readonly entries: readonly (TimelineItem | TimelineFold)[];
}

export function isFold(entry: TimelineItem | TimelineFold): entry is TimelineFold {
  return 'items' in entry;
}

/** `snapshots` newest first. One automatic snapshot by itself is not worth a fold. Days are those of the reader's clock. */
export function timelineDays(snapshots: readonly SnapshotSummary[]): TimelineDay[] {
  const days = new Map<string, TimelineItem[]>();
  snapshots.forEach((snapshot, index) => {
    const older = snapshots[index + 1];
    const item = { snapshot, change: older ? snapshot.words - older.words : null };
    const date = localDate(new Date(snapshot.time));
    const day = days.get(date);
    if (day) day.push(item);
    else days.set(date, [item]);
  });
  return [...days].map(([date, items]) => ({ date, entries: folded(items) }));
}

function folded(items: readonly TimelineItem[]): (TimelineItem | TimelineFold)[] {
  const entries: (TimelineItem | TimelineFold)[] = [];
  let run: TimelineItem[] = [];
  const close = (): void => {
    const oldest = run.at(-1);
    if (run.length > 1 && oldest)
      entries.push({ key: oldest.snapshot.number, items: run, contributors: contributorsOf(run) });
    else entries.push(...run);
    run = [];
  };
  for (const item of items) {
    if (isLandmark(item.snapshot)) {
      close();
      entries.push(item);
    } else run.push(item);
  }
  close();
  return entries;
}

function contributorsOf(items: readonly TimelineItem[]): string[] {
  const work = new Map<string, number>();
  for (const { snapshot } of items)
    for (const { userId, inserted, deleted } of snapshot.contributors)
      work.set(userId, (work.get(userId) ?? 0) + inserted + deleted);
  return [...work].sort((a, b) => b[1] - a[1]).map(([userId]) => userId);
}

/** YYYY-MM-DD on the reader's clock. */
export function localDate(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}
