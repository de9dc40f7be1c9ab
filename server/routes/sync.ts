/** The door to a plan's room: everything is decided in the upgrade, so that a socket that opens belongs to somebody who may read (W1). */
import { upgradeWebSocket } from '@hono/node-server';
import type { Hono } from 'hono';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { CommonplanError } from '../../shared/errors.ts';
import { guardedRoutes, mayPlan } from './guarded.ts';
import { type AppEnv, clientAddress, readQuery, type Services } from './http.ts';

export const syncQuery = z.object({
  /** Version of the schema that the client's editor has; absent: a client without an editor of ours (R7). */
  schema: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'Expected a whole number from 1')
    .transform(Number)
    .optional(),
});

export function syncRoutes({ access, config, log, rateLimits, revocation, rooms }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);
  /** Sockets by client address. */
  const open = new Map<string, number>();

  function count(address: string, socket: WebSocket): void {
    open.set(address, (open.get(address) ?? 0) + 1);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  }

  routes.hono.use('/sync/:planId', async (c, next) => {
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
      throw new CommonplanError('invalid-request', 'Expected a WebSocket upgrade.');
    }
    const address = clientAddress(c, config);
    rateLimits.socket.take(address);
    if (config.rateLimits && (open.get(address) ?? 0) >= config.maxSocketsPerAddress) {
      throw new CommonplanError('too-many', 'Too many windows are open from your address.', { hint: 'Close some.' });
    }
    await next();
  });

  routes.get('/sync/:planId', mayPlan('read', { inUse: true }), async (c, { planId, user, role }) => {
    const { schema } = readQuery(c, syncQuery);
    const { id, name, color, guest, expiresAt, sessionId } = user;
    const admitted = { user: { id, name, color, guest }, role, schema: schema ?? null, signInId: sessionId, expiresAt };
    const upgrade = upgradeWebSocket(
      () => ({
        // The room listens on the socket itself: the wrapper would copy every frame.
        onOpen(_event, { raw }) {
          if (!(raw instanceof WebSocket)) throw new TypeError('Expected a socket of ws');
          count(clientAddress(c, config), raw);
          rooms.admit(planId, admitted)(raw);
          void revocation.check(planId, id);
        },
      }),
      { onError: (err) => log.error({ err }, 'a socket could not be handed to its room') },
    );
    const answer = await upgrade(c, async () => undefined);
    if (!answer) throw new CommonplanError('invalid-request', 'Expected a WebSocket upgrade.');
    return answer;
  });

  return routes.hono;
}
