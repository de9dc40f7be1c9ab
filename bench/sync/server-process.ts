/** A measured server as a child process on a core of its own: started, killed, and read through /proc. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { until } from './pace.ts';

/** /proc counts in USER_HZ, which Linux fixes at 100 for user space (proc_pid_stat(5)). */
const TICK_MS = 10;
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;
/** With one core nothing is pinned: both would share it either way. */
export const pinned = process.platform === 'linux' && availableParallelism() > 1;

/** The command that runs Node on one core. */
export function nodeOnCore(core: number, args: readonly string[]): [command: string, args: string[]] {
  return pinned ? ['taskset', ['-c', String(core), process.execPath, ...args]] : [process.execPath, [...args]];
}

/** CPU time so far, user and system, of a process with its descendants. */
interface CpuReading {
  /** From /proc/PID/stat: all threads, ended ones too, in steps of 10 ms. */
  ticksMs: number;
  /** From schedstat: exact, but only of threads that still live. */
  threadsMs: number;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // Threads and processes end while one reads.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return '';
    throw error;
  }
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((tid) => `/proc/${pid}/task/${tid}`);
  } catch {
    return []; // ended
  }
}

/** A process and its descendants. */
function family(pid: number): number[] {
  const children = threads(pid).flatMap((thread) => read(`${thread}/children`).split(' ').filter(Boolean).map(Number));
  return [pid, ...children.flatMap(family)];
}

function readCpu(pid: number): CpuReading {
  let ticksMs = 0;
  let threadsMs = 0;
  for (const member of family(pid)) {
    // The command, in parentheses, may hold spaces: fields are counted from its end.
    const stat = read(`/proc/${member}/stat`).split(') ').at(-1)!.split(' ');
    ticksMs += (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) * TICK_MS;
    for (const thread of threads(member)) threadsMs += Number(read(`${thread}/schedstat`).split(' ')[0] ?? 0) / 1e6;
  }
  return { ticksMs, threadsMs };
}

/** Milliseconds that the host took from all cores since it started; 0 where unknown. */
export function stolenMs(): number {
  return Number(read('/proc/stat').split('\n')[0]?.split(/\s+/)[8] ?? 0) * TICK_MS;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port');
  return address.port;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const answer = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return answer;
}

export interface Command {
  /** Arguments to Node. */
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

const START_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 20_000;

export class ServerProcess {
  readonly port: number;
  readonly #command: (port: number) => Command;
  readonly #extraArgs: readonly string[];
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(port: number, command: (port: number) => Command, extraArgs: readonly string[]) {
    this.port = port;
    this.#command = command;
    this.#extraArgs = extraArgs;
  }

  /** `extraArgs` go to Node before the script: a probe to load, a profile to write. */
  static async start(command: (port: number) => Command, extraArgs: readonly string[] = []): Promise<ServerProcess> {
    const server = new ServerProcess(await freePort(), command, extraArgs);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const { args, env } = this.#command(this.port);
    const [command, nodeArgs] = nodeOnCore(SERVER_CORE, [...this.#extraArgs, ...args]);
    const child = spawn(command, nodeArgs, {
      env: { ...process.env, NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk).slice(-4000);
      });
    }
    const up = await until(async () => child.exitCode !== null || (await listens(this.port)), START_WITHIN_MS, 20);
    if (!up || child.exitCode !== null) {
      child.kill('SIGKILL');
      throw new Error(`The server did not listen on port ${this.port}. It said:\n${this.#output}`);
    }
  }

  get #pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('The server is not running');
    return pid;
  }

  /** Asks a probe that was loaded into the server (`extraArgs`) and waits for its answer. */
  async ask(question: string): Promise<unknown> {
    const child = this.#child;
    if (!child) throw new Error('The server is not running');
    const answer = once(child, 'message');
    child.send(question);
    return (await answer)[0];
  }

  /** Returns a function that says how many milliseconds of CPU all of the server's threads have used since. */
  startCpu(): () => number {
    const pid = this.#pid;
    const before = readCpu(pid);
    return () => {
      const after = readCpu(pid);
      const ticks = after.ticksMs - before.ticksMs;
      const exact = after.threadsMs - before.threadsMs;
      // More ticks than rounding explains: a thread has ended and took its exact count with it.
      return ticks - exact > 2 * TICK_MS ? ticks : exact;
    };
  }

  /** Resident memory of the server and its children, bytes. */
  rss(): number {
    return family(this.#pid)
      .map((pid) => Number(/VmRSS:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024)
      .reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Ends the server and waits until it is gone; SIGKILL if it does not go. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await gone;
    clearTimeout(timer);
  }
}
