/** The HTTP application: what happens to every request, then the routes. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { isAPIError } from 'better-auth/api';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { MOST_IMAGE_BYTES, path } from '../shared/api.ts';
import { convertPath } from '../shared/convert-api.ts';
import { CommonplanError } from '../shared/errors.ts';
import { refuseWhenFull } from './room-on-disk.ts';
import { ownAccountRoutes } from './routes/account.ts';
import { accountRecoveryRoutes } from './routes/account-recovery.ts';
import { accountRoutes } from './routes/accounts.ts';
import { adminRoutes } from './routes/admin.ts';
import { auditRoutes } from './routes/audit.ts';
import { convertRoutes } from './routes/convert.ts';
import { exportRoutes } from './routes/export.ts';
import { healthRoutes } from './routes/health.ts';
import { type AppContext, type AppEnv, clientAddress, errorResponse, type Services } from './routes/http.ts';
import { imageRoutes } from './routes/images.ts';
import { linkRoutes } from './routes/links.ts';
import { memberRoutes } from './routes/members.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { openapiRoutes } from './routes/openapi.ts';
import { pageRoutes } from './routes/pages.ts';
import { planRoutes } from './routes/plans.ts';
import { providerRoutes } from './routes/provider.ts';
import { redlineRoutes } from './routes/redline.ts';
import { restoreRoutes } from './routes/restore.ts';
import { snapshotRoutes } from './routes/snapshots.ts';
import { syncRoutes } from './routes/sync.ts';
import { teamRoutes } from './routes/teams.ts';
import { checkOrigin, securityHeaders } from './security.ts';
import { isDiskFull } from './store/transaction.ts';

const CLIENT = resolve(import.meta.dirname, '../client/dist');
/** Bytes of a JSON body: titles, names, roles. */
const MAX_JSON_BYTES = 64 * 1024;
/** Bytes that multipart adds around a file. */
const MULTIPART_MARGIN = 16 * 1024;

export function createApp(services: Services): Hono<AppEnv> {
  const { config, durability, log, revocation } = services;
  const app = new Hono<AppEnv>();

  app.use(async (c, next) => {
    const start = performance.now();
    const id = randomUUID();
    c.set('log', log.child({ request: id }));
    c.header('X-Request-Id', id);
    await next();
    // Of the address only the path: searches and schema versions are in the query, tokens never are in either.
    const { method, path: of } = c.req;
    services.metrics?.requestAnswered(method, c.res.status, (performance.now() - start) / 1000);
    const quiet = of === path.health || of === path.metrics || !/^\/(api|sync)\//.test(of);
    c.var.log[quiet ? 'debug' : 'info'](
      { method, path: of, status: c.res.status, ms: Math.round(performance.now() - start) },
      'request',
    );
  });
  app.use(securityHeaders(config));
  app.use(checkOrigin(config));
  const tooLarge = (maxBytes: number) => () => {
    throw new CommonplanError(
      'too-large',
      `This is larger than this server accepts. Expected at most ${maxBytes} bytes.`,
    );
  };
  const jsonLimit = bodyLimit({ maxSize: MAX_JSON_BYTES, onError: tooLarge(MAX_JSON_BYTES) });
  const importLimit = bodyLimit({
    maxSize: config.maxImportBytes + MULTIPART_MARGIN,
    onError: tooLarge(config.maxImportBytes),
  });
  const imageLimit = bodyLimit({ maxSize: MOST_IMAGE_BYTES, onError: tooLarge(MOST_IMAGE_BYTES) });
  app.use((c, next) => {
    if (c.req.path === path.planImport || c.req.path === convertPath) return importLimit(c, next);
    return /^\/api\/plans\/[^/]+\/images$/.test(c.req.path) ? imageLimit(c, next) : jsonLimit(c, next);
  });

  app.use('/api/admin/*', async (c, next) => {
    services.rateLimits.admin.take(clientAddress(c, config));
    await next();
  });
  app.use(
    '/api/*',
    refuseWhenFull(() => services.disk),
  );

  app.use('/api/*', async (c, next) => {
    await next();
    if (['GET', 'HEAD'].includes(c.req.method)) return;
    // Also of a request that failed in the end: when the answer comes, whoever lost rights by it has lost them.
    await revocation.catchUp();
    // What an answer reports as done survives a power cut, as what the editor calls saved does.
    if (c.res.ok) await durability.sync();
  });

  app.route('/', healthRoutes(services));
  app.route('/', metricsRoutes(services));
  app.route('/', openapiRoutes(services));
  app.route('/', accountRoutes(services));
  app.route('/', accountRecoveryRoutes(services));
  app.route('/', providerRoutes(services));
  app.route('/', ownAccountRoutes(services));
  app.route('/', adminRoutes(services));
  app.route('/', planRoutes(services));
  app.route('/', convertRoutes(services));
  app.route('/', imageRoutes(services));
  app.route('/', exportRoutes(services));
  app.route('/', snapshotRoutes(services));
  app.route('/', redlineRoutes(services));
  app.route('/', restoreRoutes(services));
  app.route('/', teamRoutes(services));
  app.route('/', memberRoutes(services));
  app.route('/', linkRoutes(services));
  app.route('/', auditRoutes(services));
  app.route('/', syncRoutes(services));
  app.all('/api/*', () => {
    throw new CommonplanError('not-found', 'There is no such route.', { hint: `${path.openapi} lists them.` });
  });
  app.route('/', pageRoutes(CLIENT));

  app.notFound((c) => errorResponse(c, new CommonplanError('not-found')));
  app.onError((error, c) => errorResponse(c, refusalOf(error, c)));
  return app;
}

/** What to say about anything that was thrown. What is nobody's mistake but ours is recorded, and not told. */
function refusalOf(error: Error, c: AppContext): CommonplanError {
  if (error instanceof CommonplanError) {
    if (error.status >= 500) c.var.log.error({ err: error }, 'request failed');
    return error;
  }
  // better-auth refused what our schemas and checks let through.
  if (isAPIError(error) && error.statusCode < 500) {
    if (error.statusCode === 401) return new CommonplanError('not-signed-in', undefined, { cause: error });
    return new CommonplanError('invalid-request', error.message || undefined, { cause: error });
  }
  c.var.log.error({ err: error }, 'request failed');
  if (isDiskFull(error)) return new CommonplanError('disk-full', undefined, { cause: error });
  return new CommonplanError('internal', undefined, { cause: error });
}
