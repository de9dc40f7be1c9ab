/** Share links: whoever holds one may become a member with its role. The token travels in the URL's fragment, which no server logs. */
import { Hono } from 'hono';
import type { z } from 'zod';
import * as api from '../../shared/api.ts';
import { createLink, listLinks, redeemLink, revokeLink } from '../store/links.ts';
import { type AppEnv, clientAddress, readJson, type Services } from './http.ts';

export function linkRoutes({ access, config, kysely, rateLimits, rooms }: Services): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/api/plans/:planId/links', async (c) => {
    const { planId } = await access.authorize(c.req.raw.headers, c.req.param('planId'), 'share');
    const links = await listLinks(kysely, planId);
    return c.json({
      links: links.map((link) => ({ ...link, createdAt: new Date(link.createdAt).toISOString() })),
    } satisfies z.input<typeof api.linkList>);
  });

  routes.post('/api/plans/:planId/links', async (c) => {
    const { planId, user } = await access.authorize(c.req.raw.headers, c.req.param('planId'), 'share', { inUse: true });
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

  routes.delete('/api/plans/:planId/links/:linkId', async (c) => {
    const { planId } = await access.authorize(c.req.raw.headers, c.req.param('planId'), 'share');
    await revokeLink(kysely, planId, c.req.param('linkId'));
    rooms.notify(planId, { type: 'members' });
    return c.body(null, 204);
  });

  routes.post(api.path.redeem, async (c) => {
    const user = await access.requireUser(c.req.raw.headers);
    rateLimits.guess.take(clientAddress(c, config));
    const { token } = await readJson(c, api.redeemLink);
    const { planId, role, changed } = await redeemLink(kysely, token, user.id);
    if (changed) {
      rooms.setRole(planId, user.id, role);
      rooms.notify(planId, { type: 'members' });
    }
    return c.json({ planId, role } satisfies z.input<typeof api.redeemedLink>);
  });

  return routes;
}
