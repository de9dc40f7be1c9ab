/** Going back to a snapshot, and taking that back. */
import { Hono } from 'hono';
import type { z } from 'zod';
import * as api from '../../shared/api.ts';
import { type AppContext, type AppEnv, clientAddress, readJson, type Services, snapshotNumber } from './http.ts';

export function restoreRoutes({ access, config, rateLimits, restores }: Services): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  /** May this user write to the plan, now and when the edit is made? */
  async function request(c: AppContext, id: string) {
    const authorize = () => access.authorize(c.req.raw.headers, id, 'write', { inUse: true });
    const { planId, user } = await authorize();
    rateLimits.read.take(clientAddress(c, config));
    return { planId, userId: user.id, authorize };
  }

  routes.post('/api/plans/:planId/snapshots/:number/restore', async (c) => {
    const asked = await request(c, c.req.param('planId'));
    const { range = null } = await readJson(c, api.restoreSnapshot);
    const number = snapshotNumber(c.req.param('number'));
    return c.json((await restores.restore({ ...asked, number, range })) satisfies z.input<typeof api.restored>);
  });

  routes.post('/api/plans/:planId/restores/:restoreId/undo', async (c) => {
    const asked = await request(c, c.req.param('planId'));
    const restoreId = c.req.param('restoreId');
    return c.json((await restores.undo({ ...asked, restoreId })) satisfies z.input<typeof api.restored>);
  });

  return routes;
}
