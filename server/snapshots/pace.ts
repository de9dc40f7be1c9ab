/** When the server takes snapshots by itself: after a stretch of work, now and then in the middle of a long one, and before something drastic. */
import type { Log } from '../log.ts';
import type { DrasticKind } from '../sync/drastic.ts';
import type { ChangeListener } from '../sync/rooms.ts';
import type { Snapshots } from './snapshots.ts';

export interface PaceTimes {
  /** Milliseconds without a change after which a stretch of work has ended. */
  readonly idle: number;
  /** Milliseconds between two snapshots while people go on writing. */
  readonly interval: number;
}

export interface Pace extends ChangeListener {
  /** Takes what has fallen due. Called every few seconds; tests call it with a time of their own. */
  tick(now: number): Promise<void>;
  stop(): void;
}

/** Changes that no snapshot holds yet. */
interface Unsnapshotted {
  /** Times of the first and the last of them. */
  first: number;
  last: number;
  /** Its number in the log. */
  seq: number;
  /** Nobody is in the room any more. */
  left: boolean;
  /** Not before this time (again). */
  notBefore: number;
}

/**
 * Milliseconds between two states of a plan kept from before something drastic. From the first each gap is twice the one before, up to the
 * longest: whoever deletes and undoes all day must not fill the disk. After a quiet while it begins anew.
 */
const FIRST_DRASTIC_GAP = 60_000;
const LONGEST_DRASTIC_GAP = 60 * 60_000;
const DRASTIC_QUIET = 2 * LONGEST_DRASTIC_GAP;
/** Milliseconds between two looks at what is due, and before a failed one is tried again. */
const TICK = 5_000;
const RETRY = 60_000;

export interface PaceOptions {
  readonly snapshots: Pick<Snapshots, 'take' | 'onTaken' | 'ahead'>;
  readonly times: PaceTimes;
  readonly log: Log;
  readonly now?: () => number;
}

export function createPace({ snapshots, times, log, now = Date.now }: PaceOptions): Pace {
  const changes = new Map<string, Unsnapshotted>();
  /** When the state before something drastic was last kept, and for how long no other is. */
  const drasticAt = new Map<string, { readonly at: number; readonly gap: number }>();
  let stopped = false;

  snapshots.onTaken((planId, { seq }) => {
    const change = changes.get(planId);
    if (change && seq >= change.seq) changes.delete(planId);
    else if (change) change.first = now();
  });

  async function take(planId: string, kind: 'idle' | 'interval'): Promise<void> {
    const change = changes.get(planId);
    const seq = change?.seq;
    if (change) change.notBefore = now() + RETRY;
    try {
      await snapshots.take(planId, { kind, author: null });
      // Nothing new after all: what was written was taken back.
      if (changes.get(planId)?.seq === seq) changes.delete(planId);
    } catch (err) {
      // Stopping, the server refuses what it cannot finish: the next start makes up for it.
      if (!stopped) log.error({ err, planId }, 'an automatic snapshot could not be taken');
    }
  }

  async function tick(at: number): Promise<void> {
    for (const [planId, kept] of drasticAt) if (at - kept.at >= DRASTIC_QUIET) drasticAt.delete(planId);
    // One after the other: when many people stop at once, workers are to stay free for those who ask for something.
    for (const [planId, { first, last, left, notBefore }] of [...changes]) {
      if (stopped) return;
      if (at < notBefore) continue;
      if (left || at - last >= times.idle) await take(planId, 'idle');
      else if (at - first >= times.interval) await take(planId, 'interval');
    }
  }

  /** What the last run of the server did not get to. */
  async function catchUp(): Promise<void> {
    for (const planId of snapshots.ahead()) {
      if (stopped) return;
      await take(planId, 'idle');
    }
  }

  let working = catchUp();
  const timer = setInterval(() => {
    working = working.then(() => tick(now()));
  }, TICK);
  timer.unref();

  return {
    changed(planId, seq) {
      const at = now();
      const change = changes.get(planId);
      if (!change) changes.set(planId, { first: at, last: at, seq, left: false, notBefore: 0 });
      else {
        change.last = at;
        change.seq = seq;
        change.left = false;
      }
    },

    left(planId) {
      const change = changes.get(planId);
      if (change) change.left = true;
    },

    async drastic(planId: string, kind: DrasticKind, before: number) {
      const last = drasticAt.get(planId);
      if (last && now() - last.at < last.gap) return;
      const gap = last ? Math.min(2 * last.gap, LONGEST_DRASTIC_GAP) : FIRST_DRASTIC_GAP;
      drasticAt.set(planId, { at: now(), gap });
      try {
        await snapshots.take(planId, { kind, author: null, upTo: before });
      } catch (err) {
        log.error({ err, planId }, 'the state before a drastic change could not be kept as a snapshot');
      }
    },

    tick,
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
