/** A plan that is open in this process: base, tail, state vector and sessions. Bytes, no Y.Doc: nothing is applied here. */
import * as Y from 'yjs';
import { CommonplanError } from '../../shared/errors.ts';
import { type Notice, SYNC } from '../../shared/protocol.ts';
import { may } from '../../shared/roles.ts';
import type { LoggedUpdate } from '../store/packed-row.ts';
import type { Append, Base, LoadedPlan } from '../store/update-log.ts';
import { type Change, covers, type DeleteSet, encodeDeletes, ownPart, readChange, type StateVector } from './change.ts';
import { colorAmong } from './colors.ts';
import { EMPTY_STEP_2, helloFrame, syncFrame } from './frames.ts';
import type { Limits } from './limits.ts';
import { Presence } from './presence.ts';
import type { Session } from './session.ts';
import { mergeTree, Tail } from './tail.ts';

/** What a room needs of those who run it. */
export interface RoomHost {
  /** The room has pending updates: commit them soon. */
  commitSoon(room: Room): void;
  /** There is presence to send. */
  tellSoon(room: Room): void;
  /** The session's count of committed messages rose without a commit of its own: acknowledge after the next sync. */
  acknowledgeSoon(session: Session): void;
  /** The room's tail has grown: it may be time to compact. */
  compactSoon(room: Room): void;
}

interface Pending extends LoggedUpdate {
  readonly session: Session;
}

/** Sessions from which the updates of one flush are merged; below it several small frames in one write are cheaper. */
const MERGE_SESSIONS = 12;

export class Room {
  readonly planId: string;
  readonly generation: string;
  readonly sessions = new Set<Session>();
  readonly presence: Presence;
  /** When the last session left; 0 while there are any. */
  emptySince = Date.now();
  /** When the plan's digest is to be read anew; 0: it is up to date. */
  digestDue = 0;
  #undigestedSince = 0;
  compacting = false;
  readonly #host: RoomHost;
  readonly #limits: Limits;
  readonly #owners: Map<number, string>;
  /** What all received updates add up to, committed or not: a failed commit drops the whole room. */
  readonly #vector: StateVector;
  readonly #tail = new Tail();
  #schemaVersion: number;
  #base!: { seq: number; bytes: number; frame: Buffer; vector: StateVector; deleteSet: Uint8Array };
  #headSeq: number;
  #pending: Pending[] = [];
  /** Being committed right now. */
  #inFlight: readonly Pending[] = [];
  /** Of both. */
  #waitingBytes = 0;
  #claims = new Map<number, string>();
  #raisedSchema: number | null = null;
  /** Everything deleted so far, when somebody has asked; what came since waits beside it. */
  #deletes: DeleteSet | null = null;
  #newDeletes: DeleteSet[] = [];
  #warned = false;

  constructor(planId: string, plan: LoadedPlan, limits: Limits, host: RoomHost) {
    this.planId = planId;
    this.generation = plan.generation;
    this.#schemaVersion = plan.schemaVersion;
    this.#limits = limits;
    this.#host = host;
    this.#owners = new Map(plan.owners);
    this.#setBase(plan.base);
    this.#vector = new Map(this.#base.vector);
    this.#headSeq = plan.base.seq;
    for (const { update } of plan.tail) {
      const { inserts, deletes } = readChange(update, this.#vector);
      this.#advance(inserts, deletes);
      this.#tail.append(update, ++this.#headSeq, 1);
    }
    this.presence = new Presence(limits.presenceBytes, (clientId, userId) => this.#isForeign(clientId, userId));
  }

  /** Bytes of base and tail. */
  get size(): number {
    return this.#base.bytes + this.#tail.bytes;
  }

  get tailUpdates(): number {
    return this.#tail.count;
  }

  get needsCompaction(): boolean {
    const { tailUpdates, tailBytes } = this.#limits;
    return this.#tail.count > tailUpdates || this.#tail.bytes > Math.max(tailBytes, this.#base.bytes / 2);
  }

  get hasPending(): boolean {
    return this.#pending.length + this.#inFlight.length > 0;
  }

  /** Hello (W2) and the server's step 1 (W3); what the client lacks follows when its own step 1 has come. */
  join(session: Session): void {
    const full = this.sessions.size >= this.#limits.sessionsPerRoom;
    if (full || (session.schema !== null && session.schema < this.#schemaVersion)) {
      session.close(full ? 'room-full' : 'page-too-old');
      return;
    }
    session.user = { ...session.user, color: colorAmong(session.user, this.sessions) };
    this.sessions.add(session);
    this.emptySince = 0;
    session.join(this);
    if (session.schema !== null) {
      const { generation } = this;
      session.write(helloFrame({ generation, schema: this.#schemaVersion, role: session.role, user: session.user }));
    }
    session.write(syncFrame(SYNC.step1, Y.encodeStateVector(this.#vector)));
    const present = this.presence.all();
    if (present) session.write(present);
    if (this.size > this.#limits.planWarnBytes) session.notify(this.#sizeNotice());
  }

  leave(session: Session): void {
    if (!this.sessions.delete(session)) return;
    if (this.presence.remove(session)) this.#host.tellSoon(this);
    if (this.sessions.size === 0) this.emptySince = Date.now();
  }

  /** Step 1: sends what the client lacks, complete with the step 2 that makes it fire `synced`. */
  answer(session: Session, stateVector: Uint8Array): void {
    const client = Y.decodeStateVector(stateVector);
    session.sync(this.#lacking(client));
  }

  /** For a session that was left out from `seq` on. */
  since(seq: number): Buffer[] {
    return seq >= this.#base.seq ? [this.#tail.after(seq)] : [this.#base.frame, this.#tail.after(this.#base.seq)];
  }

  /** Step 2 or an update: decides about it whole (W5-W7) and lays it ready for the next commit. Throws CommonplanError to refuse. */
  receive(session: Session, update: Uint8Array, type: 1 | 2): void {
    const change = this.#read(update);
    session.received++;
    if (type === SYNC.step2) {
      session.introduced = true;
      session.held = false;
    }
    if (this.#changesNothing(session, change, type)) {
      this.#acceptNothing(session);
      return;
    }
    if (!may(session.role, 'write')) throw new CommonplanError('read-only');
    if (this.#hasForeign(change, session)) {
      if (type === SYNC.step2) this.#acceptOwnPart(session, update);
      throw new CommonplanError('foreign-author');
    }
    if (!change.complete) {
      if (session.introduced) throw new CommonplanError('missing-context');
      // Typed after the socket opened and before our step 1 arrived: the step 2 that answers it has this and what it builds on.
      session.held = true;
      return;
    }
    this.#checkSize(change, update.length);
    this.#accept(session, update, change);
  }

  /** Takes what waits to be committed; `committed` or the room's end must follow. Null: nothing waits. */
  takePending(): Append | null {
    if (this.#pending.length === 0) return null;
    const pending = this.#pending;
    const append: Append = {
      planId: this.planId,
      firstSeq: this.#headSeq + 1,
      updates: pending,
      claims: this.#claims,
      schemaVersion: this.#raisedSchema,
    };
    this.#inFlight = pending;
    this.#pending = [];
    this.#claims = new Map();
    this.#raisedSchema = null;
    return append;
  }

  /** R1: the log has what was taken, so everybody may see it. Answers who wrote it: they wait for their acknowledgement. */
  committed(): Set<Session> {
    const pending = this.#inFlight;
    const previousSeq = this.#headSeq;
    this.#inFlight = [];
    this.#headSeq += pending.length;
    const frames = this.#appendToTail(pending, previousSeq);
    const author = pending[0]!.session;
    const sole = pending.every(({ session }) => session === author) ? author : null;
    for (const session of this.sessions) if (session !== sole) session.broadcast(frames, previousSeq);
    const authors = new Set<Session>();
    for (const { session, update } of pending) {
      this.#waitingBytes -= update.length;
      session.uncommitted--;
      if (!session.held) session.committed++;
      authors.add(session);
    }
    for (const session of authors) {
      // Messages that changed nothing may have come in between; they are as safe as what they came after.
      if (session.uncommitted === 0 && !session.held) session.committed = session.received;
    }
    if (!this.#warned && this.size > this.#limits.planWarnBytes) {
      this.#warned = true;
      this.notify(this.#sizeNotice());
    }
    const now = Date.now();
    if (this.digestDue === 0) this.#undigestedSince = now;
    this.digestDue = Math.min(now + this.#limits.digestDelay, this.#undigestedSince + this.#limits.digestInterval);
    if (this.needsCompaction) this.#host.compactSoon(this);
    return authors;
  }

  /** A compaction has put `base` in the place of the log up to its seq. */
  rebase(base: Base): void {
    const merged = base.seq - this.#base.seq;
    this.#setBase(base);
    this.#tail.trim(base.seq, merged);
    this.#warned = this.size > this.#limits.planWarnBytes;
  }

  /** Throws on bytes that are no awareness update. */
  receivePresence(session: Session, awarenessUpdate: Uint8Array): void {
    if (this.presence.receive(session, awarenessUpdate)) this.#host.tellSoon(this);
  }

  answerPresence(session: Session): void {
    const present = this.presence.all();
    if (present) session.tell(present);
  }

  /** An account has another name now. Answers whether there is presence to send. */
  renamed(userId: string): boolean {
    let news = false;
    for (const session of this.sessions) if (session.user.id === userId && this.presence.rename(session)) news = true;
    return news;
  }

  notify(notice: Notice): void {
    for (const session of this.sessions) session.notify(notice);
  }

  /** What one account wrote with is another's now: a guest signed up. */
  replaceUser(fromUserId: string, toUserId: string): void {
    for (const [clientId, userId] of this.#owners) if (userId === fromUserId) this.#owners.set(clientId, toUserId);
  }

  #read(update: Uint8Array): Change {
    try {
      return readChange(update, this.#vector);
    } catch (cause) {
      throw new CommonplanError('invalid-update', undefined, { cause });
    }
  }

  /**
   * A step 2 repeats all that its client knows to be deleted, so its deletions count only where they are new. A reader's may have what
   * others wrote and a power cut took back: their own clients will bring it, the reader is none the worse.
   */
  #changesNothing(session: Session, change: Change, type: 1 | 2): boolean {
    const writes = may(session.role, 'write');
    const { inserts, deletes } = change;
    if (inserts.size > 0) {
      return type === SYNC.step2 && !writes && [...inserts.keys()].every((id) => this.#isForeign(id, session.user.id));
    }
    if (deletes.clients.size === 0) return true;
    return (type === SYNC.step2 || !writes) && covers(this.#allDeletes(), deletes);
  }

  #acceptNothing(session: Session): void {
    if (session.uncommitted > 0 || session.held) return;
    const synced = session.acknowledged === session.committed;
    session.committed = session.received;
    if (synced) session.acknowledge(session.received);
    else this.#host.acknowledgeSoon(session);
  }

  #isForeign(clientId: number, userId: string): boolean {
    const owner = this.#owners.get(clientId);
    return owner !== undefined && owner !== userId;
  }

  /** W6. */
  #hasForeign({ inserts }: Change, { user }: Session): boolean {
    for (const clientId of inserts.keys()) if (this.#isForeign(clientId, user.id)) return true;
    return false;
  }

  /**
   * After a power cut two people may each have text of the other's that the server lost. Were both refused for it, neither could ever
   * bring their own; so what is theirs and stands without the rest is taken before they are sent away to try again.
   */
  #acceptOwnPart(session: Session, update: Uint8Array): void {
    const part = ownPart(update, this.#vector, (clientId) => !this.#isForeign(clientId, session.user.id));
    if (part) this.#accept(session, part, readChange(part, this.#vector));
  }

  #accept(session: Session, update: Uint8Array, change: Change): void {
    this.#claim(change, session.user.id);
    this.#raiseSchema(session);
    this.#advance(change.inserts, change.deletes);
    session.uncommitted++;
    this.#pending.push({ session, userId: session.user.id, time: Date.now(), update });
    this.#waitingBytes += update.length;
    this.#host.commitSoon(this);
  }

  #claim({ inserts }: Change, userId: string): void {
    for (const clientId of inserts.keys()) {
      if (this.#owners.has(clientId)) continue;
      this.#owners.set(clientId, userId);
      this.#claims.set(clientId, userId);
    }
  }

  /** Deleting is always possible: it is how a plan gets smaller again, after its next compaction. */
  #checkSize({ inserts }: Change, bytes: number): void {
    const { planBytes } = this.#limits;
    const size = this.size + this.#waitingBytes + bytes;
    if (inserts.size === 0 || size <= planBytes) return;
    if (this.#tail.count > 0) this.#host.compactSoon(this);
    // A tail takes more room than what a compaction makes of it.
    if (this.#base.bytes > planBytes || size > planBytes * 1.25) throw new CommonplanError('plan-too-large');
  }

  /** R7: whoever writes with a newer schema shuts older editors out. */
  #raiseSchema(session: Session): void {
    const { schema } = session;
    if (schema === null || schema <= this.#schemaVersion) return;
    this.#schemaVersion = schema;
    this.#raisedSchema = schema;
    for (const other of this.sessions) {
      if (other.schema !== null && other.schema < schema) other.close('page-too-old');
    }
  }

  #advance(inserts: ReadonlyMap<number, number>, deletes: DeleteSet): void {
    for (const [clientId, clock] of inserts) this.#vector.set(clientId, clock);
    if (this.#deletes && deletes.clients.size > 0) this.#newDeletes.push(deletes);
  }

  #appendToTail(pending: readonly Pending[], previousSeq: number): Buffer {
    const updates = pending.map(({ update }) => update);
    if (updates.length > 1 && this.sessions.size > MERGE_SESSIONS) {
      return this.#tail.append(mergeTree(updates), this.#headSeq, updates.length);
    }
    updates.forEach((update, index) => {
      this.#tail.append(update, previousSeq + index + 1, 1);
    });
    return this.#tail.last(updates.length);
  }

  #lacking(client: StateVector): Buffer[] {
    const base = this.#base;
    if (!includes(client, base.vector)) return [base.frame, this.#tail.after(base.seq), EMPTY_STEP_2];
    // It has all text, but a state vector does not show deletions.
    if (!this.hasPending && includes(client, this.#vector)) {
      return [syncFrame(SYNC.step2, encodeDeletes(this.#allDeletes()))];
    }
    return [syncFrame(SYNC.update, base.deleteSet), this.#tail.after(base.seq), EMPTY_STEP_2];
  }

  #allDeletes(): DeleteSet {
    if (!this.#deletes) {
      const waiting = [...this.#inFlight, ...this.#pending].map(({ update }) => update);
      const all = [this.#base.deleteSet, ...this.#tail.updates(), ...waiting];
      this.#deletes = Y.mergeDeleteSets(all.map((update) => Y.decodeUpdate(update).ds));
    } else if (this.#newDeletes.length > 0) {
      this.#deletes = Y.mergeDeleteSets([this.#deletes, ...this.#newDeletes]);
    }
    this.#newDeletes = [];
    return this.#deletes;
  }

  #setBase({ seq, state, stateVector, deleteSet }: Base): void {
    const frame = syncFrame(SYNC.update, state);
    this.#base = { seq, bytes: state.length, frame, vector: Y.decodeStateVector(stateVector), deleteSet };
  }

  #sizeNotice(): Notice {
    return { type: 'size', bytes: this.size, limit: this.#limits.planBytes };
  }
}

/** Whether `vector` knows everything that `part` knows. */
function includes(vector: StateVector, part: StateVector): boolean {
  if (vector.size < part.size) return false;
  for (const [client, clock] of part) if ((vector.get(client) ?? 0) < clock) return false;
  return true;
}
