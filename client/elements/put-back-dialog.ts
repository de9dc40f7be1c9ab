/** `<cp-put-back-dialog>`: says what putting back one place of an older version will do, before it is done. */
import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { z } from 'zod';
import type { SnapshotSummary } from '../../shared/api.ts';
import type { Reach } from '../compare/reach.ts';
import { exactTime } from '../format.ts';
import { restoreWithUndo } from '../history/restore.ts';
import { snapshotTitle } from '../history/snapshot-words.ts';
import { DialogElement } from './dialog-element.ts';

/** Fires `cp-restored` when the plan has changed, by this or by its being undone. */
@customElement('cp-put-back-dialog')
export class PutBackDialog extends DialogElement {
  @property() planId = '';
  @property({ attribute: false }) snapshot: SnapshotSummary | null = null;
  @property({ attribute: false }) reach: Reach | null = null;

  protected override get label(): string {
    return this.reach?.label ?? 'Put back';
  }

  protected override opened(): void {}

  async #putBack({ number }: SnapshotSummary, { range }: Reach): Promise<void> {
    const changed = (): void => void this.dispatchEvent(new Event('cp-restored'));
    const restored = await restoreWithUndo(this.planId, number, { range, undone: changed });
    this.open = false;
    if (restored) changed();
  }

  protected override content() {
    const { snapshot, reach } = this;
    if (!snapshot || !reach) return html``;
    return html`
      <form class="form" @submit=${(event: Event) => this.submit(event, z.object({}), () => this.#putBack(snapshot, reach))}>
        <p>
          In the plan as it is now, this place becomes again what it was in snapshot ${snapshot.number},
          <strong>“<bdi>${snapshotTitle(snapshot)}</bdi>”</strong>, ${exactTime(snapshot.time)}.
          ${reach.changes > 1 ? html`This takes back ${reach.changes} of the changes shown here.` : ''}
        </p>
        <ul class="plain-points">
          <li>Everything else in the plan stays as it is.</li>
          <li>This is an ordinary change by you: what others write meanwhile is kept and merged.</li>
          <li>You can undo it right after, and the history keeps the plan as it is now.</li>
        </ul>
        ${this.failureNotice()}
        <div class="actions end">
          <button type="button" class="button quiet" data-dialog="close">Cancel</button>
          ${this.submitButton('Put back')}
        </div>
      </form>
    `;
  }
}
