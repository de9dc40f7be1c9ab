/** Live rights (R10): what was taken from somebody, or given, by whatever program, reaches the sockets that are open. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { ErrorCode } from '../../shared/errors.ts';
import { ROLES, type Role } from '../../shared/roles.ts';
import type { Log } from '../log.ts';
import {
  type AccessChange,
  forgetAccessChanges,
  lastAccessChange,
  listAccessChanges,
} from '../store/access-changes.ts';
import { readPlanAccess } from '../store/plan-access.ts';
import type { Tables } from '../store/tables.ts';
import { sessionHolds } from '../store/users.ts';
import type { Rooms } from '../sync/rooms.ts';
import type { OpenSession } from '../sync/session.ts';

export interface Revocation {
  /** Resolves when every change of rights that is committed by now has reached the sockets of this process. */
  catchUp(): Promise<void>;
  /** What changed while a socket was being opened was told to nobody: looks once more. */
  check(planId: string, userId: string): Promise<void>;
  stop(): Promise<void>;
}

interface RevocationOptions {
  readonly kysely: Kysely<Tables>;
  readonly rooms: Pick<Rooms, 'openSessions' | 'notify'>;
  readonly log: Log;
  /** Milliseconds between looks at what other processes changed, and between checks of all sockets whatever was told. 0: never. */
  readonly pollEvery?: number;
  readonly checkAllEvery?: number;
}

/** Sockets looked at in one turn of the event loop. */
const PER_TURN = 8;

export async function createRevocation(options: RevocationOptions): Promise<Revocation> {
  const { kysely, rooms, log, pollEvery = 500, checkAllEvery = 60_000 } = options;
  let seen = await lastAccessChange(kysely);

  /** Rights are read and acted on by one look at a time: an older answer never comes after a newer one. */
  let queue: Promise<void> = Promise.resolve();
  const inTurn = (look: () => Promise<void>): Promise<void> => {
    queue = queue.then(look).catch((err: unknown) => log.error({ err }, 'rights of open sockets could not be read'));
    return queue;
  };

  /** Rejects in the end if something could not be read; the others are seen to all the same. */
  async function review(concerned: readonly OpenSession[]): Promise<void> {
    const failures: unknown[] = [];
    for (const [index, session] of concerned.entries()) {
      if (index % PER_TURN === PER_TURN - 1) await nextTurn();
      try {
        const now = await rightsOf(session);
        if (isRole(now)) session.setRole(now);
        else session.close(now);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  async function rightsOf({ planId, userId, signInId }: OpenSession): Promise<Role | ErrorCode> {
    if (!(await sessionHolds(kysely, signInId))) return 'session-ended';
    const access = await readPlanAccess(kysely, userId, planId);
    if (access.role === null) return access.refusal === 'not-found' ? 'access-removed' : access.refusal;
    if (access.archivedAt !== null) return 'archived';
    // What everybody may read is read without a socket.
    return access.member ? access.role : 'access-removed';
  }

  async function readChanges(): Promise<void> {
    const changes = await listAccessChanges(kysely, seen);
    if (changes.length === 0) return;
    await review(rooms.openSessions().filter((session) => changes.some((change) => concerns(change, session))));
    // Only now: what could not be acted on is read again.
    seen = changes.at(-1)!.id;
    for (const planId of new Set(changes.map((change) => change.planId))) {
      if (planId !== null) rooms.notify(planId, { type: 'members' });
    }
  }

  const catchUp = (): Promise<void> => inTurn(readChanges);
  let polling = false;
  const poll = async (): Promise<void> => {
    // What takes longer than the time between two looks is not waited for by a queue of more.
    if (polling) return;
    polling = true;
    await catchUp();
    polling = false;
  };
  const checkAll = (): Promise<void> =>
    inTurn(async () => {
      await review(rooms.openSessions());
      await forgetAccessChanges(kysely);
    });
  const timers = [
    ...(pollEvery > 0 ? [setInterval(() => void poll(), pollEvery)] : []),
    ...(checkAllEvery > 0 ? [setInterval(() => void checkAll(), checkAllEvery)] : []),
  ];
  for (const timer of timers) timer.unref();

  return {
    catchUp,
    check: (planId, userId) =>
      inTurn(() => review(rooms.openSessions().filter((one) => one.planId === planId && one.userId === userId))),
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await queue;
    },
  };
}

const isRole = (rights: Role | ErrorCode): rights is Role => (ROLES as readonly string[]).includes(rights);

const concerns = (change: AccessChange, session: OpenSession): boolean =>
  (change.planId === null || change.planId === session.planId) &&
  (change.userId === null || change.userId === session.userId);
