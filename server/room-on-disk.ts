/** Refuses what would fill a disk that is nearly full. Reading, signing in and taking rights away go on in the reserve. */
import type { MiddlewareHandler } from 'hono';
import { CommonplanError } from '../shared/errors.ts';
import type { AppEnv } from './routes/http.ts';
import type { Disk } from './store/disk.ts';

const UPLOADS = /^\/api\/plans\/(import|[^/]+\/images)$/;
/** With a body, or made by the server: text in any case. Changes of a plan's text are the rooms' to refuse (W12). */
const STORES = /^\/api\/plans(\/[^/]+\/(snapshots(\/[^/]+\/restore)?|restores\/[^/]+\/undo))?$/;

/** Throws `disk-full`. `disk` is asked for when a request comes. */
export function refuseWhenFull(disk: () => Pick<Disk, 'state'>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { path, method } = c.req;
    if (method === 'POST') {
      const { state } = disk();
      const upload = UPLOADS.test(path);
      if (state === 'no-uploads' && upload) {
        throw new CommonplanError('disk-full', 'The server’s disk is nearly full: it takes no files and pictures.');
      }
      if (state === 'full' && (upload || STORES.test(path))) throw new CommonplanError('disk-full');
    }
    await next();
  };
}
