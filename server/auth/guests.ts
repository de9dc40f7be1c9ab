/** Guests, as a better-auth plugin: a user with a name and no password, who can become an account and stays the same user. */
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthEndpoint, sessionMiddleware } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';
import { signInAsGuest, signUp } from '../../shared/api.ts';

/** better-auth wants an e-mail for every user. `.invalid` can never be anybody's (RFC 2606). */
const placeholderEmail = () => `${crypto.randomUUID()}@guest.invalid`;

export const guests = () =>
  ({
    id: 'guests',
    schema: {
      user: {
        fields: { isAnonymous: { type: 'boolean' as const, required: false, input: false, defaultValue: false } },
      },
    },
    endpoints: {
      signInAsGuest: createAuthEndpoint('/sign-in/anonymous', { method: 'POST', body: signInAsGuest }, async (ctx) => {
        const { internalAdapter } = ctx.context;
        const user = await internalAdapter.createUser(
          { name: ctx.body.name, email: placeholderEmail(), emailVerified: false, isAnonymous: true },
          { method: 'anonymous' },
        );
        const session = await internalAdapter.createSession(user.id);
        await setSessionCookie(ctx, { session, user });
        return ctx.json({ token: session.token, user });
      }),
      /** The session must be a guest's. Keeps the user's id, and with it plans, roles and authorship. */
      upgradeGuest: createAuthEndpoint(
        '/sign-up/guest',
        { method: 'POST', body: signUp, requireHeaders: true, use: [sessionMiddleware] },
        async (ctx) => {
          const { internalAdapter, password } = ctx.context;
          const { user: guest } = ctx.context.session;
          if (!z.object({ isAnonymous: z.literal(true) }).safeParse(guest).success) throw new APIError('FORBIDDEN');
          const email = ctx.body.email.toLowerCase();
          if (await internalAdapter.findUserByEmail(email)) throw emailTaken();
          const hash = await password.hash(ctx.body.password);
          // Password first, then the address that makes it usable: a crash in between leaves a guest who can try again.
          if (await internalAdapter.findCredentialAccount(guest.id))
            await internalAdapter.updatePassword(guest.id, hash);
          else {
            await internalAdapter.linkAccount({
              userId: guest.id,
              providerId: 'credential',
              accountId: guest.id,
              password: hash,
            });
          }
          const user = await internalAdapter
            .updateUser(guest.id, { email, isAnonymous: false, name: ctx.body.name ?? guest.name })
            .catch((error: unknown) => {
              // Somebody may have taken the address since the look above: its column is unique.
              if (error instanceof Error && /UNIQUE/.test(error.message)) throw emailTaken();
              throw error;
            });
          // A session that was a guest's may be known to more than the one who now sets a password.
          await internalAdapter.deleteUserSessions(guest.id);
          const session = await internalAdapter.createSession(guest.id);
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ token: session.token, user });
        },
      ),
    },
  }) satisfies BetterAuthPlugin;

/** The same answer that better-auth's own sign-up gives. */
const emailTaken = () => new APIError('UNPROCESSABLE_ENTITY', { code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' });
