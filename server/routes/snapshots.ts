/** The history of a plan: its snapshots, what is in one, what changed between two. */
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { z } from 'zod';
import * as api from '../../shared/api.ts';
import { toSummary } from '../snapshots/entry.ts';
import { VERSION } from '../version.ts';
import {
  type AppContext,
  type AppEnv,
  clientAddress,
  hasTag,
  readJson,
  readQuery,
  type Services,
  snapshotNumber,
} from './http.ts';

export function snapshotRoutes({ access, config, documents, rateLimits, snapshots }: Services): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const { path } = api;

  routes.get('/api/plans/:planId/snapshots', async (c) => {
    const { planId } = await access.authorize(c.req.raw.headers, c.req.param('planId'), 'read');
    const { all } = readQuery(c, api.snapshotListQuery);
    c.header('Cache-Control', 'no-store');
    return c.json(snapshots.list(planId, { all: all === 'true' }) satisfies z.input<typeof api.snapshotList>);
  });

  routes.post('/api/plans/:planId/snapshots', async (c) => {
    const asked = await access.authorize(c.req.raw.headers, c.req.param('planId'), 'write', { inUse: true });
    const { planId, user } = asked;
    rateLimits.read.take(clientAddress(c, config));
    const { label, note } = await readJson(c, api.takeSnapshot);
    const entry = await snapshots.takeNamed(planId, { author: user.id, label, note });
    c.header('Location', path.snapshot(planId, entry.number));
    return c.json(toSummary(entry) satisfies z.input<typeof api.snapshotSummary>, 201);
  });

  routes.get('/api/plans/:planId/snapshots/:number', async (c) => {
    const { planId } = await access.authorize(c.req.raw.headers, c.req.param('planId'), 'read');
    const number = snapshotNumber(c.req.param('number'));
    return answer(c, snapshots.version(planId, number, number), () => documents.readSnapshot(planId, number));
  });

  routes.get('/api/plans/:planId/compare', async (c) => {
    const { planId } = await access.authorize(c.req.raw.headers, c.req.param('planId'), 'read');
    const { from, to: asked } = readQuery(c, api.compareQuery);
    const to = asked === 'now' ? null : asked;
    return answer(c, snapshots.version(planId, from, to), () => documents.compare(planId, from, to));
  });

  /** JSON that a worker made, or 304. `version` was read before: should a change come in between, the tag is too old, never too new. */
  async function answer(c: AppContext, version: unknown, make: () => Promise<Uint8Array>): Promise<Response> {
    const text = JSON.stringify([VERSION, c.req.path, version]);
    const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
    c.header('ETag', etag);
    c.header('Cache-Control', 'private, no-cache');
    if (hasTag(c, etag)) return c.body(null, 304);
    rateLimits.read.take(clientAddress(c, config));
    const json = await make();
    c.header('Content-Type', 'application/json; charset=utf-8');
    return c.body(json as Uint8Array<ArrayBuffer>);
  }

  return routes;
}
