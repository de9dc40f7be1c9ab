/** The ledger behind the save state: which local edits the server has called durable, and what may therefore be said about the text. */

/**
 * saved: the server has put everything on disk. saving: it was sent less than ten seconds ago and the connection stands.
 * kept: not saved, but this device holds a copy. unsaved: only this window has it.
 */
export type SaveState = 'saved' | 'saving' | 'kept' | 'unsaved';

/** Without confirmation for this long (ms), an edit is called not saved (notes on reliability, 2.2, sentence 2). */
export const CONFIRM_WITHIN = 10_000;

interface Edit {
  readonly number: number;
  /** When it was made, in milliseconds of any steady clock. */
  readonly at: number;
}

/**
 * Counts edits from 1. Each message that carries updates covers all edits made before it was sent, because the first one of a
 * session is the step 2 that carries whatever the server lacks. An `ack n` (W4) makes the coverage of message n durable.
 * Nothing is believed of a session that has ended: its acks may have been lost, so the next step 2 has to be acknowledged.
 */
export class SaveLedger {
  #edits = 0;
  #saved = 0;
  #kept = 0;
  #unsaved: Edit[] = [];
  /** For each message sent in this session, the number of the last edit it covers. Null while there is no session. */
  #coverage: number[] | null = null;

  /** Notes a local edit and returns its number. */
  edit(now: number): number {
    this.#edits += 1;
    this.#unsaved.push({ number: this.#edits, at: now });
    return this.#edits;
  }

  /** A session begins: counts start at 0 (W4). */
  open(): void {
    this.#coverage = [];
  }

  close(): void {
    this.#coverage = null;
  }

  /** A message carrying updates went out: a step 2 or an update. */
  sent(): void {
    this.#coverage?.push(this.#edits);
  }

  /** The server says that the first `count` such messages of this session are durable. */
  acked(count: number): void {
    const covered = this.#coverage?.[Math.min(count, this.#coverage.length) - 1] ?? 0;
    if (covered <= this.#saved) return;
    this.#saved = covered;
    this.#unsaved = this.#unsaved.filter(({ number }) => number > covered);
  }

  /** This device holds a copy of every edit up to this number. */
  kept(edit: number): void {
    this.#kept = Math.max(this.#kept, edit);
  }

  /** The copies on this device cannot be relied on any more. */
  keptNothing(): void {
    this.#kept = 0;
  }

  /** Number of the last edit that is durable on the server. */
  get saved(): number {
    return this.#saved;
  }

  /** When the oldest edit that is not durable was made; null when all are. */
  get oldest(): number | null {
    return this.#unsaved[0]?.at ?? null;
  }

  state(now: number): SaveState {
    const oldest = this.oldest;
    if (oldest === null) return 'saved';
    if (this.#coverage && now - oldest < CONFIRM_WITHIN) return 'saving';
    return this.#kept >= this.#edits ? 'kept' : 'unsaved';
  }
}
