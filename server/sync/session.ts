/** One socket in a room: reads its messages, holds it to its limits, writes frames to it. */
import type { Socket } from 'node:net';
import * as decoding from 'lib0/decoding';
import type { RawData, WebSocket } from 'ws';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import { MESSAGE, type Notice, SYNC } from '../../shared/protocol.ts';
import type { Role } from '../../shared/roles.ts';
import { ackFrame, noticeFrame } from './frames.ts';
import type { Limits } from './limits.ts';
import type { SessionUser } from './presence.ts';
import { Bucket } from './rate.ts';

/** What a session asks of the room that it is in. */
export interface SessionRoom {
  leave(session: Session): void;
  answer(session: Session, stateVector: Uint8Array): void;
  receive(session: Session, update: Uint8Array, type: 1 | 2): void;
  receivePresence(session: Session, awarenessUpdate: Uint8Array): void;
  answerPresence(session: Session): void;
  since(seq: number): readonly Buffer[];
}

/** Who is behind a socket, as the upgrade found out (W1). */
export interface Admitted {
  readonly user: SessionUser;
  readonly role: Role;
  /** Version of the schema that the client's editor has; null: a client that names none, and hears none of our messages (W2). */
  readonly schema: number | null;
  /** Which of the person's sign-ins opened it. Opaque here. */
  readonly signInId: string;
  /** When the sign-in ends; null: not by itself. */
  readonly expiresAt: Date | null;
}

/** An open session, as those see it who look after its rights (R10). */
export interface OpenSession {
  readonly planId: string;
  readonly userId: string;
  readonly signInId: string;
  /** Takes effect on its next message. The client hears of it when it is another role than before. */
  setRole(role: Role): void;
  /** Says why, then closes. */
  close(code: ErrorCode): void;
}

/**
 * waiting: its room is not open yet, so nothing is read from it. joining: it has been told who it is and hears of the document as soon as
 * its step 1 says what it lacks. live: gets every broadcast. lagging: does not take what it was sent; gets the rest when it has drained.
 */
type State =
  | { readonly name: 'waiting' }
  | { readonly name: 'joining'; readonly room: SessionRoom }
  | { readonly name: 'live'; readonly room: SessionRoom }
  | { readonly name: 'lagging'; readonly room: SessionRoom; readonly since: number; readonly seq: number }
  | { readonly name: 'closed' };

/** Bytes of a close reason (RFC 6455, 5.5.1: 125 with the code). */
const MAX_REASON = 123;

export class Session implements OpenSession {
  readonly planId: string;
  readonly signInId: string;
  readonly schema: number | null;
  readonly expiresAt: number;
  user: SessionUser;
  role: Role;
  /** W4: messages with an update received; of these committed; of these acknowledged. `uncommitted` wait for the next commit. */
  received = 0;
  committed = 0;
  acknowledged = 0;
  uncommitted = 0;
  /** Its step 2 has come: whatever it had before this session is here. */
  introduced = false;
  /** Bytes of the document that were sent at once and have not drained: a long plan on a slow line is no sign that nobody reads. */
  #owed = 0;
  /** Something was left for the step 2 to bring: nothing received since is acknowledged before that. */
  held = false;
  readonly #socket: WebSocket;
  /** Under the WebSocket: frames that are built already go here, past ws's own framing. */
  readonly #stream: Socket;
  readonly #limits: Limits;
  readonly #messages: Bucket;
  readonly #bytes: Bucket;
  #state: State = { name: 'waiting' };
  #throttledAt = 0;
  #resume: NodeJS.Timeout | undefined;
  #unanswered = 0;
  #pingedAt: number;
  #writtenAt: number;

  constructor(
    socket: WebSocket,
    planId: string,
    admitted: Admitted,
    limits: Limits,
    onClosed: (session: Session) => void,
  ) {
    this.#socket = socket;
    this.#stream = (socket as unknown as { _socket: Socket })._socket;
    this.#limits = limits;
    this.planId = planId;
    this.signInId = admitted.signInId;
    this.user = admitted.user;
    this.role = admitted.role;
    this.schema = admitted.schema;
    this.expiresAt = admitted.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
    const now = Date.now();
    this.#messages = new Bucket(limits.messagesPerSecond, limits.messageBurst, now);
    this.#bytes = new Bucket(limits.bytesPerSecond, limits.byteBurst, now);
    this.#pingedAt = now;
    this.#writtenAt = now;
    socket.on('message', (data: RawData, isBinary: boolean) => this.#receive(data as Buffer, isBinary));
    socket.on('pong', () => {
      this.#unanswered = 0;
    });
    // ws reports what a peer did wrong (a frame too large, a broken one) here, and closes the socket itself with the right code.
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(this.#resume);
      const { room } = this;
      this.#state = { name: 'closed' };
      room?.leave(this);
      onClosed(this);
    });
  }

  get room(): SessionRoom | null {
    return this.#state.name === 'waiting' || this.#state.name === 'closed' ? null : this.#state.room;
  }

  get userId(): string {
    return this.user.id;
  }

  get closed(): boolean {
    return this.#state.name === 'closed';
  }

  /** Leaves the socket unread, so that nothing has to be kept for it, until `join`. */
  wait(): void {
    this.#socket.pause();
  }

  join(room: SessionRoom): void {
    this.#state = { name: 'joining', room };
    if (this.#socket.isPaused) this.#socket.resume();
  }

  /** Writes frames that are built already. */
  write(frames: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#writtenAt = Date.now();
    this.#stream.write(frames);
  }

  /** The whole document, or what the client lacks of it: from now on it gets every broadcast. */
  sync(frames: readonly Buffer[]): void {
    const { room } = this;
    if (!room) return;
    this.#state = { name: 'live', room };
    this.#owed = frames.reduce((sum, { length }) => sum + length, 0);
    this.#stream.cork();
    for (const each of frames) this.write(each);
    this.#stream.uncork();
  }

  /** An update that everybody gets; `previousSeq` is the log's number before it. A socket that does not keep up is left out. */
  broadcast(frames: Buffer, previousSeq: number): void {
    if (this.#state.name !== 'live') return;
    if (this.#stream.writableLength <= this.#limits.lagBytes) {
      this.write(frames);
    } else {
      this.#state = { name: 'lagging', room: this.#state.room, since: Date.now(), seq: previousSeq };
      this.#stream.once('drain', () => this.#catchUp());
    }
  }

  /** Presence is not worth queueing for. */
  tell(frames: Buffer): void {
    if (this.#state.name !== 'waiting' && this.#stream.writableLength <= this.#limits.lagBytes) this.write(frames);
  }

  setRole(role: Role): void {
    if (this.role === role) return;
    this.role = role;
    this.notify({ type: 'role', role });
  }

  notify(notice: Notice): void {
    if (this.schema !== null && !this.closed) this.write(noticeFrame(notice));
  }

  /** W4: the first `count` messages with an update survive a power cut. */
  acknowledge(count: number): void {
    if (count <= this.acknowledged) return;
    this.acknowledged = count;
    if (this.schema !== null && !this.closed) this.write(ackFrame(count));
  }

  /** Says why, then closes; nothing more is read from it. */
  close(code: ErrorCode, message?: string): void {
    if (this.closed) return;
    const error = new CommonplanError(code, message);
    this.notify({ type: 'error', code, message: error.message });
    const { room } = this;
    this.#state = { name: 'closed' };
    clearTimeout(this.#resume);
    room?.leave(this);
    if (this.#stream.writableLength > this.#limits.lagBytes) {
      // What already waits in a socket that does not drain would hold up the close for ever.
      this.#socket.terminate();
    } else {
      this.#socket.close(error.close, shorten(error.message));
      // Unread it would never see the peer's answer.
      if (this.#socket.isPaused) this.#socket.resume();
    }
  }

  /** For a peer that does not answer a close. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Once a second: is it still there, still allowed, and keeping up? */
  tick(now: number, signOfLife: Buffer): void {
    if (this.closed) return;
    const lagging = this.#state.name === 'lagging' && now - this.#state.since > this.#limits.lagTime;
    if (this.#stream.writableLength <= this.#limits.lagBytes) this.#owed = 0;
    if (now >= this.expiresAt) {
      this.close('not-signed-in');
    } else if (lagging || this.#stream.writableLength > this.#limits.deadBytes + this.#owed) {
      this.close('too-slow');
      this.terminate();
    } else {
      if (now - this.#writtenAt >= this.#limits.heartbeat) this.tell(signOfLife);
      if (now - this.#pingedAt >= this.#limits.heartbeat) this.#ping(now);
    }
  }

  #ping(now: number): void {
    this.#pingedAt = now;
    this.#unanswered++;
    if (this.#unanswered > 2) this.terminate();
    else if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #catchUp(): void {
    if (this.#state.name !== 'lagging') return;
    const { room, seq } = this.#state;
    this.sync(room.since(seq));
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const { room } = this;
    if (!room) return;
    this.#limit(data.length);
    if (this.closed) return;
    try {
      if (!isBinary) throw new CommonplanError('invalid-request', 'Expected binary messages.');
      this.#dispatch(room, data);
    } catch (error) {
      if (error instanceof CommonplanError) this.close(error.code, error.message);
      else this.close('invalid-request', `Expected a message of the sync protocol (${(error as Error).message}).`);
    }
  }

  #dispatch(room: SessionRoom, data: Buffer): void {
    const decoder = decoding.createDecoder(data);
    switch (decoding.readVarUint(decoder)) {
      case MESSAGE.sync: {
        const type = decoding.readVarUint(decoder);
        const bytes = decoding.readVarUint8Array(decoder);
        if (type === SYNC.step1) room.answer(this, bytes);
        else if (type === SYNC.step2 || type === SYNC.update) room.receive(this, bytes, type);
        break;
      }
      case MESSAGE.awareness:
        room.receivePresence(this, decoding.readVarUint8Array(decoder));
        break;
      case MESSAGE.queryAwareness:
        room.answerPresence(this);
        break;
      default:
      // W9: a newer client may say more than we understand.
    }
  }

  /** Over the rate the socket is left unread, which slows the sender down; one that keeps at it is closed. */
  #limit(bytes: number): void {
    const now = Date.now();
    const owed = Math.max(this.#messages.take(1, now), this.#bytes.take(bytes, now));
    if (owed === 0 || this.#resume) return;
    if (owed > this.#limits.throttle || now - this.#throttledAt < this.#limits.throttle) {
      this.close('too-many');
      return;
    }
    this.#socket.pause();
    this.#resume = setTimeout(() => {
      this.#resume = undefined;
      this.#throttledAt = Date.now();
      this.#socket.resume();
    }, this.#limits.throttle);
  }
}

function shorten(reason: string): string {
  const bytes = Buffer.from(reason, 'utf8');
  if (bytes.length <= MAX_REASON) return reason;
  // A character that was cut in two becomes a replacement character, which is left out.
  const start = bytes
    .subarray(0, MAX_REASON - 3)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
  return `${start}…`;
}
