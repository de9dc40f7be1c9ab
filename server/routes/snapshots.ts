/** The history of a plan: its snapshots, what is in one, what changed between two. */
import type { Hono } from 'hono';
import type { z } from 'zod';
import * as api from '../../shared/api.ts';
import { toSummary } from '../snapshots/entry.ts';
import { guardedRoutes, mayPlan } from './guarded.ts';
import {
  type AppContext,
  type AppEnv,
  answerTagged,
  clientAddress,
  readJson,
  readQuery,
  type Services,
  snapshotNumber,
} from './http.ts';

export function snapshotRoutes({ access, config, documents, rateLimits, snapshots }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);
  const { path } = api;

  routes.get('/api/plans/:planId/snapshots', mayPlan('read'), async (c, { planId }) => {
    const { all } = readQuery(c, api.snapshotListQuery);
    // The whole chain is long, and nobody's page asks for it.
    if (all === 'true') rateLimits.read.take(clientAddress(c, config));
    c.header('Cache-Control', 'no-store');
    c.header('Content-Type', 'application/json; charset=utf-8');
    return c.body(snapshots.list(planId, { all: all === 'true' }));
  });

  routes.post('/api/plans/:planId/snapshots', mayPlan('write', { inUse: true }), async (c, asked) => {
    const { planId, user } = asked;
    rateLimits.read.take(clientAddress(c, config));
    const { label, note } = await readJson(c, api.takeSnapshot);
    const entry = await snapshots.takeNamed(planId, { author: user.id, label, note });
    c.header('Location', path.snapshot(planId, entry.number));
    return c.json(toSummary(entry) satisfies z.input<typeof api.snapshotSummary>, 201);
  });

  routes.get('/api/plans/:planId/snapshots/:number', mayPlan('read'), async (c, { planId }) => {
    const number = snapshotNumber(c.req.param('number'));
    return answer(c, snapshots.version(planId, number, number), () => documents.readSnapshot(planId, number));
  });

  routes.get('/api/plans/:planId/compare', mayPlan('read'), async (c, { planId }) => {
    const { from, to: asked } = readQuery(c, api.compareQuery);
    const to = asked === 'now' ? null : asked;
    return answer(c, snapshots.version(planId, from, to), () => documents.compare(planId, from, to, 'json'));
  });

  /** JSON that a worker made. `version` was read before: should a change come in between, the tag is too old, never too new. */
  function answer(c: AppContext, version: unknown, make: () => Promise<Uint8Array>): Promise<Response> {
    return answerTagged(c, version, async () => {
      rateLimits.read.take(clientAddress(c, config));
      const json = await make();
      c.header('Content-Type', 'application/json; charset=utf-8');
      return json;
    });
  }

  return routes.hono;
}
