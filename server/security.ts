/** Which requests are let in by where they come from, and what a page of ours may do: Origin checks and security headers. */
import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { CommonplanError } from '../shared/errors.ts';
import type { Config } from './config.ts';
import type { AppEnv } from './routes/http.ts';

/** Reserved for local use: RFC 6761, 6762, 8375, and ICANN's `internal`; `lan` by custom. */
const LOCAL_SUFFIX = /\.(localhost|local|home\.arpa|internal|lan)$/;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Nothing but this server's own files. `connect-src 'self'` covers the sync socket, which has the same origin. Scripts and styles
 * come as files only: Lit and the editor set styles through the CSSOM, which needs no 'unsafe-inline'. Where a browser has Trusted Types,
 * text becomes HTML only by the policies named here: Lit's for its templates, the editor's for what is pasted, ours for documents that
 * nothing runs in (client/inert-html.ts).
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
  "require-trusted-types-for 'script'",
  'trusted-types lit-html ProseMirrorClipboard inert-html pdf-worker',
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
    // What a route does not want to be kept differently is kept nowhere: most answers are somebody's own.
    if (c.req.path.startsWith('/api/')) c.header('Cache-Control', 'no-store');
    await next();
  };
}

/**
 * Refuses requests that another site made a browser send: an unsafe one or an upgrade whose Origin is not ours, exactly, and what the browser
 * itself says another site asked for (Sec-Fetch-Site), but for links that somebody follows. Without an Origin (not a browser) only what
 * carries no cookie passes, so nothing that a browser would add by itself; an upgrade then needs a bearer token. Throws `origin-refused`.
 */
export function checkOrigin({ baseUrl }: Config): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { origin: asked, hostname } = new URL(c.req.url);
    if (baseUrl === undefined && !isLocalName(hostname)) {
      throw new CommonplanError('origin-refused', `This server does not know that it is called ${hostname}.`, {
        hint: `Start it with BASE_URL=${asked}, the address that people use.`,
      });
    }
    const expected = baseUrl ?? asked;
    const refuse = (): never => {
      throw new CommonplanError('origin-refused', undefined, {
        hint: `Expected the header Origin: ${expected}${baseUrl ? '' : ' (behind a proxy: set BASE_URL)'}. Scripts: sign in and send the token as Authorization: Bearer.`,
      });
    };
    const site = c.req.header('sec-fetch-site');
    const followed = c.req.header('sec-fetch-mode') === 'navigate';
    const upgrade = c.req.header('upgrade') !== undefined;
    const safe = !upgrade && SAFE_METHODS.has(c.req.method);
    if ((site === 'cross-site' || site === 'same-site') && !(safe && followed)) refuse();
    if (safe) return next();
    const origin = c.req.header('origin');
    const bearer = /^bearer\s/i.test(c.req.header('authorization') ?? '');
    if (origin === undefined ? !bearer && (upgrade || c.req.header('cookie')) : origin !== expected) refuse();
    await next();
  };
}

/**
 * Names that nobody outside can give to this machine. With any other the page of a stranger could have its own name lead here (DNS rebinding)
 * and ask from inside somebody's network what is not open to the internet. Where BASE_URL says who we are, names are the proxy's to check.
 */
function isLocalName(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || !name.includes('.') || LOCAL_SUFFIX.test(name);
}
