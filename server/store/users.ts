/** Users and their sessions, read from the tables `user` and `session`, which better-auth makes and writes (auth/accounts.ts). */
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

interface UserTable {
  id: string;
  name: string;
  /** Lower case. A guest's is a placeholder. */
  email: string;
  isAnonymous: number | null;
}

interface SessionTable {
  id: string;
  token: string;
  userId: string;
  /** ISO 8601. */
  expiresAt: string;
}

export type TablesWithUsers = Tables & { user: UserTable; session: SessionTable };

/** The same database with better-auth's tables in view. */
export function withUsers(kysely: Kysely<Tables>): Kysely<TablesWithUsers> {
  return kysely.withTables<{ user: UserTable; session: SessionTable }>();
}

/** Id and name of the account with this e-mail address, whatever its case; never a guest's. */
export async function findAccountByEmail(
  kysely: Kysely<Tables>,
  email: string,
): Promise<{ id: string; name: string } | undefined> {
  return withUsers(kysely)
    .selectFrom('user')
    .select(['id', 'name'])
    .where('email', '=', email.toLowerCase())
    .where((where) => where.or([where('isAnonymous', 'is', null), where('isAnonymous', '=', 0)]))
    .executeTakeFirst();
}

/** The session with this token and the user behind it; undefined when it has ended. */
export async function findSession(kysely: Kysely<Tables>, token: string) {
  const row = await withUsers(kysely)
    .selectFrom('session')
    .innerJoin('user', 'user.id', 'session.userId')
    .select(['session.id as sessionId', 'session.expiresAt', 'user.id', 'user.name', 'user.email', 'user.isAnonymous'])
    .where('session.token', '=', token)
    .executeTakeFirst();
  if (!row) return undefined;
  const expiresAt = new Date(row.expiresAt);
  return expiresAt.getTime() > Date.now() ? { ...row, expiresAt, isAnonymous: row.isAnonymous === 1 } : undefined;
}
