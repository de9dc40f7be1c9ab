/** Plans that teams own: made in a team, given to it, taken out of it. */
import type { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import { may, type Role } from '../../shared/roles.ts';
import { writeAudit } from './audit.ts';
import { insertMember } from './members.ts';
import type { Tables } from './tables.ts';
import { bestOf, readTeamMembership } from './teams.ts';

/**
 * Gives the plan to a team, to another one, or (null) to the user alone, who becomes its owner by name. That the user may manage the plan
 * is checked before; here, that a team lets its plans go only by an owner of it, and gets new ones by its owners and editors. Roles that
 * people have in the plan by name stay. Throws `forbidden`, `not-found` for a team that the user is not in, `archived`.
 */
export async function moveToTeam(
  kysely: Kysely<Tables>,
  { planId, userId, teamId }: { planId: string; userId: string; teamId: string | null },
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const plan = await transaction.selectFrom('plans').select('team_id').where('id', '=', planId).executeTakeFirst();
    if (!plan) throw new CommonplanError('not-found');
    if (plan.team_id === teamId) return;
    if (plan.team_id !== null) {
      const left = await readTeamMembership(transaction, userId, plan.team_id);
      if (left?.role !== 'owner') {
        throw new CommonplanError('forbidden', 'Only an owner of the team can take a plan out of it.');
      }
      const detail = { team: left.name };
      await writeAudit(transaction, { planId, actor: userId, action: 'plan-taken-from-team', detail });
    }
    if (teamId === null) {
      await insertMember(transaction, { of: { planId }, userId, role: 'owner', linkId: null, since: Date.now() });
    } else {
      const entered = await readTeamMembership(transaction, userId, teamId);
      refuseUnlessWriter(entered);
      const detail = { team: entered.name };
      await writeAudit(transaction, { planId, actor: userId, action: 'plan-given-to-team', detail });
    }
    await transaction.updateTable('plans').set({ team_id: teamId }).where('id', '=', planId).execute();
  });
}

/** In the transaction that makes a plan in a team: throws as moveToTeam does. */
export function requireTeamWriter(sqlite: DatabaseSync, teamId: string, userId: string): void {
  const rows = sqlite
    .prepare(
      `SELECT members.role, teams.archived_at AS archivedAt FROM members JOIN teams ON teams.id = members.team_id
       WHERE members.team_id = ? AND members.user_id = ?`,
    )
    .all(teamId, userId);
  refuseUnlessWriter(bestOf(rows as { role: Role; archivedAt: number | null }[]));
}

function refuseUnlessWriter<Row extends { role: Role; archivedAt: number | null }>(
  row: Row | undefined,
): asserts row is Row {
  if (!row) throw new CommonplanError('not-found', 'There is no such team, or you are not in it.');
  if (!may(row.role, 'write')) {
    throw new CommonplanError(
      'forbidden',
      'Only owners and editors of a team make plans in it or bring plans into it.',
    );
  }
  if (row.archivedAt !== null) throw new CommonplanError('archived', 'This team has been archived.');
}
