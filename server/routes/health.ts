/** Whether the server can keep its promises, for load balancers and monitors. */
import type { Hono } from 'hono';
import { path } from '../../shared/api.ts';
import { CommonplanError, ERRORS } from '../../shared/errors.ts';
import { VERSION } from '../version.ts';
import { anybody, guardedRoutes } from './guarded.ts';
import type { AppEnv, Services } from './http.ts';

export function healthRoutes({ access, disk, rooms }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);
  routes.get(path.health, anybody('load balancers have no account'), (c) => {
    c.header('Cache-Control', 'no-store');
    const health = rooms.health();
    if (disk.state === 'full') throw new CommonplanError('storage-failed', ERRORS['disk-full'].message);
    if (!health.ok) throw new CommonplanError('storage-failed', health.reason);
    return c.json({ status: 'ok' as const, version: VERSION });
  });
  return routes.hono;
}
