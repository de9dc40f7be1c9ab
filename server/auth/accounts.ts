/** Who is this: accounts and guests by better-auth, in our database. Its router is not used: routes call its functions, so that only what they name is reachable. */
import { kyselyAdapter } from '@better-auth/kysely-adapter';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { bearer } from 'better-auth/plugins/bearer';
import type { Kysely } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import type { Log } from '../log.ts';
import { PROVIDER } from '../store/accounts.ts';
import type { Tables } from '../store/tables.ts';
import { hashToken } from '../store/tokens.ts';
import { findSession, removeStaleSessions, sawSession } from '../store/users.ts';
import { colorOf } from './color.ts';
import { guests } from './guests.ts';
import { sessionStart } from './session-start.ts';
import { withHashedTokens } from './token-hash.ts';

const DAY = 24 * 60 * 60;
/** Seconds. A guest has no password to come back with: the session is all there is, so it lasts, and every visit renews it. */
const SESSION_LIFETIME = 180 * DAY;

/** Milliseconds between two notes of when a session was last used. */
const SEEN_INTERVAL = 5 * 60 * 1000;

/**
 * Credentials whose signature was found good, with the hash of the session's token in them. That never changes; whether the session still holds is asked of the
 * database each time. Without it, checking signatures is most of what hundreds of people joining at once cost.
 */
const MOST_VERIFIED = 10_000;

/** A signed-in person, as the rest of the server sees them. */
export interface Identity {
  readonly id: string;
  readonly name: string;
  /** null: a guest. */
  readonly email: string | null;
  readonly guest: boolean;
  readonly color: string;
  /** Of this server. */
  readonly administrator: boolean;
  readonly sessionId: string;
  /** When the session that showed who this is ends. */
  readonly expiresAt: Date;
}

interface AccountsOptions {
  readonly kysely: Kysely<Tables>;
  readonly secret: string;
  /** Public origin, when known. https makes cookies Secure and binds them to the host. */
  readonly baseUrl: string | undefined;
  readonly log: Log;
}

export type Accounts = Awaited<ReturnType<typeof createAccounts>>;

/** Makes or migrates the tables user, session, account and verification, then resolves to better-auth's functions and `identify`. */
export async function createAccounts({ kysely, secret, baseUrl, log }: AccountsOptions) {
  const https = baseUrl?.startsWith('https://') ?? false;
  const auth = betterAuth({
    appName: 'Commonplan',
    baseURL: baseUrl ?? 'http://localhost',
    secret,
    // Its transactions wait for slow password hashes: the one connection must not be held that long.
    database: withHashedTokens(kyselyAdapter(kysely, { type: 'sqlite', transaction: false })),
    user: {
      additionalFields: {
        administrator: { type: 'boolean', required: false, input: false, defaultValue: false },
        /** Milliseconds since 1970; null: not suspended. */
        suspendedAt: { type: 'number', bigint: true, required: false, input: false, returned: false },
      },
    },
    emailAndPassword: { enabled: true, minPasswordLength: 10, maxPasswordLength: 128 },
    session: { expiresIn: SESSION_LIFETIME, updateAge: DAY },
    plugins: [bearer(), guests(), sessionStart()],
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: {
      level: 'error',
      // Arguments may hold whole requests; of an error only itself.
      log: (level, message, ...details: unknown[]) =>
        log[level]({ err: details.find((detail) => detail instanceof Error) }, message.replace(/\S+@\S+/g, '[e-mail]')),
    },
    advanced: {
      // `__Host-`: only this very host can set it, only over https, never a sibling subdomain.
      cookiePrefix: https ? '__Host-commonplan' : 'commonplan',
      useSecureCookies: false,
      defaultCookieAttributes: { secure: https, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { disableIpTracking: true },
    },
  });
  const { runMigrations } = await getMigrations({ ...auth.options, database: { db: kysely, type: 'sqlite' } });
  await runMigrations();
  await removeStaleSessions(kysely);
  const { internalAdapter, password } = await auth.$context;
  const verified = new Map<string, string>();

  return {
    api: auth.api,
    /**
     * Whose cookie or bearer token this is; null when there is none or it is no longer valid. Throws `suspended`: whoever asks for any
     * reason is told, so that no route forgets to look.
     */
    async identify(headers: Headers): Promise<Identity | null> {
      const credential = `${headers.get('cookie') ?? ''}\n${headers.get('authorization') ?? ''}`;
      let hash = verified.get(credential);
      if (hash === undefined) {
        const found = await auth.api.getSession({ headers, query: { disableRefresh: true } });
        if (!found) return null;
        hash = hashToken(found.session.token);
        if (verified.size >= MOST_VERIFIED) verified.clear();
        verified.set(credential, hash);
      }
      const session = await findSession(kysely, hash);
      if (!session) return null;
      if (session.suspended) throw new CommonplanError('suspended');
      const { id, name, email, guest, administrator, sessionId, expiresAt } = session;
      if (Date.now() - session.seenAt.getTime() > SEEN_INTERVAL) await sawSession(kysely, sessionId);
      return { id, name, email: guest ? null : email, guest, administrator, color: colorOf(id), sessionId, expiresAt };
    },
    /** As `identify`, for the ways in and out, which are open to suspended people, too: null for them. */
    async present(headers: Headers): Promise<Identity | null> {
      return this.identify(headers).catch((error: unknown) => {
        if (error instanceof CommonplanError && error.code === 'suspended') return null;
        throw error;
      });
    },
    /** Throws `suspended` when the session that was just begun is a suspended person's, and ends it. */
    async refuseSuspended(token: string): Promise<void> {
      if (!(await findSession(kysely, hashToken(token)))?.suspended) return;
      await internalAdapter.deleteSession(token);
      throw new CommonplanError('suspended');
    },
    async endSessions(userId: string): Promise<void> {
      await internalAdapter.deleteUserSessions(userId);
    },
    /** Whether this is the account's password. Takes as long where there is none; `userId` null: an account that does not exist. */
    async isPassword(userId: string | null, candidate: string): Promise<boolean> {
      const account = userId === null ? null : await internalAdapter.findCredentialAccount(userId);
      if (account?.password) return password.verify({ hash: account.password, password: candidate });
      await password.hash(candidate);
      return false;
    },
    /**
     * An account without a password, for an identity that the sign-in service has proved; the guest `guestId` becomes it and stays the same
     * user. Resolves to its id. Throws `email-taken`.
     */
    async createForProvider(subject: string, email: string, name: string, guestId: string | null): Promise<string> {
      const address = { email, emailVerified: true, isAnonymous: false };
      try {
        const { id } =
          guestId === null
            ? await internalAdapter.createUser({ ...address, name }, { method: 'oauth' })
            : await internalAdapter.updateUser(guestId, address);
        await this.connectProvider(id, subject);
        return id;
      } catch (cause) {
        if (cause instanceof Error && /UNIQUE/.test(cause.message))
          throw new CommonplanError('email-taken', undefined, { cause });
        throw cause;
      }
    },
    async connectProvider(userId: string, subject: string): Promise<void> {
      await internalAdapter.linkAccount({ userId, providerId: PROVIDER, accountId: subject });
    },
    async hasPassword(userId: string): Promise<boolean> {
      return Boolean((await internalAdapter.findCredentialAccount(userId))?.password);
    },
    /** Sets a password of at least 10 characters, whatever it was before. Sessions go on: ending them is the caller's. */
    async setPassword(userId: string, newPassword: string): Promise<void> {
      const hash = await password.hash(newPassword);
      if (await internalAdapter.findCredentialAccount(userId)) await internalAdapter.updatePassword(userId, hash);
      else await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hash });
    },
  };
}
