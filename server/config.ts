/** The settings of a server: read from the environment once, checked, frozen. `--help` prints them from the same table. */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { SIGN_UP_POLICIES } from '../shared/accounts-api.ts';

const wholeNumber = (from: number, to: number, expected: string) =>
  z
    .string()
    .regex(/^\d{1,12}$/, expected)
    .transform(Number)
    .pipe(z.number().min(from, expected).max(to, expected));

const bytes = (least: number, most: number) =>
  wholeNumber(least, most, `Expected a number of bytes from ${least} to ${most}`);

const notYet = (what: string, instead: string) =>
  z.never(`${what} is not supported by this version yet. Remove the variable: ${instead}`);

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'Expected an address such as https://plans.example.org', abort: true })
  .refine((text) => {
    const { pathname, search, hash, username } = new URL(text);
    return pathname === '/' && !search && !hash && !username;
  }, 'Expected an address without path, query or user, such as https://plans.example.org')
  .transform((text) => new URL(text).origin);

const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);

interface Setting {
  readonly default: string | undefined;
  /** One line for `--help`. */
  readonly meaning: string;
  readonly schema: z.ZodType<unknown, unknown>;
}

const MIB = 1024 * 1024;
const MINUTE = 60_000;

const SETTINGS = {
  PORT: {
    default: '3000',
    meaning: 'Port to listen on. 0 takes any free one.',
    schema: wholeNumber(0, 65_535, 'Expected a port number from 0 to 65535'),
  },
  HOST: {
    default: undefined,
    meaning: 'Address of the network interface to listen on. Without it: all.',
    schema: z
      .string()
      .refine((host) => isIP(host) !== 0 || /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(host), {
        error: 'Expected an IP address or a host name, such as 127.0.0.1',
      })
      .optional(),
  },
  BASE_URL: {
    default: undefined,
    meaning:
      'Where people reach this server, e.g. https://plans.example.org. Without it: wherever the page was opened.',
    schema: baseUrl.optional(),
  },
  TRUST_PROXY: {
    default: '0',
    meaning: 'Number of reverse proxies in front. With them the client address is read from X-Forwarded-For.',
    schema: wholeNumber(0, 10, 'Expected the number of proxies, 0 to 10'),
  },
  DATA_DIR: {
    default: './data',
    meaning: 'Folder of the database and the secret. Back it up.',
    schema: z
      .string()
      .min(1, 'Expected a folder')
      .transform((folder) => resolve(folder)),
  },
  SECRET: {
    default: undefined,
    meaning: 'Signs cookies; 32 characters or more. Without it: made once and kept in DATA_DIR.',
    schema: z.string().min(32, 'Expected at least 32 characters, e.g. from: openssl rand -base64 32').optional(),
  },
  SIGN_UP: {
    default: 'open',
    meaning: 'Who may make an account: open (everybody), invitation (whom an administrator invites) or closed.',
    schema: z.enum(SIGN_UP_POLICIES, 'Expected open, invitation or closed'),
  },
  SMTP_URL: {
    default: undefined,
    meaning:
      'Mail server, e.g. smtps://user:password@mail.example.org. Without it: links for new passwords come from npm run admin.',
    schema: z
      .url({ protocol: /^smtps?$/, error: 'Expected an address such as smtps://user:password@mail.example.org' })
      .optional(),
  },
  MAIL_FROM: {
    default: undefined,
    meaning: 'Sender of the mails, e.g. plans@example.org.',
    schema: z
      .string()
      .regex(/^[^\r\n]*[^\s<>@]+@[^\s<>@]+>?$/, 'Expected an e-mail address, such as plans@example.org')
      .optional(),
  },
  OIDC_ISSUER: {
    default: undefined,
    meaning: 'Address of an OpenID Connect provider that people may sign in by.',
    schema: z
      .url({ protocol: /^https?$/, error: 'Expected an address such as https://login.example.org', abort: true })
      .refine((text) => text.startsWith('https:') || isLoopback(new URL(text).hostname), {
        error: 'Expected an address with https: passwords depend on it',
      })
      .optional(),
  },
  OIDC_CLIENT_ID: {
    default: undefined,
    meaning: 'Name under which the provider knows this server. Its redirect URI: BASE_URL/api/auth/provider/callback.',
    schema: z.string().optional(),
  },
  OIDC_CLIENT_SECRET: {
    default: undefined,
    meaning: 'Secret that the provider gave to this server.',
    schema: z.string().optional(),
  },
  OIDC_NAME: {
    default: undefined,
    meaning: 'What the provider is called on the sign-in button. Without it: its host.',
    schema: z.string().max(60, 'Expected at most 60 characters').optional(),
  },
  OIDC_SIGN_UP: {
    default: undefined,
    meaning: 'open: whoever the provider knows may make an account, whatever SIGN_UP says.',
    schema: z.enum(['open'], 'Expected open or nothing').optional(),
  },
  DURABILITY: {
    default: 'normal',
    meaning: 'normal: what is called saved survives a power cut. strict: so does everything that anybody saw.',
    schema: z.enum(['normal', 'strict'], 'Expected normal or strict'),
  },
  LOG_LEVEL: {
    default: 'info',
    meaning: 'silent, fatal, error, warn, info, debug or trace.',
    schema: z.enum(
      ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'],
      'Expected silent, fatal, error, warn, info, debug or trace',
    ),
  },
  MAX_IMPORT_BYTES: {
    default: String(20 * MIB),
    meaning: 'Largest file that can be imported.',
    schema: bytes(1024, 200 * MIB),
  },
  MAX_PLAN_BYTES: {
    default: String(10 * MIB),
    meaning: 'Largest plan, with its tombstones, as stored.',
    schema: bytes(64 * 1024, 50 * MIB),
  },
  MAX_IMAGE_BYTES_PER_PLAN: {
    default: String(100 * MIB),
    meaning: 'Bytes of pictures, as stored, that one plan may have.',
    schema: bytes(1024, 10_240 * MIB),
  },
  MAX_SESSIONS_PER_PLAN: {
    default: '500',
    meaning: 'How many windows may have one plan open at once.',
    schema: wholeNumber(1, 10_000, 'Expected a number from 1 to 10000'),
  },
  MAX_SOCKETS_PER_ADDRESS: {
    default: '500',
    meaning: 'How many windows may be open from one client address: an assembly in one hall has one.',
    schema: wholeNumber(1, 100_000, 'Expected a number from 1 to 100000'),
  },
  DISK_RESERVE_BYTES: {
    default: String(256 * MIB),
    meaning: 'Room that is kept free on the disk: below it nothing new is taken until there is more.',
    schema: bytes(16 * MIB, 1024 * 1024 * MIB),
  },
  METRICS_TOKEN: {
    default: undefined,
    meaning:
      'Who sends it as Authorization: Bearer may read /api/metrics (Prometheus). Without it there is no such page.',
    schema: z.string().min(16, 'Expected at least 16 characters, e.g. from: openssl rand -base64 24').optional(),
  },
  SNAPSHOT_IDLE_MINUTES: {
    default: '10',
    meaning: 'A snapshot is taken when nobody has changed a plan for so long, or everybody has left it.',
    schema: wholeNumber(1, 1_440, 'Expected a number of minutes from 1 to 1440'),
  },
  SNAPSHOT_INTERVAL_MINUTES: {
    default: '30',
    meaning: 'While people go on writing, a snapshot is taken this often.',
    schema: wholeNumber(1, 1_440, 'Expected a number of minutes from 1 to 1440'),
  },
  SNAPSHOT_KEEP_ALL_HOURS: {
    default: '48',
    meaning: 'Automatic snapshots all stay for so long; then the last of each day does.',
    schema: wholeNumber(1, 87_600, 'Expected a number of hours from 1 to 87600'),
  },
  SNAPSHOT_KEEP_DAILY_DAYS: {
    default: '30',
    meaning:
      'The last automatic snapshot of each day stays for so long; then the last of each week does. Named ones stay for ever.',
    schema: wholeNumber(1, 36_500, 'Expected a number of days from 1 to 36500'),
  },
  RATE_LIMITS: {
    default: 'on',
    meaning: 'on: requests per minute and client address are limited. off: for load tests.',
    schema: z.enum(['on', 'off'], 'Expected on or off'),
  },
  DATABASE_URL: {
    default: undefined,
    meaning: 'Reserved for PostgreSQL. Not supported yet: leave it unset.',
    schema: notYet('PostgreSQL', 'plans are kept in an SQLite database in DATA_DIR.').optional(),
  },
  REDIS_URL: {
    default: undefined,
    meaning: 'Reserved for several server processes. Not supported yet: leave it unset.',
    schema: notYet('Redis', 'one process serves all plans.').optional(),
  },
} as const satisfies Record<string, Setting>;

type SettingName = keyof typeof SETTINGS;
type Value<Name extends SettingName> = z.output<(typeof SETTINGS)[Name]['schema']>;

/** An OpenID Connect provider. */
export interface ProviderConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** undefined: a public client, which proves itself by PKCE alone. */
  readonly clientSecret: string | undefined;
  /** For people. */
  readonly name: string;
  /** Whoever it knows may make an account. */
  readonly opensSignUp: boolean;
}

export interface Config {
  readonly port: Value<'PORT'>;
  readonly host: Value<'HOST'>;
  /** Origin without a trailing slash. Absent: whatever address a request names. */
  readonly baseUrl: Value<'BASE_URL'>;
  readonly trustedProxies: Value<'TRUST_PROXY'>;
  /** Absolute path. */
  readonly dataDir: Value<'DATA_DIR'>;
  readonly secret: Value<'SECRET'>;
  readonly signUp: Value<'SIGN_UP'>;
  readonly mail: { readonly url: string; readonly from: string } | null;
  readonly provider: ProviderConfig | null;
  readonly durability: Value<'DURABILITY'>;
  readonly logLevel: Value<'LOG_LEVEL'>;
  readonly maxImportBytes: Value<'MAX_IMPORT_BYTES'>;
  readonly maxPlanBytes: Value<'MAX_PLAN_BYTES'>;
  readonly maxImageBytesPerPlan: Value<'MAX_IMAGE_BYTES_PER_PLAN'>;
  readonly maxSessionsPerPlan: Value<'MAX_SESSIONS_PER_PLAN'>;
  readonly maxSocketsPerAddress: Value<'MAX_SOCKETS_PER_ADDRESS'>;
  readonly diskReserveBytes: Value<'DISK_RESERVE_BYTES'>;
  readonly metricsToken: Value<'METRICS_TOKEN'>;
  readonly rateLimits: boolean;
  /** Milliseconds; snapshots/pace.ts and snapshots/thinning.ts say of what. */
  readonly snapshots: {
    readonly idle: number;
    readonly interval: number;
    readonly keepAll: number;
    readonly keepDaily: number;
  };
}

/** Settings that cannot be used; `message` has one line per problem. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
  }
}

/** Reads the settings out of an environment such as `process.env`. An empty variable counts as unset. Throws ConfigError. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const read = <Name extends SettingName>(name: Name): Value<Name> => {
    const { schema, default: fallback }: Setting = SETTINGS[name];
    const parsed = schema.safeParse(env[name] || fallback);
    if (!parsed.success) {
      // The value of a secret is never repeated; addresses of databases carry passwords.
      const shown = ['SECRET', 'DATABASE_URL', 'REDIS_URL', 'SMTP_URL', 'OIDC_CLIENT_SECRET'].includes(name)
        ? ''
        : ` Found ${JSON.stringify(env[name])}.`;
      problems.push(`${name}: ${parsed.error.issues[0]?.message}.${shown}`.replaceAll('..', '.'));
    }
    return parsed.data as Value<Name>;
  };
  /** One setting needs another. */
  const need = (name: SettingName, why: string): void => {
    if (!env[name]) problems.push(`${name}: ${why}`);
  };
  const readMail = (): Config['mail'] => {
    const url = read('SMTP_URL');
    const from = read('MAIL_FROM');
    if (url === undefined) return null;
    need('MAIL_FROM', 'Expected the sender of the mails when SMTP_URL is set.');
    // Links in mails that were built from what a request calls the host would let anybody have them sent to their own.
    need('BASE_URL', 'Expected the public address when SMTP_URL is set: mails hold links.');
    return { url, from: from ?? '' };
  };
  const readProvider = (): Config['provider'] => {
    const issuer = read('OIDC_ISSUER');
    const clientId = read('OIDC_CLIENT_ID');
    const clientSecret = read('OIDC_CLIENT_SECRET');
    const name = read('OIDC_NAME');
    const opensSignUp = read('OIDC_SIGN_UP') === 'open';
    if (issuer === undefined) return null;
    need('OIDC_CLIENT_ID', 'Expected the name of this server at the provider when OIDC_ISSUER is set.');
    need('BASE_URL', 'Expected the public address when OIDC_ISSUER is set: the provider sends people back to it.');
    return { issuer, clientId: clientId ?? '', clientSecret, name: name ?? new URL(issuer).host, opensSignUp };
  };
  read('DATABASE_URL');
  read('REDIS_URL');
  const config: Config = {
    port: read('PORT'),
    host: read('HOST'),
    baseUrl: read('BASE_URL'),
    trustedProxies: read('TRUST_PROXY'),
    dataDir: read('DATA_DIR'),
    secret: read('SECRET'),
    signUp: read('SIGN_UP'),
    mail: readMail(),
    provider: readProvider(),
    durability: read('DURABILITY'),
    logLevel: read('LOG_LEVEL'),
    maxImportBytes: read('MAX_IMPORT_BYTES'),
    maxPlanBytes: read('MAX_PLAN_BYTES'),
    maxImageBytesPerPlan: read('MAX_IMAGE_BYTES_PER_PLAN'),
    maxSessionsPerPlan: read('MAX_SESSIONS_PER_PLAN'),
    maxSocketsPerAddress: read('MAX_SOCKETS_PER_ADDRESS'),
    diskReserveBytes: read('DISK_RESERVE_BYTES'),
    metricsToken: read('METRICS_TOKEN'),
    rateLimits: read('RATE_LIMITS') === 'on',
    snapshots: {
      idle: read('SNAPSHOT_IDLE_MINUTES') * MINUTE,
      interval: read('SNAPSHOT_INTERVAL_MINUTES') * MINUTE,
      keepAll: read('SNAPSHOT_KEEP_ALL_HOURS') * 60 * MINUTE,
      keepDaily: read('SNAPSHOT_KEEP_DAILY_DAYS') * 24 * 60 * MINUTE,
    },
  };
  if (problems.length === 0 && config.trustedProxies > 0 && !config.baseUrl) {
    problems.push(
      'BASE_URL: Expected the public address when TRUST_PROXY is set: behind a proxy the server cannot know it.',
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

/** What `--help` prints. */
export function describeSettings(): string {
  const width = Math.max(...Object.keys(SETTINGS).map((name) => name.length));
  const lines = Object.entries(SETTINGS).map(
    ([name, setting]) =>
      `  ${name.padEnd(width)}  ${setting.meaning}${setting.default === undefined ? '' : ` [${setting.default}]`}`,
  );
  return ['Commonplan reads its settings from the environment:', '', ...lines, ''].join('\n');
}
