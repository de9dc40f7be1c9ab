/** Accounts and guests: the functions of better-auth that this server offers, at better-auth's own paths. */
import { isAPIError } from 'better-auth/api';
import type { Hono } from 'hono';
import * as api from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import type { Identity } from '../auth/accounts.ts';
import { moveMemberships } from '../store/members.ts';
import { anybody, guardedRoutes, signedIn } from './guarded.ts';
import { type AppContext, type AppEnv, clientAddress, readJson, type Services } from './http.ts';

export function accountRoutes({ accounts, access, config, kysely, rateLimits, rooms }: Services): Hono<AppEnv> {
  const { path } = api;
  const routes = guardedRoutes(access);

  routes.get(path.session, anybody('asks whether somebody is signed in'), async (c) => {
    return answer(c, await accounts.api.getSession({ headers: c.req.raw.headers, returnHeaders: true }));
  });

  routes.post(path.signInAsGuest, anybody('a way in'), async (c) => {
    rateLimits.signUp.take(clientAddress(c, config));
    const body = await readJson(c, api.signInAsGuest);
    // A second guest in the same browser would make the first one's plans unreachable.
    const present = await accounts.identify(c.req.raw.headers);
    if (present) {
      throw new CommonplanError('conflict', `You are signed in as ${present.name} already.`, {
        hint: 'Change the name, or sign out first.',
      });
    }
    return answer(c, await accounts.api.signInAsGuest({ body, headers: c.req.raw.headers, returnHeaders: true }));
  });

  routes.post(path.signUp, anybody('a way in'), async (c) => {
    rateLimits.signUp.take(clientAddress(c, config));
    const body = await readJson(c, api.signUp);
    const { headers } = c.req.raw;
    const present = await accounts.identify(headers);
    try {
      if (present?.guest) {
        const upgraded = await accounts.api.upgradeGuest({ body, headers, returnHeaders: true });
        rooms.userChanged({ ...publicUser(present), name: body.name ?? present.name, guest: false });
        return answer(c, upgraded);
      }
      const { name } = body;
      if (name === undefined) throw new CommonplanError('invalid-request', 'name: Expected a name.');
      return answer(c, await accounts.api.signUpEmail({ body: { ...body, name }, headers, returnHeaders: true }));
    } catch (error) {
      if (isAPIError(error) && error.body?.code === 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL') {
        throw new CommonplanError('email-taken', undefined, { cause: error });
      }
      throw error;
    }
  });

  routes.post(path.signIn, anybody('a way in'), async (c) => {
    const body = await readJson(c, api.signIn);
    const address = clientAddress(c, config);
    rateLimits.signIn.take(address);
    rateLimits.password.take(`${address} ${body.email.toLowerCase()}`);
    const { headers } = c.req.raw;
    const present = await accounts.identify(headers);
    const signedIn = await accounts.api.signInEmail({ body, headers, returnHeaders: true }).catch((cause: unknown) => {
      if (isAPIError(cause) && cause.statusCode === 401)
        throw new CommonplanError('wrong-credentials', undefined, { cause });
      throw cause;
    });
    if (present?.guest) await bringAlong(present, signedIn.response.user.id);
    return answer(c, signedIn);
  });

  routes.post(path.signOut, anybody('ends whatever session there is'), async (c) => {
    const signedOut = await accounts.api.signOut({ headers: c.req.raw.headers, returnHeaders: true });
    return answer(c, signedOut);
  });

  routes.post(path.updateUser, signedIn, async (c, user) => {
    const body = await readJson(c, api.updateUser);
    const updated = await accounts.api.updateUser({ body, headers: c.req.raw.headers, returnHeaders: true });
    rooms.userChanged({ ...publicUser(user), name: body.name });
    return answer(c, updated);
  });

  routes.post(path.changePassword, signedIn, async (c, user) => {
    rateLimits.password.take(`${clientAddress(c, config)} ${user.id}`);
    const body = { ...(await readJson(c, api.changePassword)), revokeOtherSessions: true };
    const changed = await accounts.api
      .changePassword({ body, headers: c.req.raw.headers, returnHeaders: true })
      .catch((cause: unknown) => {
        if (isAPIError(cause) && cause.statusCode === 400) {
          throw new CommonplanError('wrong-credentials', 'The current password is not right.', { cause });
        }
        throw cause;
      });
    return answer(c, changed);
  });

  /** What a guest has and wrote is the account's from now on. Open windows come back as the account. */
  async function bringAlong(guest: Identity, userId: string): Promise<void> {
    // First: from here on the guest's sockets are told to come back, and not that they have lost the plan.
    await rooms.replaceUser(guest.id, userId);
    await moveMemberships(kysely, guest.id, userId);
    await accounts.endSessions(guest.id);
  }

  return routes.hono;
}

/** better-auth's answer, with the cookies it wants to be set. Never cached: it is about one person. */
function answer(c: AppContext, { headers, response }: { headers: Headers; response: unknown }): Response {
  for (const cookie of headers.getSetCookie()) c.header('Set-Cookie', cookie, { append: true });
  c.header('Cache-Control', 'no-store');
  return c.json(response);
}

const publicUser = ({ id, name, color, guest }: Identity) => ({ id, name, color, guest });
