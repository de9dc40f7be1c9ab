/** Members of a plan and their roles. What changes here takes effect on open sockets at once (R10). */
import type { Hono } from 'hono';
import type { z } from 'zod';
import * as api from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import type { Role } from '../../shared/roles.ts';
import { addMember, changeRole, listMembers } from '../store/members.ts';
import { findAccountByEmail } from '../store/users.ts';
import { guardedRoutes, mayPlan } from './guarded.ts';
import { type AppEnv, clientAddress, readJson, type Services } from './http.ts';

export function memberRoutes({ access, config, kysely, rateLimits, rooms }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);

  const membersOf = async (planId: string): Promise<z.input<typeof api.memberList>> => {
    const rows = await listMembers(kysely, planId);
    return { members: rows.map((row) => ({ ...row, since: new Date(row.since).toISOString() })) };
  };

  async function change(planId: string, userId: string, role: Role | null): Promise<void> {
    await changeRole(kysely, planId, userId, role);
    rooms.setRole(planId, userId, role);
    rooms.notify(planId, { type: 'members' });
  }

  routes.get('/api/plans/:planId/members', mayPlan('read'), async (c, { planId, role }) => {
    const list = await membersOf(planId);
    // Addresses are for those who share the plan, names for everybody in it.
    if (role !== 'owner') list.members = list.members.map((member) => ({ ...member, email: null }));
    return c.json(list);
  });

  routes.post('/api/plans/:planId/members', mayPlan('share', { inUse: true }), async (c, { planId }) => {
    rateLimits.guess.take(clientAddress(c, config));
    const { email, role } = await readJson(c, api.addMember);
    const account = await findAccountByEmail(kysely, email);
    if (!account) {
      throw new CommonplanError('not-found', 'There is no account with this e-mail address.', {
        hint: 'Create a link and send it to them.',
      });
    }
    await addMember(kysely, planId, account.id, role);
    rooms.setRole(planId, account.id, role);
    rooms.notify(planId, { type: 'members' });
    return c.json(await membersOf(planId), 201);
  });

  routes.patch('/api/plans/:planId/members/:userId', mayPlan('share', { inUse: true }), async (c, { planId }) => {
    const { role } = await readJson(c, api.patchMember);
    await change(planId, c.req.param('userId'), role);
    return c.json(await membersOf(planId));
  });

  routes.delete('/api/plans/:planId/members/:userId', mayPlan('read'), async (c, { planId, user, role }) => {
    const userId = c.req.param('userId');
    // Everybody may leave; owners may remove others.
    if (userId !== user.id && role !== 'owner') throw new CommonplanError('forbidden');
    await change(planId, userId, null);
    return c.body(null, 204);
  });

  return routes.hono;
}
