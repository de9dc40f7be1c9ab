/** What a plan is apart from its text: whether it is in use, which state of it the log holds. Creating one is documents/'s: it needs the first base. */
import type { Kysely } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import { writeAudit } from './audit.ts';
import type { Tables } from './tables.ts';

/** Archives the plan at this time (milliseconds since 1970), or brings it back with null. Throws `conflict` for a plan of an archived team. */
export async function setArchived(
  kysely: Kysely<Tables>,
  planId: string,
  at: number | null,
  actor: string,
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    if (at === null) await refuseInArchivedTeam(transaction, planId);
    const { numUpdatedRows } = await transaction
      .updateTable('plans')
      .set({ archived_at: at })
      .where('id', '=', planId)
      // Archiving twice keeps the first time.
      .where('archived_at', at === null ? 'is not' : 'is', null)
      .executeTakeFirst();
    const action = at === null ? 'plan-brought-back' : 'plan-archived';
    if (numUpdatedRows > 0n) await writeAudit(transaction, { planId, actor, action });
  });
}

async function refuseInArchivedTeam(kysely: Kysely<Tables>, planId: string): Promise<void> {
  const team = await kysely
    .selectFrom('plans')
    .innerJoin('teams', 'teams.id', 'plans.team_id')
    .select('teams.name')
    .where('plans.id', '=', planId)
    .where('teams.archived_at', 'is not', null)
    .executeTakeFirst();
  if (!team) return;
  throw new CommonplanError('conflict', `The team that owns this plan, “${team.name}”, has been archived.`, {
    hint: 'Bring the team back first, or take the plan out of it.',
  });
}

/** Which state of the plan the log holds: its generation and the `seq` of the last update. */
export async function readVersion(
  kysely: Kysely<Tables>,
  planId: string,
): Promise<{ generation: string; seq: number } | undefined> {
  return kysely
    .selectFrom('plans')
    .select((select) => [
      'plans.generation',
      select.fn
        .coalesce(
          select
            .selectFrom('updates')
            .select((of) => of.fn.max('updates.seq').as('seq'))
            .whereRef('updates.plan_id', '=', 'plans.id'),
          select
            .selectFrom('bases')
            .select((of) => of.fn.max('bases.seq').as('seq'))
            .whereRef('bases.plan_id', '=', 'plans.id'),
          select.lit(0),
        )
        .as('seq'),
    ])
    .where('plans.id', '=', planId)
    .executeTakeFirst();
}
