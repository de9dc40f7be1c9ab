/** Who is a member of a plan or a team, by name and by links. Neither ever loses its last owner. */
import type { Kysely, Transaction } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import { betterRole, ROLES, type Role } from '../../shared/roles.ts';
import { columnOf, columnsOf, idOf, type PlanOrTeam, planOrTeam, writeMembershipAudit } from './plan-or-team.ts';
import type { Tables } from './tables.ts';
import { isGuest, withUsers } from './users.ts';

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
export async function listMembers(kysely: Kysely<Tables>, of: PlanOrTeam): Promise<MemberRow[]> {
  const rows = await withUsers(kysely)
    .selectFrom('members')
    .innerJoin('user', 'user.id', 'members.user_id')
    .leftJoin('links', 'links.id', 'members.link_id')
    .where(`members.${columnOf(of)}`, '=', idOf(of))
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

/**
 * Makes the user a member by name, for `by`, an owner. Throws `conflict` when they are one already, by name or by a link, and
 * `account-required` for a guest who is to own a team.
 */
export async function addMember(
  kysely: Kysely<Tables>,
  of: PlanOrTeam,
  { userId, role, by }: { userId: string; role: Role; by: string },
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    if (await roleOf(transaction, of, userId)) {
      throw new CommonplanError('conflict', 'This person is a member already. Change the role in the list of members.');
    }
    await refuseGuestAsOwner(transaction, of, { userId, role });
    await insertMember(transaction, { of, userId, role, linkId: null, since: Date.now() });
    await writeMembershipAudit(transaction, of, { actor: by, action: 'member-added', detail: { user: userId, role } });
  });
}

/**
 * `by`, an owner, gives a member this role by name; null: puts them out, or, when it is they themselves, lets them leave. Links that they
 * were members by count no longer. Throws `not-found`, `last-owner`, and `account-required` as addMember.
 */
export async function changeRole(
  kysely: Kysely<Tables>,
  of: PlanOrTeam,
  { userId, role, by }: { userId: string; role: Role | null; by: string },
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const current = await roleOf(transaction, of, userId);
    if (!current) throw new CommonplanError('not-found', 'This person is not a member here.');
    if (current === 'owner' && role !== 'owner' && !(await isOwned(transaction, of, { but: userId }))) {
      throw new CommonplanError('last-owner');
    }
    await refuseGuestAsOwner(transaction, of, { userId, role });
    const [first] = await transaction
      .deleteFrom('members')
      .where(columnOf(of), '=', idOf(of))
      .where('user_id', '=', userId)
      .returning((select) => select.ref('since').as('since'))
      .execute();
    if (role) await insertMember(transaction, { of, userId, role, linkId: null, since: first!.since });
    const leaves = role === null && by === userId;
    if (!leaves && (role === null || betterRole(role, current) === current) && role !== current) {
      await noteWithdrawal(transaction, of, userId);
    }
    await writeMembershipAudit(transaction, of, {
      actor: by,
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
      .returning(['plan_id', 'team_id', 'role', 'since', 'link_id as linkId'])
      .execute();
    for (const { plan_id, team_id, ...way } of held) {
      await insertMember(transaction, { ...way, of: planOrTeam(plan_id, team_id), userId: toUserId });
    }
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
              .where((same) =>
                same.or([
                  same('others.plan_id', '=', same.ref('withdrawals.plan_id')),
                  same('others.team_id', '=', same.ref('withdrawals.team_id')),
                ]),
              )
              .where('others.user_id', '=', toUserId),
          ),
        ),
      )
      .execute();
  });
}

interface Way {
  readonly of: PlanOrTeam;
  readonly userId: string;
  readonly role: Role;
  /** null: by name. */
  readonly linkId: string | null;
  readonly since: number;
}

/** One more way of being a member. Of two by the same link, or by name, the better one stays. */
export async function insertMember(transaction: Transaction<Tables>, way: Way): Promise<void> {
  const { of, userId, role, linkId, since } = way;
  const same = await transaction
    .deleteFrom('members')
    .where(columnOf(of), '=', idOf(of))
    .where('user_id', '=', userId)
    .where('link_id', 'is', linkId)
    .returning(['role', 'since'])
    .executeTakeFirst();
  await transaction
    .insertInto('members')
    .values({
      ...{ ...columnsOf(of), user_id: userId, link_id: linkId },
      role: same ? betterRole(same.role, role) : role,
      since: same ? Math.min(same.since, since) : since,
    })
    .execute();
}

/** From now on, links that were made before give this person nothing more. */
async function noteWithdrawal(transaction: Transaction<Tables>, of: PlanOrTeam, userId: string): Promise<void> {
  const taken = { time: Date.now(), link_id: null };
  await transaction
    .insertInto('withdrawals')
    .values({ ...columnsOf(of), user_id: userId, ...taken })
    .onConflict((conflict) => conflict.columns([columnOf(of), 'user_id']).doUpdateSet(taken))
    .execute();
}

/** Of a plan: as a member of the plan itself. */
async function roleOf(kysely: Kysely<Tables>, of: PlanOrTeam, userId: string): Promise<Role | undefined> {
  const rows = await kysely
    .selectFrom('members')
    .select('role')
    .where(columnOf(of), '=', idOf(of))
    .where('user_id', '=', userId)
    .execute();
  return ROLES.find((role) => rows.some((row) => row.role === role));
}

/**
 * Whether it has an owner: a person who is let in, or a team, which never loses its last owner and has none who is a guest. `but`: not
 * counting this one.
 */
export async function isOwned(
  kysely: Kysely<Tables>,
  of: PlanOrTeam,
  { but, requiresAccount }: { but?: string; requiresAccount?: boolean } = {},
): Promise<boolean> {
  const plan = await kysely
    .selectFrom('plans')
    .select(['team_id', 'requires_account'])
    .where('id', '=', of.planId ?? null)
    .executeTakeFirst();
  if (plan && plan.team_id !== null) return true;
  let owners = withUsers(kysely)
    .selectFrom('members')
    .innerJoin('user', 'user.id', 'members.user_id')
    .select('members.user_id')
    .where(`members.${columnOf(of)}`, '=', idOf(of))
    .where('members.role', '=', 'owner');
  if (but !== undefined) owners = owners.where('members.user_id', '!=', but);
  if (requiresAccount ?? plan?.requires_account === 1) {
    owners = owners.where((where) => where.or([where('isAnonymous', 'is', null), where('isAnonymous', '=', 0)]));
  }
  return (await owners.limit(1).executeTakeFirst()) !== undefined;
}

/** Whoever owns a team is to be found again: a guest is known to one browser only. Throws `account-required`. */
export async function refuseGuestAsOwner(
  kysely: Kysely<Tables>,
  of: PlanOrTeam,
  { userId, role }: { userId: string; role: Role | null },
): Promise<void> {
  if (of.teamId === undefined || role !== 'owner' || !(await isGuest(kysely, userId))) return;
  throw new CommonplanError('account-required', 'A team is owned by people who have an account.');
}
