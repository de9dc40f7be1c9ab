/** Share links. Only the hash of a link's token is stored: neither the database nor a backup of it lets anybody in. */
import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import type { Role } from '../../shared/roles.ts';
import { grantRole } from './members.ts';
import type { Tables } from './tables.ts';
import { withUsers } from './users.ts';

export interface LinkRow {
  readonly id: string;
  readonly role: Role;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The name of whoever made it. */
  readonly createdBy: string;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Makes a link. `token` (256 random bits) is known from here on to the caller alone. */
export async function createLink(
  kysely: Kysely<Tables>,
  planId: string,
  link: { role: Role; createdBy: string },
): Promise<{ id: string; token: string; createdAt: number }> {
  const id = randomBytes(12).toString('base64url');
  const token = randomBytes(32).toString('base64url');
  const createdAt = Date.now();
  await kysely
    .insertInto('links')
    .values({
      id,
      plan_id: planId,
      role: link.role,
      token_hash: hashOf(token),
      created_by: link.createdBy,
      created_at: createdAt,
      revoked_at: null,
    })
    .execute();
  return { id, token, createdAt };
}

/** The links of a plan that can still be redeemed, oldest first. */
export async function listLinks(kysely: Kysely<Tables>, planId: string): Promise<LinkRow[]> {
  const rows = await withUsers(kysely)
    .selectFrom('links')
    .leftJoin('user', 'user.id', 'links.created_by')
    .where('links.plan_id', '=', planId)
    .where('links.revoked_at', 'is', null)
    .select(['links.id', 'links.role', 'links.created_at as createdAt', 'user.name'])
    .orderBy('links.created_at')
    .orderBy('links.id')
    .execute();
  return rows.map(({ name, ...link }) => ({ ...link, createdBy: name ?? '' }));
}

/** From now on nobody new comes in by this link; members stay. Throws `not-found` unless it is a live link of this very plan. */
export async function revokeLink(kysely: Kysely<Tables>, planId: string, linkId: string): Promise<void> {
  const revoked = await kysely
    .updateTable('links')
    .set({ revoked_at: Date.now() })
    .where('plan_id', '=', planId)
    .where('id', '=', linkId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (revoked.numUpdatedRows === 0n) throw new CommonplanError('not-found', 'There is no such link in this plan.');
}

/** Makes the holder of the token a member with the better of the link's role and the one they have. Throws `link-invalid` and `archived`. */
export async function redeemLink(
  kysely: Kysely<Tables>,
  token: string,
  userId: string,
): Promise<{ planId: string; role: Role; changed: boolean }> {
  return kysely.transaction().execute(async (transaction) => {
    const link = await transaction
      .selectFrom('links')
      .innerJoin('plans', 'plans.id', 'links.plan_id')
      .where('links.token_hash', '=', hashOf(token))
      .where('links.revoked_at', 'is', null)
      .select(['plans.id', 'links.role', 'plans.archived_at'])
      .executeTakeFirst();
    if (!link) throw new CommonplanError('link-invalid');
    if (link.archived_at !== null) throw new CommonplanError('archived');
    return { planId: link.id, ...(await grantRole(transaction, link.id, userId, link.role)) };
  });
}
