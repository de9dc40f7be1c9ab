/** My own account: where it is signed in, what is stored about it, and deleting it. */
import { Readable } from 'node:stream';
import type { Hono } from 'hono';
import type { z } from 'zod';
import * as api from '../../shared/accounts-api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { exportAccount } from '../auth/account-data.ts';
import type { Identity } from '../auth/accounts.ts';
import { deleteUser, endEverything, endSession, leavingOf, listSessions, readAccount } from '../store/accounts.ts';
import { writeAudit } from '../store/audit.ts';
import { passCookies } from './accounts.ts';
import { attachment } from './export.ts';
import { guardedRoutes, signedIn } from './guarded.ts';
import { type AppContext, type AppEnv, clientAddress, readJson, type Services } from './http.ts';

/** Milliseconds within which a sign-in by the sign-in service stands for a password that the account does not have. */
const RECENT = 10 * 60 * 1000;

export function ownAccountRoutes(services: Services): Hono<AppEnv> {
  const { access, accounts, config, kysely, rateLimits } = services;
  const { accountPath: path } = api;
  const routes = guardedRoutes(access);

  const sessionsOf = async (user: Identity): Promise<api.SessionEntry[]> => {
    const sessions = await listSessions(kysely, user.id);
    return sessions.map(({ id, createdAt, updatedAt, userAgent }) => ({
      id,
      current: id === user.sessionId,
      since: new Date(createdAt).toISOString(),
      lastSeen: new Date(updatedAt).toISOString(),
      userAgent: userAgent ?? '',
    }));
  };

  routes.get(path.sessions, signedIn, async (c, user) => {
    c.header('Cache-Control', 'no-store');
    return c.json({ sessions: await sessionsOf(user) } satisfies z.input<typeof api.sessionList>);
  });

  routes.delete('/api/auth/sessions/:sessionId', signedIn, async (c, user) => {
    await endSession(kysely, user.id, c.req.param('sessionId'));
    return c.body(null, 204);
  });

  routes.post(path.signOutEverywhere, signedIn, async (c, user) => {
    await kysely.transaction().execute(async (transaction) => {
      await endEverything(transaction, user.id);
      await writeAudit(transaction, { planId: null, actor: user.id, action: 'signed-out-everywhere' });
    });
    return signedOut(c);
  });

  routes.get(path.account, signedIn, async (c, user) => {
    const { email, emailVerified, pendingEmail, hasProvider } = await readAccount(kysely, user.id);
    c.header('Cache-Control', 'no-store');
    return c.json({
      email: user.guest ? null : email,
      emailConfirmed: emailVerified,
      pendingEmail,
      hasPassword: await accounts.hasPassword(user.id),
      hasProvider,
      administrator: user.administrator,
      leaving: await leavingOf(kysely, user.id),
    } satisfies z.input<typeof api.account>);
  });

  routes.get(path.accountData, signedIn, async (c, user) => {
    rateLimits.accountData.take(user.id);
    await writeAudit(kysely, { planId: null, actor: user.id, action: 'data-downloaded' });
    c.header('Content-Type', 'application/json');
    c.header('Cache-Control', 'no-store');
    c.header('Content-Disposition', attachment('My Commonplan data', 'json'));
    const origin = config.baseUrl ?? new URL(c.req.url).origin;
    const pieces = exportAccount(services, user, await sessionsOf(user), origin);
    return c.body(Readable.toWeb(Readable.from(pieces)) as ReadableStream<Uint8Array>);
  });

  routes.post(path.deleteAccount, signedIn, async (c, user) => {
    rateLimits.password.take(`${clientAddress(c, config)} ${user.id}`);
    const { password } = await readJson(c, api.deleteAccount);
    await prove(user, password);
    await deleteUser(kysely, user.id);
    return signedOut(c);
  });

  /** That it is the account's owner who asks, and not somebody at a computer that they left. */
  async function prove(user: Identity, password: string | undefined): Promise<void> {
    if (user.guest) return;
    if (await accounts.hasPassword(user.id)) {
      if (password !== undefined && (await accounts.isPassword(user.id, password))) return;
      throw new CommonplanError('wrong-credentials', 'The password is not right.');
    }
    const current = (await sessionsOf(user)).find((session) => session.current);
    if (current && Date.now() - Date.parse(current.since) < RECENT) return;
    throw new CommonplanError(
      'wrong-credentials',
      'To do this, sign out, sign in again, and come back within ten minutes.',
    );
  }

  /** The session is gone; the browser shall forget it, too. */
  async function signedOut(c: AppContext): Promise<Response> {
    const { headers } = await accounts.api.signOut({ headers: c.req.raw.headers, returnHeaders: true });
    passCookies(c, headers);
    return c.body(null, 204);
  }

  return routes.hono;
}
