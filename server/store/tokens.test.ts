/** Tokens in any order, in time and after it: each does its one thing once, and nothing else. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { createToken, removeTokens, type TokenPurpose, useToken } from './tokens.ts';

let dataDir: string;
let database: Database;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'commonplan-tokens-'));
  database = openDatabase(dataDir);
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const HOUR = 60 * 60_000;
const LIFETIME: Record<TokenPurpose, number> = {
  'reset-password': HOUR,
  'confirm-email': 24 * HOUR,
  invitation: 168 * HOUR,
};
const PURPOSES = Object.keys(LIFETIME) as TokenPurpose[];

/** What a token is, as the test knows it. */
interface Known {
  readonly token: string;
  readonly purpose: TokenPurpose;
  readonly user: string | undefined;
  readonly until: number;
  good: boolean;
}

const purpose = fc.constantFrom(...PURPOSES);
const step = fc.oneof(
  fc.record({ do: fc.constant('create' as const), purpose, user: fc.constantFrom('ana', 'ben') }),
  fc.record({ do: fc.constant('use' as const), which: fc.nat(20), purpose, fails: fc.boolean() }),
  fc.record({ do: fc.constant('end' as const), user: fc.constantFrom('ana', 'ben') }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }),
);

test('[R21] a token is good for its purpose, its time and one use, and no longer than the next one of the same person', async () => {
  const { kysely } = database;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      await kysely.deleteFrom('tokens').execute();
      const known: Known[] = [];
      for (const one of steps) {
        if (one.do === 'wait') vi.setSystemTime(Date.now() + one.hours * HOUR);
        else if (one.do === 'end') {
          await removeTokens(kysely, one.user);
          for (const token of known) if (token.user === one.user) token.good = false;
        } else if (one.do === 'create') {
          // An invitation is nobody's yet.
          const user = one.purpose === 'invitation' ? undefined : one.user;
          const { token } = await createToken(kysely, { purpose: one.purpose, ...(user && { userId: user }) });
          if (user)
            for (const older of known) if (older.user === user && older.purpose === one.purpose) older.good = false;
          known.push({ token, purpose: one.purpose, user, until: Date.now() + LIFETIME[one.purpose], good: true });
        } else {
          const meant = known[one.which % Math.max(1, known.length)];
          const works = meant?.good === true && meant.purpose === one.purpose && Date.now() < meant.until;
          const used = useToken(kysely, one.purpose, meant?.token ?? 'none', async ({ userId }) => {
            if (one.fails) throw new Error('It could not be done.');
            return userId;
          });
          if (!works) await expect(used).rejects.toMatchObject({ code: 'token-invalid' });
          else if (one.fails) await expect(used).rejects.toThrow('could not be done');
          else {
            expect(await used).toBe(meant.user ?? null);
            meant.good = false;
          }
        }
      }
      const rows = await kysely.selectFrom('tokens').selectAll().execute();
      for (const { token } of known) expect(JSON.stringify(rows)).not.toContain(token);
    }),
    { numRuns: 60 },
  );
});

test('[R21] of many who come with one token at once, one does with it what it is for', async () => {
  const { token } = await createToken(database.kysely, { purpose: 'invitation' });
  const act = vi.fn(async () => 'done');
  const all = Array.from({ length: 50 }, () => useToken(database.kysely, 'invitation', token, act));
  const results = await Promise.allSettled(all);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(act).toHaveBeenCalledTimes(1);
});
