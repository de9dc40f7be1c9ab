/** What a room holds of its plan: base, tail and state vector, and what a client lacks of them. Bytes, no Y.Doc: nothing is applied here. */
import * as Y from 'yjs';
import { SYNC } from '../../shared/protocol.ts';
import type { Base, LoadedPlan } from '../store/update-log.ts';
import { type Change, readChange, type StateVector } from './change.ts';
import { addDeletes, type DeleteSet, encodeDeletes } from './delete-set.ts';
import { EMPTY_STEP_2, syncFrame } from './frames.ts';
import { mergeTree, Tail } from './tail.ts';

export class PlanBytes {
  /** What all received updates add up to, committed or not: a failed commit drops the whole room. */
  readonly vector: StateVector;
  /** Number of the last update that is in the tail. */
  headSeq: number;
  readonly #tail = new Tail();
  #base: { seq: number; bytes: number; frame: Buffer; vector: StateVector; deleteSet: Uint8Array };
  /** Received, not yet in the tail. */
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Everything deleted so far, when somebody has asked since the last compaction. */
  #deletes: DeleteSet | null = null;

  constructor({ base, tail }: Pick<LoadedPlan, 'base' | 'tail'>) {
    this.#base = withFrame(base);
    this.vector = new Map(this.#base.vector);
    this.headSeq = base.seq;
    for (const { update } of tail) {
      this.receive(update, readChange(update, this.vector));
      this.append([update], false);
    }
  }

  /** Bytes of base and tail. */
  get bytes(): number {
    return this.#base.bytes + this.#tail.bytes;
  }

  get baseBytes(): number {
    return this.#base.bytes;
  }

  get tailBytes(): number {
    return this.#tail.bytes;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  get tailUpdates(): number {
    return this.#tail.count;
  }

  /** An update has been accepted: from here on others may build on it. It waits for its commit. */
  receive(update: Uint8Array, { inserts, deletes }: Change): void {
    for (const [clientId, clock] of inserts) this.vector.set(clientId, clock);
    if (this.#deletes) addDeletes(this.#deletes, deletes);
    this.#waiting.push(update);
    this.#waitingBytes += update.length;
  }

  /** The log has `updates`, the first that were waiting. Answers their frames as one piece; `merged` makes one frame of them. */
  append(updates: readonly Uint8Array[], merged: boolean): Buffer {
    for (const { length } of this.#waiting.splice(0, updates.length)) this.#waitingBytes -= length;
    if (merged && updates.length > 1) {
      this.headSeq += updates.length;
      return this.#tail.append(mergeTree(updates), this.headSeq, updates.length);
    }
    for (const update of updates) this.#tail.append(update, ++this.headSeq, 1);
    return this.#tail.last(updates.length);
  }

  /** A compaction has put `base` in the place of the log up to its seq. */
  rebase(base: Base): void {
    const merged = base.seq - this.#base.seq;
    this.#base = withFrame(base);
    this.#deletes = null;
    this.#tail.trim(base.seq, merged);
  }

  /** Everything after `seq`, and perhaps some before it. */
  since(seq: number): Buffer[] {
    return seq >= this.#base.seq ? [this.#tail.after(seq)] : [this.#base.frame, this.#tail.after(this.#base.seq)];
  }

  /** What somebody lacks who has what the state vector `client` says, complete with a step 2. */
  lacking(client: StateVector): Buffer[] {
    const base = this.#base;
    if (!includes(client, base.vector)) return [base.frame, this.#tail.after(base.seq), EMPTY_STEP_2];
    // It has all text, but a state vector does not show deletions.
    if (this.#waiting.length === 0 && includes(client, this.vector)) {
      return [syncFrame(SYNC.step2, encodeDeletes(this.allDeletes()))];
    }
    return [syncFrame(SYNC.update, base.deleteSet), this.#tail.after(base.seq), EMPTY_STEP_2];
  }

  /** Everything deleted in what was received. */
  allDeletes(): DeleteSet {
    if (!this.#deletes) {
      const all = [this.#base.deleteSet, ...this.#tail.updates(), ...this.#waiting];
      this.#deletes = Y.mergeDeleteSets(all.map((update) => Y.decodeUpdate(update).ds));
    }
    return this.#deletes;
  }
}

function withFrame({ seq, state, stateVector, deleteSet }: Base) {
  const frame = syncFrame(SYNC.update, state);
  return { seq, bytes: state.length, frame, vector: Y.decodeStateVector(stateVector), deleteSet };
}

/** Whether `vector` knows everything that `part` knows. */
function includes(vector: StateVector, part: StateVector): boolean {
  if (vector.size < part.size) return false;
  for (const [client, clock] of part) if ((vector.get(client) ?? 0) < clock) return false;
  return true;
}
