/** Who is a member of a plan, by name and by links. A plan never loses its last owner. */
import type { Kysely, Transaction } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import { betterRole, ROLES, type Role } from '../../shared/roles.ts';
import { writeAudit } from './audit.ts';
import type { Tables } from './tables.ts';
import { withUsers } from './users.ts';

export interface MemberRow {
  readonly userId: string;
  readonly name: string;
  /** null: a guest. */
  readonly email: string | null;
  readonly guest: boolean;
  /** The best that they have. */
  readonly role: Role;
  /** Milliseconds since 1970: when they came. */
  readonly since: number;
  /** Where that role comes from; null: an owner gave it to them by name. */
  readonly link: { readonly id: string; readonly label: string } | null;
}

/** Owners first, then by the time they came. */
export async function listMembers(kysely: Kysely<Tables>, planId: string): Promise<MemberRow[]> {
  const rows = await withUsers(kysely)
    .selectFrom('members')
    .innerJoin('user', 'user.id', 'members.user_id')
    .leftJoin('links', 'links.id', 'members.link_id')
    .where('members.plan_id', '=', planId)
    .select(['user.id', 'user.name', 'user.email', 'user.isAnonymous', 'members.role', 'members.since'])
    .select(['members.link_id', 'links.label'])
    .orderBy('members.since')
    .orderBy('user.id')
    .execute();
  const members = new Map<string, MemberRow>();
  for (const { id, name, email, isAnonymous, role, since, link_id, label } of rows) {
    const before = members.get(id);
    if (before && betterRole(before.role, role) === before.role && (before.role !== role || link_id !== null)) continue;
    const guest = isAnonymous === 1;
    members.set(id, {
      ...{ userId: id, name, email: guest ? null : email, guest, role },
      since: before?.since ?? since,
      link: link_id === null ? null : { id: link_id, label: label ?? '' },
    });
  }
  return [...members.values()].sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
}

/** Makes the user a member by name, for `by`, an owner. Throws `conflict` when they are one already, by name or by a link. */
export async function addMember(
  kysely: Kysely<Tables>,
  planId: string,
  { userId, role, by }: { userId: string; role: Role; by: string },
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    if (await roleOf(transaction, planId, userId)) {
      throw new CommonplanError('conflict', 'This person is a member already. Change the role in the list of members.');
    }
    await insertMember(transaction, { planId, userId, role, linkId: null, since: Date.now() });
    await writeAudit(transaction, { planId, actor: by, action: 'member-added', detail: { user: userId, role } });
  });
}

/**
 * `by`, an owner, gives a member this role by name; null: puts them out, or, when it is they themselves, lets them leave. Links that they
 * held the plan by count no longer. Throws `not-found` and `last-owner`.
 */
export async function changeRole(
  kysely: Kysely<Tables>,
  planId: string,
  { userId, role, by }: { userId: string; role: Role | null; by: string },
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const current = await roleOf(transaction, planId, userId);
    if (!current) throw new CommonplanError('not-found', 'This person is not a member of this plan.');
    if (current === 'owner' && role !== 'owner' && !(await isOwned(transaction, planId, { but: userId }))) {
      throw new CommonplanError('last-owner');
    }
    const [first] = await transaction
      .deleteFrom('members')
      .where('plan_id', '=', planId)
      .where('user_id', '=', userId)
      .returning((select) => select.ref('since').as('since'))
      .execute();
    if (role) await insertMember(transaction, { planId, userId, role, linkId: null, since: first!.since });
    const leaves = role === null && by === userId;
    if (!leaves && (role === null || betterRole(role, current) === current) && role !== current) {
      await noteWithdrawal(transaction, planId, userId);
    }
    await writeAudit(transaction, {
      ...{ planId, actor: by },
      ...(role === null
        ? leaves
          ? { action: 'member-left' }
          : { action: 'member-removed', detail: { user: userId } }
        : { action: 'role-changed', detail: { user: userId, role, before: current } }),
    });
  });
}

/** Everything that one user may, the other may from now on, and the first no longer. */
export async function moveMemberships(kysely: Kysely<Tables>, fromUserId: string, toUserId: string): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const held = await transaction
      .deleteFrom('members')
      .where('user_id', '=', fromUserId)
      .returning(['plan_id as planId', 'role', 'since', 'link_id as linkId'])
      .execute();
    for (const way of held) await insertMember(transaction, { ...way, userId: toUserId });
    // What was taken from the one is not given back by becoming the other.
    await transaction
      .updateTable('withdrawals')
      .set({ user_id: toUserId })
      .where('user_id', '=', fromUserId)
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('withdrawals as others')
              .select('others.time')
              .whereRef('others.plan_id', '=', 'withdrawals.plan_id')
              .where('others.user_id', '=', toUserId),
          ),
        ),
      )
      .execute();
  });
}

interface Way {
  readonly planId: string;
  readonly userId: string;
  readonly role: Role;
  /** null: by name. */
  readonly linkId: string | null;
  readonly since: number;
}

/** One more way of holding the plan. Of two by the same link, or by name, the better one stays. */
export async function insertMember(transaction: Transaction<Tables>, way: Way): Promise<void> {
  const { planId, userId, role, linkId, since } = way;
  const same = await transaction
    .deleteFrom('members')
    .where('plan_id', '=', planId)
    .where('user_id', '=', userId)
    .where('link_id', 'is', linkId)
    .returning(['role', 'since'])
    .executeTakeFirst();
  await transaction
    .insertInto('members')
    .values({
      ...{ plan_id: planId, user_id: userId, link_id: linkId },
      role: same ? betterRole(same.role, role) : role,
      since: same ? Math.min(same.since, since) : since,
    })
    .execute();
}

/** From now on, links that were made before give this person nothing more. */
async function noteWithdrawal(transaction: Transaction<Tables>, planId: string, userId: string): Promise<void> {
  const taken = { time: Date.now(), link_id: null };
  await transaction
    .insertInto('withdrawals')
    .values({ plan_id: planId, user_id: userId, ...taken })
    .onConflict((conflict) => conflict.columns(['plan_id', 'user_id']).doUpdateSet(taken))
    .execute();
}

/** As a member of the plan itself. */
async function roleOf(kysely: Kysely<Tables>, planId: string, userId: string): Promise<Role | undefined> {
  const rows = await kysely
    .selectFrom('members')
    .select('role')
    .where('plan_id', '=', planId)
    .where('user_id', '=', userId)
    .execute();
  return ROLES.find((role) => rows.some((row) => row.role === role));
}

/** Whether the plan is owned: by a team, which never loses its last owner, or by a person who is let in. `but`: not counting this one. */
export async function isOwned(
  kysely: Kysely<Tables>,
  planId: string,
  { but, requiresAccount }: { but?: string; requiresAccount?: boolean } = {},
): Promise<boolean> {
  const plan = await kysely
    .selectFrom('plans')
    .select(['team_id', 'requires_account'])
    .where('id', '=', planId)
    .executeTakeFirstOrThrow();
  if (plan.team_id !== null) return true;
  let owners = withUsers(kysely)
    .selectFrom('members')
    .innerJoin('user', 'user.id', 'members.user_id')
    .select('members.user_id')
    .where('members.plan_id', '=', planId)
    .where('members.role', '=', 'owner');
  if (but !== undefined) owners = owners.where('members.user_id', '!=', but);
  if (requiresAccount ?? plan.requires_account === 1) {
    owners = owners.where((where) => where.or([where('isAnonymous', 'is', null), where('isAnonymous', '=', 0)]));
  }
  return (await owners.limit(1).executeTakeFirst()) !== undefined;
}
