/** Who is in a room and where their carets are: Yjs awareness, owned by accounts and gathered before it is sent (W8, R9). */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { presenceSchema } from '../../shared/protocol.ts';
import { awarenessFrame } from './frames.ts';

/** The account behind a session, as everybody else sees it. */
export interface SessionUser {
  readonly id: string;
  readonly name: string;
  /** A CSS colour. */
  readonly color: string;
  readonly guest: boolean;
}

/** What presence needs to know of a session. */
export interface PresenceHolder {
  readonly user: SessionUser;
}

interface Entry {
  holder: PresenceHolder;
  clock: number;
  /** As the client sent it, to tell a renewal from a change without reading it. */
  received: string;
  /** As everybody gets it. */
  json: string;
}

/** Client ids that left, whose clocks are remembered so that they can come back. */
const REMEMBERED = 2_000;
/** A receiver forgets a state after 30 s, a client renews it every 15 s: renewals may be gathered this long. */
const RENEWAL_WINDOW = 8_000;

export class Presence {
  readonly #maxBytes: number;
  /** Whether a client id is known to be somebody else's. */
  readonly #isForeign: (clientId: number, userId: string) => boolean;
  readonly #entries = new Map<number, Entry>();
  readonly #clientIds = new Map<PresenceHolder, number>();
  /** The clock that was last sent for each client id: receivers ignore anything that is not above it. */
  readonly #clocks = new Map<number, number>();
  readonly #changed = new Set<number>();
  readonly #renewed = new Set<number>();
  #renewedSince = 0;
  #all: Buffer | undefined;

  constructor(maxBytes: number, isForeign: (clientId: number, userId: string) => boolean) {
    this.#maxBytes = maxBytes;
    this.#isForeign = isForeign;
  }

  /** Takes in an awareness update. Answers whether there is something new to send. Throws on bytes that are none. */
  receive(holder: PresenceHolder, awarenessUpdate: Uint8Array): boolean {
    const decoder = decoding.createDecoder(awarenessUpdate);
    const count = decoding.readVarUint(decoder);
    let news = false;
    for (let index = 0; index < count; index++) {
      const clientId = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      const bytes = decoding.readVarUint8Array(decoder);
      // A stock client repeats whatever it hears about others: most entries end here.
      if (!this.#speaksFor(holder, clientId, count)) continue;
      if (this.#take(holder, clientId, clock, bytes)) news = true;
    }
    return news;
  }

  /** The session is gone: so is its caret. */
  remove(holder: PresenceHolder): boolean {
    const clientId = this.#clientIds.get(holder);
    if (clientId === undefined) return false;
    this.#clientIds.delete(holder);
    return this.#delete(clientId);
  }

  /** The account's name or colour changed. */
  rename(holder: PresenceHolder): boolean {
    const clientId = this.#clientIds.get(holder);
    const entry = clientId === undefined ? undefined : this.#entries.get(clientId);
    if (clientId === undefined || !entry) return false;
    const json = this.#withUser(holder, entry.received);
    if (json === null) return false;
    this.#set(clientId, entry, { json, clock: entry.clock + 1 });
    this.#changed.add(clientId);
    return true;
  }

  /** What changed since the last call, and who alone needs not be told of it. Null: nothing. */
  takeChanges(): { frame: Buffer; sole: PresenceHolder | null } | null {
    if (this.#changed.size === 0) return null;
    const ids = [...this.#changed];
    this.#changed.clear();
    const only = ids.length === 1 ? this.#entries.get(ids[0]!) : undefined;
    return { frame: this.#encode(ids), sole: only?.holder ?? null };
  }

  /** States that are as before, gathered over some seconds; they go to everybody, which also shows each that the connection lives. */
  takeRenewals(now: number): Buffer | null {
    if (this.#renewed.size === 0 || now - this.#renewedSince < RENEWAL_WINDOW) return null;
    const ids = [...this.#renewed];
    this.#renewed.clear();
    return this.#encode(ids);
  }

  /** Everybody who is here, for somebody who has just come. Null: nobody. */
  all(): Buffer | null {
    if (this.#entries.size === 0) return null;
    this.#all ??= this.#encode([...this.#entries.keys()]);
    return this.#all;
  }

  /** W8: one client id per session, the first it names; not one that another session or account has. */
  #speaksFor(holder: PresenceHolder, clientId: number, count: number): boolean {
    const own = this.#clientIds.get(holder);
    if (own !== undefined) return own === clientId;
    // A client introduces itself alone; a message about several is an echo.
    if (count !== 1 || this.#isForeign(clientId, holder.user.id)) return false;
    const present = this.#entries.get(clientId)?.holder;
    // The same person on a new socket, while the old one has not been noticed to be dead.
    if (present && present.user.id !== holder.user.id) return false;
    if (present) this.#clientIds.delete(present);
    this.#clientIds.set(holder, clientId);
    return true;
  }

  #take(holder: PresenceHolder, clientId: number, clock: number, bytes: Uint8Array): boolean {
    if (bytes.length > this.#maxBytes) return false;
    const received = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    if (received === 'null') return this.#delete(clientId);
    const entry = this.#entries.get(clientId);
    const raised = Math.max(clock, (this.#clocks.get(clientId) ?? 0) + 1);
    if (entry?.received === received && entry.holder === holder) {
      this.#set(clientId, entry, { clock: raised });
      if (this.#changed.has(clientId)) return false;
      if (this.#renewed.size === 0) this.#renewedSince = Date.now();
      this.#renewed.add(clientId);
      return false;
    }
    const json = this.#withUser(holder, received);
    if (json === null) return false;
    this.#set(clientId, { holder, clock: raised, received, json }, {});
    this.#changed.add(clientId);
    this.#renewed.delete(clientId);
    return true;
  }

  /** The state with the account's `user` in the place of the client's. Null: it is not a state. */
  #withUser(holder: PresenceHolder, received: string): string | null {
    let state: unknown;
    try {
      state = JSON.parse(received);
    } catch {
      // Not worth ending a session over: its owner is simply not shown.
      return null;
    }
    if (typeof state !== 'object' || state === null || Array.isArray(state)) return null;
    const { cursor, ...rest } = state as Record<string, unknown>;
    const caret = presenceSchema.shape.cursor.safeParse(cursor);
    return JSON.stringify({ ...rest, ...(caret.success && cursor !== undefined ? { cursor } : {}), user: holder.user });
  }

  #set(clientId: number, entry: Entry, changes: Partial<Entry>): void {
    this.#entries.set(clientId, Object.assign(entry, changes));
    this.#rememberClock(clientId, entry.clock);
    this.#all = undefined;
  }

  #delete(clientId: number): boolean {
    if (!this.#entries.delete(clientId)) return false;
    this.#renewed.delete(clientId);
    this.#changed.add(clientId);
    this.#all = undefined;
    return true;
  }

  #rememberClock(clientId: number, clock: number): void {
    this.#clocks.delete(clientId);
    this.#clocks.set(clientId, clock);
    if (this.#clocks.size <= REMEMBERED + this.#entries.size) return;
    for (const old of this.#clocks.keys()) {
      if (this.#entries.has(old)) continue;
      this.#clocks.delete(old);
      return;
    }
  }

  #encode(clientIds: readonly number[]): Buffer {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, clientIds.length);
    for (const clientId of clientIds) {
      const entry = this.#entries.get(clientId);
      encoding.writeVarUint(encoder, clientId);
      // Receivers take a removal at the clock of the state that it removes.
      encoding.writeVarUint(encoder, entry?.clock ?? this.#clocks.get(clientId) ?? 0);
      encoding.writeVarString(encoder, entry?.json ?? 'null');
    }
    return awarenessFrame(encoding.toUint8Array(encoder));
  }
}
