/** Teams: who is in them is in the table of members. A team has an owner at all times. */
import { randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import { ROLES, type Role } from '../../shared/roles.ts';
import { writeAudit } from './audit.ts';
import { insertMember, refuseGuestAsOwner } from './members.ts';
import type { Tables } from './tables.ts';

export interface TeamRow {
  readonly id: string;
  readonly name: string;
  /** Of the user who asked. */
  readonly role: Role;
  /** How many people are in it, and how many plans it has in use. */
  readonly members: number;
  readonly plans: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly archivedAt: number | null;
}

/** The teams that the user is in, by name: those in use, or the archived ones. */
export async function listTeams(
  kysely: Kysely<Tables>,
  userId: string,
  { archived }: { archived: boolean },
): Promise<TeamRow[]> {
  const rows = await selectTeams(kysely, userId)
    .where('teams.archived_at', archived ? 'is not' : 'is', null)
    .execute();
  const byTeam = Map.groupBy(rows, ({ id }) => id);
  // SQLite orders by code points.
  return [...byTeam.values()]
    .flatMap((ways) => bestOf(ways) ?? [])
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
}

/** Undefined when there is no such team or the user is not in it. */
export async function readTeam(kysely: Kysely<Tables>, userId: string, teamId: string): Promise<TeamRow | undefined> {
  return bestOf(await selectTeams(kysely, userId).where('teams.id', '=', teamId).execute());
}

/** One row for each way in which the user is in the team. */
function selectTeams(kysely: Kysely<Tables>, userId: string) {
  return kysely
    .selectFrom('members as mine')
    .innerJoin('teams', 'teams.id', 'mine.team_id')
    .where('mine.user_id', '=', userId)
    .select((select) => [
      'teams.id',
      'teams.name',
      'mine.role',
      'teams.created_at as createdAt',
      'teams.archived_at as archivedAt',
      select
        .selectFrom('members')
        .select((of) => of.fn.count<number>('members.user_id').distinct().as('members'))
        .whereRef('members.team_id', '=', 'teams.id')
        .$asScalar()
        .$notNull()
        .as('members'),
      select
        .selectFrom('plans')
        .select((of) => of.fn.countAll<number>().as('plans'))
        .whereRef('plans.team_id', '=', 'teams.id')
        .where('plans.archived_at', 'is', null)
        .$asScalar()
        .$notNull()
        .as('plans'),
    ]);
}

/** What access to a team depends on; undefined when there is no such team or the user is not in it. Of several roles the best counts. */
export async function readTeamMembership(
  kysely: Kysely<Tables>,
  userId: string,
  teamId: string,
): Promise<{ role: Role; name: string; archivedAt: number | null } | undefined> {
  return bestOf(await selectMemberships(kysely, userId).where('teams.id', '=', teamId).execute());
}

/** Makes a team with the user as its owner; resolves to its id. Throws `account-required` for a guest. */
export async function createTeam(kysely: Kysely<Tables>, userId: string, name: string): Promise<string> {
  const id = randomBytes(12).toString('hex');
  const now = Date.now();
  await kysely.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('teams')
      .values({ id, name, created_at: now, created_by: userId, archived_at: null })
      .execute();
    await refuseGuestAsOwner(transaction, { teamId: id }, { userId, role: 'owner' });
    await insertMember(transaction, { of: { teamId: id }, userId, role: 'owner', linkId: null, since: now });
    await writeAudit(transaction, { planId: null, actor: userId, action: 'team-created', detail: { team: name } });
  });
  return id;
}

/** `actor` is the id of the user who renames it. */
export async function renameTeam(kysely: Kysely<Tables>, teamId: string, name: string, actor: string): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const formerName = await nameOf(transaction, teamId);
    if (formerName === name) return;
    await transaction.updateTable('teams').set({ name }).where('id', '=', teamId).execute();
    const detail = { team: name, formerName };
    await writeAudit(transaction, { planId: null, actor, action: 'team-renamed', detail });
  });
}

/** Archives the team, or brings it back. Throws `conflict` for a team that has plans in use. Doing either twice changes nothing. */
export async function setTeamArchived(
  kysely: Kysely<Tables>,
  teamId: string,
  archived: boolean,
  actor: string,
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    if (archived) await refuseWithPlans(transaction, teamId);
    const changed = await transaction
      .updateTable('teams')
      .set({ archived_at: archived ? Date.now() : null })
      .where('id', '=', teamId)
      .where('archived_at', archived ? 'is' : 'is not', null)
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) return;
    const action = archived ? 'team-archived' : 'team-brought-back';
    await writeAudit(transaction, { planId: null, actor, action, detail: { team: await nameOf(transaction, teamId) } });
  });
}

async function refuseWithPlans(kysely: Kysely<Tables>, teamId: string): Promise<void> {
  const { plans } = await kysely
    .selectFrom('plans')
    .select((select) => select.fn.countAll<number>().as('plans'))
    .where('team_id', '=', teamId)
    .where('archived_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (plans === 0) return;
  throw new CommonplanError('conflict', `This team has ${plans === 1 ? 'a plan' : `${plans} plans`} in use.`, {
    hint: `Archive ${plans === 1 ? 'it' : 'them'}, or take ${plans === 1 ? 'it' : 'them'} out of the team first.`,
  });
}

/** Teams that others are in, too, or in a plan of them, and that have no other owner: what the user has to hand over before going. */
export async function teamsOnlyOwnedBy(
  kysely: Kysely<Tables>,
  userId: string,
): Promise<{ id: string; name: string }[]> {
  const teams = await teamsOwnedAlone(kysely, userId);
  return teams.filter(({ others }) => others).map(({ id, name }) => ({ id, name }));
}

/** Archives the teams that nobody else is in, nor in their plans, with these plans, when their owner goes. */
export async function archiveTeamsOfNobodyElse(transaction: Transaction<Tables>, userId: string): Promise<void> {
  for (const { id, name, others } of await teamsOwnedAlone(transaction, userId)) {
    if (others) continue;
    const archived = { archived_at: Date.now() };
    const plans = await transaction
      .updateTable('plans')
      .set(archived)
      .where('team_id', '=', id)
      .where('archived_at', 'is', null)
      .returning('id')
      .execute();
    for (const { id: planId } of plans) {
      await writeAudit(transaction, { planId, actor: userId, action: 'plan-archived' });
    }
    await transaction.updateTable('teams').set(archived).where('id', '=', id).execute();
    await writeAudit(transaction, { planId: null, actor: userId, action: 'team-archived', detail: { team: name } });
  }
}

/** Teams of which the user is the one owner, by name, with whether anybody else is in them or in a plan of theirs. */
async function teamsOwnedAlone(kysely: Kysely<Tables>, userId: string) {
  const rows = await kysely
    .selectFrom('members')
    .innerJoin('teams', 'teams.id', 'members.team_id')
    .where('members.team_id', 'in', (select) =>
      select.selectFrom('members as mine').select('mine.team_id').where('mine.user_id', '=', userId),
    )
    .select(['teams.id', 'teams.name', 'members.user_id as userId', 'members.role'])
    .orderBy('teams.name')
    .orderBy('teams.id')
    .execute();
  const plans = await kysely
    .selectFrom('plans')
    .innerJoin('members', 'members.plan_id', 'plans.id')
    .where('members.user_id', '!=', userId)
    .where(
      'plans.team_id',
      'in',
      rows.map(({ id }) => id),
    )
    .select('plans.team_id')
    .execute();
  const inPlans = new Set(plans.map(({ team_id }) => team_id));
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((members) => {
    const owners = new Set(members.filter(({ role }) => role === 'owner').map((owner) => owner.userId));
    const [{ id, name }] = members as [(typeof members)[number]];
    const others = inPlans.has(id) || members.some((member) => member.userId !== userId);
    return owners.size === 1 && owners.has(userId) ? [{ id, name, others }] : [];
  });
}

async function nameOf(kysely: Kysely<Tables>, teamId: string): Promise<string> {
  const { name } = await kysely.selectFrom('teams').select('name').where('id', '=', teamId).executeTakeFirstOrThrow();
  return name;
}

/** One row for each way in which the user is in the team. */
function selectMemberships(kysely: Kysely<Tables>, userId: string) {
  return kysely
    .selectFrom('members')
    .innerJoin('teams', 'teams.id', 'members.team_id')
    .select(['members.role', 'teams.id', 'teams.name', 'teams.archived_at as archivedAt'])
    .where('members.user_id', '=', userId);
}

/** The row with the role that may do most. */
export const bestOf = <Row extends { readonly role: Role }>(rows: readonly Row[]): Row | undefined =>
  rows.toSorted((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role))[0];
