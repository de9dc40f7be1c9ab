/** What changed between two versions, as a file to hand round. */
import type { Hono } from 'hono';
import * as api from '../../shared/api.ts';
import { FORMATS } from '../../shared/export.ts';
import { unknownFormat } from '../export/exports.ts';
import { writeAudit } from '../store/audit.ts';
import { readPlan } from '../store/plan-list.ts';
import { attachment, warningsHeader } from './export.ts';
import { guardedRoutes, mayPlan } from './guarded.ts';
import { type AppEnv, answerTagged, clientAddress, readQuery, type Services, whileThere } from './http.ts';

const MEDIA_TYPES: Record<api.RedlineFormat, string> = {
  html: 'text/html; charset=utf-8',
  docx: FORMATS.docx.mediaType,
  pdf: FORMATS.pdf.mediaType,
  md: 'text/markdown; charset=utf-8',
};

export function redlineRoutes({ access, config, exports, kysely, rateLimits, snapshots }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);

  routes.get('/api/plans/:planId/redline/:format', mayPlan('read'), async (c, { planId, user }) => {
    const { from, to, paper } = readQuery(c, api.redlineQuery);
    const format = exports.redlineFormats.find((known) => known === c.req.param('format'));
    if (!format) throw unknownFormat(exports.redlineFormats);
    const newer = to === 'now' ? null : to;
    return answerTagged(c, [snapshots.version(planId, from, newer), paper], async () => {
      if (format === 'pdf') rateLimits.export.take(user.id);
      else rateLimits.read.take(clientAddress(c, config));
      const title = (await readPlan(kysely, user.id, planId))?.title ?? '';
      const request = { planId, from, to: newer, format, paper };
      const file = await whileThere(c, (signal) => exports.redline(request, signal));
      if (!file) return new Uint8Array();
      const detail = { from, to: newer, format };
      await writeAudit(kysely, { planId, actor: user.id, action: 'comparison-exported', detail });
      c.header('Content-Type', MEDIA_TYPES[format]);
      c.header('Content-Disposition', attachment(`Changes ${from} to ${to}, ${title}`, format));
      if (file.warnings.length > 0) c.header(api.WARNINGS_HEADER, warningsHeader(file.warnings));
      return file.bytes;
    });
  });

  return routes.hono;
}
