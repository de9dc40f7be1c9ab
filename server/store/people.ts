/** People whom somebody may find by name: those with whom they share a plan or a team. Never a directory of strangers. */
import { type Kysely, sql } from 'kysely';
import { columnOf, idOf, type PlanOrTeam } from './plan-or-team.ts';
import type { Tables } from './tables.ts';

export interface KnownPerson {
  readonly userId: string;
  readonly name: string;
  readonly guest: boolean;
  /** Title of the plan, or name of the team, that both are in; of several the one that changed last. */
  readonly knownFrom: string;
}

const MOST_FOUND = 10;

/** Every person known to a user, once for each plan or team in common. */
const acquaintances = (userId: string) => sql`
  SELECT theirs.user_id, plans.title AS known_from, plans.updated_at AS time
  FROM holdings AS mine
  JOIN plans ON plans.id = mine.plan_id
  JOIN holdings AS theirs ON theirs.plan_id = mine.plan_id
  WHERE mine.user_id = ${userId} AND theirs.user_id <> ${userId}
  UNION ALL
  SELECT theirs.user_id, teams.name, 0
  FROM members AS mine
  JOIN teams ON teams.id = mine.team_id
  JOIN members AS theirs ON theirs.team_id = mine.team_id
  WHERE mine.user_id = ${userId} AND theirs.user_id <> ${userId}`;

/** People known to `userId` with a word in their name that begins with `q`, who are not members of it by themselves; at most ten, by name. */
export async function findPeople(
  kysely: Kysely<Tables>,
  { userId, of, q }: { userId: string; of: PlanOrTeam; q: string },
): Promise<KnownPerson[]> {
  const { rows } = await sql<{ userId: string; name: string; guest: number | null; knownFrom: string }>`
    SELECT user.id AS userId, user.name, user.isAnonymous AS guest, known.known_from AS knownFrom, max(known.time)
    FROM (${acquaintances(userId)}) AS known JOIN user ON user.id = known.user_id
    WHERE NOT EXISTS (SELECT 1 FROM members WHERE ${sql.ref(columnOf(of))} = ${idOf(of)} AND members.user_id = user.id)
    GROUP BY user.id`.execute(kysely);
  const wanted = fold(q);
  return rows
    .filter(({ name }) => ` ${fold(name)}`.includes(` ${wanted}`))
    .sort((a, b) => a.name.localeCompare(b.name) || (a.userId < b.userId ? -1 : 1))
    .slice(0, MOST_FOUND)
    .map(({ userId, name, guest, knownFrom }) => ({ userId, name, guest: guest === 1, knownFrom }));
}

/** Whether the two share a plan or a team. */
export async function isKnown(kysely: Kysely<Tables>, userId: string, otherId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM (${acquaintances(userId)}) AS known JOIN user ON user.id = known.user_id
    WHERE known.user_id = ${otherId} LIMIT 1`.execute(kysely);
  return rows.length > 0;
}

/** SQLite's LIKE knows upper and lower case of ASCII only. */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
