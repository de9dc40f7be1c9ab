/** `<cp-take-snapshot-dialog>`: a person names the version that stands now: what it is, and for whom. */
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { z } from 'zod';
import { takeSnapshot } from '../../shared/api.ts';
import { api } from '../api.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { showToast } from '../toasts.ts';
import { DialogElement } from './dialog-element.ts';

/** Fires `cp-taken` when the server has it. */
@customElement('cp-take-snapshot-dialog')
export class TakeSnapshotDialog extends DialogElement {
  @property() planId = '';
  /** Words of this window have not reached the server: they would be missing from what is named. */
  @property({ type: Boolean }) unsaved = false;

  protected override get label(): string {
    return 'Take a snapshot';
  }

  protected override opened(): void {}

  async #take(data: z.infer<typeof takeSnapshot>): Promise<void> {
    if (this.unsaved) {
      this.failure = 'Your last changes are not saved yet and would be missing. Wait for “Saved”, then try again.';
      return;
    }
    const { planId } = this;
    const { number, label } = await api.takeSnapshot(planId, data);
    this.open = false;
    this.dispatchEvent(new Event('cp-taken'));
    showToast({
      text: `“${label}” is in the history as snapshot ${number}.`,
      ...(location.pathname === href.history(planId)
        ? {}
        : { action: { label: 'Open history', run: () => void router.go(href.history(planId)) } }),
    });
  }

  protected override content() {
    const error = this.errors.note;
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, takeSnapshot, (data) => this.#take(data))}>
        <p>The whole plan is kept as it is now, for ever. You can read it, compare it and go back to it at any time.</p>
        ${this.field({ name: 'label', label: 'Name', hint: 'What this snapshot is, or whom it is for.', maxlength: 200, autofocus: true, placeholder: 'For the council, 3 March' })}
        <div class="field">
          <label for="take-snapshot-note">Note (optional)</label>
          <textarea
            class="input"
            id="take-snapshot-note"
            name="note"
            rows="3"
            maxlength="2000"
            aria-invalid=${error ? 'true' : 'false'}
            aria-describedby=${error ? 'take-snapshot-note-error' : nothing}
          ></textarea>
          ${error ? html`<span class="error" id="take-snapshot-note-error">${error}</span>` : nothing}
        </div>
        ${this.failureNotice()}
        <div class="actions end">
          <button type="button" class="button quiet" data-dialog="close">Cancel</button>
          ${this.submitButton('Take a snapshot')}
        </div>
      </form>
    `;
  }
}
