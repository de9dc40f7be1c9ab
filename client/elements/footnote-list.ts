/** `<cp-footnote-list>`: all notes at the foot of the page, each with a way back to its place in the text. */
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Note } from '../editor/outline.ts';
import { LightElement } from './light-element.ts';
import { JumpEvent } from './outline.ts';

@customElement('cp-footnote-list')
export class FootnoteList extends LightElement {
  @property({ attribute: false }) notes: readonly Note[] = [];

  override render() {
    if (this.notes.length === 0) return nothing;
    return html`
      <section class="footnotes" aria-label="Footnotes">
        <ol>
          ${this.notes.map(
            ({ pos, number, node }) => html`
              <li id="footnote-${number}">
                <button class="footnote-back" aria-label="Footnote ${number}: back to the text" @click=${() => this.dispatchEvent(new JumpEvent(pos))}>${number}</button>
                <span>${node.textContent || html`<em>Empty note</em>`}</span>
              </li>
            `,
          )}
        </ol>
      </section>
    `;
  }
}
