/** The kill loop's people: stock clients on real sockets, and the ledger of what each of them was told is saved. */
import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { MESSAGE, SYNC } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import type { KillableServer, Person } from './kill-loop-server.ts';

/** A word in the ledger. Operations count from 1 per writer; 0: not deleted. */
export interface Entry {
  readonly word: string;
  readonly insertedBy: number;
  deletedBy: number;
}

/** Where a plan's text begins: behind its first block's marker. */
const TEXT_START = 1;

export class Client {
  readonly ydoc = new Y.Doc();
  readonly provider: WebsocketProvider;
  readonly ledger: Entry[] = [];
  /** Operations done, and of these acknowledged. */
  operations = 0;
  acknowledged = 0;
  readonly #name: string;

  constructor(server: KillableServer, planId: string, person: Person, name: string) {
    this.#name = name;
    this.provider = new WebsocketProvider(server.socketUrl, planId, this.ydoc, {
      connect: false,
      params: { schema: String(SCHEMA_VERSION) },
      disableBc: true,
      maxBackoffTime: 100,
      WebSocketPolyfill: this.#socketClass(person) as never,
    });
    // Unknown to a stock client; what the ledger needs of them is read where they arrive, below.
    for (const message of [MESSAGE.hello, MESSAGE.ack, MESSAGE.notice])
      this.provider.messageHandlers[message] = () => {};
  }

  get words(): string[] {
    return this.#text.toString().split(' ').filter(Boolean);
  }

  /** Inserts a word that was never there before, somewhere between two others; now and then deletes one of its own. */
  write(): void {
    this.operations++;
    const text = this.#text.toString();
    const own = this.ledger.filter(({ deletedBy }) => deletedBy === 0);
    const victim = Math.random() < 0.15 ? own[Math.floor(Math.random() * own.length)] : undefined;
    const at = victim ? text.indexOf(`${victim.word} `) : -1;
    if (victim && at >= 0) {
      victim.deletedBy = this.operations;
      this.#text.delete(TEXT_START + at, victim.word.length + 1);
      return;
    }
    const word = `${this.#name}-${this.operations}`;
    const gap = text.indexOf(' ', Math.floor(Math.random() * text.length)) + 1;
    this.ledger.push({ word, insertedBy: this.operations, deletedBy: 0 });
    this.#text.insert(TEXT_START + gap, `${word} `);
  }

  end(): void {
    this.provider.destroy();
    this.ydoc.destroy();
  }

  get #text(): Y.Text {
    return this.ydoc.getText('content');
  }

  /** A socket that knows which operations each counted message carried (W4), so that an ack can be told as operations. */
  #socketClass(person: Person): typeof WebSocket {
    const client = this;
    return class extends WebSocket {
      /** By message: the operations that are safe once it is. */
      readonly #carried: number[] = [0];
      #introduced = false;

      constructor(url: string, protocols?: string | string[]) {
        super(url, protocols, { headers: { authorization: `Bearer ${person.token}` } });
        this.on('message', (data: Buffer) => {
          const decoder = decoding.createDecoder(new Uint8Array(data));
          if (decoding.readVarUint(decoder) !== MESSAGE.ack) return;
          client.acknowledged = Math.max(
            client.acknowledged,
            this.#carried[decoding.readVarUint(decoder)] ?? Number.NaN,
          );
        });
      }

      override send(data: Uint8Array): void {
        const [message, type] = data;
        if (message === MESSAGE.sync && type !== SYNC.step1) {
          if (type === SYNC.step2) this.#introduced = true;
          // Before the step 2 an update may build on others that this session has not brought.
          this.#carried.push(this.#introduced ? client.operations : 0);
        }
        super.send(data);
      }
    } as unknown as typeof WebSocket;
  }
}
