/** `<cp-restore-dialog>`: says what a restore will do before it is done. */
import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { z } from 'zod';
import type { SnapshotSummary } from '../../shared/api.ts';
import { exactTime } from '../format.ts';
import { restoreWithUndo } from '../history/restore.ts';
import { snapshotTitle } from '../history/snapshot-words.ts';
import { DialogElement } from './dialog-element.ts';

/** Fires `cp-restored` when the plan has changed, by the restore or by its being undone. */
@customElement('cp-restore-dialog')
export class RestoreDialog extends DialogElement {
  @property() planId = '';
  @property({ attribute: false }) snapshot: SnapshotSummary | null = null;

  protected override get label(): string {
    return `Restore snapshot ${this.snapshot?.number ?? ''}`;
  }

  protected override opened(): void {}

  async #restore({ number }: SnapshotSummary): Promise<void> {
    const changed = (): void => void this.dispatchEvent(new Event('cp-restored'));
    const restored = await restoreWithUndo(this.planId, number, { undone: changed });
    this.open = false;
    if (restored) changed();
  }

  protected override content() {
    const { snapshot } = this;
    if (!snapshot) return html``;
    return html`
      <form class="form" @submit=${(event: Event) => this.submit(event, z.object({}), () => this.#restore(snapshot))}>
        <p>
          The plan becomes what it was in <strong>“<bdi>${snapshotTitle(snapshot)}</bdi>”</strong>, ${exactTime(snapshot.time)}: its text and its
          front matter.
        </p>
        <ul class="plain-points">
          <li>This is an ordinary change by you: what others write meanwhile is kept and merged.</li>
          <li>The plan as it is now is kept first, as a snapshot in the history. Nothing is lost.</li>
          <li>You can undo it right after, or go back to that snapshot at any time.</li>
        </ul>
        ${this.failureNotice()}
        <div class="actions end">
          <button type="button" class="button quiet" data-dialog="close">Cancel</button>
          ${this.submitButton('Restore')}
        </div>
      </form>
    `;
  }
}
