/** The server's log: one JSON object per line on standard output, without anything secret in it. */
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type Log = Logger;

/** Fields that must never be written, should a caller pass an object that has them. */
const SECRET_FIELDS = [
  'cookie',
  'authorization',
  'set-cookie',
  'set-auth-token',
  'token',
  'password',
  'newPassword',
  'currentPassword',
  'secret',
  'email',
];

/** Writes to standard output, or to the given stream. Errors under `err` keep message, code and stack only. */
export function createLog(level: Config['logLevel'], destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.*["${field}"]`]),
        censor: '[removed]',
      },
      serializers: { err: describeError },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

/** Errors of libraries carry whole requests and rows in extra fields: only what says where and what is kept. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const code = (error as NodeJS.ErrnoException).code;
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
