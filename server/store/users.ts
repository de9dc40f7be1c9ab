/** The names behind user ids, read from the table `user`, which better-auth makes and writes (auth/accounts.ts). */
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

interface UserTable {
  id: string;
  name: string;
  /** Lower case. A guest's is a placeholder. */
  email: string;
  isAnonymous: number | null;
}

export type TablesWithUsers = Tables & { user: UserTable };

/** The same database with better-auth's table in view. */
export function withUsers(kysely: Kysely<Tables>): Kysely<TablesWithUsers> {
  return kysely.withTables<{ user: UserTable }>();
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
