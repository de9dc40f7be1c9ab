/** Restores a snapshot as an edit of whoever restores it, and takes a restore back. */
import type { Kysely } from 'kysely';
import type { Place } from '../../shared/compare/comparison.ts';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import type { Documents } from '../documents/documents.ts';
import type { Log } from '../log.ts';
import {
  addRestore,
  countRestores,
  noteUndone,
  noteWritten,
  readRestore,
  removeRestore,
  snapshotBefore,
} from '../store/restores.ts';
import type { Tables } from '../store/tables.ts';
import type { Rooms } from '../sync/rooms.ts';
import type { Snapshots } from './snapshots.ts';

export interface RestoresOptions {
  readonly kysely: Kysely<Tables>;
  readonly documents: Pick<Documents, 'restore'>;
  readonly rooms: Pick<Rooms, 'write'>;
  readonly snapshots: Pick<Snapshots, 'take'>;
  readonly log: Log;
}

export interface Request {
  readonly planId: string;
  readonly userId: string;
  /** Asked again right before something is written (R10): making the edit takes its time. Rejects when the user may not write any more. */
  readonly authorize: () => Promise<unknown>;
}

export interface Restores {
  /**
   * Brings the plan back to its snapshot `number`; with `range` only what those positions of the snapshot's content hold. Answers the
   * restore's id and its number in the log when it is on the disk; the id is null, and nothing was written, when nothing differs.
   */
  restore(
    request: Request & { number: number; range: Place | null },
  ): Promise<{ restoreId: string | null; seq: number }>;
  /**
   * Takes a restore back, and nothing that others did since. Rejects with `not-found`, and with `conflict` for one that is undone already
   * or that another restore followed: what that one brought back would come a second time.
   */
  undo(request: Request & { restoreId: string }): Promise<{ restoreId: string; seq: number }>;
}

/** Of one plan (R11): the snapshots around each stay for ever. */
const MOST_RESTORES = 2_000;
const PERHAPS_WRITTEN: ReadonlySet<ErrorCode> = new Set(['storage-failed', 'internal']);

export function createRestores({ kysely, documents, rooms, snapshots, log }: RestoresOptions): Restores {
  /** The last one of each plan: of two that restore the same at once, the second must see what the first has brought back. */
  const running = new Map<string, Promise<unknown>>();

  async function alone<T>(planId: string, work: () => Promise<T>): Promise<T> {
    const previous = running.get(planId) ?? Promise.resolve();
    const mine = previous.then(work, work);
    running.set(planId, mine);
    try {
      return await mine;
    } finally {
      if (running.get(planId) === mine) running.delete(planId);
    }
  }

  /** The edit is durable: that its snapshot could not be taken must not make it look as if it were not. */
  async function takeAfterwards(planId: string, author: string, restored: { number: number; whole: boolean }) {
    try {
      await snapshots.take(planId, { kind: 'restored', author, restored });
    } catch (err) {
      log.error({ err, planId }, 'the snapshot after a restore could not be taken');
    }
  }

  return {
    restore: ({ planId, userId, authorize, number, range }) =>
      alone(planId, async () => {
        if ((await countRestores(kysely, planId)) >= MOST_RESTORES) {
          throw new CommonplanError(
            'plan-too-large',
            `This plan has been restored ${MOST_RESTORES} times, the most it can be.`,
          );
        }
        const { edits, seq } = await documents.restore(planId, number, range);
        if (!edits) return { restoreId: null, seq };
        await snapshots.take(planId, { kind: 'before-restore', author: null });
        const before = await snapshotBefore(kysely, planId, Number.MAX_SAFE_INTEGER);
        await authorize();
        const restoreId = await addRestore(kysely, { planId, userId, number, before, ...edits });
        const written = await rooms.write(planId, userId, edits.edit.update).catch(async (error: unknown) => {
          // What storage or the room failed with may be in the log after all; anything else was refused before it.
          if (error instanceof CommonplanError && !PERHAPS_WRITTEN.has(error.code))
            await removeRestore(kysely, restoreId, edits);
          throw error;
        });
        const action = range === null ? 'snapshot-restored' : 'passage-restored';
        await noteWritten(kysely, planId, restoreId, written, { planId, actor: userId, action, detail: { number } });
        await takeAfterwards(planId, userId, { number, whole: range === null });
        return { restoreId, seq: written };
      }),

    undo: ({ planId, userId, authorize, restoreId }) =>
      alone(planId, async () => {
        const restore = await readRestore(kysely, planId, restoreId);
        if (!restore) throw new CommonplanError('not-found', 'This plan has no such restore.');
        if (restore.undone) throw new CommonplanError('conflict', 'This restore has been undone already.');
        const before = await snapshotBefore(kysely, planId, restore.seq);
        if (restore.followed) {
          throw new CommonplanError(
            'conflict',
            'Another restore came after this one, so it cannot be undone any more.',
            {
              hint: before === null ? undefined : `Restore snapshot ${before}: it shows the plan as it was before.`,
            },
          );
        }
        await snapshots.take(planId, { kind: 'before-restore', author: null });
        await authorize();
        // Should the server end before the next line, writing it again changes nothing: Yjs knows an edit by its client id and clocks.
        const seq = await rooms.write(planId, userId, restore.undo);
        await noteUndone(kysely, restoreId, { planId, actor: userId, action: 'restore-undone' });
        if (before !== null) await takeAfterwards(planId, userId, { number: before, whole: true });
        return { restoreId, seq };
      }),
  };
}
