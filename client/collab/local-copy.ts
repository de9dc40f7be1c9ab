/** Keeps updates that the server has not confirmed in this browser's IndexedDB, so that they outlive the window. */
import * as Y from 'yjs';
import { openUnsavedStore, UNSAVED } from './unsaved-store.ts';

/** Whose unconfirmed updates, of which plan, belonging to which history of it (R6). */
export interface CopyScope {
  readonly planId: string;
  readonly userId: string;
  readonly generation: string;
}

interface StoredUpdate extends CopyScope {
  readonly update: Uint8Array;
}

export class LocalCopy {
  /** What an earlier window left behind and the server may lack: merged into one update, null when there was nothing. */
  readonly restored: Uint8Array | null;
  /** The same for other histories of the plan: these can never be merged, only read (R6). */
  readonly foreign: readonly Uint8Array[];
  readonly #scope: CopyScope;
  readonly #database: IDBDatabase;
  readonly #onKept: (edit: number | null) => void;
  /** Database keys by edit number, for those that are on the device. */
  #keys: { edit: number; key: IDBValidKey }[] = [];
  #waiting: { edit: number; update: Uint8Array }[] = [];
  #writing = false;
  #earlierKeys: IDBValidKey[];
  readonly #foreignKeys: IDBValidKey[];

  private constructor(
    scope: CopyScope,
    database: IDBDatabase,
    found: { key: IDBValidKey; value: StoredUpdate }[],
    onKept: (edit: number | null) => void,
  ) {
    const mine = found.filter(({ value }) => value.generation === scope.generation);
    const others = found.filter(({ value }) => value.generation !== scope.generation);
    this.#scope = scope;
    this.#database = database;
    this.#onKept = onKept;
    this.#earlierKeys = mine.map(({ key }) => key);
    this.#foreignKeys = others.map(({ key }) => key);
    this.restored = mine.length > 0 ? Y.mergeUpdates(mine.map(({ value }) => value.update)) : null;
    this.foreign = others.map(({ value }) => value.update);
  }

  /**
   * `onKept` hears the number of the last edit whose transaction has completed, and null when the device refused to store
   * (private window, quota). Rejects where there is no IndexedDB.
   */
  static async open(scope: CopyScope, onKept: (edit: number | null) => void): Promise<LocalCopy> {
    const database = await openUnsavedStore();
    const found: { key: IDBValidKey; value: StoredUpdate }[] = [];
    const store = database.transaction(UNSAVED).objectStore(UNSAVED);
    await new Promise<void>((resolve, reject) => {
      const walk = store.index('plan').openCursor([scope.userId, scope.planId]);
      walk.onerror = () => reject(walk.error);
      walk.onsuccess = () => {
        const cursor = walk.result;
        if (!cursor) return resolve();
        found.push({ key: cursor.primaryKey, value: cursor.value as StoredUpdate });
        cursor.continue();
      };
    });
    return new LocalCopy(scope, database, found, onKept);
  }

  /** Stores the update. Updates that arrive while a transaction runs share the next one. */
  keep(edit: number, update: Uint8Array): void {
    this.#waiting.push({ edit, update });
    if (!this.#writing) this.#write();
  }

  /** Removes what the server has confirmed: every edit up to this number. */
  forget(edit: number): void {
    const keys = this.#keys.filter((kept) => kept.edit <= edit).map(({ key }) => key);
    this.#keys = this.#keys.filter((kept) => kept.edit > edit);
    this.#waiting = this.#waiting.filter((waiting) => waiting.edit > edit);
    this.#remove(keys);
  }

  /** Removes what `restored` was made of, once the server has it. */
  forgetRestored(): void {
    this.#remove(this.#earlierKeys);
    this.#earlierKeys = [];
  }

  /** Removes what belongs to other histories, once the person has taken it or does not want it. */
  forgetForeign(): void {
    this.#remove(this.#foreignKeys);
  }

  close(): void {
    this.#database.close();
  }

  #write(): void {
    const batch = this.#waiting.splice(0);
    if (batch.length === 0) return;
    this.#writing = true;
    const done = (kept: number | null): void => {
      this.#writing = false;
      this.#onKept(kept);
      if (kept !== null) this.#write();
    };
    try {
      const transaction = this.#database.transaction(UNSAVED, 'readwrite');
      const store = transaction.objectStore(UNSAVED);
      for (const { edit, update } of batch) {
        const request = store.add({ ...this.#scope, update } satisfies StoredUpdate);
        request.onsuccess = () => this.#keys.push({ edit, key: request.result });
      }
      transaction.oncomplete = () => done(batch.at(-1)?.edit ?? null);
      transaction.onabort = () => done(null);
    } catch (error) {
      // The database was closed under us (storage cleared, version change): the copy is gone, and that is what is told.
      if (!(error instanceof DOMException)) throw error;
      done(null);
    }
  }

  #remove(keys: readonly IDBValidKey[]): void {
    if (keys.length === 0) return;
    try {
      const store = this.#database.transaction(UNSAVED, 'readwrite').objectStore(UNSAVED);
      for (const key of keys) store.delete(key);
    } catch (error) {
      // A confirmed update that stays behind is applied once more at the next visit, which changes nothing.
      if (!(error instanceof DOMException)) throw error;
    }
  }
}
