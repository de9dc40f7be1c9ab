/** What our dialogs have in common: open and close by a property, tell when they have closed, draw their content only while it shows. */
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { FormElement } from './form-element.ts';

/** Fires `cp-close` when it has closed, by whatever way. The dialog traps the focus and gives it back to where it was. */
export abstract class DialogElement extends FormElement {
  @property({ type: Boolean }) open = false;
  /** Open, or still closing: the content must not vanish before the dialog does. */
  @state() private showing = false;

  /** Called each time the dialog opens: fetch, reset. */
  protected abstract opened(): void;
  protected abstract get label(): string;
  protected abstract content(): TemplateResult;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('open') || !this.open) return;
    this.showing = true;
    this.errors = {};
    this.failure = '';
    this.opened();
  }

  #closed(event: Event): void {
    if (event.target !== event.currentTarget) return;
    this.open = false;
    this.showing = false;
    this.dispatchEvent(new Event('cp-close'));
  }

  override render() {
    return html`
      <wa-dialog label=${this.label} ?open=${this.open} @wa-after-hide=${this.#closed}>
        ${this.showing ? this.content() : nothing}
      </wa-dialog>
    `;
  }
}
