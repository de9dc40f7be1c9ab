/** All open rooms: lets sockets in, opens and unloads rooms, and looks after everything that is due from time to time. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import type { Notice } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import type { Documents } from '../documents/documents.ts';
import type { Log } from '../log.ts';
import type { Durability } from '../store/durability.ts';
import type { UpdateLog } from '../store/update-log.ts';
import type { DrasticKind } from './drastic.ts';
import { SIGN_OF_LIFE } from './frames.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { Load } from './load.ts';
import { createPipeline, type PipelineObserver } from './pipeline.ts';
import type { SessionUser } from './presence.ts';
import { Room, type RoomHost } from './room.ts';
import { type Admitted, type OpenSession, Session } from './session.ts';

export interface RoomsOptions {
  readonly updateLog: UpdateLog;
  readonly durability: Durability;
  /** True: nothing is broadcast before it is on the disk. False: before it is committed. */
  readonly strict: boolean;
  readonly documents: Documents;
  readonly log: Log;
  readonly limits?: Partial<Limits>;
  /** False while the disk must not be filled any further. Absent: nobody watches it. */
  readonly hasRoom?: () => boolean;
  /** Who keeps the plans' history. */
  readonly changes?: ChangeListener;
  readonly observer?: PipelineObserver;
}

/** Hears when it may be time for a snapshot. */
export interface ChangeListener {
  /** The log has grown to `seq`. Called for every commit. */
  changed(planId: string, seq: number): void;
  /** The plan's room was let go: nobody has been in it for half a minute. */
  left(planId: string): void;
  /** What came after the update `before` changes very much at once. That state can be read until this resolves; it never rejects. */
  drastic(planId: string, kind: DrasticKind, before: number): Promise<void>;
}

export interface Rooms {
  /** For an upgrade that was authorised: answers what to do with the socket once it is open. */
  admit(planId: string, admitted: Admitted): (socket: WebSocket) => void;
  /**
   * An edit of the server's on behalf of a user who may write. It goes the way of every update (R1, R9, R11); a plan that nobody has open is
   * opened for it. Resolves with its number in the log when it is on the disk; rejects with what a session would be closed with.
   */
  write(planId: string, userId: string, update: Uint8Array): Promise<number>;
  /** For those who look after rights (R10). */
  openSessions(): readonly OpenSession[];
  /** The account's name or colour changed. */
  userChanged(user: SessionUser): void;
  /** A guest became an account: client ids that the guest wrote with are the account's. The guest's sessions come back as the account. */
  replaceUser(fromUserId: string, toUserId: string): Promise<void>;
  notify(planId: string, notice: Notice): void;
  health(): { ok: true } | { ok: false; reason: string };
  /** What is open now, for the log and for tests. */
  counts(): { rooms: number; sessions: number };
  /** Commits, syncs and acknowledges what has come in, closes every session with 1012 and lets go of all rooms, within 8 seconds. */
  stop(): Promise<void>;
}

/** R3. A join of a room that is loading waits for it; a room that has been dropped is not in the map any more, so a join loads it anew. */
type Slot = { state: 'loading'; room: Promise<Room> } | { state: 'live'; room: Room };

/** Milliseconds that sessions get to take their close, of the 10 seconds until the process is ended from outside. */
const CLOSE_TIME = 5_000;
export function createRooms(options: RoomsOptions): Rooms {
  const { updateLog, durability, strict, documents, log, changes, observer } = options;
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const slots = new Map<string, Slot>();
  const sessions = new Set<Session>();
  const sessionsOfUser = new Map<string, number>();
  const load = new Load();
  let stopping = false;
  const pipeline = createPipeline({ updateLog, durability, strict, limits, load, log, observer, drop, dropAll });

  function drop(room: Room, code: ErrorCode): void {
    pipeline.forgetRoom(room);
    const slot = slots.get(room.planId);
    if (slot?.state === 'live' && slot.room === room) slots.delete(room.planId);
    room.abandon(code);
  }

  function dropAll(code: ErrorCode): void {
    for (const slot of [...slots.values()]) if (slot.state === 'live') drop(slot.room, code);
  }

  // ---- room on the disk ----

  let saidWritable = true;

  /** W12. Asked once a second, and whenever it matters. */
  function isWritable(): boolean {
    const writable = pipeline.hasRoom() && (options.hasRoom?.() ?? true);
    if (writable !== saidWritable) {
      saidWritable = writable;
      for (const slot of slots.values()) if (slot.state === 'live') slot.room.notify({ type: 'storage', writable });
    }
    return writable;
  }

  // ---- presence ----

  let tellingRooms = new Set<Room>();

  function tellChanges(): void {
    const rooms = tellingRooms;
    tellingRooms = new Set();
    for (const room of rooms) {
      const changes = room.presence.takeChanges();
      if (!changes) continue;
      for (const session of room.sessions) if (session !== changes.sole) session.tell(changes.frame);
    }
  }

  // ---- rooms ----

  const host: RoomHost = {
    isWritable,
    commitSoon: pipeline.commitSoon,
    acknowledgeSoon: pipeline.acknowledgeSoon,
    tellSoon(room) {
      if (tellingRooms.size === 0) {
        const window = load.window(limits.presenceWindow);
        if (window === 0) setImmediate(tellChanges);
        else setTimeout(tellChanges, window);
      }
      tellingRooms.add(room);
    },
    compactSoon(room) {
      void compact(room);
    },
    changed: (room, seq) => changes?.changed(room.planId, seq),
    drastic(room, kind, before) {
      if (!changes) return;
      room.holds++;
      void changes.drastic(room.planId, kind, before).then(() => {
        room.holds--;
        if (room.needsCompaction) void compact(room);
      });
    },
  };

  async function loadRoom(planId: string): Promise<Room> {
    try {
      const room = await readRoom(planId).catch(async (err: unknown) => {
        if (err instanceof CommonplanError) throw err;
        log.error({ err, planId }, 'a plan could not be loaded');
        // R8: reading its text sets aside what cannot be read. What is still wrong then is damage, and stays as it is.
        await documents.materialise(planId);
        return readRoom(planId);
      });
      slots.set(planId, { state: 'live', room });
      return room;
    } catch (error) {
      slots.delete(planId);
      throw error;
    }
  }

  async function readRoom(planId: string): Promise<Room> {
    const plan = await updateLog.load(planId);
    if (!plan) throw new CommonplanError('not-found');
    if (plan.archived) throw new CommonplanError('archived');
    return new Room(planId, plan, limits, host);
  }

  function openRoom(planId: string): Room | Promise<Room> {
    const slot = slots.get(planId);
    if (slot) return slot.room;
    const room = loadRoom(planId);
    slots.set(planId, { state: 'loading', room });
    return room;
  }

  async function compact(room: Room): Promise<void> {
    if (room.compacting || room.holds > 0 || room.tailUpdates === 0) return;
    room.compacting = true;
    try {
      // Not beyond: of what comes in while it waits for a worker, the state in between may still be asked for.
      room.rebase(await documents.compact(room.planId, room.headSeq));
      room.compacting = false;
      // What came in meanwhile may be as long again, and whoever loads the plan next has to read all of it.
      if (room.needsCompaction) void compact(room);
    } catch (err) {
      // `compacting` stays set for a while: the next try would most likely fail as this one did.
      log.error({ err, planId: room.planId }, 'a plan could not be compacted');
      setTimeout(() => {
        room.compacting = false;
      }, 60_000).unref();
    }
  }

  function digest(room: Room): void {
    room.digestDue = 0;
    documents
      .digest(room.planId)
      .catch((err: unknown) => log.error({ err, planId: room.planId }, "a plan's digest could not be made"));
  }

  // What the last run of the server did not get to.
  documents.lagging().then(
    async (planIds) => {
      for (const planId of planIds) {
        await documents
          .digest(planId)
          .catch((err: unknown) => log.error({ err, planId }, "a plan's digest could not be made"));
      }
    },
    (err: unknown) => log.error({ err }, 'plans without a digest could not be looked for'),
  );

  /** R8: its author is let go; the others load what is left. */
  documents.onSetAside((planId, authors) => {
    const slot = slots.get(planId);
    if (slot?.state !== 'live') return;
    for (const session of [...slot.room.sessions]) {
      if (authors.has(session.user.id)) session.close('invalid-update');
    }
    drop(slot.room, 'storage-failed');
  });

  // ---- sessions ----

  function addSession(session: Session): void {
    sessions.add(session);
    sessionsOfUser.set(session.user.id, (sessionsOfUser.get(session.user.id) ?? 0) + 1);
  }

  function removeSession(session: Session): void {
    sessions.delete(session);
    pipeline.forget(session);
    const left = (sessionsOfUser.get(session.user.id) ?? 1) - 1;
    if (left > 0) sessionsOfUser.set(session.user.id, left);
    else sessionsOfUser.delete(session.user.id);
  }

  function enter(session: Session): void {
    if (session.schema !== null && session.schema > SCHEMA_VERSION) {
      session.close('page-too-new');
      return;
    }
    const tooMany = (sessionsOfUser.get(session.user.id) ?? 0) > limits.sessionsPerUser;
    const trusted = pipeline.trusted();
    if (stopping || !trusted || tooMany) {
      session.close(stopping ? 'restarting' : !trusted ? 'storage-failed' : 'too-many');
      return;
    }
    const room = openRoom(session.planId);
    if (room instanceof Room) room.join(session);
    else waitFor(room, session);
  }

  function waitFor(room: Promise<Room>, session: Session): void {
    session.wait();
    room.then(
      (loaded) => {
        if (session.closed) return;
        // It may have been dropped again since.
        if (slots.get(session.planId)?.room === loaded) loaded.join(session);
        else enter(session);
      },
      (err: unknown) => {
        if (err instanceof CommonplanError) session.close(err.code);
        else session.close('storage-failed', 'The plan could not be read.');
      },
    );
  }

  const sessionsIn = (planId: string): Session[] => [...sessions].filter((session) => session.planId === planId);

  // ---- once a second ----

  const ticker = setInterval(() => {
    const now = Date.now();
    for (const session of sessions) session.tick(now, SIGN_OF_LIFE);
    for (const slot of [...slots.values()]) if (slot.state === 'live') tickRoom(slot.room, now);
    pipeline.tick(now);
    isWritable();
  }, 1_000);
  ticker.unref();

  function tickRoom(room: Room, now: number): void {
    const renewals = room.presence.takeRenewals(now);
    if (renewals) for (const session of room.sessions) session.tell(renewals);
    if (room.digestDue > 0 && now >= room.digestDue) digest(room);
    if (room.emptySince === 0 || now - room.emptySince < limits.idleRoom || room.hasPending) return;
    slots.delete(room.planId);
    // Rewriting a long base for a few updates is not worth it: the next opening takes them from the log.
    if (room.tailUpdates > limits.tailUpdates / 10) void compact(room);
    if (room.digestDue > 0) digest(room);
    changes?.left(room.planId);
  }

  return {
    admit: (planId, admitted) => (socket) => {
      const session = new Session(socket, planId, admitted, limits, removeSession);
      addSession(session);
      enter(session);
    },

    async write(planId, userId, update) {
      let room = await openRoom(planId);
      // It may have been dropped again since.
      while (slots.get(planId)?.room !== room) room = await openRoom(planId);
      if (stopping) throw new CommonplanError('restarting');
      if (!pipeline.trusted()) throw new CommonplanError('storage-failed');
      return room.write(userId, update);
    },

    openSessions: () => [...sessions],

    userChanged(user) {
      // The colour stays: it was chosen to differ from the others' in the room.
      for (const session of sessions) {
        if (session.user.id === user.id) session.user = { ...user, color: session.user.color };
      }
      for (const slot of slots.values()) {
        if (slot.state === 'live' && slot.room.renamed(user.id)) host.tellSoon(slot.room);
      }
    },

    async replaceUser(fromUserId, toUserId) {
      await updateLog.replaceUser(fromUserId, toUserId);
      for (const slot of slots.values()) if (slot.state === 'live') slot.room.replaceUser(fromUserId, toUserId);
      for (const session of [...sessions]) {
        if (session.user.id === fromUserId)
          session.close('restarting', 'You have an account now. Reconnecting as yourself.');
      }
    },

    notify(planId, notice) {
      for (const session of sessionsIn(planId)) session.notify(notice);
    },

    health() {
      const reason = pipeline.trouble();
      return reason === null ? { ok: true } : { ok: false, reason };
    },

    counts: () => ({ rooms: slots.size, sessions: sessions.size }),

    async stop() {
      stopping = true;
      clearInterval(ticker);
      for (const session of sessions) session.wait();
      await pipeline.drain();
      for (const session of [...sessions]) session.close('restarting');
      const deadline = Date.now() + CLOSE_TIME;
      while (sessions.size > 0 && Date.now() < deadline) await delay(20);
      for (const session of sessions) session.terminate();
      slots.clear();
    },
  };
}
