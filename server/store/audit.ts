/** The audit log: rows that are only ever added, in the transaction of what they tell of. */
import type { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { AuditAction, AuditDetail, AuditValue, DetailKey } from '../../shared/audit.ts';
import type { Tables } from './tables.ts';

type About<Action extends AuditAction> = {
  /** null: it is about the server, an account or a team. */
  readonly planId: string | null;
  /** Id of the user who did it; null: somebody with the server's command line. */
  readonly actor: string | null;
  readonly action: Action;
} & ([DetailKey<Action>] extends [never]
  ? { readonly detail?: AuditDetail<Action> }
  : { readonly detail: AuditDetail<Action> });

/** One act, with the details that its sentence in shared/audit.ts asks for. Never tokens, addresses or anybody's words. */
export type AuditRecord = { [Action in AuditAction]: About<Action> }[AuditAction];

/** Call it with the transaction that does what it tells of, so that neither is without the other. */
export async function writeAudit(kysely: Kysely<Tables>, record: AuditRecord): Promise<void> {
  await kysely.insertInto('audit').values(rowOf(record)).execute();
}

/** The same inside a transaction of store/transaction.ts. */
export function insertAudit(sqlite: DatabaseSync, record: AuditRecord): void {
  const { time, plan_id, actor, action, detail } = rowOf(record);
  sqlite
    .prepare('INSERT INTO audit (time, plan_id, actor, action, detail) VALUES (?, ?, ?, ?, ?)')
    .run(time, plan_id, actor, action, detail);
}

const rowOf = ({ planId, actor, action, detail = {} }: AuditRecord) => ({
  time: Date.now(),
  plan_id: planId,
  actor,
  action,
  detail: JSON.stringify(detail),
});

export interface StoredAudit {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly planId: string | null;
  readonly actor: string | null;
  readonly action: string;
  readonly detail: Readonly<Record<string, AuditValue>>;
}

/** The newest first. `planId` undefined: of all plans and of the server. `before`: only older ones than this id. */
export async function listAudit(
  kysely: Kysely<Tables>,
  { planId, before, limit }: { planId?: string | undefined; before?: number | undefined; limit: number },
): Promise<StoredAudit[]> {
  let query = kysely.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit);
  if (planId !== undefined) query = query.where('plan_id', '=', planId);
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query.execute();
  return rows.map(({ plan_id, detail, ...row }) => ({ ...row, planId: plan_id, detail: JSON.parse(detail) }));
}
