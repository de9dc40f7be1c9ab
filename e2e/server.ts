/** Starts the real server in a process of its own, on a free port and an empty data folder, and stops or kills it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAIN = resolve(import.meta.dirname, '../server/main.ts');
/** How long a start may take before it counts as failed, in milliseconds: generous, because test machines are busy. */
const START_TIMEOUT = 30_000;

export class ServerProcess {
  readonly port: number;
  readonly dataDir: string;
  readonly #env: Record<string, string>;
  #child: ChildProcess | null = null;
  #output = '';

  constructor(port: number, dataDir: string, env: Record<string, string>) {
    this.port = port;
    this.dataDir = dataDir;
    this.#env = env;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** What the server wrote so far, for messages about failures and for tests that look for secrets in it. */
  get output(): string {
    return this.#output;
  }

  /** Starts the process and resolves when its health route answers. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        ...this.#env,
        PORT: String(this.port),
        BASE_URL: this.url,
        DATA_DIR: this.dataDir,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    const deadline = Date.now() + START_TIMEOUT;
    while (!(await this.#answers())) {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${this.#output}`);
      if (Date.now() > deadline)
        throw new Error(`The server did not answer within ${START_TIMEOUT} ms:\n${this.#output}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** Sends the signal and resolves when the process has ended. SIGTERM asks for a graceful stop, SIGKILL does not ask. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/api/health`)).ok;
    } catch {
      return false;
    }
  }
}

/** A running server; `env` adds settings to its environment. Stop it, then remove its data with `removeData`. */
export async function startServer(env: Record<string, string> = {}): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'commonplan-'));
  const server = new ServerProcess(await freePort(), dataDir, { LOG_LEVEL: 'warn', ...env });
  await server.start();
  return server;
}

export async function removeData(server: ServerProcess): Promise<void> {
  await rm(server.dataDir, { recursive: true, force: true });
}

/** A port that was free a moment ago. A fixed one is needed, because a server that is killed must come back at the same address. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
