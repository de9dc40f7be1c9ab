/** Tokens: secrets that are handed out once and let their holder do one thing once. Only hashes are stored, so neither the database nor a backup lets anybody in. */
import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import type { Tables, TokensTable } from './tables.ts';

export type TokenPurpose = TokensTable['purpose'];

const HOUR = 60 * 60 * 1000;
/** Milliseconds that a token is good for. */
const LIFETIME: Record<TokenPurpose, number> = {
  'reset-password': HOUR,
  'confirm-email': 24 * HOUR,
  invitation: 7 * 24 * HOUR,
};

/** SHA-256 in base64url: what has 128 random bits or more needs no salt and no slow hash. Rows are found by it, so no comparison's time tells anything. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

export interface NewToken {
  readonly purpose: TokenPurpose;
  readonly userId?: string;
  readonly email?: string;
  readonly createdBy?: string;
}

/** Makes a token of 256 random bits, known from here on to the caller alone. One for the same purpose that the same user has already ends. */
export async function createToken(
  kysely: Kysely<Tables>,
  { purpose, userId, email, createdBy }: NewToken,
): Promise<{ id: string; token: string; expiresAt: number }> {
  const id = randomBytes(12).toString('base64url');
  const token = randomBytes(32).toString('base64url');
  const now = Date.now();
  const expiresAt = now + LIFETIME[purpose];
  await kysely.deleteFrom('tokens').where('expires_at', '<=', now).execute();
  if (userId !== undefined) await removeTokens(kysely, userId, purpose);
  await kysely
    .insertInto('tokens')
    .values({
      id,
      purpose,
      hash: hashToken(token),
      user_id: userId ?? null,
      email: email?.toLowerCase() ?? null,
      created_by: createdBy ?? null,
      created_at: now,
      expires_at: expiresAt,
    })
    .execute();
  return { id, token, expiresAt };
}

interface TakenToken {
  readonly userId: string | null;
  readonly email: string | null;
}

/**
 * Does with the token what it was made for, and uses it up: of two who come with it at once, one gets it. It stays good when `act` throws.
 * Throws `token-invalid`.
 */
export async function useToken<Result>(
  kysely: Kysely<Tables>,
  purpose: TokenPurpose,
  token: string,
  act: (taken: TakenToken) => Promise<Result>,
): Promise<Result> {
  const row = await kysely
    .deleteFrom('tokens')
    .where('hash', '=', hashToken(token))
    .where('purpose', '=', purpose)
    .where('expires_at', '>', Date.now())
    .returningAll()
    .executeTakeFirst();
  if (!row) throw new CommonplanError('token-invalid');
  try {
    return await act({ userId: row.user_id, email: row.email });
  } catch (error) {
    await kysely.insertInto('tokens').values(row).execute();
    throw error;
  }
}

/** Ends what was handed out to a user, for one purpose or for all. */
export async function removeTokens(kysely: Kysely<Tables>, userId: string, purpose?: TokenPurpose): Promise<void> {
  let query = kysely.deleteFrom('tokens').where('user_id', '=', userId);
  if (purpose !== undefined) query = query.where('purpose', '=', purpose);
  await query.execute();
}
