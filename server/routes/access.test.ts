/** Members and links: how people come in, change and leave. Who may do what is in access-matrix.test.ts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { path } from '../../shared/api.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

type Who = 'owner' | 'editor' | 'commenter' | 'viewer' | 'stranger' | 'nobody';

/** A plan with one person per role, somebody who has nothing to do with it, and somebody who is not signed in. */
interface Scene {
  readonly planId: string;
  readonly linkId: string;
  /** An account that is no member. */
  readonly email: string;
  /** A viewer whom others may change or remove. */
  readonly memberId: string;
  readonly people: Record<Who, Visitor>;
}

let people: Record<Who, Visitor>;
let member: Visitor;
const email = 'account@example.org';
beforeAll(async () => {
  const names = ['Owner', 'Editor', 'Commenter', 'Viewer', 'Stranger'];
  const [owner, editor, commenter, viewer, stranger] = await Promise.all(names.map(server.guest));
  member = await server.guest('Member');
  people = {
    owner: owner!,
    editor: editor!,
    commenter: commenter!,
    viewer: viewer!,
    stranger: stranger!,
    nobody: server.visitor(),
  };
  await server.visitor().post(path.signUp, { email, password: 'quite a long password', name: 'Account' });
});

/** A new plan with the same people in it. */
async function scene(): Promise<Scene> {
  const planId = await people.owner.createPlan('A plan', 'Some text.');
  const join = async (visitor: Visitor, role: string): Promise<void> => {
    const { body } = await people.owner.post(path.links(planId), { role });
    await visitor.post(path.redeem, { token: new URL(body.url).hash.slice(1) });
  };
  for (const role of ['editor', 'commenter', 'viewer'] as const) await join(people[role], role);
  await join(member, 'viewer');
  const { body: link } = await people.owner.post(path.links(planId), { role: 'editor' });
  return { planId, linkId: link.id, email, memberId: member.userId, people };
}

type Send = (visitor: Visitor, scene: Scene) => Promise<{ status: number }>;

const upgrade: Send = async (visitor, { planId }) => {
  try {
    (await visitor.connect(planId)).close();
    return { status: 101 };
  } catch (error) {
    return { status: Number(/refused with (\d+)/.exec((error as Error).message)?.[1]) };
  }
};

describe('ids that belong to something else', () => {
  test('change nothing there: a link and a member of another plan of the same owner', async () => {
    const { planId, linkId, memberId, people } = await scene();
    const other = await people.owner.createPlan('Another plan');
    expect((await people.owner.delete(path.link(other, linkId))).status).toBe(404);
    expect((await people.owner.delete(path.member(other, memberId))).status).toBe(404);
    expect((await people.owner.patch(path.member(other, memberId), { role: 'owner' })).status).toBe(404);
    const { links } = (await people.owner.get(path.links(planId))).body;
    expect(links.map(({ id }: { id: string }) => id)).toContain(linkId);
    const { members } = (await people.owner.get(path.members(planId))).body;
    expect(members.find(({ userId }: { userId: string }) => userId === memberId).role).toBe('viewer');
  });

  test('and ids that are none are answered like foreign ones', async () => {
    const { planId, people } = await scene();
    const foreign = await people.stranger.get(path.plan(planId));
    for (const id of ['x', '%00', "' OR 1=1 --", 'a'.repeat(5000), '__proto__', planId.toUpperCase()]) {
      const { status, body } = await people.stranger.get(path.plan(id));
      expect([status, body], id).toEqual([404, foreign.body]);
    }
  });
});

describe('members', () => {
  test('see names, and addresses only as owners; guests have none', async () => {
    const { planId, email, people } = await scene();
    await people.owner.post(path.members(planId), { email, role: 'editor' });
    const seenBy = async (visitor: Visitor) =>
      (await visitor.get(path.members(planId))).body.members.map((member: { email: string }) => member.email);
    expect((await seenBy(people.owner)).filter(Boolean)).toEqual([email]);
    expect((await seenBy(people.editor)).filter(Boolean)).toEqual([]);
  });

  test('are added by e-mail in any case, and once', async () => {
    const { planId, email, people } = await scene();
    const add = (address: string) => people.owner.post(path.members(planId), { email: address, role: 'viewer' });
    expect((await add(email.toUpperCase())).status).toBe(201);
    expect((await add(email)).body.error.code).toBe('conflict');
    expect((await add('not an address')).body.error.code).toBe('invalid-request');
  });

  test('may leave, but the last owner may not, nor step down or be removed', async () => {
    const { planId, people } = await scene();
    const { owner, viewer, editor } = people;
    expect((await viewer.delete(path.member(planId, viewer.userId))).status).toBe(204);
    expect((await viewer.get(path.plan(planId))).status).toBe(404);
    expect((await owner.delete(path.member(planId, owner.userId))).body.error.code).toBe('last-owner');
    expect((await owner.patch(path.member(planId, owner.userId), { role: 'editor' })).body.error.code).toBe(
      'last-owner',
    );
    expect((await owner.patch(path.member(planId, editor.userId), { role: 'owner' })).status).toBe(200);
    expect((await owner.delete(path.member(planId, owner.userId))).status).toBe(204);
    expect((await editor.get(path.plan(planId))).body).toMatchObject({ role: 'owner', owners: [{ name: 'Editor' }] });
  });

  test('who are two last owners and leave at once leave one behind', async () => {
    const { planId, people } = await scene();
    const { owner, editor } = people;
    await owner.patch(path.member(planId, editor.userId), { role: 'owner' });
    const left = await Promise.all([owner, editor].map((one) => one.delete(path.member(planId, one.userId))));
    expect(left.map(({ status }) => status).sort()).toEqual([204, 409]);
  });

  test('with a role that does not exist are refused with the roles that do', async () => {
    const { planId, memberId, people } = await scene();
    const { status, body } = await people.owner.patch(path.member(planId, memberId), { role: 'admin' });
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/role: .*owner.*editor.*commenter.*viewer/);
  });
});

describe('links', () => {
  test('carry their token in the fragment, let in once and again, and never lower a role', async () => {
    const { planId, people } = await scene();
    const { status, body } = await people.owner.post(path.links(planId), { role: 'viewer' });
    expect(status).toBe(201);
    const url = new URL(body.url);
    expect([url.origin, url.pathname, url.search]).toEqual([server.url, '/join', '']);
    const token = url.hash.slice(1);
    expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16);
    const redeem = (visitor: Visitor) => visitor.post(path.redeem, { token });
    expect((await redeem(people.stranger)).body).toEqual({ planId, role: 'viewer' });
    expect((await redeem(people.stranger)).body).toEqual({ planId, role: 'viewer' });
    expect((await redeem(people.editor)).body).toEqual({ planId, role: 'editor' });
    expect((await redeem(people.owner)).body).toEqual({ planId, role: 'owner' });
    expect((await redeem(people.nobody)).status).toBe(401);
  });

  test('that are withdrawn let nobody in, and put those out who came by them, or keep them', async () => {
    const { planId, people } = await scene();
    for (const [query, status, code] of [
      ['', 410, 'link-withdrawn'],
      ['?keep=members', 200, undefined],
    ] as const) {
      const { body } = await people.owner.post(path.links(planId), { role: 'editor' });
      const token = new URL(body.url).hash.slice(1);
      const early = await server.guest('Early');
      await early.post(path.redeem, { token });
      expect((await people.owner.delete(`${path.link(planId, body.id)}${query}`)).status).toBe(204);
      expect((await people.owner.delete(path.link(planId, body.id))).status).toBe(404);
      expect((await people.stranger.post(path.redeem, { token })).body.error.code).toBe('link-withdrawn');
      const answer = await early.get(path.plan(planId));
      expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
    }
  });

  test('cannot make owners, and a token that is none opens nothing', async () => {
    const { planId, people } = await scene();
    expect((await people.owner.post(path.links(planId), { role: 'owner' })).status).toBe(400);
    for (const token of ['x', 'a'.repeat(43), '*', "' OR 1=1 --"]) {
      expect((await people.stranger.post(path.redeem, { token })).body.error.code).toBe('link-invalid');
    }
    expect((await people.stranger.post(path.redeem, { token: '' })).status).toBe(400);
  });

  test('show who made them, and never a token again', async () => {
    const { planId, people } = await scene();
    const answer = await people.owner.get(path.links(planId));
    expect(answer.body.links[0]).toEqual({
      id: expect.any(String),
      role: expect.any(String),
      label: '',
      createdAt: expect.any(String),
      createdBy: 'Owner',
      expiresAt: null,
      mostUses: null,
      uses: 1,
      people: [{ userId: expect.any(String), name: expect.any(String) }],
    });
  });
});

test('an archived plan is read by its members, changed by nobody, and comes back', async () => {
  const { planId, email, people } = await scene();
  const { body: link } = await people.owner.post(path.links(planId), { role: 'editor' });
  expect((await people.owner.delete(path.plan(planId))).status).toBe(204);
  expect((await people.editor.get(path.plan(planId))).body.archivedAt).not.toBeNull();
  expect((await people.viewer.get(path.content(planId))).status).toBe(200);
  expect((await upgrade(people.editor, { planId } as Scene)).status).toBe(410);
  expect((await people.owner.post(path.links(planId), { role: 'viewer' })).body.error.code).toBe('archived');
  expect((await people.owner.post(path.members(planId), { email, role: 'viewer' })).body.error.code).toBe('archived');
  const token = new URL(link.url).hash.slice(1);
  expect((await people.stranger.post(path.redeem, { token })).body.error.code).toBe('archived');
  expect((await people.owner.patch(path.plan(planId), { archived: false })).body.archivedAt).toBeNull();
  expect((await upgrade(people.editor, { planId } as Scene)).status).toBe(101);
});
