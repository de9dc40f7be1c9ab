/** The people whom a history names: today's name of the account behind each id. */
import type { DatabaseSync } from 'node:sqlite';
import type { Person } from '../../shared/api.ts';
import { colorOf } from './color.ts';

/** What an account that is gone is called. */
const FORMER = 'former member';

/** One entry per id, in order of their names. An id that was a guest's shows the account that the guest signed in to. */
export function readPeople(sqlite: DatabaseSync, userIds: Iterable<string>): Person[] {
  const read = sqlite.prepare(
    `SELECT user.id, user.name, user.isAnonymous FROM user
     WHERE user.id = coalesce((SELECT account_id FROM aliases WHERE user_id = ?1), ?1)`,
  );
  const people = [...new Set(userIds)].map((id) => {
    const row = read.get(id);
    // One person has one colour, whichever of their ids a snapshot carries.
    if (!row) return { id, name: FORMER, color: colorOf(id), guest: false };
    return { id, name: row.name as string, color: colorOf(row.id as string), guest: row.isAnonymous === 1 };
  });
  return people.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
}

/** Another value whenever somebody who wrote in a plan, or took a snapshot of it, is called otherwise or has become an account. */
export function peopleVersion(sqlite: DatabaseSync, planId: string): unknown {
  return sqlite
    .prepare(
      `SELECT id, name, isAnonymous FROM user WHERE id IN (
         SELECT user_id FROM client_ids WHERE plan_id = ?1 UNION SELECT author FROM snapshots WHERE plan_id = ?1) ORDER BY id`,
    )
    .all(planId);
}
