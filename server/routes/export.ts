/** A plan as a file to take away. The formats' writers are in export/. */
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { EXPORT_FORMATS, type ExportFormat, exportQuery } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import type { Documents } from '../documents/documents.ts';
import { readPlan, readVersion } from '../store/plans.ts';
import { VERSION } from '../version.ts';
import { type AppEnv, clientAddress, hasTag, readQuery, type Services } from './http.ts';

interface Writer {
  readonly mediaType: string;
  /** `snapshot` null: the live plan. */
  write(documents: Documents, planId: string, snapshot: number | null): Promise<string>;
}

const WRITERS: Record<ExportFormat, Writer> = {
  md: {
    mediaType: 'text/markdown; charset=utf-8',
    write: (documents, planId, snapshot) => documents.exportMarkdown(planId, snapshot),
  },
  json: {
    mediaType: 'application/json; charset=utf-8',
    async write(documents, planId, snapshot) {
      const { schema, frontMatter, content } = await documents.materialise(planId, snapshot);
      return `${JSON.stringify({ schema, frontMatter, content }, null, 2)}\n`;
    },
  },
};

export function exportRoutes({ access, config, documents, kysely, rateLimits }: Services): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/api/plans/:planId/export/:format', async (c) => {
    const { planId, user } = await access.authorize(c.req.raw.headers, c.req.param('planId'), 'read');
    const format = EXPORT_FORMATS.find((known) => known === c.req.param('format'));
    if (!format) {
      throw new CommonplanError(
        'unknown-format',
        `This format is not known here. Expected ${EXPORT_FORMATS.join(' or ')}.`,
      );
    }
    const { snapshot = null } = readQuery(c, exportQuery);
    // Read before the text is: should a change come in between, the tag is too old, never too new.
    const version = await readVersion(kysely, planId);
    const plan = await readPlan(kysely, user.id, planId);
    if (!version || !plan) throw new CommonplanError('not-found');
    const etag = `"${createHash('sha256')
      .update(JSON.stringify([VERSION, planId, snapshot ?? version, format]))
      .digest('base64url')}"`;
    c.header('ETag', etag);
    c.header('Cache-Control', 'private, no-cache');
    if (hasTag(c, etag)) return c.body(null, 304);

    rateLimits.read.take(clientAddress(c, config));
    const { mediaType, write } = WRITERS[format];
    const text = await write(documents, planId, snapshot);
    c.header('Content-Type', mediaType);
    c.header(
      'Content-Disposition',
      attachment(snapshot === null ? plan.title : `${plan.title} (snapshot ${snapshot})`, format),
    );
    return c.body(text);
  });

  return routes;
}

/** A Content-Disposition with a name that every file system takes: ASCII for old clients, and the real one (RFC 6266, RFC 5987). */
export function attachment(title: string, extension: string): string {
  const safe =
    title
      .normalize('NFC')
      .replace(/[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .replace(/^[\s.]+|[\s.]+$/g, '')
      .slice(0, 100)
      // The cut may have gone through a surrogate pair.
      .toWellFormed()
      .replace(/\ufffd/g, '')
      .trim() || 'plan';
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
