/** An update that no socket brought: the server's own edit on behalf of a user, e.g. a restore. It goes the way of every other (R1). */
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';

/** Whoever brings updates into a room, and hears when they are committed and durable: a session, or a write. */
export interface Author {
  readonly user: { readonly id: string };
  /** Version of the schema that it writes with; null: it names none (R7). */
  readonly schema: number | null;
  /** W4: messages with an update received; of these committed. `uncommitted` wait for the next commit. */
  received: number;
  committed: number;
  uncommitted: number;
  /** Something was left for a later message to bring: nothing received since is acknowledged before that. */
  held: boolean;
  /** The first `count` messages survive a power cut. */
  acknowledge(count: number): void;
  /** What it brought may be lost. */
  close(code: ErrorCode): void;
}

export class Write implements Author {
  readonly user: { readonly id: string };
  readonly schema = SCHEMA_VERSION;
  received = 1;
  committed = 0;
  uncommitted = 0;
  held = false;
  /** The update's number in the log, once it is committed. */
  seq = 0;
  readonly #durable = Promise.withResolvers<number>();

  constructor(userId: string) {
    this.user = { id: userId };
  }

  /** Resolves with `seq` when the update is on the disk; rejects when it may not be. */
  get durable(): Promise<number> {
    return this.#durable.promise;
  }

  acknowledge(): void {
    this.#durable.resolve(this.seq);
  }

  close(code: ErrorCode): void {
    this.#durable.reject(new CommonplanError(code));
  }
}
