/** Signing in by the operator's OpenID Connect provider, and connecting an account with an identity there. */
import type { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { z } from 'zod';
import * as api from '../../shared/accounts-api.ts';
import { userName } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import type { Identity } from '../auth/accounts.ts';
import { ERRAND_TIME, type Errand, type ProvidedIdentity } from '../auth/provider.ts';
import { findAccountByProvider, readAccount } from '../store/accounts.ts';
import { writeAudit } from '../store/audit.ts';
import { useToken } from '../store/tokens.ts';
import { findAccountByEmail } from '../store/users.ts';
import { bringAlong, passCookies } from './accounts.ts';
import { anybody, guardedRoutes } from './guarded.ts';
import { type AppContext, type AppEnv, clientAddress, readJson, type Services } from './http.ts';

export function providerRoutes(services: Services): Hono<AppEnv> {
  const { access, accounts, config, kysely, provider, rateLimits, rooms } = services;
  const { accountPath: path } = api;
  const routes = guardedRoutes(access);
  const https = config.baseUrl?.startsWith('https://') ?? false;
  const cookie = https ? '__Host-commonplan.provider' : 'commonplan.provider';
  // Lax: the way back from the provider is a navigation that its site began.
  const attributes = { path: '/', httpOnly: true, secure: https, sameSite: 'Lax' } as const;

  // A POST, whose Origin is checked: no other site can make a browser connect an account with somebody else's identity.
  routes.post(path.providerSignIn, anybody('a way in'), async (c) => {
    rateLimits.signIn.take(clientAddress(c, config));
    if (!provider) throw new CommonplanError('not-found', 'This server has no sign-in service.');
    const { returnTo, connect, invitation = null } = await readJson(c, api.providerSignIn);
    const user = connect ? await access.requireUser(c.req.raw.headers) : null;
    const { url, handle } = await provider.begin({ returnTo, connectTo: user?.id ?? null, invitation });
    setCookie(c, cookie, handle, { ...attributes, maxAge: ERRAND_TIME / 1000 });
    c.header('Cache-Control', 'no-store');
    return c.json({ url } satisfies z.input<typeof api.providerRedirect>);
  });

  routes.get(path.providerCallback, anybody('the provider sends people back here'), async (c) => {
    if (!provider) throw new CommonplanError('not-found', 'This server has no sign-in service.');
    const handle = getCookie(c, cookie) ?? '';
    deleteCookie(c, cookie, attributes);
    c.header('Cache-Control', 'no-store');
    let page = '/sign-in';
    try {
      rateLimits.signIn.take(clientAddress(c, config));
      const { identity, errand } = await provider.finish(handle, new URL(c.req.url).search);
      if (errand.connectTo !== null) page = '/account';
      await (errand.connectTo === null ? signIn(c, identity, errand) : connect(c, identity, errand.connectTo));
      return c.redirect(errand.returnTo);
    } catch (error) {
      // A navigation shows what it answers: the page says what is wrong, in its own words.
      if (!(error instanceof CommonplanError)) c.var.log.error({ err: error }, 'request failed');
      const code = error instanceof CommonplanError ? error.code : 'internal';
      return c.redirect(`${page}?${api.REFUSED_PARAMETER}=${code}`);
    }
  });

  async function signIn(c: AppContext, identity: ProvidedIdentity, errand: Errand): Promise<void> {
    const { headers } = c.req.raw;
    const present = await accounts.present(headers);
    const guest = present?.guest ? present : null;
    const userId = (await findAccount(identity)) ?? (await createAccount(identity, errand, guest));
    const started = await accounts.api.startSession({ body: { userId }, headers, returnHeaders: true });
    await accounts.refuseSuspended(started.response.token);
    if (guest && guest.id !== userId) await bringAlong(services, guest, userId);
    passCookies(c, started.headers);
  }

  async function findAccount({ subject, email }: ProvidedIdentity): Promise<string | undefined> {
    const known = await findAccountByProvider(kysely, subject);
    if (known !== undefined) return known;
    if (email === null) throw new CommonplanError('email-unconfirmed');
    const holder = await findAccountByEmail(kysely, email);
    if (!holder) return undefined;
    // Somebody may have made it with an address that is not theirs, and know its password: who is at its other end decides.
    if (!(await readAccount(kysely, holder.id)).emailVerified) throw new CommonplanError('email-taken');
    await accounts.connectProvider(holder.id, subject);
    return holder.id;
  }

  async function createAccount(
    { subject, email, name }: ProvidedIdentity,
    { invitation }: Errand,
    guest: Identity | null,
  ): Promise<string> {
    if (email === null) throw new CommonplanError('email-unconfirmed');
    const make = () => accounts.createForProvider(subject, email, nameOf(name, email), guest?.id ?? null);
    const userId = await (mayMakeAccount() ? make() : useToken(kysely, 'invitation', checked(invitation), make));
    if (guest) {
      const { id, name, color } = guest;
      rooms.userChanged({ id, name, color, guest: false });
      // As when a guest sets a password: the session may be known to others.
      await accounts.endSessions(id);
    }
    await writeAudit(kysely, { planId: null, actor: userId, action: 'account-created' });
    return userId;
  }

  const mayMakeAccount = (): boolean => config.signUp === 'open' || config.provider?.opensSignUp === true;

  function checked(invitation: string | null): string {
    if (config.signUp === 'closed' || invitation === null) throw new CommonplanError('sign-up-closed');
    return invitation;
  }

  async function connect(c: AppContext, { subject }: ProvidedIdentity, userId: string): Promise<void> {
    const user = await access.requireUser(c.req.raw.headers);
    // Another person may have signed in here in the meantime.
    if (user.id !== userId || user.guest) throw new CommonplanError('provider-failed');
    const holder = await findAccountByProvider(kysely, subject);
    if (holder !== undefined && holder !== user.id) throw new CommonplanError('conflict');
    if (holder === undefined) await accounts.connectProvider(user.id, subject);
  }

  return routes.hono;
}

/** Providers let people call themselves anything; what no name can be gives way to the address. */
function nameOf(name: string, email: string): string {
  for (const candidate of [name, email.split('@')[0]]) {
    const parsed = userName.safeParse(candidate);
    if (parsed.success) return parsed.data;
  }
  return 'New member';
}
