/** A plan as a file to take away. The formats' writers are in export/. */
import type { Hono } from 'hono';
import { exportQuery, WARNINGS_HEADER } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { FORMATS } from '../../shared/export.ts';
import { unknownFormat } from '../export/exports.ts';
import { fileTitle } from '../export/file-name.ts';
import { writeAudit } from '../store/audit.ts';
import { anybody, guardedRoutes, mayRead } from './guarded.ts';
import { type AppEnv, answerTagged, clientAddress, readQuery, type Services, whileThere } from './http.ts';

/** Bytes of warnings in a header: a proxy in front may take no more than four thousand for all headers. */
const MOST_WARNING_BYTES = 1_500;
/** Browsers show a PDF by a part of their own, which the policy of our pages would forbid. A PDF runs nothing of this origin. */
const VIEWED_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function exportRoutes({ access, config, exports, kysely, rateLimits, snapshots }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);

  routes.get('/api/export-formats', anybody('the same for everybody'), (c) => c.json({ formats: exports.formats }));

  routes.get('/api/plans/:planId/export/:format', mayRead, async (c, { planId, user, member }) => {
    const format = exports.formats.find((known) => known === c.req.param('format'));
    if (!format) throw unknownFormat(exports.formats);
    const { snapshot = null, view, ...options } = readQuery(c, exportQuery(format));
    // What anyone may read is the plan as it is: its history is its members'.
    if (snapshot !== null && !member) throw new CommonplanError('forbidden');
    const origin = config.baseUrl ?? new URL(c.req.url).origin;
    // Read before the text is: should a change come in between, the tag is too old, never too new.
    const version = [snapshots.version(planId, snapshot), options, origin, view];
    return answerTagged(c, version, async () => {
      rateLimits.export.take(user?.id ?? clientAddress(c, config));
      const request = { planId, snapshot, format, options, origin };
      const file = await whileThere(c, (signal) => exports.write(request, signal));
      if (!file) return new Uint8Array();
      const detail = { version: snapshot, format };
      if (user) await writeAudit(kysely, { planId, actor: user.id, action: 'plan-exported', detail });
      const { bytes, title, warnings } = file;
      const { mediaType, extension } = FORMATS[format];
      c.header('Content-Type', mediaType);
      const viewed = view === 'true' && format === 'pdf';
      if (viewed) c.header('Content-Security-Policy', VIEWED_POLICY);
      const disposition = attachment(title, extension, snapshot);
      c.header('Content-Disposition', viewed ? disposition.replace(/^attachment/, 'inline') : disposition);
      if (warnings.length > 0) c.header(WARNINGS_HEADER, warningsHeader(warnings));
      return bytes;
    });
  });

  return routes.hono;
}

/** As many as fit, and how many more there are. */
export function warningsHeader(warnings: readonly string[]): string {
  // A plan can have thousands of figures without a description, so each is measured once.
  let fitting = 0;
  for (let bytes = 1; fitting < warnings.length; fitting += 1) {
    bytes += inAscii(warnings[fitting]).length + 1;
    if (bytes > MOST_WARNING_BYTES) break;
  }
  for (let kept = fitting; ; kept -= 1) {
    const more = warnings.length - kept;
    const json = inAscii(more > 0 ? [...warnings.slice(0, kept), `And ${more} more.`] : warnings);
    if (json.length <= MOST_WARNING_BYTES || kept === 0) return json;
  }
}

const inAscii = (value: unknown): string =>
  JSON.stringify(value).replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

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
