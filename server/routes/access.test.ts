/** Who may do what: every route with every role, and with plans, members and links of somebody else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { path } from '../../shared/api.ts';
import { auditPath } from '../../shared/audit.ts';
import { pdfAvailable } from '../export/pdf/exporter.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';
import { OPERATIONS } from './openapi.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

type Who = 'owner' | 'editor' | 'commenter' | 'viewer' | 'stranger' | 'nobody';
const WHO: readonly Who[] = ['owner', 'editor', 'commenter', 'viewer', 'stranger', 'nobody'];

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
/** Statuses in the order of WHO. 404 for whoever is no member: the plan might as well not exist. */
type Row = readonly [send: Send, ...statuses: number[]];

const upgrade: Send = async (visitor, { planId }) => {
  try {
    (await visitor.connect(planId)).close();
    return { status: 101 };
  } catch (error) {
    return { status: Number(/refused with (\d+)/.exec((error as Error).message)?.[1]) };
  }
};

const MATRIX: Readonly<Record<string, Row>> = {
  'GET /api/plans/:planId': [(v, s) => v.get(path.plan(s.planId)), 200, 200, 200, 200, 404, 401],
  'PATCH /api/plans/:planId': [
    (v, s) => v.patch(path.plan(s.planId), { archived: true }),
    200,
    403,
    403,
    403,
    404,
    401,
  ],
  'DELETE /api/plans/:planId': [(v, s) => v.delete(path.plan(s.planId)), 204, 403, 403, 403, 404, 401],
  'GET /api/plans/:planId/content': [(v, s) => v.get(path.content(s.planId)), 200, 200, 200, 200, 404, 401],
  'GET /api/plans/:planId/export/:format': [(v, s) => v.get(path.export(s.planId, 'md')), 200, 200, 200, 200, 404, 401],
  'GET /api/plans/:planId/pdf-preview': [
    (v, s) => v.get(path.pdfPreview(s.planId)),
    ...Array(4).fill(pdfAvailable() ? 200 : 415),
    404,
    401,
  ],
  'GET /api/plans/:planId/snapshots': [(v, s) => v.get(path.snapshots(s.planId)), 200, 200, 200, 200, 404, 401],
  'POST /api/plans/:planId/snapshots': [
    (v, s) => v.post(path.snapshots(s.planId), { label: 'A label' }),
    // The editor comes before the owner, and nothing changes in between.
    ...[409, 201, 403, 403, 404, 401],
  ],
  'GET /api/plans/:planId/snapshots/:number': [
    (v, s) => v.get(path.snapshot(s.planId, 1)),
    ...[200, 200, 200, 200, 404, 401],
  ],
  'GET /api/plans/:planId/compare': [
    (v, s) => v.get(`${path.compare(s.planId)}?from=1&to=now`),
    ...[200, 200, 200, 200, 404, 401],
  ],
  'GET /api/plans/:planId/redline/:format': [
    (v, s) => v.get(`${path.redline(s.planId, 'html')}?from=1&to=now`),
    ...[200, 200, 200, 200, 404, 401],
  ],
  'POST /api/plans/:planId/snapshots/:number/restore': [
    (v, s) => v.post(path.restore(s.planId, 1), {}),
    ...[200, 200, 403, 403, 404, 401],
  ],
  // Who may write hears that there is no such restore.
  'POST /api/plans/:planId/restores/:restoreId/undo': [
    (v, s) => v.post(path.undoRestore(s.planId, 'none')),
    ...[404, 404, 403, 403, 404, 401],
  ],
  'GET /api/plans/:planId/audit': [(v, s) => v.get(auditPath(s.planId)), 200, 403, 403, 403, 404, 401],
  'GET /api/plans/:planId/people': [(v, s) => v.get(`${path.people(s.planId)}?q=ann`), 200, 403, 403, 403, 404, 401],
  'GET /api/plans/:planId/members': [(v, s) => v.get(path.members(s.planId)), 200, 200, 200, 200, 404, 401],
  'POST /api/plans/:planId/members': [
    (v, s) => v.post(path.members(s.planId), { email: s.email, role: 'editor' }),
    ...[201, 403, 403, 403, 404, 401],
  ],
  'PATCH /api/plans/:planId/members/:userId': [
    (v, s) => v.patch(path.member(s.planId, s.memberId), { role: 'editor' }),
    ...[200, 403, 403, 403, 404, 401],
  ],
  'DELETE /api/plans/:planId/members/:userId': [
    (v, s) => v.delete(path.member(s.planId, s.memberId)),
    ...[204, 403, 403, 403, 404, 401],
  ],
  'GET /api/plans/:planId/links': [(v, s) => v.get(path.links(s.planId)), 200, 403, 403, 403, 404, 401],
  'POST /api/plans/:planId/links': [
    (v, s) => v.post(path.links(s.planId), { role: 'viewer' }),
    201,
    403,
    403,
    403,
    404,
    401,
  ],
  'DELETE /api/plans/:planId/links/:linkId': [
    (v, s) => v.delete(path.link(s.planId, s.linkId)),
    204,
    403,
    403,
    403,
    404,
    401,
  ],
  'GET /sync/:planId': [upgrade, 101, 101, 101, 101, 404, 401],
};

describe('[R10] every role', () => {
  test.each(Object.entries(MATRIX))('%s', async (_route, [send, ...expected]) => {
    const got: number[] = [];
    const one = await scene();
    // The owner last: what only the owner can do must not change what the others find.
    for (const who of WHO.toReversed()) got.unshift((await send(people[who], one)).status);
    expect(got).toEqual(expected);
  });

  test('has a row here for every route of a plan', () => {
    const ofPlans = Object.keys(OPERATIONS).filter((route) => route.includes(':planId'));
    expect(Object.keys(MATRIX).sort()).toEqual(ofPlans.sort());
  });
});

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
