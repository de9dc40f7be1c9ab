/** A plan that is open in this process: base, tail, state vector and sessions. Bytes, no Y.Doc: nothing is applied here. */
import * as Y from 'yjs';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import { type Notice, SYNC } from '../../shared/protocol.ts';
import { may } from '../../shared/roles.ts';
import type { LoggedUpdate } from '../store/packed-row.ts';
import type { Append, Base, LoadedPlan } from '../store/update-log.ts';
import { type Change, ownPart, readChange } from './change.ts';
import { colorAmong } from './colors.ts';
import { covers } from './delete-set.ts';
import { type DrasticKind, drasticKind } from './drastic.ts';
import { helloFrame, syncFrame } from './frames.ts';
import type { Limits } from './limits.ts';
import { PlanBytes } from './plan-bytes.ts';
import { Presence } from './presence.ts';
import type { Session } from './session.ts';
import { type Author, Write } from './write.ts';

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
  /** The log has grown to `seq`. */
  changed(room: Room, seq: number): void;
  /** Whether there is room on the disk for a change (W12). */
  isWritable(): boolean;
  /** What came after the update `before` changes very much at once. */
  drastic(room: Room, kind: DrasticKind, before: number): void;
}

interface Pending extends LoggedUpdate {
  readonly author: Author;
  readonly drastic: DrasticKind | null;
}

/** Sessions from which the updates of one flush are merged; below it several small frames in one write are cheaper. */
const MERGE_SESSIONS = 12;

const authorOf = ({ author }: Pending): Author => author;

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
  /** Compactions wait for so many snapshots of states that they would take away. */
  holds = 0;
  readonly #host: RoomHost;
  readonly #limits: Limits;
  readonly #owners: Map<number, string>;
  readonly #bytes: PlanBytes;
  #schemaVersion: number;
  #pending: Pending[] = [];
  /** Being committed right now. */
  #inFlight: readonly Pending[] = [];
  #claims = new Map<number, string>();
  #raisedSchema: number | null = null;
  #warned = false;

  constructor(planId: string, plan: LoadedPlan, limits: Limits, host: RoomHost) {
    this.planId = planId;
    this.generation = plan.generation;
    this.#schemaVersion = plan.schemaVersion;
    this.#limits = limits;
    this.#host = host;
    this.#owners = new Map(plan.owners);
    this.#bytes = new PlanBytes(plan);
    this.presence = new Presence(limits.presenceBytes, (clientId, userId) => this.#isForeign(clientId, userId));
  }

  /** Bytes of base and tail. */
  get size(): number {
    return this.#bytes.bytes;
  }

  get headSeq(): number {
    return this.#bytes.headSeq;
  }

  get tailUpdates(): number {
    return this.#bytes.tailUpdates;
  }

  get needsCompaction(): boolean {
    const { tailUpdates, tailBytes } = this.#limits;
    const { tailUpdates: updates, tailBytes: bytes, baseBytes } = this.#bytes;
    return updates > tailUpdates || bytes > Math.max(tailBytes, baseBytes / 2);
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
    // Before the step 1: the client answers that with what it has to say.
    if (!this.#host.isWritable()) session.notify({ type: 'storage', writable: false });
    session.write(syncFrame(SYNC.step1, Y.encodeStateVector(this.#bytes.vector)));
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
    session.sync(this.#bytes.lacking(Y.decodeStateVector(stateVector)));
  }

  /** For a session that was left out from `seq` on. */
  since(seq: number): Buffer[] {
    return this.#bytes.since(seq);
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
    if (!this.#host.isWritable()) throw new CommonplanError('disk-full');
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
    const { vector } = this.#bytes;
    const drastic = drasticKind(change, vector, () => this.#bytes.allDeletes(), type === SYNC.step2);
    this.#accept(session, update, change, drastic);
  }

  /** Takes an update that no socket brought. Resolves with its number in the log when it is durable; throws to refuse it, as `receive` does. */
  write(userId: string, update: Uint8Array): Promise<number> {
    const change = this.#read(update);
    if (!this.#host.isWritable()) throw new CommonplanError('disk-full');
    const write = new Write(userId);
    if (this.#hasForeign(change, write)) throw new CommonplanError('foreign-author');
    if (!change.complete) throw new CommonplanError('missing-context');
    this.#checkSize(change, update.length);
    this.#accept(write, update, change);
    return write.durable;
  }

  /** The room is dropped: whoever waits for a commit waits in vain. */
  abandon(code: ErrorCode): void {
    for (const author of [...this.sessions, ...this.#inFlight.map(authorOf), ...this.#pending.map(authorOf)])
      author.close(code);
  }

  /** Takes what waits to be committed; `committed` or the room's end must follow. Null: nothing waits. */
  takePending(): Append | null {
    if (this.#pending.length === 0) return null;
    const pending = this.#pending;
    const append: Append = {
      planId: this.planId,
      firstSeq: this.#bytes.headSeq + 1,
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
  committed(): Set<Author> {
    const pending = this.#inFlight;
    const previousSeq = this.#bytes.headSeq;
    const updates = pending.map(({ update }) => update);
    const frames = this.#bytes.append(updates, this.sessions.size > MERGE_SESSIONS);
    const first = pending[0]!.author;
    const sole = pending.every(({ author }) => author === first) ? first : null;
    for (const session of this.sessions) if (session !== sole) session.broadcast(frames, previousSeq);
    const authors = new Set<Author>();
    for (const [index, { author, drastic }] of pending.entries()) {
      if (drastic) this.#host.drastic(this, drastic, previousSeq + index);
      author.uncommitted--;
      if (!author.held) author.committed++;
      if (author instanceof Write) author.seq = previousSeq + index + 1;
      authors.add(author);
    }
    for (const author of authors) {
      // Messages that changed nothing may have come in between; they are as safe as what they came after.
      if (author.uncommitted === 0 && !author.held) author.committed = author.received;
    }
    if (!this.#warned && this.size > this.#limits.planWarnBytes) {
      this.#warned = true;
      this.notify(this.#sizeNotice());
    }
    const now = Date.now();
    if (this.digestDue === 0) this.#undigestedSince = now;
    this.digestDue = Math.min(now + this.#limits.digestDelay, this.#undigestedSince + this.#limits.digestInterval);
    this.#host.changed(this, this.#bytes.headSeq);
    if (this.needsCompaction) this.#host.compactSoon(this);
    // Last: should anything above throw, those who wait are told by `abandon`.
    this.#inFlight = [];
    return authors;
  }

  /** A compaction has put `base` in the place of the log up to its seq. */
  rebase(base: Base): void {
    this.#bytes.rebase(base);
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
      return readChange(update, this.#bytes.vector);
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
    return (type === SYNC.step2 || !writes) && covers(this.#bytes.allDeletes(), deletes);
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
  #hasForeign({ inserts }: Change, { user }: Author): boolean {
    for (const clientId of inserts.keys()) if (this.#isForeign(clientId, user.id)) return true;
    return false;
  }

  /**
   * After a power cut two people may each have text of the other's that the server lost. Were both refused for it, neither could ever
   * bring their own; so what is theirs and stands without the rest is taken before they are sent away to try again.
   */
  #acceptOwnPart(session: Session, update: Uint8Array): void {
    const part = ownPart(update, this.#bytes.vector, (clientId) => !this.#isForeign(clientId, session.user.id));
    if (part) this.#accept(session, part, readChange(part, this.#bytes.vector));
  }

  #accept(author: Author, update: Uint8Array, change: Change, drastic: DrasticKind | null = null): void {
    this.#claim(change, author.user.id);
    this.#raiseSchema(author);
    this.#bytes.receive(update, change);
    author.uncommitted++;
    this.#pending.push({ author, userId: author.user.id, time: Date.now(), update, drastic });
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
    const size = this.size + this.#bytes.waitingBytes + bytes;
    if (inserts.size === 0 || size <= planBytes) return;
    if (this.tailUpdates > 0) this.#host.compactSoon(this);
    // A tail takes more room than what a compaction makes of it.
    if (this.#bytes.baseBytes > planBytes || size > planBytes * 1.25) throw new CommonplanError('plan-too-large');
  }

  /** R7: whoever writes with a newer schema shuts older editors out. */
  #raiseSchema({ schema }: Author): void {
    if (schema === null || schema <= this.#schemaVersion) return;
    this.#schemaVersion = schema;
    this.#raisedSchema = schema;
    for (const other of this.sessions) {
      if (other.schema !== null && other.schema < schema) other.close('page-too-old');
    }
  }

  #sizeNotice(): Notice {
    return { type: 'size', bytes: this.size, limit: this.#limits.planBytes };
  }
}
