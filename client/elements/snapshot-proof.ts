/** `<cp-snapshot-proof>`: the hashes by which anyone can check that a snapshot is what it was, and where the recipe is. */
import { html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { path, type SnapshotSummary } from '../../shared/api.ts';
import { icon } from '../icons.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-snapshot-proof')
export class SnapshotProof extends LightElement {
  @property() planId = '';
  @property({ attribute: false }) snapshot: SnapshotSummary | null = null;
  @state() private copied: 'no' | 'yes' | 'refused' = 'no';

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('snapshot')) this.copied = 'no';
  }

  async #copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = 'yes';
    } catch {
      // Without the right to write to the clipboard the hash stands there to be selected by hand.
      this.copied = 'refused';
    }
  }

  override render() {
    const { snapshot } = this;
    if (!snapshot) return html``;
    const { number, hash, previousHash, contentHash, authorshipHash } = snapshot;
    const hashes: [string, string][] = [
      ['This snapshot', hash],
      ['The one before', previousHash ?? 'none: this is the first'],
      ['Its text', contentHash],
      ['Its authors', authorshipHash],
    ];
    return html`
      <details class="proof">
        <summary>Proof</summary>
        <div class="proof-body">
          <p>
            Each snapshot carries a SHA-256 hash of its text, and of the snapshot before it: nobody can change an old version without every
            hash after it becoming another. Note the first hash down, or print it in the minutes, and anyone can check later that this is
            still the version that was agreed on.
          </p>
          <dl class="proof-hashes">
            ${hashes.map(([name, value]) => html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}
          </dl>
          <p>
            How to check: the <a href=${path.snapshot(this.planId, number)} target="_blank" rel="noopener">data of this snapshot</a> is JSON;
            the recipe, with standard tools, is server/snapshots/README.md of this program's source. The administrator checks all of them with
            <code>npm run verify</code>.
          </p>
          <div class="actions">
            <button type="button" class="button small" @click=${() => this.#copy(hash)}>${icon('copy')}Copy the hash</button>
            <span role="status">${{ no: '', yes: 'Copied', refused: 'Select the hash above and copy it by hand.' }[this.copied]}</span>
          </div>
        </div>
      </details>
    `;
  }
}
