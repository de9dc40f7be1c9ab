/** What administrators see of the people on this server and of its storage, and what they do to accounts. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import { writeAudit } from './audit.ts';
import type { Tables } from './tables.ts';
import { type TablesWithUsers, withUsers } from './users.ts';

export interface PeopleFilter {
  /** Part of a name or an address. */
  readonly q?: string | undefined;
  readonly kind: 'accounts' | 'guests';
  readonly offset?: number | undefined;
}

/** People of one page of the list. */
const PAGE = 50;

/** The latest comers first, with how many there are in all. */
export async function listPeople(kysely: Kysely<Tables>, { q, kind, offset = 0 }: PeopleFilter) {
  const words = (q ?? '').split(/\s+/).filter(Boolean);
  let matching = withUsers(kysely).selectFrom('user');
  matching =
    kind === 'guests'
      ? matching
          .where('user.isAnonymous', '=', 1)
          // Guests who signed in to an account are that account.
          .where('user.id', 'not in', (not) => not.selectFrom('aliases').select('aliases.user_id'))
      : matching.where((where) => where.or([where('user.isAnonymous', 'is', null), where('user.isAnonymous', '=', 0)]));
  for (const word of words) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    matching = matching.where((where) =>
      where.or([
        sql<boolean>`user.name LIKE ${pattern} ESCAPE '\\'`,
        // A guest's address is a placeholder.
        ...(kind === 'accounts' ? [sql<boolean>`user.email LIKE ${pattern} ESCAPE '\\'`] : []),
      ]),
    );
  }
  const { total } = await matching.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const people = await selectPerson(matching)
    .orderBy('user.createdAt', 'desc')
    .orderBy('user.id')
    .limit(PAGE)
    .offset(offset)
    .execute();
  return { people, total };
}

/** Throws `not-found`. */
export async function readPerson(kysely: Kysely<Tables>, userId: string): Promise<PersonRow> {
  const person = await selectPerson(
    withUsers(kysely).selectFrom('user').where('user.id', '=', userId),
  ).executeTakeFirst();
  if (!person) throw noPerson();
  return person;
}

const noPerson = (): CommonplanError => new CommonplanError('not-found', 'There is no such person.');

export type PersonRow = Awaited<ReturnType<typeof listPeople>>['people'][number];

function selectPerson<Output>(people: SelectQueryBuilder<TablesWithUsers, 'user', Output>) {
  return people
    .select(['user.id', 'user.name', 'user.email', 'user.isAnonymous', 'user.administrator'])
    .select(['user.suspendedAt', 'user.createdAt'])
    .select((select) => [
      select
        .selectFrom('session')
        .whereRef('session.userId', '=', 'user.id')
        .select((of) => of.fn.max('session.updatedAt').as('seen'))
        .as('lastSeen'),
      select
        .selectFrom('holdings')
        .whereRef('holdings.user_id', '=', 'user.id')
        .select((of) => of.fn.count<number>('holdings.plan_id').distinct().as('plans'))
        .as('plans'),
    ]);
}

/** `actor` null: on the command line. Suspending twice keeps the first time. Throws `not-found`, and `conflict` for oneself. */
export async function setSuspended(
  kysely: Kysely<Tables>,
  userId: string,
  suspended: boolean,
  actor: string | null,
): Promise<void> {
  if (userId === actor)
    throw new CommonplanError('conflict', 'You cannot suspend yourself: ask another administrator.');
  await changeUser(kysely, userId, async (transaction, user) => {
    if ((user.suspendedAt !== null) === suspended) return;
    await withUsers(transaction)
      .updateTable('user')
      .set({ suspendedAt: suspended ? Date.now() : null })
      .where('id', '=', userId)
      .execute();
    const action = suspended ? ('user-suspended' as const) : ('user-unsuspended' as const);
    await writeAudit(transaction, { planId: null, actor, action, detail: { user: userId } });
  });
}

/** `actor` null: on the command line. Throws `not-found`, and `conflict` for guests and for whoever would leave the server without one. */
export async function setAdministrator(
  kysely: Kysely<Tables>,
  userId: string,
  administrator: boolean,
  actor: string | null,
): Promise<void> {
  await changeUser(kysely, userId, async (transaction, user) => {
    if (user.isAnonymous === 1)
      throw new CommonplanError(
        'conflict',
        'A guest cannot be an administrator: an account with a password is needed.',
      );
    if ((user.administrator === 1) === administrator) return;
    const users = withUsers(transaction);
    if (!administrator) {
      const other = await users
        .selectFrom('user')
        .select('id')
        .where('administrator', '=', 1)
        .where('suspendedAt', 'is', null)
        .where('id', '!=', userId)
        .executeTakeFirst();
      if (!other)
        throw new CommonplanError('conflict', 'This is the only administrator. Make somebody else one first.');
    }
    await users
      .updateTable('user')
      .set({ administrator: Number(administrator) })
      .where('id', '=', userId)
      .execute();
    const action = administrator ? ('administrator-made' as const) : ('administrator-removed' as const);
    await writeAudit(transaction, { planId: null, actor, action, detail: { user: userId } });
  });
}

/** An account without a password, for somebody who gets a link to set one. Resolves to its id. */
export async function createAccount(kysely: Kysely<Tables>, email: string): Promise<string> {
  const id = randomBytes(16).toString('base64url');
  const now = new Date().toISOString();
  const address = email.toLowerCase();
  const [name = address] = address.split('@');
  await kysely.transaction().execute(async (transaction) => {
    await withUsers(transaction)
      .insertInto('user')
      .values({
        ...{ id, name, email: address, emailVerified: 0, isAnonymous: 0, administrator: 0, suspendedAt: null },
        ...{ createdAt: now, updatedAt: now },
      })
      .execute();
    await writeAudit(transaction, { planId: null, actor: id, action: 'account-created' });
  });
  return id;
}

interface ChangedUser {
  readonly isAnonymous: number | null;
  readonly administrator: number | null;
  readonly suspendedAt: number | null;
}

async function changeUser(
  kysely: Kysely<Tables>,
  userId: string,
  change: (transaction: Kysely<Tables>, user: ChangedUser) => Promise<void>,
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const user = await withUsers(transaction)
      .selectFrom('user')
      .select(['isAnonymous', 'administrator', 'suspendedAt'])
      .where('id', '=', userId)
      .executeTakeFirst();
    if (!user) throw noPerson();
    await change(transaction, user);
  });
}

/** Invitations that can still be used, the latest first. Times are milliseconds since 1970. */
export async function listInvitations(kysely: Kysely<Tables>) {
  return withUsers(kysely)
    .selectFrom('tokens')
    .leftJoin('user', 'user.id', 'tokens.created_by')
    .select(['tokens.id', 'tokens.email', 'tokens.created_at', 'tokens.expires_at', 'user.name as createdBy'])
    .where('tokens.purpose', '=', 'invitation')
    .where('tokens.expires_at', '>', Date.now())
    .orderBy('tokens.created_at', 'desc')
    .orderBy('tokens.id')
    .execute();
}

/** Throws `not-found`. */
export async function withdrawInvitation(kysely: Kysely<Tables>, invitationId: string): Promise<void> {
  const { numDeletedRows } = await kysely
    .deleteFrom('tokens')
    .where('id', '=', invitationId)
    .where('purpose', '=', 'invitation')
    .executeTakeFirst();
  if (numDeletedRows === 0n)
    throw new CommonplanError('not-found', 'There is no such invitation, or it has been used.');
}

/** Bytes by plan, the largest first. What plans share, such as the same picture, counts for each. */
export async function listPlanSizes(kysely: Kysely<Tables>) {
  const length = (column: string) => sql<number>`coalesce(sum(length(${sql.ref(column)})), 0)`;
  const rows = await kysely
    .selectFrom('plans')
    .select(['plans.id', 'plans.title', 'plans.archived_at', 'plans.updated_at'])
    .select((select) => [
      select
        .selectFrom('holdings')
        .whereRef('holdings.plan_id', '=', 'plans.id')
        .select((of) => of.fn.count<number>('holdings.user_id').distinct().as('count'))
        .as('members'),
      select
        .selectFrom('updates')
        .whereRef('updates.plan_id', '=', 'plans.id')
        .select(length('data').as('bytes'))
        .as('updates'),
      select
        .selectFrom('bases')
        .whereRef('bases.plan_id', '=', 'plans.id')
        .select(sql<number>`coalesce(sum(length(state) + length(state_vector) + length(delete_set)), 0)`.as('bytes'))
        .as('bases'),
      select
        .selectFrom('attributions')
        .whereRef('attributions.plan_id', '=', 'plans.id')
        .select(length('data').as('bytes'))
        .as('attributions'),
      select
        .selectFrom('snapshot_contents')
        .whereRef('snapshot_contents.plan_id', '=', 'plans.id')
        .select(sql<number>`coalesce(sum(length(document) + length(authorship)), 0)`.as('bytes'))
        .as('snapshots'),
      select
        .selectFrom('plan_images')
        .innerJoin('images', 'images.hash', 'plan_images.hash')
        .whereRef('plan_images.plan_id', '=', 'plans.id')
        .select(length('images.bytes').as('bytes'))
        .as('images'),
    ])
    .execute();
  return rows
    .map(({ updates, bases, attributions, snapshots, images, members, ...plan }) => ({
      ...plan,
      members: Number(members),
      log: Number(updates) + Number(bases) + Number(attributions),
      snapshots: Number(snapshots),
      images: Number(images),
    }))
    .sort((a, b) => b.log + b.snapshots + b.images - (a.log + a.snapshots + a.images));
}

/** Bytes of the database's file and of its write-ahead log. */
export function databaseSizes(file: string): { database: number; writeAheadLog: number } {
  const size = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return { database: size(file), writeAheadLog: size(`${file}-wal`) };
}
