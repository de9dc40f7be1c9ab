/** For the access matrix: people in every position towards a plan or a team, and the plans and teams that they are tried on. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { path } from '../../shared/api.ts';
import { MESSAGE, SYNC } from '../../shared/protocol.ts';
import type { Role } from '../../shared/roles.ts';
import type { TestServer, Visitor } from '../test-server.ts';

/**
 * guest: an editor by a link, without an account. former: was an editor. holder: not signed in, sends a link's token as if it were a
 * session. administrator: of the server, and of nothing else. suspended: an owner whose account is.
 */
export const POSITIONS = [
  'owner',
  'editor',
  'commenter',
  'viewer',
  'guest',
  'former',
  'stranger',
  'holder',
  'administrator',
  'suspended',
  'nobody',
] as const;
export type Position = (typeof POSITIONS)[number];

export const ROLE_OF: Partial<Record<Position, Role>> = {
  owner: 'owner',
  editor: 'editor',
  commenter: 'commenter',
  viewer: 'viewer',
  guest: 'editor',
};

/** A plan or a team, and what lies beneath it. */
export interface Subject {
  readonly kind: 'plan' | 'team';
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
}

export type People = Readonly<Record<Position | 'target' | 'other', Visitor>>;

/** One pixel. */
export const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const PASSWORD = 'quite a long password';
const emailOf = (name: string): string => `${name}@example.org`;

export async function createPeople(server: TestServer): Promise<People> {
  const people: Partial<Record<keyof People, Visitor>> = {};
  for (const name of [...POSITIONS, 'target', 'other'] as const) {
    const visitor = server.visitor();
    people[name] = visitor;
    if (name === 'nobody' || name === 'holder') continue;
    if (name === 'guest') {
      people[name] = await server.guest(name);
      continue;
    }
    const { status, body } = await visitor.post(path.signUp, { email: emailOf(name), password: PASSWORD, name });
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
    visitor.userId = body.user.id;
    visitor.token = body.token;
  }
  return people as People;
}

/** As somebody with the command line does it, beside the running server. */
export function promoteAndSuspend(server: TestServer, people: People): void {
  const database = new DatabaseSync(join(server.dataDir, 'commonplan.db'), { timeout: 5_000 });
  const update = (set: string, { userId }: Visitor): void => {
    const { changes } = database.prepare(`UPDATE user SET ${set} WHERE id = ?`).run(userId);
    if (changes !== 1) throw new Error(`Nobody has the id ${userId}.`);
  };
  update('administrator = 1', people.administrator);
  update(`suspendedAt = ${Date.now()}`, people.suspended);
  database.close();
}

async function must(answer: Promise<{ status: number; body: unknown }>): Promise<never> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body as never;
}

/** Everybody is in the position that they are called after. */
export async function createSubject(kind: Subject['kind'], { owner, ...people }: People): Promise<Subject> {
  const base = kind === 'plan' ? path.plans : '/api/teams';
  const id =
    kind === 'plan'
      ? await owner.createPlan('A plan', 'Some text.\n')
      : ((await must(owner.post(base, { name: 'A team' }))) as { id: string }).id;
  const members = `${base}/${id}/members`;
  const roles = {
    editor: 'editor',
    commenter: 'commenter',
    viewer: 'viewer',
    former: 'editor',
    target: 'viewer',
    suspended: 'owner',
  };
  for (const [name, role] of Object.entries(roles)) await must(owner.post(members, { email: emailOf(name), role }));
  await must(owner.delete(`${members}/${people.former.userId}`));
  const link: { id: string; url: string } = await must(owner.post(`${base}/${id}/links`, { role: 'editor' }));
  const token = new URL(link.url).hash.slice(1);
  await must(people.guest.post(path.redeem, { token }));
  // Whoever holds the link, and nothing else, tries it wherever a session's token goes.
  people.holder.token = token;
  people.holder.cookies.set('commonplan.session_token', token);
  return { kind, id, params: { linkId: link.id, userId: people.target.userId, format: 'md', number: '1' } };
}

/** Hash of a picture that is in the plan. */
export async function addPicture(owner: Visitor, planId: string): Promise<string> {
  const { src }: { src: string } = await must(owner.post(`${path.plan(planId)}/images`, PICTURE));
  return src.split('/').at(-1) ?? '';
}

/** Id of a restore that can be undone: somebody wrote, and the owner went back to the first snapshot. */
export async function addRestore(owner: Visitor, planId: string): Promise<string> {
  const ydoc = new Y.Doc();
  ydoc.getText('content').insert(0, 'More text. ');
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.sync);
  encoding.writeVarUint(encoder, SYNC.step2);
  encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(ydoc));
  const socket = await owner.connect(planId);
  socket.send(encoding.toUint8Array(encoder));
  while ((await owner.get(path.content(planId))).body.seq < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  socket.terminate();
  const { restoreId }: { restoreId: string | null } = await must(owner.post(path.restore(planId, 1), {}));
  if (restoreId === null) throw new Error('There was nothing to restore.');
  return restoreId;
}
