/** Whatever happens to teams, in any order: who is in them, whose plans are whose, and which are in use is what was asked for, and each has an owner. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import { LINK_ROLES, may, ROLES, type Role } from '../../shared/roles.ts';
import { type Database, openDatabase } from './database.ts';
import { createLink, redeemLink } from './links.ts';
import { addMember, changeRole, insertMember } from './members.ts';
import { listPlans } from './plan-list.ts';
import { setArchived } from './plans.ts';
import { moveToTeam } from './team-plans.ts';
import { archiveTeamsOfNobodyElse, createTeam, listTeams, setTeamArchived, teamsOnlyOwnedBy } from './teams.ts';

/** gil is a guest. */
const PEOPLE = ['ana', 'ben', 'gil'] as const;
const isGuest = (user: string): boolean => user === 'gil';
const TEAMS = [0, 1] as const;
const PLANS = ['p0', 'p1', 'p2'] as const;

let dataDir: string;
let database: Database;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'commonplan-teams-'));
  database = openDatabase(dataDir);
  // What is read of better-auth's table here.
  database.sqlite.exec(
    'CREATE TABLE user (id TEXT PRIMARY KEY, name TEXT, email TEXT, isAnonymous INTEGER, suspendedAt INTEGER)',
  );
  for (const user of PEOPLE) {
    database.sqlite.prepare('INSERT INTO user VALUES (?1, ?1, ?1, ?2, NULL)').run(user, Number(isGuest(user)));
  }
});
afterEach(() => {
  database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const refusalOf = (change: Promise<unknown>): Promise<ErrorCode | null> =>
  change.then(
    () => null,
    (error: unknown) => {
      if (error instanceof CommonplanError) return error.code;
      throw error;
    },
  );

interface Team {
  readonly id: string;
  readonly members: Map<string, Role>;
  archived: boolean;
}

interface Plan {
  readonly owners: Set<string>;
  team: number | null;
  archived: boolean;
}

const person = fc.constantFrom(...PEOPLE);
const team = fc.constantFrom(...TEAMS);
const plan = fc.constantFrom(...PLANS);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('add' as const), team, person, role: fc.constantFrom(...ROLES) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('link' as const), team, person, role: fc.constantFrom(...LINK_ROLES) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ do: fc.constant('change' as const), team, person },
      role: fc.option(fc.constantFrom(...ROLES), { nil: null }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('move' as const), plan, person, to: fc.option(team, { nil: null }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('archive plan' as const), plan, archived: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('archive team' as const), team, archived: fc.boolean() }) },
);

type Step = typeof step extends fc.Arbitrary<infer Made> ? Made : never;

async function createPlan(id: string, ownerId: string): Promise<void> {
  const { kysely } = database;
  const digest = { title: id, subtitle: '', place: '', keywords: '', language: 'en', stream: null, words: 0 };
  await kysely
    .insertInto('plans')
    .values({
      ...{ id, generation: 'g', schema_version: 1, created_at: 1, created_by: ownerId, archived_at: null },
      ...{ updated_at: 1, digest_seq: 0, status: 'draft', ...digest },
    })
    .execute();
  await kysely.transaction().execute(async (transaction) => {
    await insertMember(transaction, { of: { planId: id }, userId: ownerId, role: 'owner', linkId: null, since: 1 });
  });
}

/** What a step should answer, by the model as it was; the model is brought along. */
function expected(next: Step, teams: Team[], plans: Map<string, Plan>): ErrorCode | null {
  if (next.do === 'archive plan') {
    const one = plans.get(next.plan)!;
    if (!next.archived && one.team !== null && teams[one.team]!.archived) return 'conflict';
    one.archived = next.archived;
    return null;
  }
  if (next.do === 'move') {
    const one = plans.get(next.plan)!;
    const from = one.team === null ? null : teams[one.team]!;
    const to = next.to === null ? null : teams[next.to]!;
    if (from === to) return null;
    if (from && from.members.get(next.person) !== 'owner') return 'forbidden';
    const role = to?.members.get(next.person);
    if (to && !role) return 'not-found';
    if (role && !may(role, 'write')) return 'forbidden';
    if (to?.archived) return 'archived';
    one.team = next.to;
    if (to === null) one.owners.add(next.person);
    return null;
  }
  const one = teams[next.team]!;
  if (next.do === 'archive team') {
    const inUse = [...plans.values()].some(({ team, archived }) => team === next.team && !archived);
    if (next.archived && inUse) return 'conflict';
    one.archived = next.archived;
    return null;
  }
  const current = one.members.get(next.person);
  if (next.do === 'link') {
    const better = current && ROLES.indexOf(current) <= ROLES.indexOf(next.role);
    if (better) return null;
    if (one.archived) return current ? null : 'archived';
    one.members.set(next.person, next.role);
    return null;
  }
  if (next.do === 'add' && current) return 'conflict';
  if (next.do === 'change') {
    if (!current) return 'not-found';
    const others = [...one.members].some(([user, role]) => user !== next.person && role === 'owner');
    if (current === 'owner' && next.role !== 'owner' && !others) return 'last-owner';
  }
  if (next.role === 'owner' && isGuest(next.person)) return 'account-required';
  if (next.role === null) one.members.delete(next.person);
  else one.members.set(next.person, next.role);
  return null;
}

async function perform(next: Step, teams: readonly Team[]): Promise<void> {
  const { kysely } = database;
  const by = 'ana';
  if (next.do === 'archive plan') return setArchived(kysely, next.plan, next.archived ? 5 : null, by);
  if (next.do === 'move') {
    const teamId = next.to === null ? null : teams[next.to]!.id;
    return moveToTeam(kysely, { planId: next.plan, userId: next.person, teamId });
  }
  const { id: teamId } = teams[next.team]!;
  if (next.do === 'archive team') return setTeamArchived(kysely, teamId, next.archived, by);
  const userId = next.person;
  if (next.do === 'add') return addMember(kysely, { teamId }, { userId, role: next.role, by });
  if (next.do === 'change') return changeRole(kysely, { teamId }, { userId, role: next.role, by: userId });
  const terms = { label: '', expiresAt: null, mostUses: null, by };
  const { token } = await createLink(kysely, { teamId }, { ...terms, role: next.role });
  await redeemLink(kysely, token, userId);
}

test('[R23] teams, their people and their plans are what a plain model says, and none is without an owner', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const { kysely, sqlite } = database;
      sqlite.exec('DELETE FROM members; DELETE FROM links; DELETE FROM plans; DELETE FROM teams');
      const teams: Team[] = [];
      for (const index of TEAMS) {
        const id = await createTeam(kysely, 'ana', `Team ${index}`);
        teams.push({ id, members: new Map([['ana', 'owner']]), archived: false });
      }
      const plans = new Map<string, Plan>();
      for (const id of PLANS) {
        await createPlan(id, 'ana');
        plans.set(id, { owners: new Set(['ana']), team: null, archived: false });
      }
      for (const next of steps) {
        const answer = expected(next, teams, plans);
        expect(await refusalOf(perform(next, teams)), JSON.stringify(next)).toBe(answer);
        for (const user of PEOPLE) {
          const listed = [
            ...(await listTeams(kysely, user, { archived: false })),
            ...(await listTeams(kysely, user, { archived: true })),
          ];
          const inside = teams.filter(({ members }) => members.has(user));
          expect(new Map(listed.map(({ id, role }) => [id, role]))).toEqual(
            new Map(inside.map(({ id, members }) => [id, members.get(user)])),
          );
          for (const { id, members, archivedAt } of listed) {
            const one = teams.find((team) => team.id === id)!;
            expect([members, archivedAt !== null]).toEqual([one.members.size, one.archived]);
          }
          const held = await listPlans(kysely, user, { archived: false });
          const expectedPlans = [...plans].filter(
            ([, { owners, team, archived }]) =>
              !archived && (owners.has(user) || (team !== null && teams[team]!.members.has(user))),
          );
          expect(held.map(({ id }) => id).sort()).toEqual(expectedPlans.map(([id]) => id));
        }
        for (const { members } of teams) expect([...members.values()]).toContain('owner');
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

test('whoever leaves hands over the team that nobody else is in while somebody is in a plan of it', async () => {
  const { kysely } = database;
  const teamId = await createTeam(kysely, 'ana', 'Alone');
  await createPlan('p0', 'ana');
  await moveToTeam(kysely, { planId: 'p0', userId: 'ana', teamId });
  expect(await teamsOnlyOwnedBy(kysely, 'ana')).toEqual([]);
  await addMember(kysely, { planId: 'p0' }, { userId: 'ben', role: 'editor', by: 'ana' });
  expect(await teamsOnlyOwnedBy(kysely, 'ana')).toEqual([{ id: teamId, name: 'Alone' }]);
  await kysely.transaction().execute((transaction) => archiveTeamsOfNobodyElse(transaction, 'ana'));
  expect((await listPlans(kysely, 'ben', { archived: false })).map(({ id }) => id)).toEqual(['p0']);
});

test('whoever leaves hands over the teams that others are in, and archives those that nobody is in', async () => {
  const { kysely } = database;
  const [shared, alone, handed] = [
    await createTeam(kysely, 'ana', 'Shared'),
    await createTeam(kysely, 'ana', 'Alone'),
    await createTeam(kysely, 'ana', 'Handed over'),
  ];
  await addMember(kysely, { teamId: shared }, { userId: 'gil', role: 'editor', by: 'ana' });
  await addMember(kysely, { teamId: handed }, { userId: 'ben', role: 'owner', by: 'ana' });
  for (const [id, teamId] of [
    ['p0', alone],
    ['p1', handed],
  ] as const) {
    await createPlan(id, 'ana');
    await moveToTeam(kysely, { planId: id, userId: 'ana', teamId });
  }
  expect(await teamsOnlyOwnedBy(kysely, 'ana')).toEqual([{ id: shared, name: 'Shared' }]);
  expect(await teamsOnlyOwnedBy(kysely, 'ben')).toEqual([]);
  await kysely.transaction().execute((transaction) => archiveTeamsOfNobodyElse(transaction, 'ana'));
  const inUse = await listTeams(kysely, 'ana', { archived: false });
  expect(inUse.map(({ name }) => name)).toEqual(['Handed over', 'Shared']);
  expect((await listPlans(kysely, 'ana', { archived: false })).map(({ id }) => id)).toEqual(['p1']);
});
