/** Who has which role in a plan. A plan never loses its last owner. */
import type { Kysely, Transaction } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import { betterRole, ROLES, type Role } from '../../shared/roles.ts';
import type { Tables } from './tables.ts';
import { withUsers } from './users.ts';

export interface MemberRow {
  readonly userId: string;
  readonly name: string;
  /** null: a guest. */
  readonly email: string | null;
  readonly guest: boolean;
  readonly role: Role;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Owners first, then by the time they came. */
export async function listMembers(kysely: Kysely<Tables>, planId: string): Promise<MemberRow[]> {
  const rows = await withUsers(kysely)
    .selectFrom('members')
    .innerJoin('user', 'user.id', 'members.user_id')
    .where('members.plan_id', '=', planId)
    .select(['user.id', 'user.name', 'user.email', 'user.isAnonymous', 'members.role', 'members.since'])
    .orderBy('members.since')
    .orderBy('user.id')
    .execute();
  return rows
    .map(({ id, name, email, isAnonymous, role, since }) => {
      const guest = isAnonymous === 1;
      return { userId: id, name, email: guest ? null : email, guest, role, since };
    })
    .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
}

/** Makes the user a member. Throws `conflict` when they are one already. */
export async function addMember(kysely: Kysely<Tables>, planId: string, userId: string, role: Role): Promise<void> {
  const added = await kysely
    .insertInto('members')
    .values({ plan_id: planId, user_id: userId, role, since: Date.now() })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 0n) {
    throw new CommonplanError('conflict', 'This person is a member already. Change the role in the list of members.');
  }
}

/** Gives a member another role; null removes the member. Throws `not-found` and `last-owner`. */
export async function changeRole(
  kysely: Kysely<Tables>,
  planId: string,
  userId: string,
  role: Role | null,
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const current = await roleIn(transaction, planId, userId);
    if (!current) throw new CommonplanError('not-found', 'This person is not a member of this plan.');
    if (current === 'owner' && role !== 'owner' && !(await hasOtherOwner(transaction, planId, userId))) {
      throw new CommonplanError('last-owner');
    }
    await writeRole(transaction, planId, userId, role);
  });
}

/** The user holds the plan by one more way: a link. Resolves to the better of the roles, and whether anything changed. */
export async function grantRole(
  transaction: Transaction<Tables>,
  planId: string,
  userId: string,
  granted: Role,
): Promise<{ role: Role; changed: boolean }> {
  const current = await roleIn(transaction, planId, userId);
  const role = current ? betterRole(current, granted) : granted;
  if (role !== current) await writeRole(transaction, planId, userId, role);
  return { role, changed: role !== current };
}

/** Everything that one user may, the other may from now on, and the first no longer. Resolves to the plans and roles that moved. */
export async function moveMemberships(
  kysely: Kysely<Tables>,
  fromUserId: string,
  toUserId: string,
): Promise<{ planId: string; role: Role }[]> {
  return kysely.transaction().execute(async (transaction) => {
    const held = await transaction
      .deleteFrom('members')
      .where('user_id', '=', fromUserId)
      .returning(['plan_id', 'role'])
      .execute();
    const moved: { planId: string; role: Role }[] = [];
    for (const { plan_id, role } of held) {
      moved.push({ planId: plan_id, role: (await grantRole(transaction, plan_id, toUserId, role)).role });
    }
    return moved;
  });
}

async function roleIn(kysely: Kysely<Tables>, planId: string, userId: string): Promise<Role | undefined> {
  const row = await kysely
    .selectFrom('members')
    .select('role')
    .where('plan_id', '=', planId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.role;
}

async function hasOtherOwner(kysely: Kysely<Tables>, planId: string, userId: string): Promise<boolean> {
  const other = await kysely
    .selectFrom('members')
    .select('user_id')
    .where('plan_id', '=', planId)
    .where('role', '=', 'owner')
    .where('user_id', '!=', userId)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

async function writeRole(kysely: Kysely<Tables>, planId: string, userId: string, role: Role | null): Promise<void> {
  if (role === null) {
    await kysely.deleteFrom('members').where('plan_id', '=', planId).where('user_id', '=', userId).execute();
    return;
  }
  await kysely
    .insertInto('members')
    .values({ plan_id: planId, user_id: userId, role, since: Date.now() })
    .onConflict((conflict) => conflict.columns(['plan_id', 'user_id']).doUpdateSet({ role }))
    .execute();
}
