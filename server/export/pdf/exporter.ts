/** Makes PDFs in a process of their own, which is kept warm, watched, and ended when it takes too long or too much. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { CommonplanError } from '../../../shared/errors.ts';
import type { Log } from '../../log.ts';
import { readFrames, writeFrame } from './frames.ts';
import type { PdfAnswer } from './job.ts';
import { typstInstalled } from './typst.ts';

export interface PdfExporter {
  /**
   * `job`: of `encodeJob`. Rejects with CommonplanError `busy`, `too-large` (takes too long, or too much memory), `restarting` or
   * `internal`, or with the reason of the signal, which ends the work.
   */
  write(job: Uint8Array, signal?: AbortSignal): Promise<WrittenPdf>;
  stop(): Promise<void>;
}

type Outcome = Exclude<PdfAnswer, { error: string }>;

export type WrittenPdf = Outcome & { readonly pdf: Uint8Array<ArrayBuffer> };

export interface PdfExporterOptions {
  readonly log: Log;
  /** Milliseconds that one plan may take. */
  readonly timeLimit?: number;
  /** Megabytes that the process may hold. A plan of 500 pages takes about 1400. */
  readonly memory?: number;
}

/** Whether PDFs can be made on this machine. */
export const pdfAvailable = typstInstalled;

/** Waiting jobs, at most. */
const QUEUE = 20;
/** Typst never gives memory back, so the process is replaced once it holds more than this share of its limit, or is this old. */
const WORN = 0.35;
const MOST_JOBS = 100;
/** Milliseconds without work after which it is ended. */
const IDLE = 120_000;
/** Milliseconds between looks at its memory. */
const WATCH = 200;

/**
 * Nothing of the server's own. No folder of packages, no system fonts, no way to the network: Typst has no switch against fetching
 * packages, but keeps to the proxy, and nobody answers at that one.
 */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  NODE_NO_WARNINGS: '1',
  TZ: 'UTC',
  LANG: 'C.UTF-8',
  HOME: '/nonexistent',
  XDG_DATA_HOME: '/nonexistent',
  XDG_CACHE_HOME: '/nonexistent',
  XDG_CONFIG_HOME: '/nonexistent',
  FONTCONFIG_FILE: fileURLToPath(new URL('./fonts.conf', import.meta.url)),
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  ALL_PROXY: 'http://127.0.0.1:9',
};

interface Task {
  readonly job: Uint8Array;
  readonly settle: (outcome: { written: WrittenPdf } | { error: unknown }) => void;
}

export function createPdfExporter({ log, timeLimit = 60_000, memory = 2048 }: PdfExporterOptions): PdfExporter {
  const waiting: Task[] = [];
  let child: ChildProcess | null = null;
  let current: Task | null = null;
  let jobs = 0;
  let stopping = false;
  let idle: NodeJS.Timeout | undefined;
  let timers: NodeJS.Timeout[] = [];

  function start(): ChildProcess {
    const started = spawn(process.execPath, [fileURLToPath(new URL('./child.ts', import.meta.url))], {
      env: ENVIRONMENT,
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
    jobs = 0;
    started.on('error', (error) => {
      log.error({ err: error }, 'the process that makes PDFs could not be started');
      if (started !== child) return;
      child = null;
      if (current) fail(new CommonplanError('internal', 'The PDF could not be made.', { cause: error }));
    });
    // Where the server has no files left to open, it has no pipes either.
    if (!started.stdio) return started;
    let said = '';
    started.stderr?.on('data', (text: Buffer) => {
      said = `${said}${text}`.slice(-2000);
    });
    // It may end in the middle of what it is sent.
    started.stdin?.on('error', (error) => log.debug({ err: error }, 'the process that makes PDFs does not listen'));
    let outcome: Outcome | null = null;
    readFrames(started.stdio[3] as Readable, (frame) => {
      if (started !== child) return;
      if (outcome) {
        const written = { ...outcome, pdf: frame };
        outcome = null;
        return finish(written);
      }
      const answer = JSON.parse(frame.toString()) as PdfAnswer;
      if ('error' in answer) finish(answer);
      else outcome = answer;
    });
    started.on('exit', (code, signal) => {
      if (started !== child) return;
      child = null;
      if (!current) return;
      log.error({ code, signal, said }, 'the process that makes PDFs ended in the middle of its work');
      // Typst aborts the whole process when it is refused memory.
      fail(
        signal === 'SIGABRT' || signal === 'SIGKILL'
          ? new CommonplanError('too-large', 'This plan takes more memory as a PDF than the server gives to one.')
          : new CommonplanError('internal', 'The PDF could not be made.'),
      );
    });
    return started;
  }

  /** Ends the process at once: it may be deep in work that hears nothing. */
  function kill(): void {
    const ended = child;
    child = null;
    ended?.kill('SIGKILL');
  }

  function settle(outcome: { written: WrittenPdf } | { error: unknown }): void {
    const task = current;
    current = null;
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    task?.settle(outcome);
    dispatch();
  }

  const fail = (error: unknown): void => settle({ error });

  function finish(answer: WrittenPdf | { error: string }): void {
    jobs++;
    if (jobs >= MOST_JOBS || residentMegabytes(child) > memory * WORN) kill();
    if ('error' in answer) {
      log.error({ said: answer.error }, 'a PDF could not be made');
      fail(new CommonplanError('internal', 'The PDF could not be made.'));
    } else settle({ written: answer });
  }

  function dispatch(): void {
    if (current) return;
    clearTimeout(idle);
    const task = waiting.shift();
    if (!task) {
      idle = setTimeout(kill, IDLE).unref();
      return;
    }
    current = task;
    child ??= start();
    const over = (words: string) => {
      kill();
      fail(new CommonplanError('too-large', words));
    };
    timers = [
      setTimeout(
        () =>
          over(`This plan takes longer as a PDF than the ${timeLimit / 1000} seconds that the server gives to one.`),
        timeLimit,
      ),
      setInterval(() => {
        if (residentMegabytes(child) <= memory) return;
        over(`This plan takes more memory as a PDF than the ${memory} MB that the server gives to one.`);
      }, WATCH),
    ];
    if (child.stdin) writeFrame(child.stdin, task.job);
  }

  async function enqueue(job: Uint8Array, signal?: AbortSignal): Promise<WrittenPdf> {
    signal?.throwIfAborted();
    if (stopping) throw new CommonplanError('restarting');
    if (waiting.length >= QUEUE) throw new CommonplanError('busy');
    return new Promise((resolve, reject) => {
      const abandon = () => {
        const place = waiting.indexOf(task);
        if (place !== -1) {
          waiting.splice(place, 1);
          task.settle({ error: signal?.reason });
        } else if (current === task) {
          kill();
          fail(signal?.reason);
        }
      };
      const task: Task = {
        job,
        settle(outcome) {
          signal?.removeEventListener('abort', abandon);
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.written);
        },
      };
      signal?.addEventListener('abort', abandon);
      waiting.push(task);
      dispatch();
    });
  }

  return {
    write: enqueue,

    async stop() {
      stopping = true;
      clearTimeout(idle);
      for (const task of waiting.splice(0)) task.settle({ error: new CommonplanError('restarting') });
      kill();
      if (current) fail(new CommonplanError('restarting'));
      clearTimeout(idle);
    },
  };
}

/** What a process holds; 0 where the system does not tell. Linux counts it in pages of 4096 bytes. */
function residentMegabytes(child: ChildProcess | null): number {
  if (!child?.pid) return 0;
  try {
    const [, pages] = readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ');
    return (Number(pages) * 4096) / 2 ** 20;
  } catch {
    return 0;
  }
}
