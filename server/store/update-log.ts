/** The log of every plan: append updates, load what opening a plan needs, put a base in the place of the rows it merges. */
import type { Database } from './database.ts';
import { type LoggedUpdate, packRow, unpackRow } from './packed-row.ts';
import { transaction } from './transaction.ts';

/** What one turn of the event loop adds to one plan. */
export interface Append {
  readonly planId: string;
  /** Number of the first of `updates`; the log must end at the one before. */
  readonly firstSeq: number;
  readonly updates: readonly LoggedUpdate[];
  /** Client ids that write in this plan for the first time, with the user they belong to from now on (R9). */
  readonly claims: ReadonlyMap<number, string>;
  /** Set when these updates were written with a newer schema than the plan had (R7). */
  readonly schemaVersion: number | null;
}

export interface Base {
  /** The last update that it holds; 0 for a plan without a base. */
  readonly seq: number;
  /** A Yjs update: the whole document. */
  readonly state: Uint8Array;
  /** Yjs state vector. */
  readonly stateVector: Uint8Array;
  /** A Yjs update without structs: the delete set of `state`. */
  readonly deleteSet: Uint8Array;
}

export interface LoadedPlan {
  readonly generation: string;
  readonly schemaVersion: number;
  readonly archived: boolean;
  readonly base: Base;
  /** What came after the base, in order; the first has the number base.seq + 1. */
  readonly tail: readonly LoggedUpdate[];
  /** Whom each client id belongs to that has written in this plan. */
  readonly owners: ReadonlyMap<number, string>;
}

export interface NewBase extends Base {
  /** The base that the new one was made from: it must still be the plan's latest, and its rows unchanged. */
  readonly previousSeq: number;
  /** Who wrote what in the rows previousSeq + 1 ... seq, as documents/attribution.ts writes it. */
  readonly attribution: Uint8Array;
  readonly createdAt: number;
}

/** An update that could not be applied, taken out of the log (R8). */
export interface Poison {
  readonly seq: number;
  readonly reason: string;
}

export interface UpdateLog {
  /** Commits all of it, or nothing and rejects. Survives the end of the process; synced to disk by durability.ts. */
  append(batch: readonly Append[]): Promise<void>;
  /** Commits something that changes nothing; rejects while the disk refuses that, too. */
  probe(): Promise<void>;
  /** Null when there is no such plan. Rejects when it cannot be read whole: a plan is never shown in part (R3). */
  load(planId: string): Promise<LoadedPlan | null>;
  /**
   * Adds a base and deletes exactly the rows that it merges, in one transaction; the last two bases stay. Answers false, having
   * changed nothing, when another compaction came first.
   */
  replaceByBase(planId: string, base: NewBase): Promise<boolean>;
  /** Moves updates that cannot be applied to the table `set_aside`, and answers who wrote them. */
  setAside(planId: string, poisons: readonly Poison[]): Promise<{ userId: string; seq: number }[]>;
  /**
   * Gives what one user wrote with to another: a guest signed in to an account. What records say of the guest stays as it was written
   * (snapshots' hashes cover some of them); the alias that this keeps tells whose it is today.
   */
  replaceUser(fromUserId: string, toUserId: string): Promise<void>;
}

const NO_BASE: Base = {
  seq: 0,
  state: Uint8Array.of(0, 0),
  stateVector: Uint8Array.of(0),
  deleteSet: Uint8Array.of(0, 0),
};

export function createUpdateLog({ sqlite }: Pick<Database, 'sqlite'>): UpdateLog {
  const insertRow = sqlite.prepare('INSERT INTO updates (plan_id, seq, count, data) VALUES (?, ?, ?, ?)');
  // Not "OR IGNORE": a claim that another user holds must fail the append, not pass unseen.
  const insertClaim = sqlite.prepare('INSERT INTO client_ids (plan_id, client_id, user_id) VALUES (?, ?, ?)');
  const raiseSchema = sqlite.prepare('UPDATE plans SET schema_version = max(schema_version, ?) WHERE id = ?');
  const selectPlan = sqlite.prepare('SELECT generation, schema_version, archived_at FROM plans WHERE id = ?');
  const selectBase = sqlite.prepare(
    'SELECT seq, state, state_vector, delete_set FROM bases WHERE plan_id = ? ORDER BY seq DESC LIMIT 1',
  );
  const selectRows = sqlite.prepare('SELECT seq, count, data FROM updates WHERE plan_id = ? ORDER BY seq');
  const selectRow = sqlite.prepare(
    'SELECT seq, count, data FROM updates WHERE plan_id = ? AND seq >= ? ORDER BY seq LIMIT 1',
  );
  const updateRow = sqlite.prepare('UPDATE updates SET data = ? WHERE plan_id = ? AND seq = ?');
  const selectOwners = sqlite.prepare('SELECT client_id, user_id FROM client_ids WHERE plan_id = ?');
  const lastBaseSeq = sqlite.prepare('SELECT max(seq) AS seq FROM bases WHERE plan_id = ?');
  const insertBase = sqlite.prepare(
    'INSERT INTO bases (plan_id, seq, state, state_vector, delete_set, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const deleteOldBases = sqlite.prepare('DELETE FROM bases WHERE plan_id = ? AND seq < ?');
  const deleteRows = sqlite.prepare(
    'DELETE FROM updates WHERE plan_id = ? AND seq > ? AND seq <= ? RETURNING seq, count',
  );
  const insertAttribution = sqlite.prepare(
    'INSERT INTO attributions (plan_id, first_seq, last_seq, data) VALUES (?, ?, ?, ?)',
  );
  const insertSetAside = sqlite.prepare(
    'INSERT INTO set_aside (plan_id, seq, user_id, written_at, update_bytes, reason, set_aside_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const replaceOwner = sqlite.prepare('UPDATE client_ids SET user_id = ? WHERE user_id = ?');
  const replaceAccount = sqlite.prepare('UPDATE aliases SET account_id = ? WHERE account_id = ?');
  const insertAlias = sqlite.prepare('INSERT OR REPLACE INTO aliases (user_id, account_id) VALUES (?, ?)');

  return {
    append: (batch) =>
      transaction(sqlite, () => {
        for (const { planId, firstSeq, updates, claims, schemaVersion } of batch) {
          insertRow.run(planId, firstSeq + updates.length - 1, updates.length, packRow(updates));
          for (const [clientId, userId] of claims) insertClaim.run(planId, clientId, userId);
          if (schemaVersion !== null) raiseSchema.run(schemaVersion, planId);
        }
      }),

    async load(planId) {
      const plan = selectPlan.get(planId);
      if (!plan) return null;
      const row = selectBase.get(planId);
      const base: Base = row
        ? {
            seq: row.seq as number,
            state: row.state as Uint8Array,
            stateVector: row.state_vector as Uint8Array,
            deleteSet: row.delete_set as Uint8Array,
          }
        : NO_BASE;
      const owners = new Map<number, string>();
      const userIds = new Map<string, string>();
      for (const { client_id, user_id } of selectOwners.iterate(planId)) {
        // One string per user, however many client ids they have had.
        const known = userIds.get(user_id as string);
        if (known === undefined) userIds.set(user_id as string, user_id as string);
        owners.set(client_id as number, known ?? (user_id as string));
      }
      return {
        generation: plan.generation as string,
        schemaVersion: plan.schema_version as number,
        archived: plan.archived_at !== null,
        base,
        tail: readTail(planId, base.seq, selectRows.iterate(planId)),
        owners,
      };
    },

    replaceByBase: (planId, base) =>
      transaction(sqlite, () => {
        const latest = (lastBaseSeq.get(planId)?.seq as number | null) ?? 0;
        if (latest !== base.previousSeq) return false;
        const rows = deleteRows.all(planId, base.previousSeq, base.seq);
        const merged = rows.reduce((sum, row) => sum + (row.count as number), 0);
        if (merged !== base.seq - base.previousSeq) {
          throw new Error(
            `A base up to ${base.seq} of plan ${planId} would replace ${merged} updates, expected ${base.seq - base.previousSeq}.`,
          );
        }
        insertBase.run(planId, base.seq, base.state, base.stateVector, base.deleteSet, base.createdAt);
        insertAttribution.run(planId, base.previousSeq + 1, base.seq, base.attribution);
        deleteOldBases.run(planId, base.previousSeq);
        return true;
      }),

    setAside: (planId, poisons) =>
      transaction(sqlite, () => {
        const authors: { userId: string; seq: number }[] = [];
        for (const { seq, reason } of poisons) {
          const row = selectRow.get(planId, seq);
          const updates = row ? unpackRow(row.data as Uint8Array) : [];
          const index = row ? seq - ((row.seq as number) - (row.count as number) + 1) : -1;
          const poison = updates[index];
          if (!row || !poison) throw new Error(`Plan ${planId} has no update ${seq} to set aside.`);
          insertSetAside.run(planId, seq, poison.userId, poison.time, poison.update, reason, Date.now());
          // An empty update keeps the numbers of those beside it.
          updates[index] = { ...poison, update: NO_BASE.state };
          updateRow.run(packRow(updates), planId, row.seq as number);
          authors.push({ userId: poison.userId, seq });
        }
        return authors;
      }),

    probe: () =>
      transaction(sqlite, () => {
        const { user_version: version } = sqlite.prepare('PRAGMA user_version').get() ?? {};
        sqlite.exec(`PRAGMA user_version = ${Number(version)}`);
      }),

    replaceUser: (fromUserId, toUserId) =>
      transaction(sqlite, () => {
        replaceOwner.run(toUserId, fromUserId);
        replaceAccount.run(toUserId, fromUserId);
        insertAlias.run(fromUserId, toUserId);
      }),
  };
}

/** Rows to updates; throws when a number is missing, because a gap would hide what came after it. */
export function readTail(planId: string, baseSeq: number, rows: Iterable<Record<string, unknown>>): LoggedUpdate[] {
  const tail: LoggedUpdate[] = [];
  for (const row of rows) {
    const updates = unpackRow(row.data as Uint8Array);
    const seq = row.seq as number;
    if (updates.length !== row.count || seq !== baseSeq + tail.length + updates.length) {
      throw new Error(
        `The log of plan ${planId} is broken at update ${seq}: expected ${baseSeq + tail.length + updates.length}.`,
      );
    }
    tail.push(...updates);
  }
  return tail;
}
