/** Whatever members do to each other, in any order and at once: a plan keeps an owner, and nobody ends up with less by a second way in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommonplanError } from '../../shared/errors.ts';
import { betterRole, ROLES, type Role } from '../../shared/roles.ts';
import { type Database, openDatabase } from './database.ts';
import { createLink, redeemLink, revokeLink } from './links.ts';
import { addMember, changeRole, moveMemberships } from './members.ts';

let dataDir: string;
let database: Database;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'commonplan-members-'));
  database = openDatabase(dataDir);
});
afterEach(() => {
  database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

let plans = 0;
async function createPlan(ownerId: string): Promise<string> {
  const id = `plan${++plans}`;
  const digest = {
    title: 'A plan',
    subtitle: '',
    place: '',
    keywords: '',
    status: 'draft',
    language: 'en',
    stream: null,
    words: 0,
  } as const;
  await database.kysely
    .insertInto('plans')
    .values({
      id,
      generation: 'g',
      schema_version: 1,
      created_at: 1,
      created_by: ownerId,
      archived_at: null,
      updated_at: 1,
      digest_seq: 0,
      ...digest,
    })
    .execute();
  await addMember(database.kysely, id, ownerId, 'owner');
  return id;
}

async function rolesIn(planId: string): Promise<Map<string, Role>> {
  const rows = await database.kysely.selectFrom('members').selectAll().where('plan_id', '=', planId).execute();
  return new Map(rows.map(({ user_id, role }) => [user_id, role]));
}

/** Refusals are part of the game; everything else is not. */
const attempt = (change: Promise<unknown>): Promise<unknown> =>
  change.catch((error: unknown) => {
    if (!(error instanceof CommonplanError)) throw error;
  });

const user = fc.constantFrom('ana', 'ben', 'cem', 'dua');
const change = fc.oneof(
  fc.record({ kind: fc.constant('role' as const), user, role: fc.option(fc.constantFrom(...ROLES), { nil: null }) }),
  fc.record({ kind: fc.constant('redeem' as const), user, role: fc.constantFrom('editor', 'commenter', 'viewer') }),
  fc.record({ kind: fc.constant('move' as const), user, to: user }),
);

test('a plan never loses its last owner, one change after the other or many at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { minLength: 1, maxLength: 5 }), { maxLength: 8 }), async (rounds) => {
      const { kysely } = database;
      const planId = await createPlan('ana');
      for (const round of rounds) {
        const links = await Promise.all(
          round.map((step) =>
            step.kind === 'redeem' ? createLink(kysely, planId, { role: step.role as Role, createdBy: 'ana' }) : null,
          ),
        );
        await Promise.all(
          round.map((step, index) => {
            if (step.kind === 'role') return attempt(changeRole(kysely, planId, step.user, step.role));
            if (step.kind === 'redeem') return attempt(redeemLink(kysely, links[index]!.token, step.user));
            return attempt(moveMemberships(kysely, step.user, step.to));
          }),
        );
        expect([...(await rolesIn(planId)).values()]).toContain('owner');
      }
    }),
    { numRuns: 50 },
  );
});

test('who holds a plan by two ways has the better of the two roles', async () => {
  for (const first of ROLES) {
    for (const second of ['editor', 'commenter', 'viewer'] as const) {
      const planId = await createPlan('ana');
      await addMember(database.kysely, planId, 'ben', first);
      const { token } = await createLink(database.kysely, planId, { role: second, createdBy: 'ana' });
      const { role, changed } = await redeemLink(database.kysely, token, 'ben');
      expect(role).toBe(betterRole(first, second));
      expect(changed).toBe(role !== first);
      expect((await rolesIn(planId)).get('ben')).toBe(role);
    }
  }
});

test('a link that is withdrawn while it is redeemed lets in or does not, and is dead afterwards', async () => {
  const { kysely } = database;
  const planId = await createPlan('ana');
  const { id, token } = await createLink(kysely, planId, { role: 'editor', createdBy: 'ana' });
  await Promise.all([revokeLink(kysely, planId, id), attempt(redeemLink(kysely, token, 'ben'))]);
  await expect(redeemLink(kysely, token, 'cem')).rejects.toMatchObject({ code: 'link-invalid' });
  expect((await rolesIn(planId)).has('cem')).toBe(false);
});
