/** `<cp-compare-keys-dialog>`: the keys that move through a comparison. */
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { letterKeys, setLetterKeys } from '../compare/letter-keys.ts';
import { LightElement } from './light-element.ts';

const KEYS: readonly { readonly label: string; readonly keys: readonly string[] }[] = [
  { label: 'Next change', keys: ['n', 'j', 'Alt ↓'] },
  { label: 'Previous change', keys: ['p', 'k', 'Alt ↑'] },
  { label: 'From a change to what can be done about it', keys: ['Enter'] },
  { label: 'Back to the change, or close its card', keys: ['Esc'] },
  { label: 'These keys', keys: ['?', 'Ctrl /'] },
];

@customElement('cp-compare-keys-dialog')
export class CompareKeysDialog extends LightElement {
  @property({ type: Boolean }) open = false;

  override render() {
    return html`
      <wa-dialog label="Keys" ?open=${this.open} @wa-after-hide=${this.#closed} light-dismiss>
        ${
          this.open
            ? html`
              <dl class="compare-keys">
                ${KEYS.map(
                  ({ label, keys }) =>
                    html`<div><dt>${label}</dt><dd>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dd></div>`,
                )}
              </dl>
              <label class="compare-letters">
                <input type="checkbox" .checked=${letterKeys()} @change=${(event: Event) => setLetterKeys((event.target as HTMLInputElement).checked)} />
                <span>Single letters move from change to change. Without this, only the keys with Alt do.</span>
              </label>
            `
            : nothing
        }
      </wa-dialog>
    `;
  }

  #closed(): void {
    this.open = false;
    this.dispatchEvent(new Event('cp-close'));
  }
}
