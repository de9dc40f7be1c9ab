/** Going back to a snapshot, and taking that back. */
import type { Hono } from 'hono';
import type { z } from 'zod';
import * as api from '../../shared/api.ts';
import type { AuthorizedPlan } from '../auth/access.ts';
import { guardedRoutes, mayPlan } from './guarded.ts';
import { type AppContext, type AppEnv, clientAddress, readJson, type Services, snapshotNumber } from './http.ts';

export function restoreRoutes({ access, config, rateLimits, restores }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);

  const guard = mayPlan('write', { inUse: true });

  /** May this user write to the plan, now and when the edit is made? */
  function request(c: AppContext, { planId, user }: AuthorizedPlan) {
    rateLimits.read.take(clientAddress(c, config));
    return { planId, userId: user.id, authorize: () => guard.pass(access, c) };
  }

  routes.post('/api/plans/:planId/snapshots/:number/restore', guard, async (c, plan) => {
    const asked = request(c, plan);
    const { range = null } = await readJson(c, api.restoreSnapshot);
    const number = snapshotNumber(c.req.param('number'));
    return c.json((await restores.restore({ ...asked, number, range })) satisfies z.input<typeof api.restored>);
  });

  routes.post('/api/plans/:planId/restores/:restoreId/undo', guard, async (c, plan) => {
    const asked = request(c, plan);
    const restoreId = c.req.param('restoreId');
    return c.json((await restores.undo({ ...asked, restoreId })) satisfies z.input<typeof api.restored>);
  });

  return routes.hono;
}
