/** The image of PROTOCOL.md: message numbers and payloads on the sync socket. Change both together. */
import { z } from 'zod';
import { ERRORS } from './errors.ts';
import { ROLES } from './roles.ts';

/** First varint of every message. 0-3 are y-websocket's, ours start at 100. */
export const MESSAGE = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  /** server -> client, first message of a session: JSON `hello`. */
  hello: 100,
  /** server -> client: varint, how many update-carrying messages of this session are durable. */
  ack: 101,
  /** server -> client: JSON `notice`. */
  notice: 102,
} as const;

/** Second varint of a sync message. */
export const SYNC = { step1: 0, step2: 1, update: 2 } as const;

/** Sent before anything else to a client that named its schema version. */
export const helloSchema = z.object({
  /** Another generation than the one a client's copy came from: fork, never merge (R6). */
  generation: z.string(),
  /** Version of the schema that the plan was written with; never higher than what the client named. */
  schema: z.number().int(),
  role: z.enum(ROLES),
  /** The account behind this session, as everybody else sees it. */
  user: z.object({ id: z.string(), name: z.string(), color: z.string(), guest: z.boolean() }),
});
export type Hello = z.infer<typeof helloSchema>;

const errorCode = z.enum(Object.keys(ERRORS) as [keyof typeof ERRORS, ...(keyof typeof ERRORS)[]]);

export const noticeSchema = z.discriminatedUnion('type', [
  /** The session's role changed; it goes on under the new one. */
  z.object({ type: z.literal('role'), role: z.enum(ROLES) }),
  /** The list of members or links changed. */
  z.object({ type: z.literal('members') }),
  /** The plan has a new snapshot, or its history was thinned out. */
  z.object({ type: z.literal('snapshots'), number: z.number().int() }),
  /** The plan nears the size limit (bytes). */
  z.object({ type: z.literal('size'), bytes: z.number(), limit: z.number() }),
  /** The server's disk is full and changes are refused (4510), or there is room again. Not said to those who find room when they come. */
  z.object({ type: z.literal('storage'), writable: z.boolean() }),
  /** What the close that follows means, where its reason of at most 123 bytes is too short. */
  z.object({ type: z.literal('error'), code: errorCode, message: z.string() }),
]);
export type Notice = z.infer<typeof noticeSchema>;

/** Awareness state as the server lets it pass: `user` is always the server's own, whatever the client sent (R9). */
export const presenceSchema = z.object({
  user: z.object({ id: z.string(), name: z.string(), color: z.string(), guest: z.boolean() }),
  /** Yjs relative positions as JSON. Absent: no caret in the text. */
  cursor: z.object({ anchor: z.unknown(), head: z.unknown() }).nullish(),
  /** Nobody has touched this window for a while. */
  idle: z.boolean().optional(),
});
export type Presence = z.infer<typeof presenceSchema>;
