/** The connection of one window to one plan: a y-websocket provider with our messages, honest about what is saved and why it stopped. */
import { readVarString, readVarUint } from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { Awareness } from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { CommonplanError, ERRORS, type ErrorCode, errorOfClose, isPermanentClose } from '../../shared/errors.ts';
import { helloSchema, MESSAGE, type Notice, noticeSchema, SYNC } from '../../shared/protocol.ts';
import { may, type Role } from '../../shared/roles.ts';
import { retryDelay } from './backoff.ts';
import { type ConnectionState, INITIAL } from './connection-state.ts';
import { LocalCopy } from './local-copy.ts';
import { SaveLedger } from './save-state.ts';
import { textOfUpdates } from './unsaved-text.ts';

/** An edit unconfirmed for this long (ms) on a connection that seems to stand means a dead connection: take a new one. */
const RESTART_AFTER = 60_000;
/** A socket that has not said hello for this long (ms) is given up. */
const OPEN_WITHIN = 15_000;
const TICK = 1_000;

export interface ConnectionOptions {
  readonly planId: string;
  /** `ws://host` or `wss://host`, without a path. */
  readonly origin: string;
  readonly schemaVersion: number;
  /** Browsers hide why an upgrade was refused (W1): asks the plan's HTTP route, and resolves to its refusal or null. */
  readonly explainRefusal: () => Promise<CommonplanError | null>;
  /** Heard for every change of `state`. */
  readonly onChange: () => void;
  /** The list of members or links changed. */
  readonly onMembers?: () => void;
  /** The plan has a new snapshot, or its history was thinned out; `number` is the latest snapshot's. */
  readonly onSnapshots?: (number: number) => void;
  readonly WebSocket?: typeof WebSocket;
}

/** What belongs to one socket and ends with it. */
interface Session {
  readonly openedAt: number;
  helloHeard: boolean;
  /** Our step 2 is out and nothing was withheld since: every update goes out by itself. */
  resynced: boolean;
  /** Whether the socket ever opened; a refused upgrade never does. */
  opened: boolean;
}

export class Connection {
  readonly ydoc = new Y.Doc();
  readonly awareness = new Awareness(this.ydoc);
  readonly #options: ConnectionOptions;
  readonly #provider: WebsocketProvider;
  readonly #ledger = new SaveLedger();
  #state = INITIAL;
  #session: Session | null = null;
  /** The history that this window's copy belongs to (R6). */
  #generation: string | null = null;
  #copy: LocalCopy | null = null;
  /** Number of the edit that brought earlier work back; 0: nothing to bring back; null: not looked yet. */
  #restoredUpTo: number | null = null;
  #unsaved: { edit: number; update: Uint8Array }[] = [];
  #lastError: { code: ErrorCode; message: string } | null = null;
  #attempts = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #ticking: ReturnType<typeof setInterval>;
  #destroyed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    // Before the provider listens: an edit is counted before its message is.
    this.ydoc.on('update', (update: Uint8Array, origin: unknown) => this.#edited(update, origin));
    this.#provider = new WebsocketProvider(`${options.origin}/sync`, encodeURIComponent(options.planId), this.ydoc, {
      awareness: this.awareness,
      connect: false,
      disableBc: true,
      params: { schema: String(options.schemaVersion) },
      WebSocketPolyfill: this.#observedSocket(options.WebSocket ?? WebSocket),
    });
    const handlers = this.#provider.messageHandlers;
    handlers[MESSAGE.sync] = (encoder, decoder) => {
      encoding.writeVarUint(encoder, MESSAGE.sync);
      const type = syncProtocol.readSyncMessage(decoder, encoder, this.ydoc, this.#provider, (error) => {
        // What cannot be applied leaves this copy in doubt: take the content anew rather than go on with a half.
        queueMicrotask(() =>
          this.#stop('internal', `A change could not be applied: ${error.message}. Reload the page.`),
        );
      });
      if (type === SYNC.step2) this.#provider.synced = true;
    };
    handlers[MESSAGE.hello] = (_encoder, decoder) => this.#hello(readJson(decoder));
    handlers[MESSAGE.ack] = (_encoder, decoder) => this.#acked(readVarUint(decoder));
    handlers[MESSAGE.notice] = (_encoder, decoder) => this.#notice(readJson(decoder));
    this.#provider.on('sync', (synced) => synced && this.#synced());
    this.#provider.on('connection-close', (event) => this.#lost(event));
    this.#ticking = setInterval(() => this.#tick(), TICK);
    this.#provider.connect();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Tries again at once instead of waiting: the network is back, or a person asked. */
  retryNow(): void {
    if (this.#state.link !== 'waiting') return;
    this.#attempts = 0;
    this.#connect();
  }

  /** Goes on after a stop that the person has mended, e.g. by signing in again. The text of this window stays. */
  resume(): void {
    if (this.#state.link !== 'stopped' || this.#destroyed) return;
    this.#become({ link: 'waiting', stopped: null });
    this.retryNow();
  }

  /** The words typed in this window that the server has not confirmed. */
  unsavedText(): string {
    return textOfUpdates(this.#unsaved.map(({ update }) => update));
  }

  /** The person has taken the recovered words, or does not want them. */
  forgetRecovered(): void {
    this.#copy?.forgetForeign();
    this.#copy?.forgetRestored();
    this.#become({ recovered: '' });
  }

  destroy(): void {
    this.#destroyed = true;
    clearInterval(this.#ticking);
    clearTimeout(this.#retry);
    this.#provider.destroy();
    this.awareness.destroy();
    this.#copy?.close();
    this.ydoc.destroy();
  }

  /**
   * A socket that lets no text out before the server's hello has named the history it belongs to (R6), and counts the messages that
   * carry updates (W4). Updates before our step 2 are not lost: the step 2 carries them.
   */
  #observedSocket(Base: typeof WebSocket): typeof WebSocket {
    const begin = (): Session => {
      this.#session = { openedAt: Date.now(), helloHeard: false, resynced: false, opened: false };
      return this.#session;
    };
    const mayPass = (session: Session, frame: Uint8Array): boolean => this.#mayPass(session, frame);
    return class extends Base {
      readonly #session = begin();

      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.addEventListener('open', () => {
          this.#session.opened = true;
        });
      }

      override send(data: Uint8Array<ArrayBuffer>): void {
        if (mayPass(this.#session, data)) super.send(data);
      }
    };
  }

  #mayPass(session: Session, frame: Uint8Array): boolean {
    if (frame[0] !== MESSAGE.sync || frame[1] === SYNC.step1) return true;
    if (!session.helloHeard) return false;
    // A reader with words of before waits with them: the server would close the socket, and the role may be given back (W7).
    if (frame[1] === SYNC.step2) session.resynced = this.#maySend || this.#unsaved.length === 0;
    else if (!this.#maySend) session.resynced = false;
    if (!session.resynced) return false;
    this.#ledger.sent();
    return true;
  }

  get #mayWrite(): boolean {
    return this.#state.role !== null && may(this.#state.role, 'write');
  }

  get #maySend(): boolean {
    return this.#mayWrite && !this.#state.storageFull;
  }

  #edited(update: Uint8Array, origin: unknown): void {
    if (origin === this.#provider || (!this.#mayWrite && this.#state.role !== null)) return;
    const edit = this.#ledger.edit(Date.now());
    this.#unsaved.push({ edit, update });
    this.#copy?.keep(edit, update);
    this.#become({});
  }

  #hello(json: unknown): void {
    const parsed = helloSchema.safeParse(json);
    if (!parsed.success) {
      this.#stop('page-too-old');
      return;
    }
    const { generation, role, user } = parsed.data;
    if (this.#generation !== null && this.#generation !== generation) {
      this.#stop('other-generation');
      return;
    }
    const first = this.#generation === null;
    this.#generation = generation;
    if (this.#session) this.#session.helloHeard = true;
    // What is withheld is not on its way: without counts nothing is called "saving".
    if (may(role, 'write') || this.#unsaved.length === 0) this.#ledger.open();
    this.#lastError = null;
    this.awareness.setLocalStateField('user', user);
    // Whether there is no room is said anew after every hello.
    this.#become({ link: 'open', role, user, lostAt: null, storageFull: false });
    if (first) void this.#openCopy(user.id, generation);
  }

  #synced(): void {
    this.#attempts = 0;
    this.#become({ loaded: true });
    this.#restore();
  }

  async #openCopy(userId: string, generation: string): Promise<void> {
    try {
      const copy = await LocalCopy.open({ planId: this.#options.planId, userId, generation }, (edit) => {
        if (edit === null) this.#ledger.keptNothing();
        else this.#ledger.kept(edit);
        this.#become({});
      });
      if (this.#destroyed) {
        copy.close();
        return;
      }
      this.#copy = copy;
    } catch {
      // No copy on this device (private window, storage switched off). The save state says so: it never shows "kept".
      return;
    }
    for (const { edit, update } of this.#unsaved) this.#copy.keep(edit, update);
    this.#restore();
  }

  /** Brings in what an earlier window could not send, as ordinary edits of this one. Waits for both content and copy. */
  #restore(): void {
    const copy = this.#copy;
    if (!copy || !this.#state.loaded || this.#restoredUpTo !== null) return;
    this.#restoredUpTo = 0;
    const lost = [...copy.foreign];
    if (copy.restored && this.#mayWrite) {
      const before = this.#unsaved.length;
      Y.applyUpdate(this.ydoc, copy.restored, copy);
      const added = this.#unsaved.length > before;
      this.#restoredUpTo = added ? (this.#unsaved.at(-1)?.edit ?? 0) : 0;
      if (!added) copy.forgetRestored();
    } else if (copy.restored) lost.push(copy.restored);
    if (lost.length === 0) return;
    const recovered = textOfUpdates(lost);
    if (recovered === '') this.forgetRecovered();
    else this.#become({ recovered });
  }

  #acked(count: number): void {
    this.#ledger.acked(count);
    const { saved } = this.#ledger;
    this.#unsaved = this.#unsaved.filter(({ edit }) => edit > saved);
    this.#copy?.forget(saved);
    if (this.#restoredUpTo && saved >= this.#restoredUpTo) {
      this.#copy?.forgetRestored();
      this.#restoredUpTo = 0;
    }
    this.#become({});
  }

  #notice(json: unknown): void {
    const parsed = noticeSchema.safeParse(json);
    // A newer server may say more than this page understands (W9).
    if (!parsed.success) return;
    const notice: Notice = parsed.data;
    if (notice.type === 'role') this.#roleChanged(notice.role);
    else if (notice.type === 'members') this.#options.onMembers?.();
    else if (notice.type === 'snapshots') this.#options.onSnapshots?.(notice.number);
    else if (notice.type === 'size') this.#become({ size: { bytes: notice.bytes, limit: notice.limit } });
    else if (notice.type === 'storage') this.#storageChanged(notice.writable);
    else this.#lastError = { code: notice.code, message: notice.message };
  }

  #roleChanged(role: Role): void {
    this.#become({ role });
    this.#sendWithheld();
  }

  #storageChanged(writable: boolean): void {
    // What is withheld is not on its way.
    if (!writable) this.#ledger.close();
    this.#become({ storageFull: !writable });
    this.#sendWithheld();
  }

  /** Only the step 2 of a new session brings what was withheld. */
  #sendWithheld(): void {
    if (this.#maySend && this.#session?.helloHeard && !this.#session.resynced) this.#provider.disconnect();
  }

  /** `event` is null when we closed the socket ourselves. */
  #lost(event: CloseEvent | null): void {
    const session = this.#session;
    this.#session = null;
    this.#ledger.close();
    // The provider's own retry has no jitter and would bring everybody back at the same moment: ours decides.
    this.#provider.shouldConnect = false;
    if (this.#destroyed || this.#state.link === 'stopped') return;
    this.#become({ link: 'waiting', lostAt: this.#state.lostAt ?? Date.now() });
    if (event && isPermanentClose(event.code)) {
      const code = errorOfClose(event.code) ?? 'internal';
      // Two errors share a code: the notice before the close knows which one it was.
      const told =
        this.#lastError && ERRORS[this.#lastError.code].status === ERRORS[code].status ? this.#lastError : null;
      // Refused words are not lost: come back as a reader, withhold them, and hear when the role is given back (W7).
      if (code === 'read-only' && this.#unsaved.length > 0) this.#scheduleRetry();
      else this.#stop(told?.code ?? code, told?.message ?? (event.reason || undefined));
    } else if (event?.code === 1009) this.#stop('too-large');
    else if (event && session && !session.opened) void this.#refused();
    else this.#scheduleRetry();
  }

  async #refused(): Promise<void> {
    let refusal: CommonplanError | null = null;
    try {
      refusal = await this.#options.explainRefusal();
    } catch (error) {
      // No answer is a lost connection, not a refusal.
      if (error instanceof CommonplanError) refusal = error;
    }
    if (this.#destroyed || this.#state.link !== 'waiting') return;
    if (refusal && isPermanentClose(refusal.close)) this.#stop(refusal.code, refusal.message);
    else this.#scheduleRetry();
  }

  #scheduleRetry(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), retryDelay(this.#attempts, Math.random()));
    this.#attempts += 1;
  }

  #connect(): void {
    clearTimeout(this.#retry);
    if (this.#destroyed || this.#state.link === 'stopped') return;
    this.#become({ link: 'connecting' });
    this.#provider.connect();
  }

  #stop(code: ErrorCode, message: string = ERRORS[code].message): void {
    if (this.#destroyed || this.#state.link === 'stopped') return;
    clearTimeout(this.#retry);
    this.#become({ link: 'stopped', stopped: { code, message }, lostAt: this.#state.lostAt ?? Date.now() });
    this.#provider.disconnect();
  }

  /** Time alone changes what may be said, and shows that a connection is dead. */
  #tick(): void {
    this.#become({});
    const session = this.#session;
    if (!session) return;
    const age = Date.now() - session.openedAt;
    const waiting = this.#ledger.oldest === null || !this.#maySend ? 0 : Date.now() - this.#ledger.oldest;
    if ((!session.helloHeard && age > OPEN_WITHIN) || Math.min(age, waiting) > RESTART_AFTER)
      this.#provider.disconnect();
  }

  #become(change: Partial<ConnectionState>): void {
    const next = { ...this.#state, ...change, save: this.#ledger.state(Date.now()) };
    const changed = (Object.keys(next) as (keyof ConnectionState)[]).some((key) => next[key] !== this.#state[key]);
    this.#state = next;
    if (changed && !this.#destroyed) this.#options.onChange();
  }
}

/** Undefined for what is not JSON: the schemas then refuse it. */
function readJson(decoder: Parameters<typeof readVarString>[0]): unknown {
  try {
    return JSON.parse(readVarString(decoder));
  } catch {
    return undefined;
  }
}
