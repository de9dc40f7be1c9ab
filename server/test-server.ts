/** For tests: the real server on a free port with an empty data folder, and people who talk to it with cookies of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientOptions, WebSocket } from 'ws';
import { path } from '../shared/api.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { type System, startServer } from './start.ts';

export interface TestServer {
  readonly url: string;
  readonly dataDir: string;
  /** Every line that it logged, as JSON text. */
  readonly logged: string[];
  /** Somebody at a browser, not signed in. */
  visitor(): Visitor;
  /** A guest of that name, signed in. */
  guest(name: string): Promise<Visitor>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else the text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever comes back
  readonly body: any;
}

/** `env` adds settings. Rate limits are off unless it turns them on. */
export async function startTestServer(env: Record<string, string> = {}, system: System = {}): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'commonplan-'));
  const logged: string[] = [];
  const log = createLog('debug', { write: (line) => void logged.push(line) });
  const config = readConfig({ PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, RATE_LIMITS: 'off', ...env });
  const server = await startServer(config, log, system);
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    dataDir,
    logged,
    visitor: () => new Visitor(url),
    async guest(name) {
      const visitor = new Visitor(url);
      const { status, body } = await visitor.post(path.signInAsGuest, { name });
      if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
      visitor.token = body.token;
      visitor.userId = body.user.id;
      return visitor;
    },
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Keeps cookies and sends an Origin, as a browser does. */
export class Visitor {
  readonly url: string;
  readonly cookies = new Map<string, string>();
  /** Of the guest that `guest` signed in: the bearer token and the id. */
  token = '';
  userId = '';

  constructor(url: string) {
    this.url = url;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get = (to: string, headers?: Record<string, string>) => this.send('GET', to, undefined, headers);
  post = (to: string, body?: unknown, headers?: Record<string, string>) => this.send('POST', to, body, headers);
  patch = (to: string, body?: unknown, headers?: Record<string, string>) => this.send('PATCH', to, body, headers);
  delete = (to: string, headers?: Record<string, string>) => this.send('DELETE', to, undefined, headers);

  /** A body that is neither FormData nor text nor bytes goes as JSON. An empty header value takes that header away. */
  async send(method: string, to: string, body?: unknown, changed: Record<string, string> = {}): Promise<Answer> {
    const bytes = body instanceof Uint8Array;
    const raw = bytes || body instanceof FormData || typeof body === 'string' || body === undefined;
    const headers = new Headers({
      origin: this.url,
      cookie: this.cookie,
      ...(!bytes && !(body instanceof FormData) && body !== undefined && { 'content-type': 'application/json' }),
      ...changed,
    });
    for (const [name, value] of [...headers]) if (value === '') headers.delete(name);
    const response = await fetch(`${this.url}${to}`, {
      method,
      headers,
      body: raw ? ((body as BodyInit | undefined) ?? null) : JSON.stringify(body),
      redirect: 'manual',
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/max-age=0/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: json && text ? JSON.parse(text) : text };
  }

  /** A plan of this visitor's, made from Markdown when given. */
  async createPlan(title: string, markdown?: string): Promise<string> {
    const form = new FormData();
    form.set('file', new File([`---\ntitle: ${JSON.stringify(title)}\n---\n\n${markdown}`], 'plan.md'));
    const { status, body } =
      markdown === undefined ? await this.post(path.plans, { title }) : await this.post(path.planImport, form);
    if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return body.id;
  }

  /** A sync socket with this visitor's cookie. Resolves when it is open; rejects with the HTTP status when it is refused. */
  connect(planId: string, { query = '', ...options }: ClientOptions & { query?: string } = {}): Promise<WebSocket> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}${path.sync(planId)}${query}`, {
      origin: this.url,
      headers: { cookie: this.cookie },
      ...options,
    });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (request, { statusCode }) => {
        request.destroy();
        reject(new Error(`refused with ${statusCode}`));
      });
      socket.once('error', reject);
    });
  }
}
