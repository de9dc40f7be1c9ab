/** The ways in and out: guests, accounts, and how one becomes the other. better-auth's functions, at its own paths. */
import { isAPIError } from 'better-auth/api';
import type { Hono } from 'hono';
import type { z } from 'zod';
import * as accountsApi from '../../shared/accounts-api.ts';
import * as api from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import type { Identity } from '../auth/accounts.ts';
import { addressMail, passwordChangedMail } from '../auth/mails.ts';
import { writeAudit } from '../store/audit.ts';
import { previewLink } from '../store/links.ts';
import { moveMemberships } from '../store/members.ts';
import { createToken, removeTokens, useToken } from '../store/tokens.ts';
import { anybody, guardedRoutes, signedIn } from './guarded.ts';
import { type AppContext, type AppEnv, clientAddress, readJson, type Services } from './http.ts';

export function accountRoutes(services: Services): Hono<AppEnv> {
  const { access, accounts, config, kysely, mail, provider, rateLimits, rooms } = services;
  const { path } = api;
  const { accountPath } = accountsApi;
  const routes = guardedRoutes(access);

  routes.get(accountPath.waysIn, anybody('the same for everybody'), (c) =>
    c.json({ signUp: config.signUp, mail: mail !== null, provider: provider?.name ?? null } satisfies z.input<
      typeof accountsApi.waysIn
    >),
  );

  routes.get(path.session, anybody('asks whether somebody is signed in'), async (c) => {
    const { headers } = c.req.raw;
    c.header('Cache-Control', 'no-store');
    if (!(await accounts.present(headers))) return c.json(null);
    const { headers: cookies, response } = await accounts.api.getSession({ headers, returnHeaders: true });
    if (!response) return c.json(null);
    // Without the token: it is in a cookie that scripts cannot read, and this answer is one that they can.
    const { token: _, ...session } = response.session;
    return answer(c, { headers: cookies, response: { ...response, session } });
  });

  routes.post(path.signInAsGuest, anybody('a way in'), async (c) => {
    rateLimits.signUp.take(clientAddress(c, config));
    const { link, ...body } = await readJson(c, accountsApi.enterAsGuest);
    const { headers } = c.req.raw;
    // A second guest in the same browser would make the first one's plans unreachable.
    const present = await accounts.present(headers);
    if (present) {
      throw new CommonplanError('conflict', `You are signed in as ${present.name} already.`, {
        hint: 'Change the name, or sign out first.',
      });
    }
    if (config.signUp !== 'open') {
      if (link === undefined) throw new CommonplanError('sign-up-closed');
      if ((await previewLink(kysely, link)).requiresAccount) throw new CommonplanError('account-required');
    }
    return answer(c, await accounts.api.signInAsGuest({ body, headers, returnHeaders: true }));
  });

  routes.post(path.signUp, anybody('a way in'), async (c) => {
    rateLimits.signUp.take(clientAddress(c, config));
    const { invitation, ...body } = await readJson(c, accountsApi.enterWithAccount);
    if (config.signUp === 'closed' || (config.signUp === 'invitation' && invitation === undefined))
      throw new CommonplanError('sign-up-closed');
    const { headers } = c.req.raw;
    const present = await accounts.present(headers);
    const make = async (): Promise<MadeAccount> => {
      try {
        return await (present?.guest ? upgrade(present, body, headers) : signUp(body, headers));
      } catch (cause) {
        if (isAPIError(cause) && cause.body?.code === 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL')
          throw new CommonplanError('email-taken', undefined, { cause });
        throw cause;
      }
    };
    const made = config.signUp === 'open' ? await make() : await useToken(kysely, 'invitation', invitation ?? '', make);
    const userId = made.response.user.id;
    await writeAudit(kysely, { planId: null, actor: userId, action: 'account-created' });
    askForConfirmation(userId, body.email);
    return answer(c, made);
  });

  async function upgrade(guest: Identity, body: z.output<typeof api.signUp>, headers: Headers) {
    const upgraded = await accounts.api.upgradeGuest({ body, headers, returnHeaders: true });
    rooms.userChanged({ ...publicUser(guest), name: body.name ?? guest.name, guest: false });
    return upgraded;
  }

  async function signUp({ name, ...body }: z.output<typeof api.signUp>, headers: Headers) {
    if (name === undefined) throw new CommonplanError('invalid-request', 'name: Expected a name.');
    return accounts.api.signUpEmail({ body: { ...body, name }, headers, returnHeaders: true });
  }

  function askForConfirmation(userId: string, email: string): void {
    mail?.later(async () => {
      const { token } = await createToken(kysely, { purpose: 'confirm-email', userId, email });
      return addressMail(email, config.baseUrl ?? '', token);
    });
  }

  routes.post(path.signIn, anybody('a way in'), async (c) => {
    const body = await readJson(c, api.signIn);
    const address = clientAddress(c, config);
    rateLimits.signIn.take(address);
    rateLimits.password.take(`${address} ${body.email.toLowerCase()}`);
    const { headers } = c.req.raw;
    const present = await accounts.present(headers);
    const signedIn = await accounts.api.signInEmail({ body, headers, returnHeaders: true }).catch((cause: unknown) => {
      if (isAPIError(cause) && cause.statusCode === 401)
        throw new CommonplanError('wrong-credentials', undefined, { cause });
      throw cause;
    });
    await accounts.refuseSuspended(signedIn.response.token);
    if (present?.guest) await bringAlong(services, present, signedIn.response.user.id);
    return answer(c, signedIn);
  });

  routes.post(path.signOut, anybody('ends whatever session there is'), async (c) => {
    return answer(c, await accounts.api.signOut({ headers: c.req.raw.headers, returnHeaders: true }));
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
    await removeTokens(kysely, user.id);
    await writeAudit(kysely, { planId: null, actor: user.id, action: 'password-changed' });
    const { email } = user;
    if (email !== null) mail?.later(async () => passwordChangedMail(email, config.baseUrl ?? ''));
    return answer(c, changed);
  });

  return routes.hono;
}

interface MadeAccount {
  readonly headers: Headers;
  readonly response: { readonly user: { readonly id: string } };
}

/** What a guest has and wrote is the account's from now on. Open windows come back as the account. */
export async function bringAlong(
  { accounts, kysely, rooms }: Pick<Services, 'accounts' | 'kysely' | 'rooms'>,
  guest: Identity,
  userId: string,
): Promise<void> {
  // First: from here on the guest's sockets are told to come back, and not that they have lost the plan.
  await rooms.replaceUser(guest.id, userId);
  await moveMemberships(kysely, guest.id, userId);
  await accounts.endSessions(guest.id);
}

/** better-auth's answer, with the cookies it wants to be set. Never cached: it is about one person. */
export function answer(c: AppContext, { headers, response }: { headers: Headers; response: unknown }): Response {
  passCookies(c, headers);
  c.header('Cache-Control', 'no-store');
  return c.json(response);
}

export function passCookies(c: AppContext, headers: Headers): void {
  for (const cookie of headers.getSetCookie()) c.header('Set-Cookie', cookie, { append: true });
}

const publicUser = ({ id, name, color, guest }: Identity) => ({ id, name, color, guest });
