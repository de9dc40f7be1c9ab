/** Figures for Prometheus, for whoever has their token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Hono } from 'hono';
import { path } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { anybody, guardedRoutes } from './guarded.ts';
import type { AppEnv, Services } from './http.ts';

export function metricsRoutes({ access, config, metrics }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);
  routes.get(path.metrics, anybody('Prometheus has no account: it sends a token of its own'), async (c) => {
    const { metricsToken } = config;
    if (metricsToken === undefined || !metrics) {
      throw new CommonplanError('not-found', 'This server shows no metrics.', {
        hint: 'METRICS_TOKEN switches them on.',
      });
    }
    const [, token = ''] = /^bearer\s+(.+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    if (!sameText(token, metricsToken)) {
      throw new CommonplanError('not-signed-in', 'Expected the METRICS_TOKEN of this server as Authorization: Bearer.');
    }
    c.header('Cache-Control', 'no-store');
    c.header('Content-Type', metrics.contentType);
    return c.body(await metrics.read());
  });
  return routes.hono;
}

/** Takes as long for a guess that is nearly right as for any other. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
