/** Every route with everybody, and with plans, teams and ids that are theirs, somebody else's, mixed up, archived, public or none at all. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { path } from '../../shared/api.ts';
import { may, type Role } from '../../shared/roles.ts';
import { createApp } from '../app.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';
import { ADMINISTRATOR, ANYBODY, ROWS, type Row, SIGNED_IN } from './access-matrix.ts';
import {
  addPicture,
  addRestore,
  createPeople,
  createSubject,
  type People,
  POSITIONS,
  type Position,
  promoteAndSuspend,
  ROLE_OF,
  type Subject,
} from './access-subjects.ts';
import { type Rule, ruleOf } from './guarded.ts';
import type { Services } from './http.ts';

/** Registering routes touches none of the services. */
const app = createApp({ config: {}, rateLimits: {} } as Services);
const RULES = new Map<string, Rule | undefined>(
  app.routes
    .filter(({ method, path: pattern }) => method !== 'ALL' && /^\/(api|sync)\//.test(pattern))
    .map(({ method, path: pattern, handler }) => [`${method} ${pattern}`, ruleOf(handler)]),
);
const ruleFor = (route: string): Rule => {
  const rule = RULES.get(route);
  if (!rule) throw new Error(`${route} is not registered, or past the guards.`);
  return rule;
};
const routesWhere = (holds: (rule: Rule) => boolean): string[] =>
  [...RULES].flatMap(([route, rule]) => (rule && holds(rule) ? [route] : [])).sort();

const SUBJECT_RULES = ['plan', 'reader', 'team'];

test('every route has a line in access-matrix.ts, beneath the guard that it was registered with', () => {
  expect(Object.keys(ROWS).sort()).toEqual(routesWhere(({ who }) => SUBJECT_RULES.includes(who)));
  expect(Object.keys(SIGNED_IN).sort()).toEqual(routesWhere(({ who }) => who === 'signed-in'));
  expect(Object.keys(ANYBODY).sort()).toEqual(routesWhere(({ who }) => who === 'anybody'));
  expect(Object.keys(ADMINISTRATOR).sort()).toEqual(routesWhere(({ who }) => who === 'administrator'));
});

let server: TestServer;
let people: People;
/** By kind: in use, archived, and (plans alone) public. */
const subjects: Partial<Record<`${Subject['kind']} ${State}`, Subject>> = {};
type State = 'in use' | 'archived' | 'public';
const kindOf = (route: string): Subject['kind'] => (route.includes(':teamId') ? 'team' : 'plan');
const KINDS = [...new Set(Object.keys(ROWS).map(kindOf))];

beforeAll(async () => {
  server = await startTestServer();
  people = await createPeople(server);
  promoteAndSuspend(server, people);
  for (const kind of KINDS) {
    for (const state of kind === 'plan'
      ? (['in use', 'archived', 'public'] as const)
      : (['in use', 'archived'] as const)) {
      subjects[`${kind} ${state}`] = await prepare(await createSubject(kind, people), state);
    }
  }
}, 120_000);
afterAll(() => server.stop());

/** With a picture to look at, then archived or made public. */
async function prepare(subject: Subject, state: State): Promise<Subject> {
  const { owner } = people;
  const base = `/api/${subject.kind}s/${subject.id}`;
  const hash = subject.kind === 'plan' ? await addPicture(owner, subject.id) : '';
  const change = { 'in use': null, archived: { archived: true }, public: { public: true } }[state];
  if (change) expect((await owner.patch(base, change)).status).toBe(200);
  return { ...subject, params: { ...subject.params, hash } };
}

/** The path of a route for a subject; `params` replaces some of its ids. */
function address(route: string, subject: Subject, params: Readonly<Record<string, string>> = {}): string {
  const all: Record<string, string> = {
    planId: subject.id,
    teamId: subject.id,
    restoreId: 'none',
    ...subject.params,
    ...params,
  };
  const [, pattern = ''] = route.split(' ');
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(all[name] ?? 'none'));
}

interface Outcome {
  readonly status: number;
  readonly code: string | undefined;
}

async function send(
  who: Visitor,
  route: string,
  to: string,
  row: Partial<Row>,
  subject: Subject,
  headers = {},
): Promise<Outcome> {
  const [method = ''] = route.split(' ');
  const bearer: Record<string, string> = who === people.holder ? { authorization: `Bearer ${who.token}` } : {};
  if (to.startsWith('/sync/')) {
    try {
      const socket = await who.connect(decodeURIComponent(to.slice('/sync/'.length)), {
        headers: { cookie: who.cookie, ...bearer },
        ...headers,
      });
      socket.terminate();
      return { status: 101, code: undefined };
    } catch (error) {
      return { status: Number(/refused with (\d+)/.exec((error as Error).message)?.[1]), code: undefined };
    }
  }
  const body = method === 'GET' ? undefined : row.body?.(subject);
  const answer = await who.send(method, `${to}${row.query ?? ''}`, body, { ...bearer, ...headers });
  return { status: answer.status, code: answer.body?.error?.code };
}

/** What the guard and the table of roles say. null: whoever may. */
function refusal(rule: Rule, row: Row, position: Position, state: State): number | null {
  if (position === 'suspended') return 403;
  const role: Role | undefined = ROLE_OF[position];
  const signedIn = position !== 'nobody' && position !== 'holder';
  if (rule.who === 'reader' && state === 'public') return null;
  if (!signedIn) return 401;
  if (!role) return position === 'former' && state !== 'public' ? 403 : 404;
  const action = 'action' in rule ? rule.action : 'read';
  if (!may(role, action)) return 403;
  if (state === 'archived' && 'inUse' in rule && rule.inUse) return 410;
  return row.needs && !may(role, row.needs) ? 403 : null;
}

describe.each(Object.entries(ROWS))('%s', (route, row) => {
  const rule = ruleFor(route);
  const kind = kindOf(route);
  const changes = !route.startsWith('GET');
  const states: State[] = kind === 'plan' ? ['in use', 'archived', 'public'] : ['in use', 'archived'];

  test('[R10] everybody gets what their role in the plan or team allows, and nobody more', async () => {
    const wrong: string[] = [];
    for (const state of states) {
      for (const position of POSITIONS) {
        const refused = refusal(rule, row, position, state);
        const expected = refused ?? (state === 'archived' ? (row.archived ?? row.done) : row.done);
        // What is done is done to a subject of its own; what is refused leaves none changed.
        let subject = subjects[`${kind} ${state}`]!;
        if (refused === null && changes) {
          subject = await createSubject(kind, people);
          const restoreId = route.includes(':restoreId') ? await addRestore(people.owner, subject.id) : 'none';
          subject = await prepare({ ...subject, params: { ...subject.params, restoreId } }, state);
        }
        const { status, code } = await send(people[position], route, address(route, subject), row, subject);
        if (status !== expected)
          wrong.push(`${position}, ${kind} ${state}: expected ${expected}, got ${status} ${code}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  test('somebody else’s plans and teams, and ids that are none, look alike', async () => {
    const foreign = await people.other.createPlan('Not yours', 'Secret.\n');
    const ids = [
      foreign,
      'none',
      '%00',
      "' OR 1=1 --",
      '__proto__',
      '../plans',
      'a'.repeat(3_000),
      subjects[`${kind} in use`]!.id.toUpperCase(),
    ];
    const wrong: string[] = [];
    for (const id of ids) {
      for (const position of ['owner', 'administrator', 'nobody'] as const) {
        const subject = { ...subjects[`${kind} in use`]!, id };
        const { status, code } = await send(people[position], route, address(route, subject), row, subject);
        const expected = position === 'nobody' ? 401 : 404;
        if (status !== expected)
          wrong.push(`${position}, ${id.slice(0, 30)}: expected ${expected}, got ${status} ${code}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  const child = [...route.matchAll(/:(\w+)/g)]
    .map(([, name = '']) => name)
    .find((name) => !['planId', 'teamId', 'format'].includes(name));
  if (child)
    test('an id of another plan or team is none here, also for somebody who owns both', async () => {
      const here = subjects[`${kind} in use`]!;
      const there = await createSubject(kind, people);
      const ask = async (subject: Subject, params: Record<string, string>): Promise<number> =>
        (await send(people.owner, route, address(route, subject, params), row, subject)).status;
      if (child === 'hash') {
        expect(await ask(there, { hash: here.params.hash! })).toBe(404);
        return;
      }
      const guest = await server.guest('Only there');
      const { body } = await people.owner.post(`/api/${kind}s/${there.id}/links`, { role: 'viewer' });
      await guest.post(path.redeem, { token: new URL(body.url).hash.slice(1) });
      const restoreId = child === 'restoreId' ? await addRestore(people.owner, there.id) : 'none';
      const foreign: Record<string, string> = { ...there.params, restoreId, userId: guest.userId, number: '7' };
      expect(await ask(here, { [child!]: foreign[child!]! })).toBe(404);
      // There it is what it was.
      if (child !== 'number') expect(await ask(there, { [child!]: foreign[child!]! })).toBe(row.done);
    });

  test('[W1] another site gets nothing done, and a program without an origin only by a bearer token', async () => {
    const subject = subjects[`${kind} in use`]!;
    const socket = route.includes('/sync/');
    const { owner } = people;
    const from = (origin: string | undefined) =>
      socket
        ? { origin, ...(origin === undefined && { headers: { cookie: owner.cookie } }) }
        : { origin: origin ?? '' };
    const evil = await send(owner, route, address(route, subject), row, subject, from('https://evil.example'));
    const bare = await send(owner, route, address(route, subject), row, subject, from(undefined));
    if (changes || socket) expect([evil.status, bare.status]).toEqual([403, 403]);
    else expect([evil.status, bare.status]).toEqual([row.done, row.done]);
  });
});

describe.each(Object.entries(SIGNED_IN))('%s', (route, row) => {
  test('needs somebody who is signed in and not suspended', async () => {
    ruleFor(route);
    const guest = await server.guest('Anybody');
    const subject: Subject = { kind: 'plan', id: 'none', params: {} };
    const to = address(route, subject);
    const of = async (who: Visitor) => (await send(who, route, to, row, subject)).status;
    expect([await of(people.nobody), await of(people.holder), await of(people.suspended), await of(guest)]).toEqual([
      401,
      401,
      403,
      row.done,
    ]);
  });
});

describe.each(Object.entries(ANYBODY))('%s', (route, row) => {
  test('answers people who are not signed in', async () => {
    const subject: Subject = { kind: 'plan', id: 'none', params: {} };
    const { status } = await send(server.visitor(), route, address(route, subject), row, subject);
    expect(status).toBe(row.done);
  });
});

describe.each(Object.entries(ADMINISTRATOR))('%s', (route, row) => {
  test('needs an administrator of the server', async () => {
    const subject: Subject = { kind: 'plan', id: 'none', params: { userId: people.target.userId } };
    const of = async (who: Visitor) => (await send(who, route, address(route, subject), row, subject)).status;
    const { owner, suspended, nobody, guest, administrator } = people;
    expect([await of(owner), await of(guest), await of(suspended), await of(nobody)]).toEqual([403, 403, 403, 401]);
    expect(await of(administrator)).toBe(row.done);
  });
});
