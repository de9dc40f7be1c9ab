/** Whatever people do to each other's rights, in any order and at once: everybody has exactly what they should, and a plan keeps an owner. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import { LINK_ROLES, type LinkRole, ROLES, type Role } from '../../shared/roles.ts';
import { type Database, openDatabase } from './database.ts';
import { createLink, listLinks, redeemLink, withdrawLink } from './links.ts';
import { addMember, changeRole, listMembers, moveMemberships } from './members.ts';
import { readPlanAccess } from './plan-access.ts';
import { setPublic, setRequiresAccount } from './plan-settings.ts';
import { moveToTeam } from './team-plans.ts';
import { createTeam } from './teams.ts';
import { withUsers } from './users.ts';

/** Owns the team, always. */
const TOM = 'tom';
const PEOPLE = ['ana', 'ben', 'cem', 'gil', TOM] as const;
const isGuest = (user: string): boolean => user === 'gil';

let dataDir: string;
let database: Database;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'commonplan-members-'));
  database = openDatabase(dataDir);
  // What is read of better-auth's table here.
  database.sqlite.exec(
    'CREATE TABLE user (id TEXT PRIMARY KEY, name TEXT, email TEXT, isAnonymous INTEGER, suspendedAt INTEGER)',
  );
  for (const user of PEOPLE) {
    database.sqlite
      .prepare('INSERT INTO user VALUES (?, ?, ?, ?, NULL)')
      .run(user, user.toUpperCase(), `${user}@example.org`, Number(isGuest(user)));
  }
});
afterEach(() => {
  vi.useRealTimers();
  database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

let plans = 0;
async function createPlan(): Promise<string> {
  const id = `plan${++plans}`;
  const digest = { title: 'A plan', subtitle: '', place: '', keywords: '', language: 'en', stream: null, words: 0 };
  await database.kysely
    .insertInto('plans')
    .values({
      ...{ id, generation: 'g', schema_version: 1, created_at: 1, created_by: 'ana', archived_at: null },
      ...{ updated_at: 1, digest_seq: 0, status: 'draft', ...digest },
    })
    .execute();
  await addMember(database.kysely, { planId: id }, { userId: 'ana', role: 'owner', by: 'ana' });
  return id;
}

const terms = { label: '', expiresAt: null, mostUses: null, by: 'ana' };

/** The code of the refusal, if it was refused; everything else is a failure. */
const refusalOf = (change: Promise<unknown>): Promise<ErrorCode | null> =>
  change.then(
    () => null,
    (error: unknown) => {
      if (error instanceof CommonplanError) return error.code;
      throw error;
    },
  );

const best = (roles: Iterable<Role>): Role | null => {
  const held = new Set(roles);
  return ROLES.find((role) => held.has(role)) ?? null;
};
const atLeast = (a: Role, b: Role): boolean => best([a, b]) === a;

/** What everybody should have, kept as plainly as it can be said. */
class Model {
  named = new Map<string, Role>([['ana', 'owner']]);
  byLink = new Map<string, Map<number, LinkRole>>(PEOPLE.map((user) => [user, new Map()]));
  links: { role: LinkRole; made: number; left: number; withdrawn: boolean }[] = [];
  taken = new Map<string, number>();
  inTeam = new Map<string, Role>([[TOM, 'owner']]);
  ofTeam = false;
  public = false;
  requiresAccount = false;
  suspended = new Set<string>();
  now = 0;

  own(user: string): Role | null {
    const named = this.named.get(user);
    return best([...(named ? [named] : []), ...this.byLink.get(user)!.values()]);
  }

  asMember(user: string): Role | null {
    if (this.suspended.has(user) || (this.requiresAccount && isGuest(user))) return null;
    const own = this.own(user);
    const team = this.ofTeam ? this.inTeam.get(user) : undefined;
    return best([...(own ? [own] : []), ...(team ? [team] : [])]);
  }

  role(user: string): Role | null {
    if (this.suspended.has(user)) return null;
    return this.asMember(user) ?? (this.public ? 'viewer' : null);
  }

  ownedWithout(user: string | null, requiresAccount = this.requiresAccount): boolean {
    if (this.ofTeam) return true;
    return PEOPLE.some((one) => one !== user && this.named.get(one) === 'owner' && !(requiresAccount && isGuest(one)));
  }
}

interface Real {
  readonly planId: string;
  readonly teamId: string;
  readonly links: { id: string; token: string }[];
}

/** One thing that somebody does, and after it a look at everybody. */
const step = (name: string, apply: (model: Model, real: Real) => Promise<void>): fc.AsyncCommand<Model, Real> => ({
  check: () => true,
  toString: () => name,
  async run(model, real) {
    // A millisecond for each step: what came before what is then no matter of chance.
    vi.setSystemTime(++model.now);
    await apply(model, real);
    for (const user of PEOPLE) {
      const access = await readPlanAccess(database.kysely, user, real.planId);
      expect(access.role, user).toBe(model.role(user));
      if (access.role !== null) expect(access.member).toBe(model.asMember(user) !== null);
    }
    const nobody = await readPlanAccess(database.kysely, null, real.planId);
    expect(nobody.role).toBe(model.public ? 'viewer' : null);
    const listed = await listMembers(database.kysely, { planId: real.planId });
    expect(new Map(listed.map(({ userId, role }) => [userId, role]))).toEqual(
      new Map(PEOPLE.flatMap((user) => (model.own(user) ? [[user, model.own(user)]] : []))),
    );
    expect(model.ownedWithout(null)).toBe(true);
  },
});

const setRole = (user: string, role: Role | null, by: string) =>
  step(`${by} makes ${user} ${role}`, async (model, { planId }) => {
    const before = model.own(user);
    const refusal = await refusalOf(changeRole(database.kysely, { planId }, { userId: user, role, by }));
    if (!before) expect(refusal).toBe('not-found');
    else if (before === 'owner' && role !== 'owner' && !model.ownedWithout(user)) expect(refusal).toBe('last-owner');
    else {
      expect(refusal).toBeNull();
      model.byLink.get(user)!.clear();
      if (role) model.named.set(user, role);
      else model.named.delete(user);
      const lowered = role === null ? by !== user : role !== before && atLeast(before, role);
      if (lowered) model.taken.set(user, model.now);
    }
  });

const add = (user: string, role: Role) =>
  step(`${user} is added as ${role}`, async (model, { planId }) => {
    const refusal = await refusalOf(addMember(database.kysely, { planId }, { userId: user, role, by: 'ana' }));
    expect(refusal).toBe(model.own(user) ? 'conflict' : null);
    if (refusal === null) model.named.set(user, role);
  });

const makeLink = (role: LinkRole, uses: number | null) =>
  step(`a link for ${uses ?? 'any number of'} ${role}s`, async (model, { planId, links }) => {
    links.push(await createLink(database.kysely, { planId }, { ...terms, role: role, mostUses: uses }));
    model.links.push({
      role: role,
      made: model.now,
      left: uses ?? Number.POSITIVE_INFINITY,
      withdrawn: false,
    });
  });

const redeem = (user: string, number: number) =>
  step(`${user} comes by link ${number}`, async (model, { planId, links }) => {
    // The routes let no suspended person as far as this.
    if (links.length === 0 || model.suspended.has(user)) return;
    const index = number % links.length;
    const link = model.links[index]!;
    const before = model.asMember(user);
    let refusal: ErrorCode | null = null;
    if ((model.taken.get(user) ?? -1) > link.made) refusal = 'access-removed';
    if (model.requiresAccount && isGuest(user)) refusal = 'account-required';
    if (link.left === 0) refusal = 'link-used-up';
    if (link.withdrawn) refusal = 'link-withdrawn';
    if (before === null && refusal) {
      expect(await refusalOf(redeemLink(database.kysely, links[index]!.token, user))).toBe(refusal);
      return;
    }
    if (!refusal && !(before && atLeast(before, link.role))) {
      link.left -= 1;
      model.byLink.get(user)!.set(index, link.role);
    }
    const answer = await redeemLink(database.kysely, links[index]!.token, user);
    expect(answer).toEqual({ planId, role: model.asMember(user) });
  });

const withdraw = (number: number, keepMembers: boolean) =>
  step(`link ${number} is withdrawn${keepMembers ? ', members stay' : ''}`, async (model, { planId, links }) => {
    if (links.length === 0) return;
    const index = number % links.length;
    const refusal = await refusalOf(
      withdrawLink(database.kysely, { planId }, links[index]!.id, { by: 'ana', keepMembers }),
    );
    expect(refusal).toBe(model.links[index]!.withdrawn ? 'not-found' : null);
    model.links[index]!.withdrawn = true;
    for (const user of PEOPLE) {
      const role = model.byLink.get(user)!.get(index);
      model.byLink.get(user)!.delete(index);
      const named = model.named.get(user);
      if (role && keepMembers) model.named.set(user, best(named ? [role, named] : [role])!);
    }
  });

const open = (what: 'public' | 'requiresAccount', value: boolean) =>
  step(`${what} becomes ${value}`, async (model, { planId }) => {
    const { kysely } = database;
    if (what === 'public') await setPublic(kysely, planId, { public: value, by: 'ana' });
    else {
      const refusal = await refusalOf(setRequiresAccount(kysely, planId, { requiresAccount: value, by: 'ana' }));
      expect(refusal).toBe(value && !model.ownedWithout(null, true) ? 'conflict' : null);
      if (refusal) return;
    }
    model[what] = value;
  });

const setTeamRole = (user: string, role: Role | null) =>
  step(`${user} is ${role} in the team`, async (model, { teamId }) => {
    const before = model.inTeam.get(user);
    const { kysely } = database;
    const change = before
      ? changeRole(kysely, { teamId }, { userId: user, role, by: TOM })
      : addMember(kysely, { teamId }, { userId: user, role: role ?? 'viewer', by: TOM });
    const refusal = await refusalOf(change);
    const now = before ? role : (role ?? 'viewer');
    expect(refusal).toBe(now === 'owner' && isGuest(user) ? 'account-required' : null);
    if (refusal) return;
    if (now) model.inTeam.set(user, now);
    else model.inTeam.delete(user);
  });

const giveToTeam = (give: boolean) =>
  step(`the plan is the team's${give ? '' : ' no longer'}`, async (model, { planId, teamId }) => {
    const { kysely } = database;
    if (give === model.ofTeam) return;
    await moveToTeam(kysely, { planId, userId: TOM, teamId: give ? teamId : null });
    model.ofTeam = give;
    // Who takes it out is left with it.
    if (!give) model.named.set(TOM, 'owner');
  });

const suspend = (user: string, value: boolean) =>
  step(`${user} is ${value ? '' : 'no longer '}suspended`, async (model) => {
    const suspendedAt = value ? 1 : null;
    await withUsers(database.kysely).updateTable('user').set({ suspendedAt }).where('id', '=', user).execute();
    if (value) model.suspended.add(user);
    else model.suspended.delete(user);
  });

const user = fc.constantFrom(...PEOPLE);
const teamMate = fc.constantFrom('ana', 'ben', 'cem', 'gil');
const number = fc.nat(5);
const steps = [
  fc.tuple(user, fc.option(fc.constantFrom(...ROLES)), user).map((one) => setRole(...one)),
  fc.tuple(user, fc.constantFrom(...ROLES)).map((one) => add(...one)),
  fc.tuple(fc.constantFrom(...LINK_ROLES), fc.option(fc.integer({ min: 1, max: 2 }))).map((one) => makeLink(...one)),
  fc.tuple(user, number).map((one) => redeem(...one)),
  fc.tuple(user, number).map((one) => redeem(...one)),
  fc.tuple(number, fc.boolean()).map((one) => withdraw(...one)),
  fc.tuple(fc.constantFrom('public' as const, 'requiresAccount' as const), fc.boolean()).map((one) => open(...one)),
  fc.tuple(user, fc.boolean()).map((one) => suspend(...one)),
  fc.tuple(teamMate, fc.option(fc.constantFrom(...ROLES))).map((one) => setTeamRole(...one)),
  fc.boolean().map(giveToTeam),
];

test('[R10] everybody has the best of what they were given and not deprived of, whatever came before', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: 'max' }), async (commands) => {
      const planId = await createPlan();
      const teamId = await createTeam(database.kysely, TOM, 'A team');
      await database.kysely.updateTable('members').set({ since: 0 }).where('plan_id', '=', planId).execute();
      database.sqlite.exec('UPDATE user SET suspendedAt = NULL');
      await fc.asyncModelRun(() => ({ model: new Model(), real: { planId, teamId, links: [] } }), commands);
    }),
    { numRuns: 40 },
  );
});

test('[R20] a plan never loses its last owner, however many change at once', async () => {
  const { kysely } = database;
  const change = fc.record({ userId: user, role: fc.option(fc.constantFrom(...ROLES)), by: user });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { minLength: 2, maxLength: 6 }), { maxLength: 6 }), async (rounds) => {
      const planId = await createPlan();
      for (const userId of ['ben', 'cem']) await addMember(kysely, { planId }, { userId, role: 'owner', by: 'ana' });
      for (const round of rounds) {
        await Promise.all(round.map((one) => refusalOf(changeRole(kysely, { planId }, one))));
        expect((await listMembers(kysely, { planId })).map(({ role }) => role)).toContain('owner');
      }
    }),
    { numRuns: 40 },
  );
});

test('[R20] a link for one person that fifty redeem at once lets one in', async () => {
  const { kysely, sqlite } = database;
  const planId = await createPlan();
  const people = Array.from({ length: 50 }, (_, index) => `user ${index}`);
  for (const one of people) sqlite.prepare('INSERT INTO user (id, name) VALUES (?, ?)').run(one, one);
  const { token } = await createLink(kysely, { planId }, { ...terms, role: 'editor', mostUses: 1 });
  const answers = await Promise.all(people.map((one) => refusalOf(redeemLink(kysely, token, one))));
  expect(answers.filter((code) => code === null)).toHaveLength(1);
  expect(answers.filter((code) => code === 'link-used-up')).toHaveLength(49);
  expect((await listLinks(kysely, { planId }))[0]).toMatchObject({ uses: 1, people: [{ name: expect.any(String) }] });
  const winner = people[answers.indexOf(null)]!;
  expect(await redeemLink(kysely, token, winner)).toEqual({ planId, role: 'editor' });
  expect((await listLinks(kysely, { planId }))[0]!.uses).toBe(1);
});

test('[R20] a link lets nobody in from the moment at which it expires, and puts nobody out', async () => {
  const { kysely } = database;
  const planId = await createPlan();
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000 });
  const { token } = await createLink(kysely, { planId }, { ...terms, role: 'viewer', expiresAt: 2_000 });
  vi.setSystemTime(1_999);
  await redeemLink(kysely, token, 'ben');
  vi.setSystemTime(2_000);
  expect(await refusalOf(redeemLink(kysely, token, 'cem'))).toBe('link-expired');
  expect(await redeemLink(kysely, token, 'ben')).toEqual({ planId, role: 'viewer' });
});

test('a plan has 200 links at most, those that were withdrawn not counted', async () => {
  const { kysely } = database;
  const of = { planId: await createPlan() };
  const link = () => createLink(kysely, of, { ...terms, role: 'viewer' });
  const { id } = await link();
  for (let count = 1; count < 200; count++) await link();
  expect(await refusalOf(link())).toBe('conflict');
  await withdrawLink(kysely, of, id, { by: 'ana', keepMembers: false });
  expect(await refusalOf(link())).toBeNull();
});

test('a link that is withdrawn while it is redeemed leaves nobody in, and is dead afterwards', async () => {
  const { kysely } = database;
  const planId = await createPlan();
  const { id, token } = await createLink(kysely, { planId }, { ...terms, role: 'editor' });
  const withdrawn = withdrawLink(kysely, { planId }, id, { by: 'ana', keepMembers: false });
  await Promise.all([refusalOf(redeemLink(kysely, token, 'ben')), withdrawn]);
  expect(await refusalOf(redeemLink(kysely, token, 'cem'))).toBe('link-withdrawn');
  expect((await listMembers(kysely, { planId })).map(({ userId }) => userId)).toEqual(['ana']);
});

test('who becomes somebody else brings along what they have, and what was taken from them', async () => {
  const { kysely } = database;
  const planId = await createPlan();
  const other = await createPlan();
  const old = await createLink(kysely, { planId: other }, { ...terms, role: 'editor' });
  await redeemLink(kysely, old.token, 'gil');
  await changeRole(kysely, { planId: other }, { userId: 'gil', role: null, by: 'ana' });
  const { token } = await createLink(kysely, { planId }, { ...terms, role: 'editor' });
  await redeemLink(kysely, token, 'gil');
  await addMember(kysely, { planId }, { userId: 'ben', role: 'viewer', by: 'ana' });
  await moveMemberships(kysely, 'gil', 'ben');
  expect((await readPlanAccess(kysely, 'ben', planId)).role).toBe('editor');
  expect((await readPlanAccess(kysely, 'gil', planId)).role).toBeNull();
  expect(await readPlanAccess(kysely, 'ben', other)).toEqual({ role: null, refusal: 'access-removed' });
});
