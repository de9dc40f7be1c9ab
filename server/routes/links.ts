/** Share links: whoever holds one may become a member with its role. The token travels in the URL's fragment, which no server logs. */
import type { Hono } from 'hono';
import type { z } from 'zod';
import { path } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import * as sharing from '../../shared/sharing-api.ts';
import type { Config } from '../config.ts';
import { createLink, type LinkRow, listLinks, previewLink, redeemLink, withdrawLink } from '../store/links.ts';
import type { PlanOrTeam } from '../store/plan-or-team.ts';
import { anybody, guardedRoutes, PLANS_AND_TEAMS, signedIn } from './guarded.ts';
import { type AppContext, type AppEnv, clientAddress, readJson, readQuery, type Services } from './http.ts';

export function linkRoutes({ access, config, kysely, rateLimits, rooms }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);

  /** Those who look at the links at this moment. */
  const tell = ({ planId }: PlanOrTeam): void => {
    if (planId !== undefined) rooms.notify(planId, { type: 'members' });
  };

  for (const { base, may } of PLANS_AND_TEAMS) {
    routes.get(`${base}/links`, may('share'), async (c, of) => {
      const links = await listLinks(kysely, of);
      c.header('Cache-Control', 'no-store');
      return c.json({ links: links.map(toLink) } satisfies z.input<typeof sharing.linkList>);
    });

    routes.post(`${base}/links`, may('share', { inUse: true }), async (c, of) => {
      rateLimits.create.take(clientAddress(c, config));
      const { role, label, mostUses, ...body } = await readJson(c, sharing.createLink);
      const expiresAt = body.expiresAt === null ? null : Date.parse(body.expiresAt);
      if (expiresAt !== null && expiresAt <= Date.now()) {
        throw new CommonplanError('invalid-request', 'expiresAt: Expected a time that is still to come.');
      }
      const terms = { role, label, expiresAt, mostUses };
      const { id, token, createdAt } = await createLink(kysely, of, { ...terms, by: of.user.id });
      tell(of);
      const link = toLink({ ...terms, id, createdAt, createdBy: of.user.name, uses: 0, people: [] });
      c.header('Cache-Control', 'no-store');
      return c.json({ ...link, url: linkUrl(c, config, token) } satisfies z.input<typeof sharing.createdLink>, 201);
    });

    routes.delete(`${base}/links/:linkId`, may('share'), async (c, of) => {
      const { keep } = readQuery(c, sharing.withdrawLinkQuery);
      await withdrawLink(kysely, of, c.req.param('linkId') ?? '', { by: of.user.id, keepMembers: keep === 'members' });
      tell(of);
      return c.body(null, 204);
    });
  }

  routes.post(path.lookAtLink, anybody('the token is the key'), async (c) => {
    rateLimits.link.take(clientAddress(c, config));
    const { token } = await readJson(c, sharing.linkToken);
    c.header('Cache-Control', 'no-store');
    return c.json((await previewLink(kysely, token)) satisfies z.input<typeof sharing.linkPreview>);
  });

  routes.post(path.redeem, signedIn, async (c, user) => {
    rateLimits.link.take(clientAddress(c, config));
    const { token } = await readJson(c, sharing.linkToken);
    return c.json((await redeemLink(kysely, token, user.id)) satisfies z.input<typeof sharing.redeemedLink>);
  });

  return routes.hono;
}

/** The address to hand round. Browsers keep a fragment to themselves. */
export function linkUrl(c: AppContext, config: Config, token: string): string {
  return `${config.baseUrl ?? new URL(c.req.url).origin}/join#${token}`;
}

function toLink({ createdAt, expiresAt, people, ...link }: LinkRow): z.input<typeof sharing.link> {
  return {
    ...link,
    people: [...people],
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  };
}
