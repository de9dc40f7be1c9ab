/** Plans as documents: create them, read their text, compact them. The work is done in worker threads, the writing to the database here. */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExpressionBuilder } from 'kysely';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import type { Log } from '../log.ts';
import type { Database } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { type Base, createUpdateLog } from '../store/update-log.ts';
import type { Content, Jobs, PlanContent, PoisonFound } from './jobs.ts';
import { createPool } from './pool.ts';

export interface Documents {
  /** Makes the plan, its owner and its first base in one transaction (R6). Rejects with `invalid-document` for content outside the schema. */
  create(plan: { planId: string; ownerId: string; frontMatter: FrontMatter; content: Content }): Promise<void>;
  /** The plan's text as of the log's `seq`. Rejects with `not-found`. */
  materialise(planId: string): Promise<PlanContent & { seq: number }>;
  /** Markdown to a plan's content; rejects with what importMarkdown refuses. `prompts`: keep the guiding prompts of a template. */
  importMarkdown(text: string, options?: { prompts?: boolean }): Promise<PlanContent>;
  exportMarkdown(planId: string): Promise<string>;
  /** Merges the log into a new base and answers the plan's latest (R5). */
  compact(planId: string): Promise<Base>;
  /** Reads title, words and so on into the list of plans. */
  digest(planId: string): Promise<void>;
  /** Plans whose digest lags behind the log, because the server ended before it was made. */
  lagging(): Promise<string[]>;
  /** Called with the authors of updates that could not be applied and were taken out of the log (R8). */
  onSetAside(listener: (planId: string, authors: ReadonlySet<string>) => void): void;
  stop(): Promise<void>;
}

const TIME_LIMIT = 30_000;
const MEMORY_MB = 1_024;
const QUEUE = 100;

export function createDocuments({ database, log }: { database: Database; log: Log }): Documents {
  const { sqlite, kysely, file } = database;
  const updateLog = createUpdateLog(database);
  const size = Math.max(1, Math.min(4, availableParallelism() - 1));
  const pool = createPool({ file, size, timeLimit: TIME_LIMIT, memory: MEMORY_MB, queue: QUEUE });
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
    planId: string,
    ownerId: string,
    time: number,
    made: Jobs['create']['output'],
  ): Promise<void> {
    while (sqlite.isTransaction) await nextTurn();
    const { frontMatter } = made;
    sqlite.exec('BEGIN IMMEDIATE');
    try {
      sqlite
        .prepare(
          `INSERT INTO plans (id, generation, schema_version, created_at, created_by, archived_at, title, subtitle, place, keywords,
             status, language, stream, words, updated_at, digest_seq) VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
        )
        .run(
          ...[planId, randomUUID(), SCHEMA_VERSION, time, ownerId],
          ...[frontMatter.title, frontMatter.subtitle, frontMatter.place, frontMatter.keywords.join('\n')],
          ...[frontMatter.status, frontMatter.language, frontMatter.stream, made.words, time],
        );
      sqlite
        .prepare("INSERT INTO members (plan_id, user_id, role, since) VALUES (?, ?, 'owner', ?)")
        .run(planId, ownerId, time);
      sqlite
        .prepare(
          'INSERT INTO bases (plan_id, seq, state, state_vector, delete_set, created_at) VALUES (?, 1, ?, ?, ?, ?)',
        )
        .run(planId, made.state, made.stateVector, made.deleteSet, time);
      sqlite
        .prepare('INSERT INTO attributions (plan_id, first_seq, last_seq, data) VALUES (?, 1, 1, ?)')
        .run(planId, made.attribution);
      for (const clientId of made.clientIds) {
        sqlite
          .prepare('INSERT INTO client_ids (plan_id, client_id, user_id) VALUES (?, ?, ?)')
          .run(planId, clientId, ownerId);
      }
      sqlite.exec('COMMIT');
    } catch (error) {
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    async create({ planId, ownerId, frontMatter, content }) {
      const time = Date.now();
      const made = await pool.run('create', { ownerId, time, frontMatter, content });
      await insertPlan(planId, ownerId, time, made);
    },

    async materialise(planId) {
      const { poisons, ...plan } = await pool.run('materialise', { planId });
      await setAside(planId, poisons);
      return plan;
    },

    importMarkdown: (text, { prompts = false } = {}) => pool.run('importMarkdown', { text, prompts }),

    async exportMarkdown(planId) {
      const { markdown, poisons } = await pool.run('exportMarkdown', { planId });
      await setAside(planId, poisons);
      return markdown;
    },

    async compact(planId) {
      const { base, poisons } = await pool.run('compact', { planId });
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

    onSetAside(listener) {
      listeners.push(listener);
    },

    stop: () => pool.stop(),
  };
}
