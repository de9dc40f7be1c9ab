/** What one person contributed to which plans, as far as their snapshots tell. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Tables } from './tables.ts';

const contributorsShape = z.array(z.object({ userId: z.string(), inserted: z.number(), deleted: z.number() }));

export interface PlanContribution {
  readonly planId: string;
  /** Characters. */
  inserted: number;
  deleted: number;
  /** Those that the person is the author of; times are ISO 8601. */
  readonly snapshots: { number: number; time: string; label: string }[];
}

/** By plan; what the person did as a guest, before signing in to this account, is among it. */
export async function listContributions(kysely: Kysely<Tables>, userId: string): Promise<PlanContribution[]> {
  const aliases = await kysely.selectFrom('aliases').select('user_id').where('account_id', '=', userId).execute();
  const ids = [userId, ...aliases.map(({ user_id }) => user_id)];
  const rows = await kysely
    .selectFrom('snapshots')
    .select(['plan_id as planId', 'number', 'time', 'author', 'label', 'contributors'])
    .where((where) =>
      where.or([
        where('author', 'in', ids),
        where('plan_id', 'in', (plans) =>
          plans.selectFrom('client_ids').select('client_ids.plan_id').where('client_ids.user_id', 'in', ids),
        ),
      ]),
    )
    .orderBy('plan_id')
    .orderBy('number')
    .execute();
  const plans = new Map<string, PlanContribution>();
  for (const { planId, number, time, author, label, contributors } of rows) {
    const plan = plans.get(planId) ?? { planId, inserted: 0, deleted: 0, snapshots: [] };
    plans.set(planId, plan);
    for (const { userId: by, inserted, deleted } of contributorsShape.parse(JSON.parse(contributors))) {
      if (!ids.includes(by)) continue;
      plan.inserted += inserted;
      plan.deleted += deleted;
    }
    if (author !== null && ids.includes(author))
      plan.snapshots.push({ number, time: new Date(time).toISOString(), label });
  }
  return [...plans.values()];
}
