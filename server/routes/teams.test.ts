/** Teams: who may do what in them, that their plans are theirs, and that what is taken from somebody there stops on open sockets. */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { path } from '../../shared/api.ts';
import { ROLES, type Role } from '../../shared/roles.ts';
import { type Team, teamsPath } from '../../shared/teams-api.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const password = 'quite a long password';
let accounts = 0;
const emailOf = new Map<Visitor, string>();

/** Somebody with an account. */
async function account(name: string): Promise<Visitor> {
  const visitor = server.visitor();
  const email = `account${++accounts}@example.org`;
  const { body } = await visitor.post(path.signUp, { email, password, name });
  visitor.userId = body.user.id;
  emailOf.set(visitor, email);
  return visitor;
}

async function createTeam(owner: Visitor, name = 'Assembly of Ghent'): Promise<string> {
  const { status, body } = await owner.post(teamsPath.teams, { name });
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body.id;
}

async function add(owner: Visitor, teamId: string, visitor: Visitor, role: Role): Promise<void> {
  const { status, body } = await owner.post(teamsPath.members(teamId), { email: emailOf.get(visitor), role });
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
}

async function planIn(visitor: Visitor, teamId: string, title = 'A plan of the team'): Promise<string> {
  const { status, body } = await visitor.post(path.plans, { title, teamId });
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body.id;
}

const roleIn = async (visitor: Visitor, planId: string): Promise<Role | number> => {
  const { status, body } = await visitor.get(path.plan(planId));
  return status === 200 ? body.role : status;
};

const teamsOf = async (visitor: Visitor): Promise<Team[]> => (await visitor.get(teamsPath.teams)).body.teams;
const titlesOf = async (visitor: Visitor, query = ''): Promise<string[]> =>
  (await visitor.get(`${path.plans}${query}`)).body.plans.map(({ title }: { title: string }) => title).sort();

async function tokenOf(owner: Visitor, teamId: string, link: Record<string, unknown>): Promise<string> {
  const { status, body } = await owner.post(teamsPath.links(teamId), link);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return new URL(body.url).hash.slice(1);
}

type Who = Role | 'stranger' | 'nobody';
const WHO: readonly Who[] = [...ROLES, 'stranger', 'nobody'];

interface Scene {
  readonly teamId: string;
  readonly linkId: string;
  readonly memberId: string;
  /** Of an account that is in nothing. */
  readonly email: string;
}

let people: Record<Who, Visitor>;
let member: Visitor;
let outsider: Visitor;
beforeAll(async () => {
  const [owner, editor, commenter, viewer, stranger] = await Promise.all(
    ['Owner', 'Editor', 'Commenter', 'Viewer', 'Stranger'].map(account),
  );
  people = {
    owner: owner!,
    editor: editor!,
    commenter: commenter!,
    viewer: viewer!,
    stranger: stranger!,
    nobody: server.visitor(),
  };
  member = await account('Member');
  outsider = await account('Outsider');
});

async function scene(): Promise<Scene> {
  const teamId = await createTeam(people.owner);
  for (const role of ['editor', 'commenter', 'viewer'] as const) await add(people.owner, teamId, people[role], role);
  await add(people.owner, teamId, member, 'viewer');
  const { body: link } = await people.owner.post(teamsPath.links(teamId), { role: 'editor' });
  return { teamId, linkId: link.id, memberId: member.userId, email: emailOf.get(outsider) ?? '' };
}

describe('[R10] every role in a team', () => {
  test('is the role in its plans, made there or brought there; whoever is not in it finds neither', async () => {
    const { teamId } = await scene();
    const brought = await people.owner.createPlan('Brought along');
    expect(await roleIn(people.editor, brought)).toBe(404);
    const moved = await people.owner.patch(path.plan(brought), { teamId });
    expect(moved.body.team).toEqual({ id: teamId, name: 'Assembly of Ghent' });
    for (const planId of [brought, await planIn(people.editor, teamId)]) {
      for (const who of ROLES) expect(await roleIn(people[who], planId), who).toBe(who);
      expect(await roleIn(people.stranger, planId)).toBe(404);
    }
    expect(await titlesOf(people.viewer, `?team=${teamId}`)).toEqual(['A plan of the team', 'Brought along']);
    expect(await titlesOf(people.stranger, `?team=${teamId}`)).toEqual([]);
  });

  test('decides who makes plans in it: owners and editors, and nobody who is not in it', async () => {
    const { teamId } = await scene();
    const make = async (who: Who) => (await people[who].post(path.plans, { title: 'A plan', teamId })).status;
    expect(await Promise.all(WHO.map(make))).toEqual([201, 201, 403, 403, 404, 401]);
    const file = (of: Visitor) => {
      const form = new FormData();
      form.set('file', new File(['# A file'], 'plan.md'));
      form.set('team', teamId);
      return of.post(path.planImport, form);
    };
    expect((await file(people.editor)).body).toMatchObject({ role: 'editor', owners: [], team: { id: teamId } });
    expect((await file(people.viewer)).status).toBe(403);
    expect((await file(people.stranger)).status).toBe(404);
  });
});

describe('a plan of a team', () => {
  test('belongs to nobody by name: whoever made it there and leaves the team has it no longer', async () => {
    const { teamId } = await scene();
    const planId = await planIn(people.editor, teamId);
    expect((await people.editor.delete(teamsPath.member(teamId, people.editor.userId))).status).toBe(204);
    expect(await roleIn(people.editor, planId)).toBe(404);
    expect(await roleIn(people.owner, planId)).toBe('owner');
  });

  test('is one of the team’s until an owner of the team takes it out, who then owns it by name', async () => {
    const { teamId } = await scene();
    const planId = await people.editor.createPlan('My own');
    expect((await people.editor.patch(path.plan(planId), { teamId })).status).toBe(200);
    // Still an owner of the plan by name, but not of the team.
    expect((await people.editor.patch(path.plan(planId), { teamId: null })).body.error.code).toBe('forbidden');
    const out = await people.owner.patch(path.plan(planId), { teamId: null });
    expect(out.body).toMatchObject({ team: null, role: 'owner' });
    expect(await roleIn(people.viewer, planId)).toBe(404);
    expect(await roleIn(people.editor, planId)).toBe('owner');
  });

  test('is not brought in by those who may only read there, nor by strangers, nor is a plan taken that is not theirs', async () => {
    const { teamId } = await scene();
    const own = await people.viewer.createPlan('Mine');
    expect((await people.viewer.patch(path.plan(own), { teamId })).status).toBe(403);
    const theirs = await people.stranger.createPlan('Theirs');
    expect((await people.stranger.patch(path.plan(theirs), { teamId })).status).toBe(404);
    expect((await people.owner.patch(path.plan(theirs), { teamId })).status).toBe(404);
    expect((await people.stranger.patch(path.plan(theirs), { teamId: 'none' })).status).toBe(404);
  });

  test('is held in the better of two ways, and in the other when one ends', async () => {
    const { teamId } = await scene();
    const planId = await planIn(people.owner, teamId);
    const { body } = await people.owner.post(path.links(planId), { role: 'editor' });
    await people.viewer.post(path.redeem, { token: new URL(body.url).hash.slice(1) });
    expect(await roleIn(people.viewer, planId)).toBe('editor');
    await people.owner.delete(teamsPath.member(teamId, people.viewer.userId));
    expect(await roleIn(people.viewer, planId)).toBe('editor');
    await people.owner.delete(path.link(planId, body.id));
    expect(await roleIn(people.viewer, planId)).not.toBe('editor');
  });

  test('never shows the team to those who read it because anyone may', async () => {
    const { teamId } = await scene();
    const planId = await planIn(people.owner, teamId);
    await people.owner.patch(path.plan(planId), { public: true });
    for (const reader of [people.stranger, people.nobody]) {
      const { status, body } = await reader.get(path.plan(planId));
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(/Ghent|Owner/);
      expect(JSON.stringify(body)).not.toContain(teamId);
    }
  });
});

describe('a team', () => {
  test('is listed to those who are in it, by name, with how many people and plans it has', async () => {
    const [ana, ben] = await Promise.all([account('Ana'), account('Ben')]);
    const zebra = await createTeam(ana, 'Zebra');
    const alpha = await createTeam(ana, 'äpfel');
    await add(ana, zebra, ben, 'commenter');
    await planIn(ana, zebra);
    expect((await teamsOf(ana)).map(({ name, role, members, plans }) => [name, role, members, plans])).toEqual([
      ['äpfel', 'owner', 1, 0],
      ['Zebra', 'owner', 2, 1],
    ]);
    expect((await teamsOf(ben)).map(({ id, role }) => [id, role])).toEqual([[zebra, 'commenter']]);
    expect(await teamsOf(outsider)).not.toContainEqual(expect.objectContaining({ id: alpha }));
    expect((await server.visitor().get(teamsPath.teams)).status).toBe(401);
  });

  test('has a name of one visible line, and another when its owner says so', async () => {
    const ana = await account('Ana');
    const made = await ana.post(teamsPath.teams, { name: '  Assembly\n of   Lille ' });
    expect(made.body).toMatchObject({
      name: 'Assembly of Lille',
      role: 'owner',
      members: 1,
      plans: 0,
      archivedAt: null,
    });
    expect(made.headers.get('location')).toBe(teamsPath.team(made.body.id));
    expect((await ana.patch(teamsPath.team(made.body.id), { name: 'Lille' })).body.name).toBe('Lille');
    for (const name of ['', ' ', 'a\u202eb', 'x'.repeat(121), 5]) {
      expect((await ana.post(teamsPath.teams, { name })).body.error.code, String(name)).toBe('invalid-request');
    }
    expect((await ana.patch(teamsPath.team(made.body.id), {})).body.error.message).toContain('name or archived');
  });

  test('never loses its last owner, whoever leaves at once', async () => {
    const { teamId } = await scene();
    const { owner, editor } = people;
    expect((await owner.delete(teamsPath.member(teamId, owner.userId))).body.error.code).toBe('last-owner');
    expect((await owner.patch(teamsPath.member(teamId, owner.userId), { role: 'viewer' })).body.error.code).toBe(
      'last-owner',
    );
    await owner.patch(teamsPath.member(teamId, editor.userId), { role: 'owner' });
    const left = await Promise.all([owner, editor].map((one) => one.delete(teamsPath.member(teamId, one.userId))));
    expect(left.map(({ status }) => status).sort()).toEqual([204, 409]);
  });

  test('is owned by people with accounts; guests join by a link', async () => {
    const guest = await server.guest('Gil');
    expect((await guest.post(teamsPath.teams, { name: 'Of a guest' })).body.error.code).toBe('account-required');
    const { teamId } = await scene();
    const token = await tokenOf(people.owner, teamId, { role: 'viewer' });
    expect((await guest.post(path.lookAtLink, { token })).body).toMatchObject({
      ...{ kind: 'team', title: 'Assembly of Ghent', role: 'viewer', invitedBy: 'Owner' },
    });
    expect((await guest.post(path.redeem, { token })).body).toEqual({ teamId, role: 'viewer' });
    const promoted = await people.owner.patch(teamsPath.member(teamId, guest.userId), { role: 'owner' });
    expect(promoted.body.error.code).toBe('account-required');
    const { members } = (await people.owner.get(teamsPath.members(teamId))).body;
    expect(members).toContainEqual(expect.objectContaining({ userId: guest.userId, role: 'viewer', guest: true }));
    // Who makes an account of it keeps the team.
    const signedUp = await guest.post(path.signUp, { email: 'gil@example.org', password });
    expect(signedUp.status).toBe(200);
    expect((await teamsOf(guest)).map(({ id }) => id)).toEqual([teamId]);
  });

  test('is taken along by a guest who signs in to an account', async () => {
    const { teamId } = await scene();
    const guest = await server.guest('Hal');
    await guest.post(path.redeem, { token: await tokenOf(people.owner, teamId, { role: 'editor' }) });
    const planId = await planIn(guest, teamId);
    const hal = await account('Hal');
    await guest.post(path.signIn, { email: emailOf.get(hal), password });
    expect(await roleIn(hal, planId)).toBe('editor');
    expect((await people.owner.get(teamsPath.members(teamId))).body.members).toHaveLength(6);
  });

  test('lets in by a link as often as it says; withdrawn, it puts out those who came by it', async () => {
    const { teamId } = await scene();
    const planId = await planIn(people.owner, teamId);
    const guests = await Promise.all(Array.from({ length: 12 }, (_, index) => server.guest(`Guest ${index}`)));
    const { body: link } = await people.owner.post(teamsPath.links(teamId), { role: 'editor', mostUses: 3 });
    const token = new URL(link.url).hash.slice(1);
    const answers = await Promise.all(guests.map((guest) => guest.post(path.redeem, { token })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(answers.find(({ status }) => status !== 200)?.body.error.code).toBe('link-used-up');
    const inside = guests.filter((_, index) => answers[index]?.status === 200);
    expect(await roleIn(inside[0]!, planId)).toBe('editor');
    await people.owner.delete(teamsPath.link(teamId, link.id));
    expect(await roleIn(inside[0]!, planId)).toBe(410);
    expect((await guests[11]!.post(path.redeem, { token })).body.error.code).toBe('link-withdrawn');
  });

  test('does not take somebody back by an older link whom an owner put out', async () => {
    const { teamId } = await scene();
    const token = await tokenOf(people.owner, teamId, { role: 'editor' });
    await people.owner.delete(teamsPath.member(teamId, people.viewer.userId));
    expect((await people.viewer.post(path.redeem, { token })).body.error.code).toBe('access-removed');
    const newer = await tokenOf(people.owner, teamId, { role: 'editor' });
    expect((await people.viewer.post(path.redeem, { token: newer })).status).toBe(200);
  });

  test('is archived when it has no plans in use, takes nobody and nothing in then, and comes back', async () => {
    const { teamId, email } = await scene();
    const planId = await planIn(people.owner, teamId);
    const token = await tokenOf(people.owner, teamId, { role: 'viewer' });
    const archive = () => people.owner.patch(teamsPath.team(teamId), { archived: true });
    expect((await archive()).body.error).toMatchObject({ code: 'conflict', message: 'This team has a plan in use.' });
    await people.owner.delete(path.plan(planId));
    expect((await archive()).body.archivedAt).not.toBeNull();
    expect((await teamsOf(people.owner)).map(({ id }) => id)).not.toContain(teamId);
    const archivedTeams = (await people.owner.get(`${teamsPath.teams}?archived=true`)).body.teams;
    expect(archivedTeams.map(({ id }: Team) => id)).toContain(teamId);
    expect((await people.viewer.get(path.content(planId))).status).toBe(200);
    const refused = [
      await people.owner.post(path.plans, { title: 'Late', teamId }),
      await people.owner.post(teamsPath.members(teamId), { email, role: 'viewer' }),
      await people.owner.post(teamsPath.links(teamId), { role: 'viewer' }),
      await people.stranger.post(path.redeem, { token }),
      await people.owner.patch(path.plan(await people.owner.createPlan('Late')), { teamId }),
    ];
    expect(refused.map(({ body }) => body.error.code)).toEqual(refused.map(() => 'archived'));
    expect((await people.owner.patch(path.plan(planId), { archived: false })).body.error.code).toBe('conflict');
    expect((await people.owner.patch(teamsPath.team(teamId), { archived: false })).body.archivedAt).toBeNull();
    expect((await people.owner.patch(path.plan(planId), { archived: false })).status).toBe(200);
  });

  test('keeps ids apart: a link, a member and a plan of another team are not there', async () => {
    const one = await scene();
    const other = await createTeam(people.owner, 'Another team');
    expect((await people.owner.delete(teamsPath.link(other, one.linkId))).status).toBe(404);
    expect((await people.owner.delete(teamsPath.member(other, one.memberId))).status).toBe(404);
    expect((await people.owner.get(teamsPath.team(await people.owner.createPlan('A plan')))).status).toBe(404);
    expect((await people.owner.get(path.links(one.teamId))).status).toBe(404);
    const { body } = await people.owner.get(teamsPath.links(one.teamId));
    expect(body.links.map(({ id }: { id: string }) => id)).toContain(one.linkId);
  });
});

describe('[R10] sockets', () => {
  const opened = async (visitor: Visitor, planId: string) => {
    const socket = await visitor.connect(planId);
    return { socket, closed: once(socket, 'close') as Promise<[number, Buffer]> };
  };

  test('end when their owner is removed from the team, and stay when they hold the plan in another way', async () => {
    const { teamId } = await scene();
    const planId = await planIn(people.owner, teamId);
    const other = await planIn(people.owner, teamId);
    const { body } = await people.owner.post(path.links(other), { role: 'viewer' });
    await people.editor.post(path.redeem, { token: new URL(body.url).hash.slice(1) });
    await people.owner.post(path.members(other), { email: emailOf.get(people.editor), role: 'viewer' });
    const [ends, stays] = [await opened(people.editor, planId), await opened(people.editor, other)];
    const bystander = await opened(people.viewer, planId);
    await people.owner.delete(teamsPath.member(teamId, people.editor.userId));
    expect((await ends.closed)[0]).toBe(4403);
    expect(stays.socket.readyState).toBe(stays.socket.OPEN);
    expect(bystander.socket.readyState).toBe(bystander.socket.OPEN);
    for (const { socket } of [stays, bystander]) socket.terminate();
  });

  test('end when the plan is taken out of the team', async () => {
    const { teamId } = await scene();
    const planId = await planIn(people.owner, teamId);
    const { closed } = await opened(people.viewer, planId);
    await people.owner.patch(path.plan(planId), { teamId: null });
    expect((await closed)[0]).toBe(4403);
  });
});
