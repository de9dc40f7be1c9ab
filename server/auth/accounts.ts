/** Who is this: accounts and guests by better-auth, in our database. Its router is not used: routes call its functions, so that only what they name is reachable. */
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { bearer } from 'better-auth/plugins/bearer';
import type { Kysely } from 'kysely';
import type { Log } from '../log.ts';
import type { Tables } from '../store/tables.ts';
import { findSession } from '../store/users.ts';
import { colorOf } from './color.ts';
import { guests } from './guests.ts';

const DAY = 24 * 60 * 60;
/** Seconds. A guest has no password to come back with: the session is all there is, so it lasts, and every visit renews it. */
const SESSION_LIFETIME = 180 * DAY;

/**
 * Credentials whose signature was found good, with the session's token in them. That never changes; whether the session still holds is asked of the
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
    database: {
      db: kysely,
      type: 'sqlite',
      // Its transactions wait for slow password hashes: the one connection must not be held that long.
      transaction: false,
    },
    emailAndPassword: { enabled: true, minPasswordLength: 10, maxPasswordLength: 128 },
    session: { expiresIn: SESSION_LIFETIME, updateAge: DAY },
    plugins: [bearer(), guests()],
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
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  const verified = new Map<string, string>();

  return {
    api: auth.api,
    /** Whose cookie or bearer token this is; null when there is none or it is no longer valid. */
    async identify(headers: Headers): Promise<Identity | null> {
      const credential = `${headers.get('cookie') ?? ''}\n${headers.get('authorization') ?? ''}`;
      let token = verified.get(credential);
      if (token === undefined) {
        const found = await auth.api.getSession({ headers, query: { disableRefresh: true } });
        if (!found) return null;
        token = found.session.token;
        if (verified.size >= MOST_VERIFIED) verified.clear();
        verified.set(credential, token);
      }
      const session = await findSession(kysely, token);
      if (!session) return null;
      const { id, name, email, isAnonymous: guest, sessionId, expiresAt } = session;
      return { id, name, email: guest ? null : email, guest, color: colorOf(id), sessionId, expiresAt };
    },
    async endSessions(userId: string): Promise<void> {
      await (await auth.$context).internalAdapter.deleteUserSessions(userId);
    },
  };
}
