/** The list of plans and what is shown about each without opening it. Creating one is documents/'s: it needs the first base. */
import type { Kysely, Selectable } from 'kysely';
import type { Role } from '../../shared/roles.ts';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import type { PlansTable, Tables } from './tables.ts';
import { withUsers } from './users.ts';

export interface PlanRow extends Omit<Selectable<PlansTable>, 'schema_version' | 'digest_seq'> {
  /** Of the user who asked. */
  readonly role: Role;
  readonly owners: readonly { id: string; name: string }[];
}

export interface PlanFilter {
  /** Words that title, subtitle, place or keywords contain; all of them, in any order, without regard to case and accents. */
  readonly q?: string | undefined;
  readonly stream?: FrontMatter['stream'] | undefined;
  /** mine: the user is an owner. shared: has another role. */
  readonly scope?: 'mine' | 'shared' | undefined;
  /** Only archived ones, or (without it) only those that are not. */
  readonly archived: boolean;
}

/** The plans that the user is a member of, last changed first. */
export async function listPlans(kysely: Kysely<Tables>, userId: string, filter: PlanFilter): Promise<PlanRow[]> {
  let query = selectPlans(kysely, userId).where('plans.archived_at', filter.archived ? 'is not' : 'is', null);
  if (filter.stream) query = query.where('plans.stream', '=', filter.stream);
  if (filter.scope) query = query.where('members.role', filter.scope === 'mine' ? '=' : '!=', 'owner');
  const rows = await query.orderBy('plans.updated_at', 'desc').orderBy('plans.id').execute();

  // SQLite's LIKE knows upper and lower case of ASCII only, so words are compared here.
  const words = foldText(filter.q ?? '')
    .split(/\s+/)
    .filter(Boolean);
  const found = rows.filter((row) => {
    const text = foldText([row.title, row.subtitle, row.place, row.keywords].join('\n'));
    return words.every((word) => text.includes(word));
  });
  const owners = await ownersOfPlansOf(kysely, userId);
  return found.map((row) => ({ ...row, owners: owners.get(row.id) ?? [] }));
}

/** One plan of the user's, archived or not; undefined when there is none or the user is no member. */
export async function readPlan(kysely: Kysely<Tables>, userId: string, planId: string): Promise<PlanRow | undefined> {
  const row = await selectPlans(kysely, userId).where('plans.id', '=', planId).executeTakeFirst();
  if (!row) return undefined;
  const owners = await ownersOfPlansOf(kysely, userId, planId);
  return { ...row, owners: owners.get(planId) ?? [] };
}

/** What access to a plan depends on; undefined when there is no such plan or the user is no member. */
export async function readMembership(
  kysely: Kysely<Tables>,
  userId: string,
  planId: string,
): Promise<{ role: Role; archivedAt: number | null } | undefined> {
  return kysely
    .selectFrom('members')
    .innerJoin('plans', 'plans.id', 'members.plan_id')
    .select(['members.role', 'plans.archived_at as archivedAt'])
    .where('members.plan_id', '=', planId)
    .where('members.user_id', '=', userId)
    .executeTakeFirst();
}

/** Archives the plan at this time (milliseconds since 1970), or brings it back with null. */
export async function setArchived(kysely: Kysely<Tables>, planId: string, at: number | null): Promise<void> {
  await kysely
    .updateTable('plans')
    .set({ archived_at: at })
    .where('id', '=', planId)
    // Archiving twice keeps the first time.
    .where('archived_at', at === null ? 'is not' : 'is', null)
    .execute();
}

/** Which state of the plan the log holds: its generation and the `seq` of the last update. */
export async function readVersion(
  kysely: Kysely<Tables>,
  planId: string,
): Promise<{ generation: string; seq: number } | undefined> {
  return kysely
    .selectFrom('plans')
    .select((select) => [
      'plans.generation',
      select.fn
        .coalesce(
          select
            .selectFrom('updates')
            .select((of) => of.fn.max('updates.seq').as('seq'))
            .whereRef('updates.plan_id', '=', 'plans.id'),
          select
            .selectFrom('bases')
            .select((of) => of.fn.max('bases.seq').as('seq'))
            .whereRef('bases.plan_id', '=', 'plans.id'),
          select.lit(0),
        )
        .as('seq'),
    ])
    .where('plans.id', '=', planId)
    .executeTakeFirst();
}

function selectPlans(kysely: Kysely<Tables>, userId: string) {
  return kysely
    .selectFrom('plans')
    .innerJoin('members', 'members.plan_id', 'plans.id')
    .where('members.user_id', '=', userId)
    .select([
      'plans.id',
      'plans.generation',
      'plans.created_at',
      'plans.created_by',
      'plans.archived_at',
      'plans.title',
      'plans.subtitle',
      'plans.place',
      'plans.keywords',
      'plans.status',
      'plans.language',
      'plans.stream',
      'plans.words',
      'plans.updated_at',
      'plans.team_id',
      'plans.public_since',
      'plans.requires_account',
      'members.role',
    ]);
}

/** Owners by plan, for all plans that the user is a member of, or for one of them. */
async function ownersOfPlansOf(kysely: Kysely<Tables>, userId: string, planId?: string) {
  let query = withUsers(kysely)
    .selectFrom('members as mine')
    .innerJoin('members as owner', 'owner.plan_id', 'mine.plan_id')
    .innerJoin('user', 'user.id', 'owner.user_id')
    .where('mine.user_id', '=', userId)
    .where('owner.role', '=', 'owner')
    .select(['owner.plan_id as planId', 'user.id', 'user.name'])
    .orderBy('owner.since')
    .orderBy('user.id');
  if (planId !== undefined) query = query.where('mine.plan_id', '=', planId);
  const owners = new Map<string, { id: string; name: string }[]>();
  for (const { planId: of, id, name } of await query.execute()) {
    owners.set(of, [...(owners.get(of) ?? []), { id, name }]);
  }
  return owners;
}

/** For comparison only: without case, accents and compatibility forms, in every script. */
function foldText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
