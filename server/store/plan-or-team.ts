/** What people are members of, and what links lead to. Both have the same ways in and out, in the same tables. */
import type { Kysely } from 'kysely';
import { type AuditRecord, writeAudit } from './audit.ts';
import type { Tables } from './tables.ts';

export type PlanOrTeam =
  | { readonly planId: string; readonly teamId?: never }
  | { readonly teamId: string; readonly planId?: never };

/** The column that names it in members, links and withdrawals. */
export const columnOf = (of: PlanOrTeam) => (of.planId === undefined ? 'team_id' : 'plan_id');

export const idOf = (of: PlanOrTeam): string => of.planId ?? of.teamId;

/** Both columns, for a row of its own. */
export const columnsOf = ({ planId, teamId }: PlanOrTeam) => ({ plan_id: planId ?? null, team_id: teamId ?? null });

/** Of a row in which, as the tables demand, one of the two is set. */
export function planOrTeam(planId: string | null, teamId: string | null): PlanOrTeam {
  if (planId !== null) return { planId };
  if (teamId !== null) return { teamId };
  throw new TypeError('Expected the id of a plan or of a team.');
}

/** How the user lost what they had in the plan or the team, last; null: they were never in it, or left. */
export async function whyTakenAway(
  kysely: Kysely<Tables>,
  userId: string,
  { planId = null, teamId = null }: { planId?: string | null; teamId?: string | null },
): Promise<'access-removed' | 'link-withdrawn' | null> {
  const withdrawal = await kysely
    .selectFrom('withdrawals')
    .select('link_id')
    .where((where) => where.or([where('plan_id', '=', planId), where('team_id', '=', teamId)]))
    .where('user_id', '=', userId)
    .orderBy('time', 'desc')
    .executeTakeFirst();
  if (!withdrawal) return null;
  return withdrawal.link_id === null ? 'access-removed' : 'link-withdrawn';
}

/** The same act on a plan and on a team. */
const ON_TEAM = {
  'member-added': 'team-member-added',
  'role-changed': 'team-role-changed',
  'member-removed': 'team-member-removed',
  'member-left': 'team-left',
  'link-created': 'team-link-created',
  'link-withdrawn': 'team-link-withdrawn',
  'link-redeemed': 'team-link-redeemed',
} as const;

type Act = Extract<AuditRecord, { action: keyof typeof ON_TEAM }>;
type WithoutPlan<Record> = Record extends unknown ? Omit<Record, 'planId'> : never;

/** As writeAudit; about a team, its name goes along, because the log of the server has no place for its id. */
export async function writeMembershipAudit(
  transaction: Kysely<Tables>,
  of: PlanOrTeam,
  act: WithoutPlan<Act>,
): Promise<void> {
  if (of.planId !== undefined) return writeAudit(transaction, { planId: of.planId, ...act } as Act);
  const { name } = await transaction
    .selectFrom('teams')
    .select('name')
    .where('id', '=', of.teamId)
    .executeTakeFirstOrThrow();
  const detail = { ...act.detail, team: name };
  await writeAudit(transaction, { ...act, planId: null, action: ON_TEAM[act.action], detail } as AuditRecord);
}
