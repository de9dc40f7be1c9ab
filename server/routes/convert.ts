/** Turns a piece of Markdown or MediaWiki text, as people paste it, into content of the schema. Nothing is kept. */
import type { Hono } from 'hono';
import type { z } from 'zod';
import { type convertedText, convertPath, convertText } from '../../shared/convert-api.ts';
import { guardedRoutes, signedIn } from './guarded.ts';
import { type AppEnv, clientAddress, readJson, type Services } from './http.ts';

export function convertRoutes({ access, config, documents, rateLimits }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);

  routes.post(convertPath, signedIn, async (c) => {
    rateLimits.read.take(clientAddress(c, config));
    const { text, format } = await readJson(c, convertText);
    const request = { bytes: Buffer.from(text), format, wiki: null, isPart: true };
    const { content, losses } = await documents.importFile(request);
    return c.json({ content, losses } satisfies z.input<typeof convertedText>);
  });

  return routes.hono;
}
