/** A few worker threads that do one job at a time each; one that takes too long is ended and replaced. */
import { Worker } from 'node:worker_threads';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import type { Job, JobName, Jobs, Reply } from './jobs.ts';

export interface PoolOptions {
  /** The database file, which workers read on connections of their own. */
  readonly file: string;
  /** Threads, at most; they start when they are first needed. */
  readonly size: number;
  /** Milliseconds that a job may take, by what it is. */
  readonly timeLimit: (name: JobName) => number;
  /** Megabytes of heap that a worker may use. */
  readonly memory: number;
  /** Jobs that may wait for a worker; more are refused with `busy`. */
  readonly queue: number;
}

export interface Pool {
  /** Rejects with CommonplanError where the asker should know why: what the job refuses, `busy`, `too-large` for one over its limits. */
  run<Name extends JobName>(name: Name, input: Jobs[Name]['input']): Promise<Jobs[Name]['output']>;
  /** Jobs that wait for a worker. */
  waiting(): number;
  /** Lets running jobs end, refuses waiting ones. */
  stop(): Promise<void>;
}

interface Task {
  readonly job: Job;
  readonly resolve: (output: never) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  task: Task | null;
  /** Of the task; none while the worker is starting, which on a busy machine may take longer than the task itself. */
  timer: NodeJS.Timeout | null;
  ready: boolean;
}

export function createPool({ file, size, timeLimit, memory, queue }: PoolOptions): Pool {
  const threads = new Set<Thread>();
  const waiting: Task[] = [];
  let stopping = false;
  let idle: (() => void) | null = null;

  function start(): Thread {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { file },
      resourceLimits: { maxOldGenerationSizeMb: memory },
    });
    worker.unref();
    const thread: Thread = { worker, task: null, timer: null, ready: false };
    threads.add(thread);
    worker.on('message', (reply: Reply) => {
      if (!('ready' in reply)) return finish(thread, (task) => settle(task, reply));
      thread.ready = true;
      watch(thread);
    });
    // Out of memory, or a fault of ours: either way this thread is gone, and only its own job with it.
    worker.on('error', (cause: unknown) => {
      threads.delete(thread);
      const outOfMemory = (cause as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      const error = outOfMemory
        ? new CommonplanError('too-large', 'This takes more memory than the server gives to one document.', { cause })
        : new CommonplanError('internal', undefined, { cause });
      finish(thread, (task) => task.reject(error));
    });
    worker.on('exit', () => {
      threads.delete(thread);
      finish(thread, (task) =>
        task.reject(new CommonplanError('internal', 'A worker ended in the middle of its work.')),
      );
    });
    return thread;
  }

  function finish(thread: Thread, end: (task: Task) => void): void {
    const { task } = thread;
    if (thread.timer) clearTimeout(thread.timer);
    thread.task = null;
    thread.timer = null;
    thread.worker.unref();
    if (task) end(task);
    dispatch();
  }

  function dispatch(): void {
    for (let task = waiting[0]; task; task = waiting[0]) {
      let free = [...threads].find((thread) => thread.task === null);
      if (!free && threads.size < size) free = start();
      if (!free) return;
      waiting.shift();
      assign(free, task);
    }
    if (idle && [...threads].every((thread) => thread.task === null)) idle();
  }

  function assign(thread: Thread, task: Task): void {
    thread.task = task;
    thread.worker.ref();
    watch(thread);
    thread.worker.postMessage(task.job);
  }

  /** Ends the thread when its task takes too long. */
  function watch(thread: Thread): void {
    const { task, ready } = thread;
    if (!task || !ready) return;
    const milliseconds = timeLimit(task.job.name);
    thread.timer = setTimeout(() => {
      threads.delete(thread);
      void thread.worker.terminate();
      finish(thread, () =>
        task.reject(
          new CommonplanError(
            'too-large',
            `This takes longer than the ${milliseconds / 1000} seconds that the server gives to one document.`,
          ),
        ),
      );
    }, milliseconds);
  }

  return {
    run: (name, input) =>
      new Promise((resolve, reject) => {
        if (stopping) return reject(new CommonplanError('restarting'));
        if (waiting.length >= queue) return reject(new CommonplanError('busy'));
        waiting.push({ job: { name, input } as Job, resolve, reject });
        dispatch();
      }),

    waiting: () => waiting.length,

    async stop() {
      stopping = true;
      for (const task of waiting.splice(0)) task.reject(new CommonplanError('restarting'));
      if ([...threads].some((thread) => thread.task !== null)) {
        await new Promise<void>((resolve) => {
          idle = resolve;
        });
      }
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}

function settle(task: Task, reply: Exclude<Reply, { ready: true }>): void {
  if ('output' in reply) task.resolve(reply.output as never);
  else if ('refused' in reply) {
    const { code, message, hint } = reply.refused;
    task.reject(new CommonplanError(code as ErrorCode, message, hint === undefined ? {} : { hint }));
  } else task.reject(reply.error);
}
