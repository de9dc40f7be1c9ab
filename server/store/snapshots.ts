/** The chain of snapshots of every plan, and what they hold. Plain SQL on a connection: workers and `npm run verify` read it, too. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { SnapshotKind } from '../../shared/api.ts';

/** One link of a plan's chain, as it was hashed. User ids, no names: those may change. */
export interface SnapshotEntry {
  readonly planId: string;
  /** 1, 2, 3 in each plan. */
  readonly number: number;
  /** The last update that it holds. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly kind: SnapshotKind;
  /** null: the server took it. */
  readonly author: string | null;
  readonly label: string;
  readonly note: string;
  readonly words: number;
  /** Since the snapshot before, in characters. */
  readonly contributors: readonly { userId: string; inserted: number; deleted: number }[];
  /** Characters of its text by who wrote them. */
  readonly shares: readonly { userId: string; characters: number }[];
  readonly restored: { readonly number: number; readonly whole: boolean } | null;
  /** SHA-256, hexadecimal, of the canonical JSON. */
  readonly contentHash: string;
  /** SHA-256, hexadecimal, of the authorship. */
  readonly authorshipHash: string;
  /** Of the snapshot before; null for the first. */
  readonly previousHash: string | null;
  readonly hash: string;
}

/** What a snapshot holds, as stored. */
export interface PackedContent {
  readonly document: Uint8Array;
  readonly authorship: Uint8Array;
  /** Number of the snapshot that it is compressed against; null: none. */
  readonly dictionary: number | null;
}

type Row = Record<string, SQLOutputValue>;

/** Total: of a damaged row something that its hash does not fit. */
function toEntry(row: Row): SnapshotEntry {
  const restored = row.restored_number as number | null;
  return {
    planId: row.plan_id as string,
    number: row.number as number,
    seq: row.seq as number,
    time: row.time as number,
    kind: row.kind as SnapshotKind,
    author: row.author as string | null,
    label: row.label as string,
    note: row.note as string,
    words: row.words as number,
    contributors: parseList(row.contributors as string),
    shares: parseList(row.shares as string),
    restored: restored === null ? null : { number: restored, whole: row.restored_whole === 1 },
    contentHash: row.content_hash as string,
    authorshipHash: row.authorship_hash as string,
    previousHash: row.previous_hash as string | null,
    hash: row.hash as string,
  };
}

function parseList<T>(json: string): T[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** Undefined: the plan has no snapshot of this number. */
export function readEntry(sqlite: DatabaseSync, planId: string, number: number): SnapshotEntry | undefined {
  const row = sqlite.prepare('SELECT * FROM snapshots WHERE plan_id = ? AND number = ?').get(planId, number);
  return row && toEntry(row);
}

export function lastEntry(sqlite: DatabaseSync, planId: string): SnapshotEntry | undefined {
  const row = sqlite.prepare('SELECT * FROM snapshots WHERE plan_id = ? ORDER BY number DESC LIMIT 1').get(planId);
  return row && toEntry(row);
}

/** The whole chain, oldest first. */
export function readChain(sqlite: DatabaseSync, planId: string): SnapshotEntry[] {
  return sqlite.prepare('SELECT * FROM snapshots WHERE plan_id = ? ORDER BY number').all(planId).map(toEntry);
}

/** Undefined: it was thinned out, or never was. */
export function readPacked(sqlite: DatabaseSync, planId: string, number: number): PackedContent | undefined {
  const row = sqlite
    .prepare('SELECT document, authorship, dictionary FROM snapshot_contents WHERE plan_id = ? AND number = ?')
    .get(planId, number);
  return row as unknown as PackedContent | undefined;
}

/** Which contents are there and what each is compressed against, in order of their numbers. */
export function readLinks(sqlite: DatabaseSync, planId: string): { number: number; dictionary: number | null }[] {
  const rows = sqlite
    .prepare('SELECT number, dictionary FROM snapshot_contents WHERE plan_id = ? ORDER BY number')
    .all(planId);
  return rows as { number: number; dictionary: number | null }[];
}

/** Adds the next link. Call it in a transaction; throws when the chain does not end at `number - 1` with `previousHash`. */
export function insertSnapshot(sqlite: DatabaseSync, entry: SnapshotEntry, content: PackedContent): void {
  const last = sqlite
    .prepare('SELECT number, hash FROM snapshots WHERE plan_id = ? ORDER BY number DESC LIMIT 1')
    .get(entry.planId);
  if (entry.number !== ((last?.number as number) ?? 0) + 1 || entry.previousHash !== (last?.hash ?? null)) {
    throw new Error(`Snapshot ${entry.number} of plan ${entry.planId} does not follow the last one of its chain.`);
  }
  sqlite
    .prepare(
      `INSERT INTO snapshots (plan_id, number, kind, time, seq, author, label, note, contributors, restored_number, restored_whole,
         content_hash, authorship_hash, previous_hash, hash, words, shares)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ...[entry.planId, entry.number, entry.kind, entry.time, entry.seq, entry.author, entry.label, entry.note],
      ...[JSON.stringify(entry.contributors), entry.restored?.number ?? null],
      ...[entry.restored && Number(entry.restored.whole), entry.contentHash, entry.authorshipHash, entry.previousHash],
      ...[entry.hash, entry.words, JSON.stringify(entry.shares)],
    );
  sqlite
    .prepare('INSERT INTO snapshot_contents (plan_id, number, document, dictionary, authorship) VALUES (?, ?, ?, ?, ?)')
    .run(entry.planId, entry.number, content.document, content.dictionary, content.authorship);
}

/** Thins a plan: `removed` go, `repacked` take other bytes for what they hold. Call it in a transaction. */
export function thinContents(
  sqlite: DatabaseSync,
  planId: string,
  removed: readonly number[],
  repacked: readonly (PackedContent & { number: number })[],
): void {
  const update = sqlite.prepare(
    'UPDATE snapshot_contents SET document = ?, authorship = ?, dictionary = ? WHERE plan_id = ? AND number = ?',
  );
  for (const { number, document, authorship, dictionary } of repacked) {
    update.run(document, authorship, dictionary, planId, number);
  }
  const remove = sqlite.prepare('DELETE FROM snapshot_contents WHERE plan_id = ? AND number = ?');
  for (const number of removed) remove.run(planId, number);
}

/** The `seq` of a plan's last update; undefined when there is no such plan. */
export function headOf(sqlite: DatabaseSync, planId: string): number | undefined {
  const row = sqlite.prepare(`SELECT ${HEAD} AS head FROM plans WHERE id = ?`).get(planId);
  return row?.head as number | undefined;
}

/** Plans with updates that came after their last snapshot. */
export function plansAhead(sqlite: DatabaseSync): string[] {
  const rows = sqlite
    .prepare(
      `SELECT id FROM plans WHERE ${HEAD} > coalesce(
         (SELECT seq FROM snapshots WHERE plan_id = plans.id ORDER BY number DESC LIMIT 1), 0)`,
    )
    .all();
  return rows.map(({ id }) => id as string);
}

const HEAD = `coalesce((SELECT max(seq) FROM updates WHERE plan_id = plans.id),
  (SELECT max(seq) FROM bases WHERE plan_id = plans.id), 0)`;

export function countNamed(sqlite: DatabaseSync, planId: string): number {
  const row = sqlite.prepare("SELECT count(*) AS n FROM snapshots WHERE plan_id = ? AND kind = 'named'").get(planId);
  return row?.n as number;
}

/** Of one plan the entries whose content is there, in order of their numbers. */
export function readHeld(sqlite: DatabaseSync, planId: string): SnapshotEntry[] {
  const rows = sqlite
    .prepare(
      `SELECT snapshots.* FROM snapshot_contents JOIN snapshots USING (plan_id, number)
       WHERE snapshot_contents.plan_id = ? ORDER BY snapshot_contents.number`,
    )
    .all(planId);
  return rows.map(toEntry);
}

/** What thinning needs to know of those. */
export function readAges(sqlite: DatabaseSync, planId: string): { number: number; time: number; kind: SnapshotKind }[] {
  const rows = sqlite
    .prepare(
      `SELECT snapshots.number, time, kind FROM snapshot_contents JOIN snapshots USING (plan_id, number)
       WHERE snapshot_contents.plan_id = ? ORDER BY snapshot_contents.number`,
    )
    .all(planId);
  return rows as { number: number; time: number; kind: SnapshotKind }[];
}

export function allPlans(sqlite: DatabaseSync): string[] {
  return sqlite
    .prepare('SELECT id FROM plans')
    .all()
    .map(({ id }) => id as string);
}
