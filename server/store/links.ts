/** Share links. Only the hash of a link's token is stored: neither the database nor a backup of it lets anybody in. */
import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import { betterRole, type LinkRole, type Role } from '../../shared/roles.ts';
import { insertMember } from './members.ts';
import { readPlanAccess } from './plan-access.ts';
import { columnOf, columnsOf, idOf, type PlanOrTeam, planOrTeam, writeMembershipAudit } from './plan-or-team.ts';
import type { Tables } from './tables.ts';
import { readTeamMembership } from './teams.ts';
import { isGuest, withUsers } from './users.ts';

/** What a link's maker decides. Times are milliseconds since 1970. */
export interface LinkTerms {
  readonly role: LinkRole;
  readonly label: string;
  /** null: it does not expire. */
  readonly expiresAt: number | null;
  /** null: any number of people may come in by it. */
  readonly mostUses: number | null;
}

export interface LinkRow extends LinkTerms {
  readonly id: string;
  readonly createdAt: number;
  /** The name of whoever made it. */
  readonly createdBy: string;
  readonly uses: number;
  /** Who came in by it and holds the plan by it. */
  readonly people: readonly { readonly userId: string; readonly name: string }[];
}

/** Of a plan or a team, not counting those that were withdrawn. */
const MOST_LINKS = 200;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Makes a link. `token` (256 random bits) is known from here on to the caller alone. Throws `conflict` when there are too many. */
export async function createLink(
  kysely: Kysely<Tables>,
  of: PlanOrTeam,
  { by, ...terms }: LinkTerms & { by: string },
): Promise<{ id: string; token: string; createdAt: number }> {
  const id = randomBytes(12).toString('base64url');
  const token = randomBytes(32).toString('base64url');
  const createdAt = Date.now();
  const { role, label, expiresAt, mostUses } = terms;
  await kysely.transaction().execute(async (transaction) => {
    const { count } = await transaction
      .selectFrom('links')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where(columnOf(of), '=', idOf(of))
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (count >= MOST_LINKS) {
      throw new CommonplanError('conflict', `There are ${MOST_LINKS} links already. Withdraw those that nobody needs.`);
    }
    await transaction
      .insertInto('links')
      .values({
        ...{ id, ...columnsOf(of), role, label, expires_at: expiresAt, most_uses: mostUses },
        ...{ token_hash: hashOf(token), created_by: by, created_at: createdAt, revoked_at: null },
      })
      .execute();
    const detail = { link: nameOf(label), role, linkId: id };
    await writeMembershipAudit(transaction, of, { actor: by, action: 'link-created', detail });
  });
  return { id, token, createdAt };
}

/** For the audit log, in which nobody's address may stay for ever. */
const nameOf = (label: string): string => (label.includes('@') ? '' : label);

/** The links that were not withdrawn, oldest first; also those that let nobody in any more. */
export async function listLinks(kysely: Kysely<Tables>, of: PlanOrTeam): Promise<LinkRow[]> {
  const links = await withUsers(kysely)
    .selectFrom('links')
    .leftJoin('user', 'user.id', 'links.created_by')
    .where(`links.${columnOf(of)}`, '=', idOf(of))
    .where('links.revoked_at', 'is', null)
    .select(['links.id', 'links.role', 'links.label', 'links.uses', 'links.created_at as createdAt', 'user.name'])
    .select(['links.expires_at as expiresAt', 'links.most_uses as mostUses'])
    .orderBy('links.created_at')
    .orderBy('links.id')
    .execute();
  const people = await withUsers(kysely)
    .selectFrom('members')
    .innerJoin('user', 'user.id', 'members.user_id')
    .where(`members.${columnOf(of)}`, '=', idOf(of))
    .where('members.link_id', 'is not', null)
    .select(['members.link_id', 'user.id as userId', 'user.name'])
    .orderBy('members.since')
    .execute();
  return links.map(({ name, ...link }) => ({
    ...link,
    createdBy: name ?? '',
    people: people.filter(({ link_id }) => link_id === link.id).map(({ userId, name }) => ({ userId, name })),
  }));
}

/**
 * From now on nobody comes in by this link, and those who are members by it alone are so no longer; with `keepMembers` they are members by
 * name. Throws `not-found` unless it is a link of this very plan or team that was not withdrawn before.
 */
export async function withdrawLink(
  kysely: Kysely<Tables>,
  of: PlanOrTeam,
  linkId: string,
  { by, keepMembers }: { by: string; keepMembers: boolean },
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const time = Date.now();
    const link = await transaction
      .updateTable('links')
      .set({ revoked_at: time })
      .where(columnOf(of), '=', idOf(of))
      .where('id', '=', linkId)
      .where('revoked_at', 'is', null)
      .returning('label')
      .executeTakeFirst();
    if (!link) throw new CommonplanError('not-found', 'There is no such link here.');
    const held = await transaction
      .deleteFrom('members')
      .where(columnOf(of), '=', idOf(of))
      .where('link_id', '=', linkId)
      .returning(['user_id as userId', 'role', 'since'])
      .execute();
    for (const { userId, role, since } of held) {
      if (keepMembers) await insertMember(transaction, { of, userId, role, since, linkId: null });
      else {
        await transaction
          .insertInto('withdrawals')
          .values({ ...columnsOf(of), user_id: userId, time, link_id: linkId })
          .onConflict((conflict) =>
            conflict
              .columns([columnOf(of), 'user_id'])
              .doUpdateSet({ time, link_id: linkId })
              // What an owner took from this very person outlasts it.
              .where('withdrawals.link_id', 'is not', null),
          )
          .execute();
      }
    }
    const detail = { link: nameOf(link.label), ended: keepMembers ? 0 : held.length, linkId };
    await writeMembershipAudit(transaction, of, { actor: by, action: 'link-withdrawn', detail });
  });
}

/** What the link with this token leads to, for somebody who has not said yet who they are. Throws what `redeemLink` throws. */
export async function previewLink(
  kysely: Kysely<Tables>,
  token: string,
): Promise<{ kind: 'plan' | 'team'; title: string; role: LinkRole; invitedBy: string; requiresAccount: boolean }> {
  const { of, title, role, createdBy, requiresAccount, refusal } = await findLink(kysely, token);
  if (refusal) throw new CommonplanError(refusal);
  const maker = await withUsers(kysely)
    .selectFrom('user')
    .select('name')
    .where('id', '=', createdBy)
    .executeTakeFirst();
  const kind = of.planId === undefined ? 'team' : 'plan';
  return { kind, title, role, invitedBy: maker?.name ?? '', requiresAccount };
}

/**
 * Lets the user in by the link with this token. One who may do as much already has what they have, at the cost of no use. Throws
 * `link-invalid`, `link-withdrawn`, `link-expired`, `link-used-up`, `archived`, `account-required` to guests, and `access-removed` when an owner put
 * this person out after the link was made.
 */
export async function redeemLink(
  kysely: Kysely<Tables>,
  token: string,
  userId: string,
): Promise<PlanOrTeam & { role: Role }> {
  return kysely.transaction().execute(async (transaction) => {
    const link = await findLink(transaction, token);
    const { of, role } = link;
    const current = await currentRole(transaction, of, userId);
    if (current && betterRole(current, role) === current) return { ...of, role: current };
    const refusal = link.refusal ?? (await whyNot(transaction, link, userId));
    if (refusal && !current) throw new CommonplanError(refusal);
    if (refusal) return { ...of, role: current! };
    await transaction
      .updateTable('links')
      .set((set) => ({ uses: set('uses', '+', 1) }))
      .where('id', '=', link.id)
      .execute();
    await insertMember(transaction, { of, userId, role, linkId: link.id, since: Date.now() });
    const detail = { link: nameOf(link.label), role, linkId: link.id };
    await writeMembershipAudit(transaction, of, { actor: userId, action: 'link-redeemed', detail });
    return { ...of, role };
  });
}

async function currentRole(kysely: Kysely<Tables>, of: PlanOrTeam, userId: string): Promise<Role | null> {
  if (of.planId === undefined) return (await readTeamMembership(kysely, userId, of.teamId))?.role ?? null;
  const access = await readPlanAccess(kysely, userId, of.planId);
  return access.role !== null && access.member ? access.role : null;
}

/** The link with this token, and why it lets nobody in, if so. Looked up by hash: comparing takes no time that tells anything. */
async function findLink(kysely: Kysely<Tables>, token: string) {
  const link = await kysely
    .selectFrom('links')
    .leftJoin('plans', 'plans.id', 'links.plan_id')
    .leftJoin('teams', 'teams.id', 'links.team_id')
    .where('links.token_hash', '=', hashOf(token))
    .select(['links.id', 'links.role', 'links.label', 'links.created_by as createdBy', 'links.created_at as createdAt'])
    .select(['links.revoked_at', 'links.expires_at', 'links.most_uses', 'links.uses'])
    .select(['links.plan_id', 'links.team_id', 'plans.title', 'teams.name', 'plans.requires_account'])
    .select((select) => select.fn.coalesce('plans.archived_at', 'teams.archived_at').as('archived_at'))
    .executeTakeFirst();
  if (!link) throw new CommonplanError('link-invalid');
  const { id, role, label, createdAt, createdBy } = link;
  const of = planOrTeam(link.plan_id, link.team_id);
  const title = link.title ?? link.name ?? '';
  const refusal =
    link.revoked_at !== null
      ? 'link-withdrawn'
      : link.archived_at !== null
        ? 'archived'
        : link.expires_at !== null && link.expires_at <= Date.now()
          ? 'link-expired'
          : link.most_uses !== null && link.uses >= link.most_uses
            ? 'link-used-up'
            : null;
  const requiresAccount = link.requires_account === 1;
  return { id, of, role, label, title, createdAt, createdBy, requiresAccount, refusal } as const;
}

/** Why a link that lets others in does not let this person in. */
async function whyNot(
  kysely: Kysely<Tables>,
  { of, createdAt, requiresAccount }: { of: PlanOrTeam; createdAt: number; requiresAccount: boolean },
  userId: string,
): Promise<'account-required' | 'access-removed' | null> {
  if (requiresAccount && (await isGuest(kysely, userId))) return 'account-required';
  const withdrawal = await kysely
    .selectFrom('withdrawals')
    .select('time')
    .where(columnOf(of), '=', idOf(of))
    .where('user_id', '=', userId)
    .where('link_id', 'is', null)
    .where('time', '>', createdAt)
    .executeTakeFirst();
  return withdrawal ? 'access-removed' : null;
}
