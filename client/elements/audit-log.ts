/** `<cp-audit-log>`: what was done with rights and with plans as a whole, the newest first, page by page. Set `read`. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AuditEntry, AuditPage } from '../../shared/audit.ts';
import { explain } from '../api.ts';
import { exactTime } from '../format.ts';
import { failureNotice } from './form-element.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-audit-log')
export class AuditLog extends LightElement {
  /** Fetches the entries before this one; null: the newest. */
  @property({ attribute: false }) read!: (before: number | null) => Promise<AuditPage>;
  @state() private entries: readonly AuditEntry[] | null = null;
  @state() private next: number | null = null;
  @state() private failure = '';

  override firstUpdated(): void {
    void this.#load(null);
  }

  async #load(before: number | null): Promise<void> {
    this.failure = '';
    try {
      const { entries, next } = await this.read(before);
      this.entries = [...(before === null ? [] : (this.entries ?? [])), ...entries];
      this.next = next;
    } catch (error) {
      this.failure = explain(error);
    }
  }

  override render() {
    const { entries, next, failure } = this;
    return html`
      ${entries === null && !failure ? html`<p role="status">Loading …</p>` : nothing}
      ${entries?.length === 0 ? html`<p class="aside">Nothing yet.</p>` : nothing}
      <ol class="rows">
        ${repeat(
          entries ?? [],
          ({ id }) => id,
          ({ time, sentence }) => html`
            <li>
              <span class="row-words"><span class="row-text">${sentence}</span><time datetime=${time}>${exactTime(time)}</time></span>
            </li>
          `,
        )}
      </ol>
      ${failureNotice(failure)}
      ${failure ? html`<div class="actions"><button class="button small" @click=${() => this.#load(next)}>Try again</button></div>` : nothing}
      ${next === null || failure ? nothing : html`<div class="actions"><button class="button small" @click=${() => this.#load(next)}>Show older</button></div>`}
    `;
  }
}
