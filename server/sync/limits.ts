/** What a session, a room and a plan may use up (R11). Every number can be configured. */

export interface Limits {
  /** Bytes of a plan (base and tail) from which its sessions are warned. */
  readonly planWarnBytes: number;
  /** Bytes of a plan from which it takes no more text. */
  readonly planBytes: number;
  /** Sessions in a room. */
  readonly sessionsPerRoom: number;
  /** Sessions of one account on this server. */
  readonly sessionsPerUser: number;
  /** Messages a session may send per second, and at once. */
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** Bytes a session may send per second, and at once. */
  readonly bytesPerSecond: number;
  readonly byteBurst: number;
  /** Milliseconds that a session over its rate is left unread; when it is over again soon after, it is closed. */
  readonly throttle: number;
  /** Bytes of one presence state as JSON. */
  readonly presenceBytes: number;
  /** Bytes waiting in a socket from which it gets nothing more until it has drained. */
  readonly lagBytes: number;
  /** Bytes waiting in a socket at which it is ended. */
  readonly deadBytes: number;
  /** Milliseconds that a socket may lag. */
  readonly lagTime: number;
  /** Milliseconds between two pings; a socket that left two unanswered is ended. */
  readonly heartbeat: number;
  /** Milliseconds after which an empty room is unloaded. */
  readonly idleRoom: number;
  /** A tail is compacted when it has more updates than this, or more bytes than `tailBytes` and half of the base. */
  readonly tailUpdates: number;
  readonly tailBytes: number;
  /** Milliseconds between two syncs of the log to disk. */
  readonly syncInterval: number;
  /** Longest window in milliseconds in which updates, and presence, are gathered when the server is loaded. */
  readonly updateWindow: number;
  readonly presenceWindow: number;
  /**
   * Milliseconds after a change at which a plan's title, words and so on are read anew: after the last of several, but while people go on
   * writing no later than `digestInterval` after the first. Reading a plan costs a worker as much as opening it.
   */
  readonly digestDelay: number;
  readonly digestInterval: number;
}

const KiB = 1024;
const MiB = 1024 * KiB;

export const DEFAULT_LIMITS: Limits = {
  planWarnBytes: 4 * MiB,
  planBytes: 10 * MiB,
  sessionsPerRoom: 500,
  sessionsPerUser: 20,
  messagesPerSecond: 60,
  messageBurst: 240,
  bytesPerSecond: 512 * KiB,
  byteBurst: 4 * MiB,
  throttle: 10_000,
  presenceBytes: 4 * KiB,
  lagBytes: 1 * MiB,
  deadBytes: 8 * MiB,
  lagTime: 20_000,
  heartbeat: 25_000,
  idleRoom: 30_000,
  tailUpdates: 500,
  tailBytes: 64 * KiB,
  syncInterval: 50,
  updateWindow: 20,
  presenceWindow: 40,
  digestDelay: 3_000,
  digestInterval: 30_000,
};
