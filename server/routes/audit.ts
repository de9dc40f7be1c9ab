/** Who did what with a plan's rights and with the plan as a whole, for its owners. */
import type { Hono } from 'hono';
import type { z } from 'zod';
import { type auditPage, auditQuery } from '../../shared/audit.ts';
import { guardedRoutes, mayPlan } from './guarded.ts';
import { type AppEnv, readQuery, type Services } from './http.ts';

export function auditRoutes({ access, audit }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);
  routes.get('/api/plans/:planId/audit', mayPlan('manage'), async (c, { planId }) => {
    c.header('Cache-Control', 'no-store');
    return c.json((await audit.read({ planId, ...readQuery(c, auditQuery) })) satisfies z.input<typeof auditPage>);
  });
  return routes.hono;
}
