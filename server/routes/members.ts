/** Members of a plan and their roles. What changes here reaches open sockets before the answer is given (R10). */
import type { Hono } from 'hono';
import type { z } from 'zod';
import { CommonplanError } from '../../shared/errors.ts';
import type { Role } from '../../shared/roles.ts';
import * as sharing from '../../shared/sharing-api.ts';
import { createLink } from '../store/links.ts';
import { addMember, changeRole, listMembers } from '../store/members.ts';
import { findPeople, isKnown } from '../store/people.ts';
import { findAccountByEmail } from '../store/users.ts';
import { guardedRoutes, mayPlan } from './guarded.ts';
import { type AppContext, type AppEnv, clientAddress, readJson, readQuery, type Services } from './http.ts';
import { linkUrl } from './links.ts';

/** Milliseconds that an invitation to somebody without an account stays good. */
const INVITATION_LASTS = 30 * 24 * 60 * 60_000;

export function memberRoutes({ access, config, kysely, rateLimits, rooms }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);

  const membersOf = async (planId: string): Promise<z.input<typeof sharing.memberList>> => {
    const rows = await listMembers(kysely, planId);
    return { members: rows.map((row) => ({ ...row, since: new Date(row.since).toISOString() })) };
  };

  routes.get('/api/plans/:planId/members', mayPlan('read'), async (c, { planId, role }) => {
    const list = await membersOf(planId);
    // Addresses, and labels of links, which may be addresses, are for those who share the plan; names for everybody in it.
    if (role !== 'owner') list.members = list.members.map((member) => ({ ...member, email: null, link: null }));
    c.header('Cache-Control', 'no-store');
    return c.json(list);
  });

  routes.get('/api/plans/:planId/people', mayPlan('share'), async (c, { planId, user }) => {
    rateLimits.search.take(user.id);
    const { q } = readQuery(c, sharing.peopleQuery);
    const people = await findPeople(kysely, { userId: user.id, planId, q });
    c.header('Cache-Control', 'no-store');
    return c.json({ people } satisfies z.input<typeof sharing.peopleList>);
  });

  routes.post('/api/plans/:planId/members', mayPlan('share', { inUse: true }), async (c, { planId, user }) => {
    rateLimits.guess.take(clientAddress(c, config));
    const { role, ...who } = await readJson(c, sharing.addMember);
    const userId =
      'userId' in who ? await knownUser(user.id, who.userId) : (await findAccountByEmail(kysely, who.email))?.id;
    let invitation: z.input<typeof sharing.addedMember>['invitation'] = null;
    if (userId !== undefined) await addMember(kysely, planId, { userId, role, by: user.id });
    else if ('email' in who) invitation = await invite(c, { planId, email: who.email, role, by: user });
    const answer: z.input<typeof sharing.addedMember> = { ...(await membersOf(planId)), invitation };
    c.header('Cache-Control', 'no-store');
    return c.json(answer, 201);
  });

  /** Throws `not-found` for people whom the asker shares nothing with, as for ids that are nobody's. */
  async function knownUser(asker: string, userId: string): Promise<string> {
    if (await isKnown(kysely, asker, userId)) return userId;
    throw new CommonplanError('not-found', 'You share no plan with this person.', {
      hint: 'Add them by e-mail address.',
    });
  }

  /** For an address that nobody has an account with: a link for one person, sent there if this server can. */
  async function invite(
    c: AppContext,
    { planId, email, role, by }: { planId: string; email: string; role: Role; by: { id: string; name: string } },
  ): Promise<{ linkId: string; url: string | null }> {
    if (role === 'owner') {
      throw new CommonplanError(
        'invalid-request',
        'role: Nobody has an account with this address yet. Expected editor, commenter or viewer.',
        {
          hint: 'Make them an owner when they have come.',
        },
      );
    }
    const terms = { role, label: email, expiresAt: Date.now() + INVITATION_LASTS, mostUses: 1 };
    const { id, token } = await createLink(kysely, planId, { ...terms, by: by.id });
    rooms.notify(planId, { type: 'members' });
    const url = linkUrl(c, config, token);
    return { linkId: id, url };
  }

  routes.patch('/api/plans/:planId/members/:userId', mayPlan('share', { inUse: true }), async (c, { planId, user }) => {
    const { role } = await readJson(c, sharing.patchMember);
    await changeRole(kysely, planId, { userId: c.req.param('userId'), role, by: user.id });
    return c.json(await membersOf(planId));
  });

  routes.delete('/api/plans/:planId/members/:userId', mayPlan('read'), async (c, { planId, user, role }) => {
    const userId = c.req.param('userId');
    // Everybody may leave; owners may remove others.
    if (userId !== user.id && role !== 'owner') throw new CommonplanError('forbidden');
    await changeRole(kysely, planId, { userId, role: null, by: user.id });
    return c.body(null, 204);
  });

  return routes.hono;
}
