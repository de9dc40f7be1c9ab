/** Settings are read whole or refused with every problem named. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, describeSettings, readConfig } from './config.ts';
import { loadSecret } from './secret.ts';

test('an empty environment gives the defaults, frozen', () => {
  const config = readConfig({});
  expect(config).toMatchObject({ port: 3000, host: undefined, durability: 'normal', rateLimits: true });
  expect(config.dataDir).toMatch(/[\\/]data$/);
  expect(Object.isFrozen(config)).toBe(true);
});

test('the pace of snapshots is set in minutes, hours and days', () => {
  const pace = { SNAPSHOT_IDLE_MINUTES: '1', SNAPSHOT_INTERVAL_MINUTES: '2', SNAPSHOT_KEEP_ALL_HOURS: '3' };
  expect(readConfig({ ...pace, SNAPSHOT_KEEP_DAILY_DAYS: '4' }).snapshots).toEqual({
    idle: 60_000,
    interval: 120_000,
    keepAll: 3 * 3_600_000,
    keepDaily: 4 * 86_400_000,
  });
});

test('an empty variable counts as unset', () => {
  expect(readConfig({ PORT: '', HOST: '', SECRET: '', DATABASE_URL: '' }).port).toBe(3000);
});

test.each([
  ['PORT', '70000', 'a port number from 0 to 65535'],
  ['PORT', '3000x', 'a port number'],
  ['PORT', '-1', 'a port number'],
  ['HOST', 'not a host', 'an IP address or a host name'],
  ['BASE_URL', 'plans.example.org', 'https://plans.example.org'],
  ['BASE_URL', 'ftp://plans.example.org', 'https://plans.example.org'],
  ['BASE_URL', 'https://plans.example.org/commonplan', 'without path'],
  ['BASE_URL', 'https://me:pass@plans.example.org', 'without path, query or user'],
  ['SECRET', 'short', 'at least 32 characters'],
  ['DURABILITY', 'maybe', 'normal or strict'],
  ['LOG_LEVEL', 'loud', 'debug'],
  ['MAX_IMPORT_BYTES', '20MB', 'a number of bytes'],
  ['MAX_PLAN_BYTES', '99999999999', 'a number of bytes'],
  ['RATE_LIMITS', 'yes', 'on or off'],
  ['SNAPSHOT_IDLE_MINUTES', '0', 'a number of minutes from 1'],
  ['SNAPSHOT_INTERVAL_MINUTES', '0.5', 'a number of minutes from 1'],
  ['SNAPSHOT_KEEP_ALL_HOURS', 'ever', 'a number of hours'],
  ['SNAPSHOT_KEEP_DAILY_DAYS', '-1', 'a number of days'],
  ['TRUST_PROXY', 'true', 'the number of proxies'],
  ['SIGN_UP', 'maybe', 'open, invitation or closed'],
  ['SMTP_URL', 'mail.example.org', 'smtps://user:password@mail.example.org'],
  ['SMTP_URL', 'https://mail.example.org', 'smtps://'],
  ['MAIL_FROM', 'nobody', 'an e-mail address'],
  ['MAIL_FROM', 'a@example.org\r\nBcc: b@example.org', 'an e-mail address'],
  ['OIDC_ISSUER', 'login.example.org', 'https://login.example.org'],
  ['OIDC_ISSUER', 'http://login.example.org', 'https: passwords depend on it'],
  ['OIDC_SIGN_UP', 'yes', 'open or nothing'],
  ['DATABASE_URL', 'postgres://u:hunter2@db/plans', 'not supported by this version yet'],
  ['REDIS_URL', 'redis://cache', 'not supported by this version yet'],
])('%s=%s is refused, naming the variable and what was expected', (name, value, expected) => {
  const read = () => readConfig({ [name]: value });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(`${name}: `);
  expect(read).toThrow(expected);
});

test('mail and a sign-in service need the address that people use, and say what else is missing', () => {
  const read = (env: Record<string, string>) => () => readConfig(env);
  expect(read({ SMTP_URL: 'smtp://localhost' })).toThrow(/MAIL_FROM: .*\nBASE_URL: /);
  expect(read({ OIDC_ISSUER: 'https://login.example.org' })).toThrow(/OIDC_CLIENT_ID: .*\nBASE_URL: /);
  const whole = {
    BASE_URL: 'https://plans.example.org',
    OIDC_ISSUER: 'https://login.example.org',
    OIDC_CLIENT_ID: 'plans',
  };
  expect(readConfig(whole).provider).toEqual({
    ...{ issuer: 'https://login.example.org', clientId: 'plans', clientSecret: undefined },
    ...{ name: 'login.example.org', opensSignUp: false },
  });
  const mail = {
    BASE_URL: 'https://plans.example.org',
    SMTP_URL: 'smtps://u:hunter2@mail',
    MAIL_FROM: 'Plans <p@example.org>',
  };
  expect(readConfig(mail).mail).toEqual({ url: 'smtps://u:hunter2@mail', from: 'Plans <p@example.org>' });
});

test('all problems are told at once, and no secret is repeated', () => {
  const secrets = { SECRET: 'hunter2', DATABASE_URL: 'postgres://u:hunter2@db/plans' };
  try {
    readConfig({ PORT: 'x', LOG_LEVEL: 'y', ...secrets });
    expect.unreachable();
  } catch (error) {
    const { message } = error as Error;
    expect(message.split('\n').map((line) => line.split(':')[0])).toEqual([
      'DATABASE_URL',
      'PORT',
      'SECRET',
      'LOG_LEVEL',
    ]);
    expect(message).not.toContain('hunter2');
  }
});

test('behind a proxy the public address must be given', () => {
  expect(() => readConfig({ TRUST_PROXY: '1' })).toThrow('BASE_URL: Expected the public address');
  expect(readConfig({ TRUST_PROXY: '1', BASE_URL: 'https://plans.example.org/' }).baseUrl).toBe(
    'https://plans.example.org',
  );
});

test('help names every setting with its default', () => {
  const help = describeSettings();
  for (const name of ['PORT', 'BASE_URL', 'DATA_DIR', 'SECRET', 'DURABILITY', 'DATABASE_URL'])
    expect(help).toContain(name);
  expect(help).toContain('[3000]');
});

test('the secret is made once, readable by its owner only, and kept', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'commonplan-secret-'));
  try {
    const nested = join(dataDir, 'data');
    const secret = loadSecret(nested, undefined);
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(loadSecret(nested, undefined)).toBe(secret);
    expect(statSync(join(nested, 'secret')).mode & 0o777).toBe(0o600);
    expect(loadSecret(nested, 'given by the operator, and long enough')).toBe('given by the operator, and long enough');
    writeFileSync(join(nested, 'secret'), 'cut');
    expect(() => loadSecret(nested, undefined)).toThrow('at least 32 characters');
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
