/** Lines are JSON, and what is secret is taken out even where a caller was careless. */
import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function capture(write: (log: ReturnType<typeof createLog>) => void, level: 'debug' | 'warn' = 'debug') {
  const lines: string[] = [];
  write(createLog(level, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line));
}

test('a line has its level as a word, its time and its fields', () => {
  const [line] = capture((log) => log.child({ request: 'r1' }).info({ status: 200 }, 'request'));
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    request: 'r1',
    status: 200,
    msg: 'request',
  });
});

test('lines below the level are not written', () => {
  expect(capture((log) => log.info('quiet'), 'warn')).toEqual([]);
});

test('secrets are removed at any of the depths that objects are logged with', () => {
  const secrets = {
    password: 'hunter2',
    cookie: 'hunter2',
    authorization: 'hunter2',
    token: 'hunter2',
    email: 'hunter2',
  };
  const lines = capture((log) => {
    log.info(secrets);
    log.info({ body: secrets });
    log.info({ request: { headers: secrets } });
    log.info({ headers: { 'set-cookie': ['hunter2'] } });
  });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test('an error is its message, code, stack and cause, without what a library hung on it', () => {
  const cause = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  const err = Object.assign(new Error('could not write', { cause }), { parameters: ['hunter2'] });
  const [line] = capture((log) => log.error({ err }, 'failed'));
  expect(line.err).toMatchObject({ message: 'could not write', cause: { message: 'no space left', code: 'ENOSPC' } });
  expect(line.err.stack).toContain('log.test.ts');
  expect(JSON.stringify(line)).not.toContain('hunter2');
});
