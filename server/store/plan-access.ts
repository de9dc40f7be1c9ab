/** Which role somebody has in a plan: the one place that decides it, for requests and for open sockets alike. */
import type { Kysely } from 'kysely';
import { betterRole, type Role } from '../../shared/roles.ts';
import { whyTakenAway } from './plan-or-team.ts';
import type { Tables } from './tables.ts';
import { withUsers } from './users.ts';

export type PlanAccess =
  | {
      readonly role: Role;
      /** Of the plan or of the team that owns it. Else the role is everybody's, who may read it and nothing more. */
      readonly member: boolean;
      readonly archivedAt: number | null;
    }
  | {
      readonly role: null;
      /** Says only what this person may know: that there is such a plan is no secret to those who were in it. */
      readonly refusal: 'not-found' | 'access-removed' | 'link-withdrawn' | 'account-required' | 'suspended';
    };

const refused = (refusal: Extract<PlanAccess, { role: null }>['refusal']): PlanAccess => ({ role: null, refusal });

/** `userId` null: somebody who is not signed in. The best of all the ways in which they hold the plan counts. */
export async function readPlanAccess(
  kysely: Kysely<Tables>,
  userId: string | null,
  planId: string,
): Promise<PlanAccess> {
  const plan = await kysely
    .selectFrom('plans')
    .select(['archived_at as archivedAt', 'public_since', 'requires_account', 'team_id as teamId'])
    .where('id', '=', planId)
    .executeTakeFirst();
  if (!plan) return refused('not-found');
  const { archivedAt } = plan;
  const asMember = userId === null ? null : await readMembership(kysely, userId, planId, plan);
  if (asMember?.role) return { role: asMember.role, member: true, archivedAt };
  if (asMember?.refusal === 'suspended') return asMember;
  // Who archives a plan takes it from the public, too.
  if (plan.public_since !== null && archivedAt === null) return { role: 'viewer', member: false, archivedAt };
  return asMember ?? refused('not-found');
}

/** null: nothing is known of this person here. */
async function readMembership(
  kysely: Kysely<Tables>,
  userId: string,
  planId: string,
  plan: { requires_account: number; teamId: string | null },
): Promise<{ role: Role; refusal?: never } | Extract<PlanAccess, { role: null }> | null> {
  const ways = await kysely
    .selectFrom('holdings')
    .select('role')
    .where('plan_id', '=', planId)
    .where('user_id', '=', userId)
    .execute();
  const person = await withUsers(kysely)
    .selectFrom('user')
    .select(['isAnonymous', 'suspendedAt'])
    .where('id', '=', userId)
    .executeTakeFirst();
  if (person && person.suspendedAt !== null) return { role: null, refusal: 'suspended' };
  const [first, ...rest] = ways.map(({ role }) => role);
  if (first === undefined) {
    const refusal = await whyTakenAway(kysely, userId, { planId, teamId: plan.teamId });
    return refusal && { role: null, refusal };
  }
  if (plan.requires_account === 1 && person?.isAnonymous === 1) return { role: null, refusal: 'account-required' };
  return { role: rest.reduce(betterRole, first) };
}
