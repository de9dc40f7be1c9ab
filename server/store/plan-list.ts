/** The list of plans: what is shown about each without opening it, to those who hold it. */
import type { Kysely, Selectable } from 'kysely';
import { betterRole, type Role } from '../../shared/roles.ts';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import type { HoldingsTable, PlansTable, Tables } from './tables.ts';
import { withUsers } from './users.ts';

export interface PlanRow extends Omit<Selectable<PlansTable>, 'schema_version' | 'digest_seq' | 'team_id'> {
  /** Of the user who asked. */
  readonly role: Role;
  /** false: they read it only because anyone may. */
  readonly member: boolean;
  /** Those who are owners by name. */
  readonly owners: readonly { id: string; name: string }[];
  /** Whose plan it is; null: its owners'. */
  readonly team: { readonly id: string; readonly name: string } | null;
}

export interface PlanFilter {
  /** Words that title, subtitle, place or keywords contain; all of them, in any order, without regard to case and accents. */
  readonly q?: string | undefined;
  readonly stream?: FrontMatter['stream'] | undefined;
  /** mine: the user is an owner by name. shared: has another role, and not by a team alone. */
  readonly scope?: 'mine' | 'shared' | undefined;
  /** Only plans of this team. */
  readonly team?: string | undefined;
  /** Only archived ones, or (without it) only those that are not. */
  readonly archived: boolean;
}

/** The plans that the user holds, by name, by link or by a team, last changed first. */
export async function listPlans(kysely: Kysely<Tables>, userId: string, filter: PlanFilter): Promise<PlanRow[]> {
  const held = await holdingsOf(kysely, userId);
  let query = selectHeldPlans(kysely, userId).where('plans.archived_at', filter.archived ? 'is not' : 'is', null);
  if (filter.stream) query = query.where('plans.stream', '=', filter.stream);
  if (filter.team) query = query.where('plans.team_id', '=', filter.team);
  const rows = await query.orderBy('plans.updated_at', 'desc').orderBy('plans.id').execute();

  // SQLite's LIKE knows upper and lower case of ASCII only, so words are compared here.
  const words = foldText(filter.q ?? '')
    .split(/\s+/)
    .filter(Boolean);
  const found = rows.filter((row) => {
    if (filter.scope && scopeOf(held.get(row.id) ?? []) !== filter.scope) return false;
    const text = foldText([row.title, row.subtitle, row.place, row.keywords].join('\n'));
    return words.every((word) => text.includes(word));
  });
  const owners = await ownersOfPlansOf(kysely, userId);
  return found.flatMap((row) => toPlanRow(row, held.get(row.id), owners.get(row.id)));
}

/** One plan of the user's, archived or not; undefined when there is none or the user does not hold it. */
export async function readPlan(kysely: Kysely<Tables>, userId: string, planId: string): Promise<PlanRow | undefined> {
  const row = await selectHeldPlans(kysely, userId).where('plans.id', '=', planId).executeTakeFirst();
  if (!row) return undefined;
  const held = await holdingsOf(kysely, userId, planId);
  const owners = await ownersOfPlansOf(kysely, userId, planId);
  return toPlanRow(row, held.get(planId), owners.get(planId))[0];
}

/** A plan that anyone may read, as strangers see it: nothing of who holds it. Undefined when there is none. */
export async function readPublicPlan(kysely: Kysely<Tables>, planId: string): Promise<PlanRow | undefined> {
  const row = await selectPlans(kysely)
    .where('plans.id', '=', planId)
    .where('plans.public_since', 'is not', null)
    .executeTakeFirst();
  if (!row) return undefined;
  const { team_id: _, team_name: __, ...plan } = row;
  return { ...plan, role: 'viewer', member: false, owners: [], team: null };
}

type Way = Pick<HoldingsTable, 'role' | 'team_id'>;

/** Empty where the plan has been taken from the user since it was read. */
function toPlanRow(
  { team_id, team_name, ...row }: Awaited<ReturnType<ReturnType<typeof selectPlans>['execute']>>[number],
  ways: readonly Way[] = [],
  owners: PlanRow['owners'] = [],
): PlanRow[] {
  const [first, ...others] = ways.map(({ role }) => role);
  if (!first) return [];
  const team = team_id !== null && team_name !== null ? { id: team_id, name: team_name } : null;
  return [{ ...row, role: others.reduce(betterRole, first), member: true, owners, team }];
}

function scopeOf(ways: readonly Way[]): PlanFilter['scope'] {
  const own = ways.filter(({ team_id }) => team_id === null);
  if (own.length === 0) return undefined;
  return own.some(({ role }) => role === 'owner') ? 'mine' : 'shared';
}

/** In which ways the user holds plans, by plan: all of them, or one. */
async function holdingsOf(kysely: Kysely<Tables>, userId: string, planId?: string): Promise<Map<string, Way[]>> {
  let query = kysely.selectFrom('holdings').select(['plan_id', 'role', 'team_id']).where('user_id', '=', userId);
  if (planId !== undefined) query = query.where('plan_id', '=', planId);
  return Map.groupBy(await query.execute(), ({ plan_id }) => plan_id);
}

function selectHeldPlans(kysely: Kysely<Tables>, userId: string) {
  return selectPlans(kysely).where('plans.id', 'in', (select) =>
    select.selectFrom('holdings').select('holdings.plan_id').where('holdings.user_id', '=', userId),
  );
}

function selectPlans(kysely: Kysely<Tables>) {
  return kysely
    .selectFrom('plans')
    .leftJoin('teams', 'teams.id', 'plans.team_id')
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
      'plans.public_since',
      'plans.requires_account',
      'plans.team_id',
      'teams.name as team_name',
    ]);
}

/** Owners by plan, for all plans that the user holds, or for one of them. */
async function ownersOfPlansOf(kysely: Kysely<Tables>, userId: string, planId?: string) {
  let query = withUsers(kysely)
    .selectFrom('members as owner')
    .innerJoin('user', 'user.id', 'owner.user_id')
    .where('owner.role', '=', 'owner')
    .where('owner.plan_id', 'in', (select) =>
      select.selectFrom('holdings').select('holdings.plan_id').where('holdings.user_id', '=', userId),
    )
    .select((select) => [select.ref('owner.plan_id').$notNull().as('planId'), 'user.id', 'user.name'])
    .orderBy('owner.since')
    .orderBy('user.id');
  if (planId !== undefined) query = query.where('owner.plan_id', '=', planId);
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
