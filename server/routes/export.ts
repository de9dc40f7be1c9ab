/** A plan as a file to take away. The formats' writers are in export/. */
import { Hono } from 'hono';
import { exportQuery } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { EXPORT_FORMATS, FORMATS } from '../../shared/export.ts';
import { fileTitle } from '../export/file-name.ts';
import { createGate } from '../gate.ts';
import { type AppEnv, answerTagged, readQuery, type Services } from './http.ts';

/** Exports that are made at once, so that other work gets its turn, and that may wait. */
const AT_ONCE = 2;
const MOST_WAITING = 20;

export function exportRoutes({ access, config, documents, rateLimits, snapshots }: Services): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const gate = createGate(AT_ONCE, MOST_WAITING);

  routes.get('/api/plans/:planId/export/:format', async (c) => {
    const { planId, user } = await access.authorize(c.req.raw.headers, c.req.param('planId'), 'read');
    const format = EXPORT_FORMATS.find((known) => known === c.req.param('format'));
    if (!format) {
      const expected = EXPORT_FORMATS.join(', ').replace(/, (\w+)$/, ' or $1');
      throw new CommonplanError('unknown-format', `This format is not known here. Expected ${expected}.`);
    }
    const { snapshot = null, ...options } = readQuery(c, exportQuery(format));
    const origin = config.baseUrl ?? new URL(c.req.url).origin;
    // Read before the text is: should a change come in between, the tag is too old, never too new.
    const version = [snapshots.version(planId, snapshot), options, origin];
    return answerTagged(c, version, async () => {
      rateLimits.export.take(user.id);
      const request = { planId, snapshot, format, options, origin };
      const { bytes, title } = await gate.pass(() => documents.export(request), c.req.raw.signal);
      const { mediaType, extension } = FORMATS[format];
      c.header('Content-Type', mediaType);
      c.header('Content-Disposition', attachment(title, extension, snapshot));
      return bytes;
    });
  });

  return routes;
}

/** A Content-Disposition with a name that every file system takes: ASCII for old clients, and the real one (RFC 6266, RFC 5987). */
export function attachment(title: string, extension: string, snapshot: number | null = null): string {
  const safe = fileTitle(title, snapshot);
  const ascii = safe
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/g, '_')
    .replace(/%/g, '_');
  const encoded = encodeURIComponent(safe).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}.${extension}"; filename*=UTF-8''${encoded}.${extension}`;
}
