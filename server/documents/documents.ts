/** Plans as documents: create them, read their text, compact them. The work is done in worker threads, the writing to the database here. */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { ExpressionBuilder } from 'kysely';
import type { Place } from '../../shared/compare/comparison.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import type { ImportRequest } from '../import/file.ts';
import type { Imported } from '../import/html-content.ts';
import type { Log } from '../log.ts';
import { entryHash } from '../snapshots/entry.ts';
import { insertAudit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { insertImages, type StoredImage } from '../store/images.ts';
import { insertSnapshot, type PackedContent } from '../store/snapshots.ts';
import type { Tables } from '../store/tables.ts';
import { requireTeamWriter } from '../store/team-plans.ts';
import { transaction } from '../store/transaction.ts';
import { type Base, createUpdateLog } from '../store/update-log.ts';
import type {
  ComparisonFormat,
  ExportedFile,
  ExportRequest,
  JobName,
  Jobs,
  PlanContent,
  PoisonFound,
  RedlineRequest,
  RestoreEdits,
  SnapshotDraft,
} from './jobs.ts';
import { createPool } from './pool.ts';

export interface NewPlan extends PlanContent {
  readonly planId: string;
  /** Who makes it: its owner, but for a team's plan. */
  readonly ownerId: string;
  /** The team that owns it; absent: whoever makes it does. */
  readonly teamId?: string | undefined;
  /** Where the text is from that its owner did not type. */
  readonly source?: { readonly kind: 'file' | 'template'; readonly name: string };
  /** Pictures that it shows. */
  readonly images?: readonly StoredImage[];
}

export interface Documents {
  /** Makes the plan, its owner, its first base, its pictures and its first snapshot in one transaction (R6). Rejects with `invalid-document` for content outside the schema, and as requireTeamWriter throws. */
  create(plan: NewPlan): Promise<void>;
  /** The plan's text as of the log's `seq`, or a snapshot's. Rejects with `not-found`, and as readSnapshot does. */
  materialise(planId: string, snapshot?: number | null): Promise<PlanContent & { seq: number; schema: number }>;
  /** A file to a plan's front matter and content, with what could not be carried over; rejects with what its reader refuses. */
  importFile(request: ImportRequest): Promise<Imported>;
  /** The plan, or a snapshot of it, as a file. Rejects as readSnapshot does. */
  export(request: ExportRequest): Promise<ExportedFile>;
  /** The same as a job for the process that makes PDFs, with the plan's title. */
  pdfJob(request: ExportRequest): Promise<{ job: Uint8Array; title: string }>;
  /** Merges the log, up to an update where one is given, into a new base and answers the plan's latest (R5). */
  compact(planId: string, upTo?: number): Promise<Base>;
  /** Reads title, words and so on into the list of plans. */
  digest(planId: string): Promise<void>;
  /** Plans whose digest lags behind the log, because the server ended before it was made. */
  lagging(): Promise<string[]>;
  /** The plan as of an update, ready for its place in the chain of snapshots. Null: nothing new in it, unless `again` asks all the same. */
  draftSnapshot(planId: string, upTo: number, again: boolean): Promise<SnapshotDraft | null>;
  /** JSON of a snapshot with its text and who wrote it. Rejects with `not-found`, `snapshot-thinned`, `snapshot-damaged`. */
  readSnapshot(planId: string, number: number): Promise<Uint8Array>;
  /** What changed from one snapshot to another, or to the live plan, as JSON or as a redline. Rejects as readSnapshot does. */
  compare(planId: string, from: number, to: number | null, format: ComparisonFormat): Promise<Uint8Array>;
  /** The same redline as a job for the process that makes PDFs. */
  redlineJob(request: RedlineRequest): Promise<Uint8Array>;
  /**
   * The edit that brings the plan, as of the log's `seq`, back to a snapshot, or to what `range` holds of it; null: nothing differs.
   * Rejects as readSnapshot does, and with `invalid-request` for a range outside of it.
   */
  restore(planId: string, number: number, range: Place | null): Promise<{ edits: RestoreEdits | null; seq: number }>;
  /** The contents of snapshots that have to be stored anew for `removed` to go. */
  repackSnapshots(planId: string, removed: readonly number[]): Promise<(PackedContent & { number: number })[]>;
  /** Called with the authors of updates that could not be applied and were taken out of the log (R8). */
  onSetAside(listener: (planId: string, authors: ReadonlySet<string>) => void): void;
  /** Jobs that wait for a worker. */
  waiting(): number;
  stop(): Promise<void>;
}

/** Milliseconds. A file may be made to keep a reader busy; what is in the log is ours. */
const timeLimit = (name: JobName): number => (name === 'importFile' ? 10_000 : 30_000);
const MEMORY_MB = 1_024;
const QUEUE = 100;

export function createDocuments({ database, log }: { database: Database; log: Log }): Documents {
  const { sqlite, kysely, file } = database;
  const updateLog = createUpdateLog(database);
  const size = Math.max(1, Math.min(4, availableParallelism() - 1));
  const pool = createPool({ file, size, timeLimit, memory: MEMORY_MB, queue: QUEUE });
  const listeners: ((planId: string, authors: ReadonlySet<string>) => void)[] = [];

  async function setAside(planId: string, poisons: readonly PoisonFound[]): Promise<void> {
    if (poisons.length === 0) return;
    const authors = await updateLog.setAside(planId, poisons);
    log.error({ planId, poisons, authors }, 'updates that cannot be applied were set aside');
    const userIds = new Set(authors.map(({ userId }) => userId));
    for (const listener of listeners) listener(planId, userIds);
  }

  async function latestBase(planId: string): Promise<Base> {
    const loaded = await updateLog.load(planId);
    if (!loaded) throw new Error(`Plan ${planId} is gone.`);
    return loaded.base;
  }

  async function insertPlan(
    { planId, ownerId, teamId, source, images = [] }: NewPlan,
    time: number,
    made: Jobs['create']['output'],
  ): Promise<void> {
    const { frontMatter, snapshot } = made;
    const kind = source?.kind === 'file' ? 'imported' : 'created';
    const entry = {
      ...({ planId, number: 1, kind, time, author: ownerId, label: '', note: '', restored: null } as const),
      ...{ previousHash: null, ...snapshot },
    };
    const hash = entryHash(entry);
    await transaction(sqlite, () => {
      if (teamId !== undefined) requireTeamWriter(sqlite, teamId, ownerId);
      sqlite
        .prepare(
          `INSERT INTO plans (id, generation, schema_version, created_at, created_by, archived_at, team_id, title, subtitle, place,
             keywords, status, language, stream, words, updated_at, digest_seq) VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
        )
        .run(
          ...[planId, randomUUID(), SCHEMA_VERSION, time, ownerId, teamId ?? null],
          ...[frontMatter.title, frontMatter.subtitle, frontMatter.place, frontMatter.keywords.join('\n')],
          ...[frontMatter.status, frontMatter.language, frontMatter.stream, made.words, time],
        );
      // Whoever makes a plan in a team has in it what they have in the team.
      if (teamId === undefined) {
        sqlite
          .prepare("INSERT INTO members (plan_id, user_id, role, since) VALUES (?, ?, 'owner', ?)")
          .run(planId, ownerId, time);
      }
      sqlite
        .prepare(
          'INSERT INTO bases (plan_id, seq, state, state_vector, delete_set, created_at) VALUES (?, 1, ?, ?, ?, ?)',
        )
        .run(planId, made.state, made.stateVector, made.deleteSet, time);
      sqlite
        .prepare('INSERT INTO attributions (plan_id, first_seq, last_seq, data) VALUES (?, 1, 1, ?)')
        .run(planId, made.attribution);
      for (const [clientId, clocks] of made.clients) {
        sqlite
          .prepare('INSERT INTO client_ids (plan_id, client_id, user_id) VALUES (?, ?, ?)')
          .run(planId, clientId, ownerId);
        if (!source) continue;
        sqlite
          .prepare("INSERT INTO origins (plan_id, client_id, clocks, how, source) VALUES (?, ?, ?, 'imported', ?)")
          .run(planId, clientId, clocks, source.name);
      }
      insertImages(sqlite, planId, images, { userId: ownerId, time });
      insertSnapshot(sqlite, { ...entry, hash }, snapshot.content);
      const about = { planId, actor: ownerId };
      if (source?.kind !== 'file') insertAudit(sqlite, { ...about, action: 'plan-created' });
      else insertAudit(sqlite, { ...about, action: 'plan-imported', detail: { file: source.name } });
    });
  }

  return {
    async create(plan) {
      const { ownerId, frontMatter, content } = plan;
      const time = Date.now();
      const made = await pool.run('create', { ownerId, time, frontMatter, content });
      await insertPlan(plan, time, made);
    },

    async materialise(planId, snapshot = null) {
      const { poisons, ...plan } = await pool.run('materialise', { planId, snapshot });
      await setAside(planId, poisons);
      return plan;
    },

    importFile: (request) => pool.run('importFile', request),

    async export(request) {
      const { poisons, ...file } = await pool.run('export', request);
      await setAside(request.planId, poisons);
      return file;
    },

    async pdfJob(request) {
      const { poisons, ...job } = await pool.run('pdfJob', request);
      await setAside(request.planId, poisons);
      return job;
    },

    async compact(planId, upTo = Number.POSITIVE_INFINITY) {
      const { base, poisons } = await pool.run('compact', { planId, upTo });
      await setAside(planId, poisons);
      if (base && (await updateLog.replaceByBase(planId, { ...base, createdAt: Date.now() }))) return base;
      return latestBase(planId);
    },

    async digest(planId) {
      const { frontMatter, words, seq, changedAt, poisons } = await pool.run('digest', { planId });
      await setAside(planId, poisons);
      const { title, subtitle, place, keywords, status, language, stream } = frontMatter;
      await kysely
        .updateTable('plans')
        .set({
          title,
          subtitle,
          place,
          keywords: keywords.join('\n'),
          status,
          language,
          stream,
          words,
          digest_seq: seq,
        })
        .set(changedAt === null ? {} : { updated_at: changedAt })
        .where('id', '=', planId)
        .where('digest_seq', '<', seq)
        .execute();
    },

    async lagging() {
      const head = (of: ExpressionBuilder<Tables, 'plans'>) =>
        of
          .selectFrom('updates')
          .select((updates) => updates.fn.max('updates.seq').as('seq'))
          .whereRef('updates.plan_id', '=', 'plans.id');
      const plans = await kysely.selectFrom('plans').select('plans.id').where('plans.digest_seq', '<', head).execute();
      return plans.map(({ id }) => id);
    },

    async draftSnapshot(planId, upTo, again) {
      const { draft, poisons } = await pool.run('takeSnapshot', { planId, upTo, again });
      await setAside(planId, poisons);
      return draft;
    },

    readSnapshot: (planId, number) => pool.run('readSnapshot', { planId, number }),

    async compare(planId, from, to, format) {
      const { bytes, poisons } = await pool.run('compare', { planId, from, to, format });
      await setAside(planId, poisons);
      return bytes;
    },

    async redlineJob(request) {
      const { poisons, job } = await pool.run('redlineJob', request);
      await setAside(request.planId, poisons);
      return job;
    },

    async restore(planId, number, range) {
      const { poisons, ...made } = await pool.run('restore', { planId, number, range });
      await setAside(planId, poisons);
      return made;
    },

    repackSnapshots: (planId, removed) => pool.run('repack', { planId, removed }),

    onSetAside(listener) {
      listeners.push(listener);
    },

    waiting: () => pool.waiting(),
    stop: () => pool.stop(),
  };
}
