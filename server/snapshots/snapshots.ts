/** The history of plans: take snapshots, list them, read and compare them, thin them out. Text is read in worker threads, the chain is written here. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SnapshotKind, SnapshotList } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { peopleVersion, readPeople } from '../auth/people.ts';
import type { Documents } from '../documents/documents.ts';
import type { Log } from '../log.ts';
import { insertAudit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { undoableRestores } from '../store/restores.ts';
import {
  allPlans,
  countNamed,
  headOf,
  insertSnapshot,
  lastEntry,
  plansAhead,
  readAges,
  readChain,
  readEntry,
  readHeld,
  type SnapshotEntry,
  thinContents,
} from '../store/snapshots.ts';
import { transaction } from '../store/transaction.ts';
import { entryHash, mentioned, toSummary } from './entry.ts';
import { type ThinningPace, thinnable } from './thinning.ts';

export interface Taking {
  readonly kind: SnapshotKind;
  /** null: the server takes it by itself. */
  readonly author: string | null;
  readonly label?: string;
  readonly note?: string;
  /** Of a `restored` one. */
  readonly restored?: { readonly number: number; readonly whole: boolean };
  /** The plan as of this update. Absent: as of the log's last one. */
  readonly upTo?: number;
}

export interface Snapshots {
  /**
   * Takes one; of several at once for a plan each waits for the one before. Null: it would hold nothing new. Only where a person took or
   * restored something is the content of the snapshot before taken again. Rejects with `not-found`.
   */
  take(planId: string, taking: Taking): Promise<SnapshotEntry | null>;
  /** A person's. Rejects with `nothing-changed` after another person's of the same content, and `plan-too-large` when there are too many. */
  takeNamed(planId: string, named: { author: string; label: string; note: string }): Promise<SnapshotEntry>;
  /** JSON of a `snapshotList` of shared/api.ts; with `all` also those that were thinned out. Throws `not-found`. */
  list(planId: string, options?: { all?: boolean }): string;
  /** Another value whenever what reading, comparing or exporting these answers may be another. null: the live plan. */
  version(planId: string, ...ends: readonly (number | null)[]): unknown;
  /** Plans with changes that came after their last snapshot. */
  ahead(): string[];
  /** Lets go of what has become too old at `now`. */
  thin(now: number): Promise<void>;
  onTaken(listener: (planId: string, entry: SnapshotEntry) => void): void;
  /** Called with the plan and the number of its latest snapshot, when one was taken or some were thinned out. */
  onChange(listener: (planId: string, number: number) => void): void;
  /** Lets what is under way end. */
  stop(): Promise<void>;
}

export interface SnapshotsOptions {
  readonly database: Database;
  readonly documents: Documents;
  readonly thinning: ThinningPace;
  readonly log: Log;
  readonly now?: () => number;
}

/** Milliseconds between two rounds of thinning. */
const THINNING_INTERVAL = 60 * 60 * 1000;
/** Of one plan (R11): they stay for ever. */
const MOST_NAMED = 2_000;
/** Plans whose list is kept in memory. */
const MOST_LISTS = 50;
/** Kinds that say something new even where the content is that of the snapshot before. */
const NEWS: ReadonlySet<SnapshotKind> = new Set(['named', 'restored']);

export function createSnapshots(options: SnapshotsOptions): Snapshots {
  const { database, documents, thinning, log, now = Date.now } = options;
  const { sqlite } = database;
  const takenListeners: ((planId: string, entry: SnapshotEntry) => void)[] = [];
  const changeListeners: ((planId: string, number: number) => void)[] = [];

  // ---- one at a time per plan ----

  const turns = new Map<string, Promise<void>>();

  function inTurn<T>(planId: string, work: () => Promise<T>): Promise<T> {
    const result = (turns.get(planId) ?? Promise.resolve()).then(work);
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    turns.set(planId, settled);
    void settled.then(() => {
      if (turns.get(planId) === settled) turns.delete(planId);
    });
    return result;
  }

  async function take(planId: string, taking: Taking, upTo: number): Promise<SnapshotEntry | null> {
    const { kind, author, label = '', note = '', restored = null } = taking;
    const last = lastEntry(sqlite, planId);
    const again = NEWS.has(kind) && last?.kind !== kind;
    if (!again && last && last.seq >= upTo) return null;
    const draft = await documents.draftSnapshot(planId, upTo, again);
    // Further than asked for: the state before a drastic change cannot be read any more.
    if (!draft || (taking.upTo !== undefined && draft.seq > upTo)) return null;
    const { content, ...found } = draft;
    const entry = await transaction(sqlite, () => {
      const before = lastEntry(sqlite, planId);
      const fields = {
        ...{ planId, number: (before?.number ?? 0) + 1, kind, time: now(), author, label, note, restored },
        ...{ previousHash: before?.hash ?? null, ...found },
      };
      const whole = { ...fields, hash: entryHash(fields) };
      insertSnapshot(sqlite, whole, content);
      if (kind === 'named') {
        const detail = { number: whole.number, label };
        insertAudit(sqlite, { planId, actor: author, action: 'snapshot-taken', detail });
      }
      return whole;
    });
    for (const listener of takenListeners) listener(planId, entry);
    tell(planId, entry.number);
    return entry;
  }

  // ---- listing ----

  /** Told of a new snapshot, every open history asks for the list at once, and entries do not change. */
  const lists = new Map<string, Listed & { latest: number; thinned: number }>();

  function listHeld(planId: string): Listed & { latest: number; thinned: number } {
    const known = lists.get(planId);
    if (known) return known;
    const held = readHeld(sqlite, planId);
    // The latest always stays, and numbers have no gaps.
    const { seq, number } = held.at(-1) ?? { seq: 0, number: 0 };
    const made = { ...toListed(held), latest: seq, thinned: number - held.length };
    if (lists.size >= MOST_LISTS) lists.clear();
    lists.set(planId, made);
    return made;
  }

  function tell(planId: string, number: number): void {
    lists.delete(planId);
    for (const listener of changeListeners) listener(planId, number);
  }

  // ---- thinning ----

  let stopping = false;

  async function thin(at: number): Promise<void> {
    for (const planId of allPlans(sqlite)) {
      // Thousands of plans must not hold up those who write.
      await nextTurn();
      if (stopping) return;
      const held = readAges(sqlite, planId);
      const removed = thinnable(held, at, thinning);
      if (removed.length === 0) continue;
      try {
        await inTurn(planId, async () => {
          const repacked = await documents.repackSnapshots(planId, removed);
          await transaction(sqlite, () => thinContents(sqlite, planId, removed, repacked));
        });
        log.info({ planId, snapshots: removed.length }, 'old automatic snapshots were thinned out');
        tell(planId, held.at(-1)!.number);
      } catch (err) {
        log.error({ err, planId }, 'old automatic snapshots could not be thinned out');
      }
    }
  }

  let thinningRound: Promise<void> = Promise.resolve();
  const startThinning = (): void => {
    thinningRound = thinningRound.then(() => thin(now()));
  };
  const timer = setInterval(startThinning, THINNING_INTERVAL);
  timer.unref();
  startThinning();

  async function takeInTurn(planId: string, taking: Taking): Promise<SnapshotEntry | null> {
    // Read before waiting: what others write while this waits belongs to the next one.
    const head = headOf(sqlite, planId);
    if (head === undefined) throw new CommonplanError('not-found');
    return inTurn(planId, () => take(planId, taking, taking.upTo ?? head));
  }

  return {
    take: takeInTurn,

    async takeNamed(planId, named) {
      if (countNamed(sqlite, planId) >= MOST_NAMED) {
        throw new CommonplanError(
          'plan-too-large',
          `This plan has ${MOST_NAMED} snapshots with a label, the most it can have.`,
        );
      }
      const entry = await takeInTurn(planId, { kind: 'named', ...named });
      if (entry) return entry;
      const last = lastEntry(sqlite, planId)!;
      throw new CommonplanError(
        'nothing-changed',
        `Nothing has changed since snapshot ${last.number}, “${last.label}”.`,
      );
    },

    list(planId, { all = false } = {}) {
      const head = headOf(sqlite, planId);
      if (head === undefined) throw new CommonplanError('not-found');
      const held = listHeld(planId);
      const { json, userIds } = all ? toListed(readChain(sqlite, planId)) : held;
      const { latest, thinned } = held;
      const rest: Omit<SnapshotList, 'snapshots'> = {
        people: readPeople(sqlite, userIds),
        thinned,
        undoable: undoableRestores(sqlite, planId),
        now: { seq: head, changed: head > latest },
      };
      return `{"snapshots":${json},${JSON.stringify(rest).slice(1)}`;
    },

    version(planId, ...ends) {
      const states = ends.map((end) => (end === null ? headOf(sqlite, planId) : readEntry(sqlite, planId, end)?.hash));
      return [states, peopleVersion(sqlite, planId)];
    },

    ahead: () => plansAhead(sqlite),
    thin,
    onTaken: (listener) => void takenListeners.push(listener),
    onChange: (listener) => void changeListeners.push(listener),

    async stop() {
      stopping = true;
      clearInterval(timer);
      await thinningRound;
      while (turns.size > 0) await Promise.all(turns.values());
    },
  };
}

interface Listed {
  /** Of the summaries, newest first. */
  readonly json: string;
  /** Of all whom they name. */
  readonly userIds: ReadonlySet<string>;
}

function toListed(entries: readonly SnapshotEntry[]): Listed {
  const summaries = entries.map(toSummary).reverse();
  return { json: JSON.stringify(summaries), userIds: new Set(summaries.flatMap(mentioned)) };
}
