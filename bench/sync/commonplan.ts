/** Plans of the server of this repository, made through its public doors: guests sign in, create them, share them by link, open them by cookie. */
import * as api from '../../shared/api.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { createdLink } from '../../shared/sharing-api.ts';
import type { Target } from './client.ts';
import { yWebsocket } from './dialect.ts';

/** Half of what one account may have open (server/sync/limits.ts). */
const SESSIONS_PER_GUEST = 10;

interface Guest {
  readonly headers: Record<string, string>;
  /** Sessions that this guest can still take. */
  free: number;
}

class Plans {
  readonly #origin: string;
  readonly #port: number;
  #guest: Guest | undefined;

  constructor(port: number) {
    this.#port = port;
    this.#origin = `http://127.0.0.1:${port}`;
  }

  async #post(path: string, headers: Record<string, string>, body: unknown): Promise<Response> {
    const response = await fetch(this.#origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#origin, ...headers },
      body: JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error(`POST ${path}: expected success, got ${response.status} ${await response.text()}`);
    return response;
  }

  /** A guest with room for so many sessions: the last one, or a new one. */
  async #guestFor(sessions: number): Promise<Guest> {
    if (this.#guest === undefined || this.#guest.free < sessions) {
      const signedIn = await this.#post(api.path.signInAsGuest, {}, { name: 'Bench' });
      const cookies = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]);
      this.#guest = { headers: { cookie: cookies.join('; '), origin: this.#origin }, free: SESSIONS_PER_GUEST };
    }
    this.#guest.free -= sessions;
    return this.#guest;
  }

  /** A new, empty plan and how each of its clients opens it. Naming the schema as our own client does: only then are there acks (W4). */
  async create(clients: number): Promise<Target[]> {
    let sessions = Math.min(clients, SESSIONS_PER_GUEST);
    const owner = await this.#guestFor(sessions);
    const created = await this.#post(api.path.plans, owner.headers, { title: 'Measured plan' });
    const { id } = api.planSummary.parse(await created.json());
    const url = `ws://127.0.0.1:${this.#port}/sync/${id}?schema=${SCHEMA_VERSION}`;
    const target = ({ headers }: Guest): Target => ({ url, headers, dialect: yWebsocket() });
    const targets = new Array<Target>(sessions).fill(target(owner));
    if (clients === sessions) return targets;
    const shared = await this.#post(api.path.links(id), owner.headers, { role: 'editor' });
    const token = new URL(createdLink.parse(await shared.json()).url).hash.slice(1);
    while (targets.length < clients) {
      sessions = Math.min(clients - targets.length, SESSIONS_PER_GUEST);
      const guest = await this.#guestFor(sessions);
      await this.#post(api.path.redeem, guest.headers, { token });
      targets.push(...new Array<Target>(sessions).fill(target(guest)));
    }
    return targets;
  }
}

/** So many empty plans, each with as many targets as it has clients. */
export async function createPlans(port: number, count: number, clients: number): Promise<Target[][]> {
  const plans = new Plans(port);
  const all: Target[][] = [];
  while (all.length < count) all.push(await plans.create(clients));
  return all;
}
