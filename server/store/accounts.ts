/** What people do with their own account: sessions, the e-mail address, leaving. Whoever loses a session by it is told by the triggers of access-changes.ts. */
import type { Kysely, Transaction } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import type { Role } from '../../shared/roles.ts';
import { writeAudit } from './audit.ts';
import type { Tables } from './tables.ts';
import { archiveTeamsOfNobodyElse, teamsOnlyOwnedBy } from './teams.ts';
import { removeTokens } from './tokens.ts';
import { withUsers } from './users.ts';

/** Provider of the accounts that sign in by the operator's OpenID Connect provider, in better-auth's table `account`. */
export const PROVIDER = 'oidc';

/** The sessions that still hold, the last used first. Times are ISO 8601. */
export async function listSessions(kysely: Kysely<Tables>, userId: string) {
  return withUsers(kysely)
    .selectFrom('session')
    .select(['id', 'createdAt', 'updatedAt', 'userAgent'])
    .where('userId', '=', userId)
    .where('expiresAt', '>', new Date().toISOString())
    .orderBy('updatedAt', 'desc')
    .orderBy('id')
    .execute();
}

/** Ends one session of this very user. Throws `not-found`. */
export async function endSession(kysely: Kysely<Tables>, userId: string, sessionId: string): Promise<void> {
  const ended = await withUsers(kysely)
    .deleteFrom('session')
    .where('userId', '=', userId)
    .where('id', '=', sessionId)
    .executeTakeFirst();
  if (ended.numDeletedRows === 0n) throw new CommonplanError('not-found', 'There is no such session, or it has ended.');
}

/** Ends all sessions of a user and what was handed out to let somebody in as them. */
export async function endEverything(kysely: Kysely<Tables>, userId: string): Promise<void> {
  await withUsers(kysely).deleteFrom('session').where('userId', '=', userId).execute();
  await removeTokens(kysely, userId);
}

export async function readAccount(kysely: Kysely<Tables>, userId: string) {
  const user = await withUsers(kysely)
    .selectFrom('user')
    .select(['email', 'emailVerified', 'name', 'createdAt'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  const ways = await withUsers(kysely)
    .selectFrom('account')
    .select('providerId')
    .where('userId', '=', userId)
    .execute();
  const pending = await kysely
    .selectFrom('tokens')
    .select('email')
    .where('user_id', '=', userId)
    .where('purpose', '=', 'confirm-email')
    .where('expires_at', '>', Date.now())
    .executeTakeFirst();
  return {
    ...user,
    emailVerified: user.emailVerified === 1,
    pendingEmail: pending && pending.email !== user.email ? pending.email : null,
    hasProvider: ways.some(({ providerId }) => providerId === PROVIDER),
  };
}

/**
 * Gives the account this address. `confirmed`: its owner has shown that mail to it reaches them. Resolves to the address before. Throws
 * `email-taken` when another account has it.
 */
export async function setEmail(
  kysely: Kysely<Tables>,
  userId: string,
  email: string,
  { confirmed }: { confirmed: boolean },
): Promise<string> {
  const address = email.toLowerCase();
  return kysely.transaction().execute(async (transaction) => {
    const users = withUsers(transaction);
    const holder = await users.selectFrom('user').select('id').where('email', '=', address).executeTakeFirst();
    if (holder && holder.id !== userId) throw new CommonplanError('email-taken');
    const { email: before } = await users
      .selectFrom('user')
      .select('email')
      .where('id', '=', userId)
      .executeTakeFirstOrThrow();
    await users
      .updateTable('user')
      .set({ email: address, emailVerified: Number(confirmed), updatedAt: new Date().toISOString() })
      .where('id', '=', userId)
      .execute();
    if (before !== address) {
      // A link that was mailed to the old address must not open the account any more.
      await removeTokens(transaction, userId);
      await writeAudit(transaction, { planId: null, actor: userId, action: 'email-changed' });
    }
    return before;
  });
}

/**
 * Its owner has shown that mail to this address reaches them, if it still is the account's. Until then anybody may have made the account
 * and have connected an identity of their own with it: that lets nobody in any more.
 */
export async function confirmEmail(kysely: Kysely<Tables>, userId: string, email: string): Promise<void> {
  const { numUpdatedRows } = await withUsers(kysely)
    .updateTable('user')
    .set({ emailVerified: 1 })
    .where('id', '=', userId)
    .where('email', '=', email)
    .where('emailVerified', '=', 0)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  await withUsers(kysely)
    .deleteFrom('account')
    .where('userId', '=', userId)
    .where('providerId', '=', PROVIDER)
    .execute();
}

/** The account that this identity at the sign-in service belongs to. `subject` names the issuer, too. */
export async function findAccountByProvider(kysely: Kysely<Tables>, subject: string): Promise<string | undefined> {
  const row = await withUsers(kysely)
    .selectFrom('account')
    .select('userId')
    .where('providerId', '=', PROVIDER)
    .where('accountId', '=', subject)
    .executeTakeFirst();
  return row?.userId;
}

/** The plans that a user has a role in, by whatever way; of several roles the best comes first. Times are milliseconds since 1970. */
export async function listMemberships(
  kysely: Kysely<Tables>,
  userId: string,
): Promise<{ planId: string; title: string; role: Role; since: number }[]> {
  return kysely
    .selectFrom('holdings')
    .innerJoin('plans', 'plans.id', 'holdings.plan_id')
    .where('holdings.user_id', '=', userId)
    .select(['plans.id as planId', 'plans.title', 'holdings.role', 'holdings.since'])
    .orderBy('holdings.since')
    .execute();
}

interface Leaving {
  readonly plansToHandOver: { id: string; title: string }[];
  readonly teamsToHandOver: { id: string; name: string }[];
  readonly plansToArchive: { id: string; title: string }[];
}

/** What becomes of plans and teams that have no other owner, should this user go. Plans of teams stay with their team. */
export async function leavingOf(kysely: Kysely<Tables>, userId: string): Promise<Leaving> {
  const sole = await withUsers(kysely)
    .selectFrom('plans')
    .select(['plans.id', 'plans.title', 'plans.archived_at'])
    .select((select) =>
      select
        .exists(
          select
            .selectFrom('holdings as other')
            .whereRef('other.plan_id', '=', 'plans.id')
            .where('other.user_id', '!=', userId)
            .select('other.user_id'),
        )
        .as('shared'),
    )
    .where('plans.team_id', 'is', null)
    .where((where) =>
      where.exists(
        where
          .selectFrom('members as mine')
          .whereRef('mine.plan_id', '=', 'plans.id')
          .where('mine.user_id', '=', userId)
          .where('mine.role', '=', 'owner')
          .select('mine.user_id'),
      ),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('members as other')
            .innerJoin('user', 'user.id', 'other.user_id')
            .whereRef('other.plan_id', '=', 'plans.id')
            .where('other.user_id', '!=', userId)
            .where('other.role', '=', 'owner')
            // One who is not let in can look after nothing.
            .where((one) =>
              one.or([
                one('plans.requires_account', '=', 0),
                one('user.isAnonymous', 'is', null),
                one('user.isAnonymous', '=', 0),
              ]),
            )
            .select('other.user_id'),
        ),
      ),
    )
    .orderBy('plans.title')
    .orderBy('plans.id')
    .execute();
  const named = ({ id, title }: { id: string; title: string }) => ({ id, title });
  return {
    plansToHandOver: sole.filter(({ shared }) => Boolean(shared)).map(named),
    teamsToHandOver: await teamsOnlyOwnedBy(kysely, userId),
    plansToArchive: sole.filter(({ shared, archived_at }) => !shared && archived_at === null).map(named),
  };
}

/**
 * Deletes the account: name, address, passwords, sessions, memberships. What was written stays, under a name that is nobody's; plans that
 * nobody else is in are archived. Throws `sole-owner`, with the names of what has to be handed over first.
 */
export async function deleteUser(kysely: Kysely<Tables>, userId: string): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const { plansToHandOver, teamsToHandOver, plansToArchive } = await leavingOf(transaction, userId);
    const names = [...plansToHandOver.map(({ title }) => title), ...teamsToHandOver.map(({ name }) => name)];
    if (names.length > 0)
      throw new CommonplanError('sole-owner', undefined, { hint: `It is about: ${names.join(', ')}.` });
    for (const { id } of plansToArchive) await archive(transaction, id, userId);
    await archiveTeamsOfNobodyElse(transaction, userId);
    await transaction.deleteFrom('members').where('user_id', '=', userId).execute();
    await endEverything(transaction, userId);
    const users = withUsers(transaction);
    // Invitations bear the address that they were made for.
    const address = users.selectFrom('user').select('email').where('id', '=', userId);
    await users.updateTable('links').set({ label: '' }).where('label', 'in', address).execute();
    await users.deleteFrom('account').where('userId', '=', userId).execute();
    // With the names of the guests that this person was before. Which ids they had stays known: their text is still one person's.
    const guests = users.selectFrom('aliases').select('user_id').where('account_id', '=', userId);
    await users
      .deleteFrom('user')
      .where((where) => where.or([where('id', '=', userId), where('id', 'in', guests)]))
      .execute();
    await writeAudit(transaction, { planId: null, actor: userId, action: 'account-deleted', detail: { user: userId } });
  });
}

async function archive(transaction: Transaction<Tables>, planId: string, actor: string): Promise<void> {
  await transaction.updateTable('plans').set({ archived_at: Date.now() }).where('id', '=', planId).execute();
  await writeAudit(transaction, { planId, actor, action: 'plan-archived' });
}
