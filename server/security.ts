/** Which requests are let in by where they come from, and what a page of ours may do: Origin checks and security headers. */
import type { MiddlewareHandler } from 'hono';
import { CommonplanError } from '../shared/errors.ts';
import type { Config } from './config.ts';
import type { AppEnv } from './routes/http.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Nothing but this server's own files. `connect-src 'self'` covers the sync socket, which has the same origin. Scripts and styles
 * come as files only: Lit and the editor set styles through the CSSOM, which needs no 'unsafe-inline'.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export function securityHeaders({ baseUrl }: Config): MiddlewareHandler<AppEnv> {
  const headers: Record<string, string> = {
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    // A share link's token is in the fragment, which no Referer has; addresses of plans are nobody's business either.
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'X-Frame-Options': 'DENY',
    ...(baseUrl?.startsWith('https://') && { 'Strict-Transport-Security': 'max-age=31536000' }),
  };
  return async (c, next) => {
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    await next();
  };
}

/**
 * Refuses requests that another site made a browser send: an unsafe one or an upgrade whose Origin is not ours, exactly. Without an
 * Origin (not a browser) only what carries no cookie passes, so nothing that a browser would add by itself; an upgrade then needs a
 * bearer token. Throws `origin-refused`.
 */
export function checkOrigin({ baseUrl }: Config): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const upgrade = c.req.header('upgrade') !== undefined;
    if (!upgrade && SAFE_METHODS.has(c.req.method)) return next();
    const expected = baseUrl ?? new URL(c.req.url).origin;
    const origin = c.req.header('origin');
    const bearer = /^bearer\s/i.test(c.req.header('authorization') ?? '');
    const accepted = origin === undefined ? bearer || (!upgrade && !c.req.header('cookie')) : origin === expected;
    if (!accepted) {
      throw new CommonplanError('origin-refused', undefined, {
        hint: `Expected the header Origin: ${expected}${baseUrl ? '' : ' (behind a proxy: set BASE_URL)'}. Scripts: sign in and send the token as Authorization: Bearer.`,
      });
    }
    await next();
  };
}
