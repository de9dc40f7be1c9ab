/** `<cp-shown-once>`: an address that the server tells only now, to be copied: a link with its token. Set `url` and `label`. */
import { html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon } from '../icons.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-shown-once')
export class ShownOnce extends LightElement {
  @property() url = '';
  @property() label = 'Address of the new link';
  @state() private copied = false;

  override firstUpdated(): void {
    void this.#copy();
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.url);
      this.copied = true;
    } catch {
      // Without the right to write to the clipboard the address stands selected in its field, to be copied by hand.
      this.copied = false;
      this.querySelector('input')?.select();
    }
  }

  override render() {
    const { copied } = this;
    return html`
      <div class="share-url">
        <input class="input" readonly .value=${this.url} aria-label=${this.label} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} />
        <button type="button" class="button" @click=${() => this.#copy()}>${icon(copied ? 'check' : 'copy')}${copied ? 'Copied' : 'Copy'}</button>
        <p class="aside" role="status">
          ${copied ? 'The link is copied. Paste it into a message: for safety it is shown only this once.' : 'Copy it now: for safety it is shown only this once.'}
        </p>
      </div>
    `;
  }
}
