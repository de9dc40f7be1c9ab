/** Has pictures decoded in a process of its own, which is kept warm, and ended when a picture takes it too long. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import { createGate } from '../gate.ts';
import type { Log } from '../log.ts';
import type { ImageAnswer, ImageJob } from './child-messages.ts';
import type { EncodedImage } from './encode.ts';

export interface ImageEncoder {
  /** As encode.ts does it. Rejects with what it refuses, with `too-large` for what takes too long or too much memory, `busy`, `restarting`. */
  encode(bytes: Uint8Array): Promise<EncodedImage>;
  stop(): void;
}

/** Milliseconds that one picture may take. */
const TIME_LIMIT = 30_000;
/** Pictures that may wait for their turn, each with up to 10 MiB. */
const MOST_WAITING = 30;
/** Milliseconds without work after which the process is ended. */
const IDLE = 60_000;
/** Nothing of the server's own: no settings, no secrets. */
const ENVIRONMENT: NodeJS.ProcessEnv = { NODE_NO_WARNINGS: '1', LANG: 'C.UTF-8', TZ: 'UTC', HOME: '/nonexistent' };

export function createImageEncoder({ log, timeLimit = TIME_LIMIT }: { log: Log; timeLimit?: number }): ImageEncoder {
  const gate = createGate(1, MOST_WAITING);
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let stopping = false;

  function start(): ChildProcess {
    const started = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), {
      env: ENVIRONMENT,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const forget = (): void => {
      if (child === started) child = null;
    };
    started.on('exit', forget);
    // It could not be started (then there is no exit), or nobody listens at its end any more: `ask` rejects, the next one starts anew.
    started.on('error', forget);
    return started;
  }

  function end(): void {
    child?.kill('SIGKILL');
    child = null;
  }

  async function ask(job: ImageJob): Promise<ImageAnswer> {
    child ??= start();
    const asked = child;
    const answered = new AbortController();
    const { signal } = answered;
    try {
      // First: where the server has no files left to open, this throws, and nobody waits for anything yet.
      asked.send(job);
      const answer = once(asked, 'message', { signal }).then(([message]) => message as ImageAnswer);
      const ended = once(asked, 'exit', { signal }).then(([code, by]): never => {
        throw new Error(`The process that decodes pictures ended in the middle of its work: ${by ?? code}.`);
      });
      const tooLong = delay(timeLimit, null, { signal }).then((): never => {
        end();
        throw new CommonplanError(
          'too-large',
          `This picture takes longer than the ${timeLimit / 1000} seconds that the server gives to one.`,
        );
      });
      return await Promise.race([answer, ended, tooLong]);
    } finally {
      answered.abort();
    }
  }

  async function encode(bytes: Uint8Array): Promise<EncodedImage> {
    if (stopping) throw new CommonplanError('restarting');
    clearTimeout(idle);
    try {
      const answer = await ask({ bytes });
      if ('encoded' in answer) return answer.encoded;
      if ('refused' in answer) throw new CommonplanError(answer.refused.code as ErrorCode, answer.refused.message);
      throw new Error(answer.error);
    } catch (cause) {
      if (cause instanceof CommonplanError) throw cause;
      if (stopping) throw new CommonplanError('restarting');
      log.error({ err: cause }, 'a picture could not be decoded');
      throw new CommonplanError('invalid-image', undefined, { cause });
    } finally {
      idle = setTimeout(end, IDLE).unref();
    }
  }

  return {
    encode: (bytes) => gate.pass(() => encode(bytes)),
    stop() {
      stopping = true;
      clearTimeout(idle);
      end();
    },
  };
}
