/** Restores a snapshot, or one place of it, and offers to undo it. */
import { api, explain } from '../api.ts';
import { showToast } from '../toasts.ts';

interface Place {
  /** ProseMirror positions in the snapshot's content; absent: the whole snapshot. */
  readonly range?: { readonly from: number; readonly to: number };
  /** The restore has been taken back: what shows the plan as it is now shows it anew. */
  readonly undone?: () => void;
}

/** Resolves to false where nothing had changed since, so that there was nothing to restore. Throws what the API throws. */
export async function restoreWithUndo(planId: string, number: number, { range, undone }: Place = {}): Promise<boolean> {
  const { restoreId } = await api.restore(planId, number, range ? { range } : {});
  if (restoreId === null) {
    showToast({ text: `Nothing to restore: it is as it was in snapshot ${number}.` });
    return false;
  }
  showToast({
    text: range ? `Put back as it was in snapshot ${number}.` : `Snapshot ${number} is restored.`,
    action: { label: 'Undo', run: () => void undoRestore(planId, restoreId, undone) },
  });
  return true;
}

/** Takes a restore back, and nothing that others did since; tells how it went. */
export async function undoRestore(planId: string, restoreId: string, undone?: () => void): Promise<void> {
  try {
    await api.undoRestore(planId, restoreId);
    showToast({ text: 'The restore is undone.' });
    undone?.();
  } catch (error) {
    showToast({ text: `The restore could not be undone. ${explain(error)}`, failed: true });
  }
}
