/** What changed between two versions, as a file to hand round. */
import type { Hono } from 'hono';
import * as api from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { FORMATS } from '../../shared/export.ts';
import { writeAudit } from '../store/audit.ts';
import { readPlan } from '../store/plan-list.ts';
import { attachment } from './export.ts';
import { guardedRoutes, mayPlan } from './guarded.ts';
import { type AppEnv, answerTagged, clientAddress, readQuery, type Services } from './http.ts';

const MEDIA_TYPES: Record<api.RedlineFormat, string> = {
  html: 'text/html; charset=utf-8',
  docx: FORMATS.docx.mediaType,
  md: 'text/markdown; charset=utf-8',
};

export function redlineRoutes({ access, config, documents, kysely, rateLimits, snapshots }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);

  routes.get('/api/plans/:planId/redline/:format', mayPlan('read'), async (c, { planId, user }) => {
    const { from, to } = readQuery(c, api.compareQuery);
    const format = api.REDLINE_FORMATS.find((known) => known === c.req.param('format'));
    if (!format) {
      const expected = api.REDLINE_FORMATS.join(', ').replace(/, (\w+)$/, ' or $1');
      throw new CommonplanError('unknown-format', `This format is not known here. Expected ${expected}.`);
    }
    const newer = to === 'now' ? null : to;
    return answerTagged(c, snapshots.version(planId, from, newer), async () => {
      rateLimits.read.take(clientAddress(c, config));
      const title = (await readPlan(kysely, user.id, planId))?.title ?? '';
      const file = await documents.compare(planId, from, newer, format);
      const detail = { from, to: newer, format };
      await writeAudit(kysely, { planId, actor: user.id, action: 'comparison-exported', detail });
      c.header('Content-Type', MEDIA_TYPES[format]);
      c.header('Content-Disposition', attachment(`Changes ${from} to ${to}, ${title}`, format));
      return file;
    });
  });

  return routes.hono;
}
