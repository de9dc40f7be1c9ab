/** Users and their sessions, read from the tables `user` and `session`, which better-auth makes and writes (auth/accounts.ts). */
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

interface UserTable {
  id: string;
  name: string;
  /** Lower case. A guest's is a placeholder. */
  email: string;
  isAnonymous: number | null;
  emailVerified: number;
  administrator: number | null;
  /** Milliseconds since 1970; null: not suspended. */
  suspendedAt: number | null;
  /** ISO 8601, as are the other times of these tables. */
  createdAt: string;
  updatedAt: string;
}

interface SessionTable {
  id: string;
  /** Its hash (auth/token-hash.ts). */
  token: string;
  userId: string;
  expiresAt: string;
  createdAt: string;
  /** When it was last used, give or take five minutes. */
  updatedAt: string;
  userAgent: string | null;
}

/** A way of proving who one is: a password (`credential`), or an identity at a sign-in service. */
interface AccountTable {
  id: string;
  userId: string;
  providerId: string;
  accountId: string;
}

type AuthTables = {
  user: UserTable;
  session: SessionTable;
  account: AccountTable;
};
export type TablesWithUsers = Tables & AuthTables;

/** The same database with better-auth's tables in view. */
export function withUsers(kysely: Kysely<Tables>): Kysely<TablesWithUsers> {
  return kysely.withTables<AuthTables>();
}

/** The account with this e-mail address, whatever its case; never a guest's. `confirmed`: mail to it has reached its owner. */
export async function findAccountByEmail(
  kysely: Kysely<Tables>,
  email: string,
): Promise<{ id: string; name: string; confirmed: boolean } | undefined> {
  const account = await withUsers(kysely)
    .selectFrom('user')
    .select(['id', 'name', 'emailVerified'])
    .where('email', '=', email.toLowerCase())
    .where((where) => where.or([where('isAnonymous', 'is', null), where('isAnonymous', '=', 0)]))
    .executeTakeFirst();
  return account && { id: account.id, name: account.name, confirmed: account.emailVerified === 1 };
}

export async function isGuest(kysely: Kysely<Tables>, userId: string): Promise<boolean> {
  const user = await withUsers(kysely)
    .selectFrom('user')
    .select('isAnonymous')
    .where('id', '=', userId)
    .executeTakeFirst();
  return user?.isAnonymous === 1;
}

/** The session whose token has this hash, and the user behind it; undefined when it has ended. */
export async function findSession(kysely: Kysely<Tables>, hash: string) {
  const row = await withUsers(kysely)
    .selectFrom('session')
    .innerJoin('user', 'user.id', 'session.userId')
    .select([
      'session.id as sessionId',
      'session.expiresAt',
      'session.updatedAt as seenAt',
      'user.id',
      'user.name',
      'user.email',
      'user.isAnonymous',
      'user.administrator',
      'user.suspendedAt',
    ])
    .where('session.token', '=', hash)
    .executeTakeFirst();
  if (!row) return undefined;
  const { isAnonymous, administrator, suspendedAt, ...session } = row;
  const expiresAt = new Date(session.expiresAt);
  if (expiresAt.getTime() <= Date.now()) return undefined;
  return {
    ...session,
    expiresAt,
    seenAt: new Date(session.seenAt),
    guest: isAnonymous === 1,
    administrator: administrator === 1,
    suspended: suspendedAt !== null,
  };
}

/** Whether the sign-in with this id has not ended. One of a guest who has become somebody's account has. */
export async function sessionHolds(kysely: Kysely<Tables>, sessionId: string): Promise<boolean> {
  const row = await withUsers(kysely)
    .selectFrom('session')
    .leftJoin('aliases', 'aliases.user_id', 'session.userId')
    .select('session.expiresAt')
    .where('session.id', '=', sessionId)
    .where('aliases.user_id', 'is', null)
    .executeTakeFirst();
  return row !== undefined && new Date(row.expiresAt).getTime() > Date.now();
}

/** Notes that the session was used just now. */
export async function sawSession(kysely: Kysely<Tables>, sessionId: string): Promise<void> {
  await withUsers(kysely)
    .updateTable('session')
    .set({ updatedAt: new Date().toISOString() })
    .where('id', '=', sessionId)
    .execute();
}

/** Length of a SHA-256 in base64url. */
const HASH_LENGTH = 43;

/** Removes sessions that are over, and those of versions that stored tokens as they were. */
export async function removeStaleSessions(kysely: Kysely<Tables>): Promise<void> {
  await withUsers(kysely)
    .deleteFrom('session')
    .where((where) =>
      where.or([
        where('expiresAt', '<=', new Date().toISOString()),
        where(where.fn<number>('length', ['token']), '!=', HASH_LENGTH),
      ]),
    )
    .execute();
}

/** Whether better-auth has made its tables: the server has run. */
export async function hasUsers(kysely: Kysely<Tables>): Promise<boolean> {
  const tables = await kysely.introspection.getTables();
  return tables.some(({ name }) => name === 'user');
}
