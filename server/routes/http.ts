/** What every route needs of HTTP: its context, reading bodies and queries by a schema, errors as JSON. */
import { createHash } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { ContentfulStatusCode, StatusCode } from 'hono/utils/http-status';
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import type { Access } from '../auth/access.ts';
import type { Accounts } from '../auth/accounts.ts';
import type { AuditReader } from '../auth/audit-reader.ts';
import type { SignInProvider } from '../auth/provider.ts';
import type { Revocation } from '../auth/revocation.ts';
import type { Config } from '../config.ts';
import type { Documents } from '../documents/documents.ts';
import type { Exports } from '../export/exports.ts';
import type { Images } from '../images/images.ts';
import type { Log } from '../log.ts';
import type { Mailer } from '../mail.ts';
import type { Metrics } from '../metrics.ts';
import type { RateLimits } from '../rate-limit.ts';
import type { Restores } from '../snapshots/restore.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import type { Disk } from '../store/disk.ts';
import type { Durability } from '../store/durability.ts';
import type { Tables } from '../store/tables.ts';
import type { Rooms } from '../sync/rooms.ts';
import { VERSION } from '../version.ts';

export interface AppEnv {
  /** Absent when a test calls the app without a socket. */
  Bindings: Partial<HttpBindings> | undefined;
  Variables: { log: Log };
}
export type AppContext = Context<AppEnv>;

/** The parts of the server that routes call; main.ts makes them. */
export interface Services {
  readonly config: Config;
  readonly log: Log;
  readonly kysely: Kysely<Tables>;
  readonly accounts: Accounts;
  readonly access: Access;
  readonly audit: AuditReader;
  readonly documents: Documents;
  readonly snapshots: Snapshots;
  readonly restores: Restores;
  readonly exports: Exports;
  readonly images: Images;
  readonly rooms: Rooms;
  readonly durability: Pick<Durability, 'sync'>;
  readonly revocation: Revocation;
  readonly rateLimits: RateLimits;
  /** null: the server sends no mail. */
  readonly mail: Mailer | null;
  /** null: people sign in by passwords alone. */
  readonly provider: SignInProvider | null;
  /** Path of the database's file. */
  readonly databaseFile: string;
  readonly disk: Disk;
  /** null: nobody may read any. */
  readonly metrics: Metrics | null;
}

/** The JSON body, checked. Throws `invalid-request` with what was expected. */
export async function readJson<Schema extends z.ZodType>(c: AppContext, schema: Schema): Promise<z.output<Schema>> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new CommonplanError(
      'invalid-request',
      'Expected a JSON body, with the header Content-Type: application/json.',
    );
  }
  const text = await c.req.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new CommonplanError('invalid-request', 'The body is not valid JSON.', { cause });
  }
  return check(schema, body);
}

/** The query, checked; parameters that the schema does not name are ignored. Throws `invalid-request`. */
export function readQuery<Schema extends z.ZodType>(c: AppContext, schema: Schema): z.output<Schema> {
  return check(schema, c.req.query());
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length ? `${path.join('.')}: ${message}` : message,
  );
  throw new CommonplanError('invalid-request', `${problems.join('. ')}.`);
}

/** The number of a snapshot in an address. Throws `not-found`: no snapshot is called otherwise. */
export function snapshotNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new CommonplanError('not-found', `There is no snapshot ${text.slice(0, 20)}.`);
  return Number(text);
}

/** Bytes that `make` answers, or 304 where the client has those of this address and `version`. */
export async function answerTagged(
  c: AppContext,
  version: unknown,
  make: () => Promise<Uint8Array>,
): Promise<Response> {
  const text = JSON.stringify([VERSION, c.req.path, version]);
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  const bytes = hasTag(c, etag) ? null : ((await make()) as Uint8Array<ArrayBuffer>);
  // Only now: a refusal that bears the tag would be kept by the client, and called fresh when it asks again.
  c.header('ETag', etag);
  c.header('Cache-Control', 'private, no-cache');
  return bytes === null ? c.body(null, 304) : c.body(bytes);
}

/** As other servers log it: nobody reads this answer. */
const CLIENT_GONE = 499 as StatusCode;

/** Long work, which the signal ends when nobody waits for it any longer; then the answer is null, and an empty body will do. */
export async function whileThere<T>(c: AppContext, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
  // The request's own signal gives its reason as a plain text; those who reject with the reason expect an error.
  const gone = new AbortController();
  const { signal } = c.req.raw;
  if (signal.aborted) gone.abort();
  else signal.addEventListener('abort', () => gone.abort(), { once: true });
  try {
    return await work(gone.signal);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    c.status(CLIENT_GONE);
    return null;
  }
}

/** Whether the client has the answer with this tag. If-None-Match compares weakly (RFC 9110, 13.1.2): a proxy that compresses may have made the tag weak. */
export function hasTag(c: AppContext, etag: string): boolean {
  const tags = (c.req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

/** Address of the client, for rate limits only. IPv6 counts by network (/64): one host has that many addresses. */
export function clientAddress(c: AppContext, config: Config): string {
  const { trustedProxies } = config;
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((address) => address.trim());
  const address =
    (trustedProxies > 0 && forwarded.at(-trustedProxies)) || c.env?.incoming?.socket.remoteAddress || 'local';
  return address.includes(':') && !address.startsWith('::ffff:') ? address.split(':').slice(0, 4).join(':') : address;
}

/** The body of every refusal. */
export function errorResponse(c: AppContext, error: CommonplanError): Response {
  const { code, message, hint } = error;
  c.header('Cache-Control', 'no-store');
  if (code === 'too-many') c.header('Retry-After', /\d+/.exec(hint ?? '')?.[0] ?? '60');
  return c.json(
    { error: { code: code satisfies ErrorCode, message, ...(hint === undefined ? {} : { hint }) } },
    error.status as ContentfulStatusCode,
  );
}
