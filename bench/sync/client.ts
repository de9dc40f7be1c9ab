/** A client without a Y.Doc: it speaks a dialect over a raw WebSocket and hands payloads to whoever counts them. */
import { WebSocket } from 'ws';
import type { Dialect } from './dialect.ts';

/** Where a document of a server is reached. */
export interface Target {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly dialect: Dialect;
}

const OPEN_WITHIN_MS = 60_000;

/** All times are milliseconds of `performance.now()`. */
export class Client {
  readonly #socket: WebSocket;
  readonly #dialect: Dialect;
  readonly opened: Promise<void>;
  /** Resolves with the server's answer to step 1 (for a relay: when the socket is open). Rejects when the socket ends first. */
  readonly synced: Promise<void>;
  onContent: (update: Uint8Array, now: number, last: boolean) => void = () => {};
  onAwareness: (update: Uint8Array, now: number) => void = () => {};
  /** `latencies`: for each update that this acknowledgement newly covers, the time since it was sent. */
  onAck: (latencies: readonly number[]) => void = () => {};
  frames = 0;
  acknowledged = 0;
  /** When each message that carried an update left; the ack counts these. */
  readonly sentAt: number[] = [];
  closed = false;

  constructor(target: Target) {
    this.#dialect = target.dialect;
    this.#socket = new WebSocket(target.url, {
      headers: target.headers,
      perMessageDeflate: false,
      skipUTF8Validation: true,
      maxPayload: 0,
    });
    const synced = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    const fail = (error: Error) => {
      clearTimeout(timer);
      opened.reject(error);
      synced.reject(error);
    };
    const timer = setTimeout(
      () => fail(new Error(`${target.url} did not sync in ${OPEN_WITHIN_MS} ms`)),
      OPEN_WITHIN_MS,
    );
    this.opened = opened.promise;
    this.synced = synced.promise;
    // A socket that ends is an error only to whoever waits for it.
    this.opened.catch(() => {});
    this.synced.catch(() => {});
    this.#socket.on('open', () => {
      for (const frame of this.#dialect.greeting()) this.#socket.send(frame);
      opened.resolve();
      if (!this.#dialect.answers) synced.resolve();
    });
    this.#socket.on('message', (data: Buffer) => this.#receive(data, synced.resolve));
    this.#socket.on('error', fail);
    this.#socket.on('close', (code, reason) => {
      this.closed = true;
      fail(new Error(`${target.url} closed with ${code} ${reason}`));
    });
    this.synced.then(() => clearTimeout(timer)).catch(() => {});
  }

  #receive(data: Buffer, synced: () => void): void {
    const now = performance.now();
    this.frames++;
    const message = this.#dialect.parse(data);
    switch (message.type) {
      case 'content':
        this.onContent(message.update, now, message.last);
        if (message.last) synced();
        break;
      case 'awareness':
        this.onAwareness(message.update, now);
        break;
      case 'step1':
        this.sendUpdateFrame(this.#dialect.emptyStep2());
        break;
      case 'ack': {
        const from = this.acknowledged;
        this.acknowledged = message.relative ? from + message.count : message.count;
        this.onAck(this.sentAt.slice(from, this.acknowledged).map((at) => now - at));
        break;
      }
      case 'other':
        break;
    }
  }

  sendUpdateFrame(frame: Uint8Array): void {
    this.sentAt.push(performance.now());
    this.#socket.send(frame);
  }

  sendUpdate(update: Uint8Array): void {
    this.sendUpdateFrame(this.#dialect.update(update));
  }

  sendAwareness(update: Uint8Array): void {
    this.#socket.send(this.#dialect.awareness(update));
  }

  close(): void {
    this.#socket.close();
  }

  /** Ends the socket without a closing handshake. */
  terminate(): void {
    this.#socket.terminate();
  }
}

/** Opens clients, at most `atOnce` at a time, and waits until all are synced. */
export async function openClients(targets: readonly Target[], atOnce = 25): Promise<Client[]> {
  const clients: Client[] = [];
  for (let from = 0; from < targets.length; from += atOnce) {
    const batch = targets.slice(from, from + atOnce).map((target) => new Client(target));
    await Promise.all(batch.map((client) => client.synced));
    clients.push(...batch);
  }
  return clients;
}
