/** The application itself: the files that `npm run build` made, and its page for every address that is not one of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import type { AppEnv } from './http.ts';

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Commonplan</title>
<h1>Commonplan is running, but its pages are not built</h1>
<p>Run <code>npm run build</code> beside the server, then reload this page.</p>
</html>
`;

/** `folder`: an absolute path. It may be built, or built anew, while the server runs. */
export function pageRoutes(folder: string): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  // Not as `root`, whose absence is complained about on the console.
  const rewriteRequestPath = (path: string) => join(folder, path);
  routes.use(compress());
  const files = serveStatic({ rewriteRequestPath, index: 'no-directory-index' });

  // Names carry a hash of the content: another content is another name.
  routes.use('/assets/*', cacheFor('public, max-age=31536000, immutable'), files);
  // A page that asks for assets of another build must see that they are gone, not get HTML in place of a script.
  routes.get('/assets/*', (c) => c.text('There is no such file in this build. Reload the page.', 404));
  routes.use('/*', cacheFor('no-cache'), files);
  routes.get('/*', async (c) => {
    c.header('Cache-Control', 'no-store');
    try {
      return c.html(await readFile(join(folder, 'index.html'), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return c.html(NOT_BUILT, 503);
    }
  });
  return routes;
}

/** For what is found, and has not said it itself. */
function cacheFor(control: string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    if (c.res.ok && !c.res.headers.has('Cache-Control')) c.header('Cache-Control', control);
  };
}
