/** `<cp-keys-dialog>`: every key of the editor. */
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { BLOCKS, HISTORY, INSERTS, LISTS, MARKS, MORE_KEYS, readableKeys } from '../editor/tools.ts';
import { LightElement } from './light-element.ts';

export const onMac = /Mac|iPhone|iPad/.test(navigator.platform);

const GROUPS: readonly { title: string; tools: readonly { label: string; keys?: string }[] }[] = [
  { title: 'Text', tools: MARKS },
  { title: 'Lines', tools: BLOCKS },
  { title: 'Lists', tools: LISTS },
  { title: 'Insert', tools: INSERTS },
  { title: 'More', tools: [...HISTORY, ...MORE_KEYS] },
];

@customElement('cp-keys-dialog')
export class KeysDialog extends LightElement {
  @property({ type: Boolean }) open = false;

  override render() {
    return html`
      <wa-dialog label="Keys" class="keys-dialog" ?open=${this.open} @wa-after-hide=${this.#closed} light-dismiss>
        ${
          this.open
            ? // The list scrolls and holds nothing else to focus: by keyboard it is scrolled itself.
              html`<div tabindex="0" role="group" aria-label="All keys">${GROUPS.map(({ title, tools }) => this.#group(title, tools))}</div>`
            : nothing
        }
      </wa-dialog>
    `;
  }

  #group(title: string, tools: readonly { label: string; keys?: string }[]) {
    return html`
      <h3>${title}</h3>
      <dl class="keys">
        ${tools.map(
          ({ label, keys }) =>
            keys && html`<div><dt>${label}</dt><dd><kbd>${readableKeys(keys, onMac)}</kbd></dd></div>`,
        )}
      </dl>
    `;
  }

  #closed(): void {
    this.open = false;
    this.dispatchEvent(new Event('cp-close'));
  }
}
