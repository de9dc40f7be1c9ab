/** The pictures of a plan: add one, look at one. */
import type { Hono } from 'hono';
import type { z } from 'zod';
import type * as api from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { imageAddress } from '../../shared/schema/image-address.ts';
import { guardedRoutes, mayPlan, mayRead } from './guarded.ts';
import { type AppEnv, hasTag, type Services } from './http.ts';

/** Opened by itself, a picture is nothing but a picture, whatever a browser may take it for. */
const SANDBOX = "default-src 'none'; sandbox";
/** Its address says what is in it, so it never changes; whose browser it is may see it, no cache in between. */
const FOR_EVER = 'private, max-age=31536000, immutable';

export function imageRoutes({ access, images, rateLimits }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);

  routes.post('/api/plans/:planId/images', mayPlan('write', { inUse: true }), async (c, { planId, user }) => {
    rateLimits.image.take(user.id);
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    if (bytes.length === 0) {
      throw new CommonplanError('invalid-request', 'Expected the bytes of a picture as the body of the request.');
    }
    const { hash, width, height, animated } = await images.add(planId, user.id, bytes);
    const src = imageAddress(planId, hash);
    c.header('Location', src);
    return c.json({ src, width, height, animated } satisfies z.input<typeof api.addedImage>, 201);
  });

  routes.get('/api/plans/:planId/images/:hash', mayRead, (c, { planId }) => {
    const image = images.read(planId, c.req.param('hash'));
    if (!image) throw new CommonplanError('not-found', 'This plan has no such picture.');
    const { mediaType, hash, bytes } = image;
    const etag = `"${hash}"`;
    c.header('ETag', etag);
    c.header('Cache-Control', FOR_EVER);
    c.header('Content-Security-Policy', SANDBOX);
    if (hasTag(c, etag)) return c.body(null, 304);
    c.header('Content-Type', mediaType);
    c.header(
      'Content-Disposition',
      `inline; filename="${hash.slice(0, 12)}.${mediaType === 'image/png' ? 'png' : 'jpg'}"`,
    );
    return c.body(bytes as Uint8Array<ArrayBuffer>);
  });

  return routes.hono;
}
