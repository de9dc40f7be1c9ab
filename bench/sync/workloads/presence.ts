/** W6: carets that move, and people who only keep a page open. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Client, openClients } from '../client.ts';
import { pace, until } from '../pace.ts';
import { Samples } from '../statistics.ts';
import type { Figures, Surroundings, Workload } from '../workload.ts';

const FIRST_CLIENT_ID = 1_500_000_000;
/** y-protocols renews an unchanged state so often (awareness.js: half of its outdated timeout of 30 s). */
const RENEW_SECONDS = 15;
const DRAIN_MS = 10_000;

/** A person with a caret, as the editor announces them. */
class Caret {
  readonly id: number;
  readonly client: Client;
  readonly #index: number;
  /** When the state with this clock was sent; clocks start at 1. */
  readonly sentAt: number[] = [0];
  #position = 0;

  constructor(index: number, client: Client) {
    this.id = FIRST_CLIENT_ID + index * 7919;
    this.client = client;
    this.#index = index;
  }

  move(): void {
    this.#position++;
    this.renew();
  }

  renew(): void {
    const at = { type: null, tname: 'content', item: { client: this.id, clock: this.#position }, assoc: 0 };
    const state = {
      user: { id: `person-${this.#index}`, name: `Person ${this.#index}`, color: '#2f6f4f', guest: true },
      cursor: { anchor: at, head: at },
    };
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, this.id);
    encoding.writeVarUint(encoder, this.sentAt.length);
    encoding.writeVarString(encoder, JSON.stringify(state));
    this.sentAt.push(performance.now());
    this.client.sendAwareness(encoding.toUint8Array(encoder));
  }
}

/** Counts deliveries: one state of one person at one client of somebody else, the first time it arrives there. */
class PresenceDeliveries {
  readonly #carets: Map<number, Caret>;
  readonly #seen = new Map<Client, Map<number, number>>();
  readonly latencies = new Samples();

  constructor(carets: readonly Caret[]) {
    this.#carets = new Map(carets.map((caret) => [caret.id, caret]));
    for (const { client } of carets) {
      const seen = new Map<number, number>();
      this.#seen.set(client, seen);
      client.onAwareness = (update, now) => this.#arrived(client, seen, update, now);
    }
  }

  #arrived(client: Client, seen: Map<number, number>, update: Uint8Array, now: number): void {
    const decoder = decoding.createDecoder(update);
    for (let left = decoding.readVarUint(decoder); left > 0; left--) {
      const id = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      const stateBytes = decoding.readVarUint(decoder);
      decoder.pos += stateBytes;
      const caret = this.#carets.get(id);
      if (!caret || caret.client === client || (seen.get(id) ?? 0) >= clock) continue;
      seen.set(id, clock);
      this.latencies.add(now - (caret.sentAt[clock] ?? now));
    }
  }

  /** How many pairs of people exist in which one does not know the other's newest state. */
  outdated(): number {
    let outdated = 0;
    for (const [client, seen] of this.#seen) {
      for (const caret of this.#carets.values()) {
        if (caret.client !== client && seen.get(caret.id) !== caret.sentAt.length - 1) outdated++;
      }
    }
    return outdated;
  }
}

async function appear({ startServer, documents }: Surroundings, count: number) {
  const server = await startServer();
  const [targets] = await documents(server, 1, count);
  const clients = await openClients(targets!);
  const carets = clients.map((client, index) => new Caret(index, client));
  const deliveries = new PresenceDeliveries(carets);
  await pace(count / 2, 2, (index) => carets[index]!.move());
  await until(() => deliveries.outdated() === 0, DRAIN_MS, 50);
  return { server, carets, deliveries };
}

async function moving(surroundings: Surroundings): Promise<Figures> {
  const count = surroundings.quick ? 20 : 100;
  const seconds = surroundings.quick ? 1 : 6;
  const { server, carets, deliveries } = await appear(surroundings, count);
  const move = (index: number) => carets[index % count]!.move();
  await pace(5 * count, surroundings.quick ? 0.5 : 3, move);
  await until(() => deliveries.outdated() === 0, DRAIN_MS, 50);
  await sleep(300);
  deliveries.latencies.clear();
  const cpu = server.startCpu();
  await pace(count, seconds, move);
  await until(() => deliveries.outdated() === 0, DRAIN_MS, 50);
  const cpuMs = cpu();
  return {
    // Per state that was to reach somebody: a server that skips an outdated state has not done less for people.
    cpuUs: (cpuMs * 1000) / (count * seconds * (count - 1)),
    p50: deliveries.latencies.percentile(0.5),
    p99: deliveries.latencies.percentile(0.99),
    delivered: deliveries.latencies.length / (count * seconds * (count - 1)),
    outdated: deliveries.outdated(),
  };
}

async function idle(surroundings: Surroundings): Promise<Figures> {
  const count = surroundings.quick ? 50 : 200;
  const seconds = surroundings.quick ? 3 : 24;
  const { server, carets } = await appear(surroundings, count);
  const renew = (index: number) => carets[index % count]!.renew();
  await pace(count / RENEW_SECONDS, 2, renew);
  const cpu = server.startCpu();
  await pace(count / RENEW_SECONDS, seconds, renew);
  return { cpuMs: cpu() / seconds, rssMb: server.rss() / 1e6 };
}

export const presenceMoving: Workload = {
  name: 'presence-moving',
  title: 'W6 presence: 100 clients, each moves its caret once a second',
  peers: ['commonplan', 'hocuspocus', 'y-websocket-server', 'relay'],
  columns: [
    { key: 'cpuUs', label: 'CPU us/delivery', digits: 1 },
    { key: 'p50', label: 'p50 ms', digits: 1 },
    { key: 'p99', label: 'p99 ms', digits: 1 },
    { key: 'delivered', label: 'states delivered, share', digits: 3 },
    { key: 'outdated', label: 'outdated at the end', digits: 0 },
  ],
  rounds: 5,
  run: moving,
};

export const presenceIdle: Workload = {
  name: 'presence-idle',
  title: 'W6 idle presence: 200 clients renew an unchanged state every 15 s',
  peers: ['commonplan', 'hocuspocus', 'y-websocket-server'],
  columns: [
    { key: 'cpuMs', label: 'CPU ms/s', digits: 1 },
    { key: 'rssMb', label: 'RSS MB', digits: 0 },
  ],
  rounds: 3,
  run: idle,
};
