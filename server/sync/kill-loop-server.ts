/** The kill loop's server: the real one in a process of its own, and what happens to its disk. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { path, type SnapshotList } from '../../shared/api.ts';
import { verifyPlan } from '../documents/verify-plan.ts';
import { verifyChain } from '../snapshots/verify-chain.ts';
import { allPlans } from '../store/snapshots.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const RECORDER = new URL('./power-cut-recorder.ts', import.meta.url).href;
const DATABASE_FILES = ['commonplan.db', 'commonplan.db-wal', 'commonplan.db-shm'] as const;

export interface Person {
  readonly token: string;
  readonly userId: string;
}

export class KillableServer {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'commonplan-kill-'));
  readonly #powerCut: boolean;
  readonly #record: string;
  readonly #atStart: string;
  #child: ChildProcess | null = null;
  #port = 0;
  #output = '';

  constructor({ powerCut }: { powerCut: boolean }) {
    this.#powerCut = powerCut;
    this.#record = join(this.dataDir, 'record');
    this.#atStart = join(this.dataDir, 'at-start');
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get socketUrl(): string {
    return `ws://127.0.0.1:${this.#port}/sync`;
  }

  /** Resolves when it listens. The port is the same every time, so that clients find it again. */
  async start(): Promise<void> {
    if (this.#powerCut) this.#keepStart();
    this.#output = '';
    const recording = this.#powerCut ? ['--import', RECORDER] : [];
    const child = spawn(process.execPath, [...recording, MAIN], {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        PORT: String(this.#port),
        HOST: '127.0.0.1',
        DATA_DIR: this.dataDir,
        RATE_LIMITS: 'off',
        LOG_LEVEL: 'warn',
        ...(this.#powerCut && { POWER_CUT_RECORD: this.#record }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const listening = Promise.withResolvers<void>();
    const note = (chunk: Buffer): void => {
      this.#output += chunk.toString();
      const port = /is at http:\/\/[^\s:]+:(\d+)/.exec(this.#output)?.[1];
      if (port === undefined) return;
      this.#port = Number(port);
      listening.resolve();
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    child.once('exit', () => listening.reject(new Error(`The server did not start:\n${this.#output}`)));
    await listening.promise;
  }

  /** SIGKILL; with a power cut the files are then put back to what was certain to be on the disk. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) throw new Error(`The server ended by itself:\n${this.#output}`);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    if (this.#powerCut) this.#losePower();
  }

  async remove(): Promise<void> {
    if (this.#child && this.#child.exitCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await exited;
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** What SQLite's own check and `npm run verify` find, on a copy: opening the files themselves would already recover them. */
  findDamage(): string[] {
    const copy = mkdtempSync(join(tmpdir(), 'commonplan-check-'));
    try {
      for (const name of DATABASE_FILES.slice(0, 2)) {
        if (existsSync(join(this.dataDir, name))) copyFileSync(join(this.dataDir, name), join(copy, name));
      }
      const sqlite = new DatabaseSync(join(copy, 'commonplan.db'));
      const integrity = String(sqlite.prepare('PRAGMA integrity_check').get()?.integrity_check);
      const damage = allPlans(sqlite).flatMap((planId) => [
        ...verifyPlan(sqlite, planId).problems,
        ...verifyChain(sqlite, planId).problems,
      ]);
      sqlite.close();
      return integrity === 'ok' ? damage : [`integrity_check says ${integrity}`, ...damage];
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }

  async guest(name: string): Promise<Person> {
    const { token, user } = await this.request<{ token: string; user: { id: string } }>(path.signInAsGuest, { name });
    return { token, userId: user.id };
  }

  /** A plan of the first person's, which the others may write in, and the last only read. */
  async sharePlan(people: readonly Person[]): Promise<string> {
    const [owner, ...others] = people as [Person, ...Person[]];
    const plan = await this.request<{ id: string }>(path.plans, { title: 'To be survived' }, owner);
    for (const [index, other] of others.entries()) {
      const role = index === others.length - 1 ? 'viewer' : 'editor';
      const { url } = await this.request<{ url: string }>(path.links(plan.id), { role }, owner);
      await this.request(path.redeem, { token: new URL(url).hash.slice(1) }, other);
    }
    return plan.id;
  }

  async markdown(planId: string, person: Person): Promise<string> {
    return (await this.#get(path.export(planId, 'md'), person)).text();
  }

  /** Labels of the snapshots that people took. */
  async labels(planId: string, person: Person): Promise<string[]> {
    const { snapshots } = (await (await this.#get(path.snapshots(planId), person)).json()) as SnapshotList;
    return snapshots.map(({ label }) => label);
  }

  async #get(route: string, person: Person): Promise<Response> {
    const response = await fetch(this.url + route, { headers: { authorization: `Bearer ${person.token}` } });
    if (!response.ok) throw new Error(`GET ${route}: ${response.status} ${await response.text()}`);
    return response;
  }

  async request<T>(route: string, body: unknown, person?: Person): Promise<T> {
    const response = await fetch(this.url + route, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: this.url,
        ...(person && { authorization: `Bearer ${person.token}` }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${route}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  #keepStart(): void {
    rmSync(this.#record, { recursive: true, force: true });
    rmSync(this.#atStart, { recursive: true, force: true });
    mkdirSync(this.#record);
    mkdirSync(this.#atStart);
    for (const name of DATABASE_FILES) {
      if (existsSync(join(this.dataDir, name))) copyFileSync(join(this.dataDir, name), join(this.#atStart, name));
    }
  }

  #losePower(): void {
    const latest = join(this.#record, 'latest');
    // No sync was completed: the disk has what it had when the server started.
    const certain = existsSync(latest) ? readFileSync(latest, 'utf8') : this.#atStart;
    for (const name of DATABASE_FILES) rmSync(join(this.dataDir, name), { force: true });
    cpSync(certain, this.dataDir, { recursive: true });
    // Shared memory does not outlive the power.
    rmSync(join(this.dataDir, 'commonplan.db-shm'), { force: true });
  }
}
