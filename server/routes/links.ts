/** Share links: whoever holds one may become a member with its role. The token travels in the URL's fragment, which no server logs. */
import type { Hono } from 'hono';
import type { z } from 'zod';
import * as api from '../../shared/api.ts';
import { createLink, listLinks, redeemLink, revokeLink } from '../store/links.ts';
import { guardedRoutes, mayPlan, signedIn } from './guarded.ts';
import { type AppEnv, clientAddress, readJson, type Services } from './http.ts';

export function linkRoutes({ access, config, kysely, rateLimits, rooms }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);

  routes.get('/api/plans/:planId/links', mayPlan('share'), async (c, { planId }) => {
    const links = await listLinks(kysely, planId);
    return c.json({
      links: links.map((link) => ({ ...link, createdAt: new Date(link.createdAt).toISOString() })),
    } satisfies z.input<typeof api.linkList>);
  });

  routes.post('/api/plans/:planId/links', mayPlan('share', { inUse: true }), async (c, { planId, user }) => {
    const { role } = await readJson(c, api.createLink);
    const { id, token, createdAt } = await createLink(kysely, planId, { role, createdBy: user.id });
    rooms.notify(planId, { type: 'members' });
    const origin = config.baseUrl ?? new URL(c.req.url).origin;
    c.header('Cache-Control', 'no-store');
    return c.json(
      {
        id,
        role,
        createdAt: new Date(createdAt).toISOString(),
        createdBy: user.name,
        url: `${origin}/join#${token}`,
      } satisfies z.input<typeof api.createdLink>,
      201,
    );
  });

  routes.delete('/api/plans/:planId/links/:linkId', mayPlan('share'), async (c, { planId }) => {
    await revokeLink(kysely, planId, c.req.param('linkId'));
    rooms.notify(planId, { type: 'members' });
    return c.body(null, 204);
  });

  routes.post(api.path.redeem, signedIn, async (c, user) => {
    rateLimits.guess.take(clientAddress(c, config));
    const { token } = await readJson(c, api.redeemLink);
    const { planId, role, changed } = await redeemLink(kysely, token, user.id);
    if (changed) {
      rooms.setRole(planId, user.id, role);
      rooms.notify(planId, { type: 'members' });
    }
    return c.json({ planId, role } satisfies z.input<typeof api.redeemedLink>);
  });

  return routes.hono;
}
