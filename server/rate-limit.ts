/** Token buckets: so many requests per minute for a key, more in a burst. In memory: a restart forgives. */
import { CommonplanError } from '../shared/errors.ts';

/** Keys that are remembered at most; an attacker with many addresses must not fill the memory. */
const MAX_KEYS = 50_000;

export interface RateLimit {
  /** Takes one token for the key. Throws `too-many`, with the seconds to wait in its hint. */
  take(key: string): void;
}

interface Bucket {
  tokens: number;
  /** Milliseconds of `now`. */
  filledAt: number;
}

/** `burst` tokens at first, refilled evenly at `perMinute`. `now` in milliseconds, never going back. */
export function createRateLimit(
  perMinute: number,
  burst: number,
  now: () => number = () => performance.now(),
): RateLimit {
  const buckets = new Map<string, Bucket>();
  const perMillisecond = perMinute / 60_000;
  const tokensOf = (bucket: Bucket, at: number): number =>
    Math.min(burst, bucket.tokens + (at - bucket.filledAt) * perMillisecond);
  return {
    take(key) {
      const at = now();
      const bucket = buckets.get(key);
      const tokens = bucket ? tokensOf(bucket, at) : burst;
      if (tokens < 1) {
        const seconds = Math.ceil((1 - tokens) / perMillisecond / 1000);
        throw new CommonplanError('too-many', undefined, { hint: `Try again in ${seconds} s.` });
      }
      // Set anew: the map's order is then from the least to the most recently used.
      buckets.delete(key);
      buckets.set(key, { tokens: tokens - 1, filledAt: at });
      if (buckets.size > MAX_KEYS) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
    },
  };
}

/** Every limit of the HTTP side, per minute. Generous enough for a classroom behind one address. */
export function createRateLimits(enabled: boolean) {
  const limit = (perMinute: number, burst: number): RateLimit =>
    enabled ? createRateLimit(perMinute, burst) : { take: () => undefined };
  return {
    /** Guests and accounts made, per client address. */
    signUp: limit(60, 120),
    /** Passwords tried, per client address. */
    signIn: limit(30, 60),
    /** Passwords tried for one account, per client address: others cannot lock somebody out. */
    password: limit(5, 10),
    /** Links for passwords and addresses asked for and used, per client address. */
    recovery: limit(10, 20),
    /** Mails that others can have sent to one address. */
    mail: limit(0.1, 3),
    /** Mails sent to people whom somebody invites, per client address of who does. */
    invitation: limit(2, 40),
    /** Downloads of everything that is stored about an account, per user. */
    accountData: limit(1, 3),
    /** Plans created or imported, per client address. */
    create: limit(20, 40),
    /** Accounts looked for by e-mail, to add them, per client address. */
    guess: limit(30, 60),
    /** Links looked at and redeemed, per client address: a whole hall may come in by one. Nobody guesses 256 bits. */
    link: limit(300, 600),
    /** People looked for by name, per user. */
    search: limit(60, 60),
    /** Contents read and compared, which take a worker's time, per client address. */
    read: limit(120, 120),
    /** Exports made, per user. */
    export: limit(30, 60),
    /** Pictures added, per user. */
    image: limit(60, 60),
    /** Anything that an administrator asks for, per client address. */
    admin: limit(120, 240),
    /** Sockets opened, per client address. */
    socket: limit(300, 600),
  };
}

export type RateLimits = ReturnType<typeof createRateLimits>;
