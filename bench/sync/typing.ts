/** Pre-built updates of people who type, and the ledger that says when each reached whom. */
import * as Y from 'yjs';
import type { Client } from './client.ts';
import { Samples } from './statistics.ts';

/** The root that holds a plan's content (shared/document). */
export const CONTENT = 'content';
/** As large as Yjs's random ones, so that they take as many bytes. */
const FIRST_CLIENT_ID = 1_500_000_000;
const LETTERS = 'the quick brown fox jumps over the lazy dog ';

/** One update per typed character: update `n` holds clock `n` of `clientId`. */
export function typedUpdates(clientId: number, count: number): Uint8Array[] {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = doc.getText(CONTENT);
  for (let n = 0; n < count; n++) text.insert(n, LETTERS[n % LETTERS.length]!);
  doc.destroy();
  return updates;
}

interface Run {
  author: number;
  from: number;
  to: number;
}

/** The insertions of an update as runs of clocks, whether it came alone or merged with others. */
export function insertedRuns(update: Uint8Array): Run[] {
  const runs: Run[] = [];
  for (const struct of Y.decodeUpdate(update).structs) {
    if (struct instanceof Y.Skip) continue;
    const { client, clock } = struct.id;
    runs.push({ author: client, from: clock, to: clock + struct.length });
  }
  return runs;
}

/** A person typing through a client. */
export class Typist {
  readonly id: number;
  readonly client: Client;
  readonly #updates: Uint8Array[];
  /** When the character with this clock was sent. */
  readonly sentAt: number[] = [];

  constructor(index: number, client: Client, count: number) {
    this.id = FIRST_CLIENT_ID + index * 7919;
    this.client = client;
    this.#updates = typedUpdates(this.id, count);
  }

  type(): void {
    const update = this.#updates[this.sentAt.length];
    if (!update) throw new Error(`Typist ${this.id} has no more than ${this.#updates.length} updates`);
    this.sentAt.push(performance.now());
    this.client.sendUpdate(update);
  }
}

/** Parsed payloads are kept while the same bytes may still arrive at other clients. */
const PARSED_KEPT = 4096;

/**
 * Counts deliveries: one logical update (a typed character) at one client that is not its author, the first time it arrives
 * there, however many updates share a frame.
 */
export class Deliveries {
  readonly #typists = new Map<number, Typist>();
  readonly #readers: { client: Client; seen: Map<number, number> }[] = [];
  readonly #parsed = new Map<string, Run[]>();
  /** Milliseconds from sending to arrival. */
  readonly latencies = new Samples();
  count = 0;

  /** From now on; what was typed before has to have arrived. */
  watch(clients: readonly Client[], typists: readonly Typist[]): void {
    for (const typist of typists) this.#typists.set(typist.id, typist);
    for (const client of clients) {
      const seen = new Map(typists.map((typist) => [typist.id, typist.sentAt.length]));
      this.#readers.push({ client, seen });
      client.onContent = (update, now) => this.#arrived(client, seen, update, now);
    }
  }

  #runs(update: Uint8Array): Run[] {
    const key = Buffer.from(update.buffer, update.byteOffset, update.byteLength).toString('latin1');
    const known = this.#parsed.get(key);
    if (known) return known;
    const runs = insertedRuns(update);
    if (this.#parsed.size >= PARSED_KEPT) this.#parsed.clear();
    this.#parsed.set(key, runs);
    return runs;
  }

  #arrived(client: Client, seen: Map<number, number>, update: Uint8Array, now: number): void {
    for (const { author, from, to } of this.#runs(update)) {
      const typist = this.#typists.get(author);
      if (!typist || typist.client === client) continue;
      const next = seen.get(author) ?? 0;
      if (from > next) continue; // a gap: stays missing, `missing` will tell
      for (let clock = next; clock < to; clock++) {
        this.count++;
        this.latencies.add(now - typist.sentAt[clock]!);
      }
      if (to > next) seen.set(author, to);
    }
  }

  /** How many updates that were sent have not reached a reader who should have them; readers of `rooms` only read their own. */
  missing(reads: (client: Client, typist: Typist) => boolean = () => true): number {
    let missing = 0;
    for (const { client, seen } of this.#readers) {
      for (const typist of this.#typists.values()) {
        if (typist.client === client || !reads(client, typist)) continue;
        missing += typist.sentAt.length - (seen.get(typist.id) ?? 0);
      }
    }
    return missing;
  }

  /** The highest clock + 1 of an author that any reader has seen. */
  seenByAnybody(author: number): number {
    return Math.max(0, ...this.#readers.map(({ seen }) => seen.get(author) ?? 0));
  }

  reset(): void {
    this.count = 0;
    this.latencies.clear();
  }
}
