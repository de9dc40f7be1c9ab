/** `<cp-admin-storage>`: what the plans take on the server's disk. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { AdminStorage } from '../../shared/accounts-api.ts';
import { adminApi } from '../accounts.ts';
import { explain } from '../api.ts';
import { counted, fileSize, relativeTime } from '../format.ts';
import { failureNotice } from './form-element.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-admin-storage')
export class AdminStoragePage extends LightElement {
  @state() private storage: AdminStorage | null = null;
  @state() private failure = '';

  override connectedCallback(): void {
    super.connectedCallback();
    adminApi.storage().then(
      (storage) => {
        this.storage = storage;
      },
      (error: unknown) => {
        this.failure = explain(error);
      },
    );
  }

  override render() {
    return html`
      <section class="admin-section" aria-label="Storage">
        ${failureNotice(this.failure)} ${this.storage ? this.#figures(this.storage) : this.failure ? nothing : html`<p role="status">Loading …</p>`}
      </section>
    `;
  }

  #figures({ database, writeAheadLog, free, total, plans }: AdminStorage) {
    const figures = [
      ['Database', database],
      ['Not yet carried over to it', writeAheadLog],
      ['Free on the disk', free],
      ['Texts and their log', total.log],
      ['Snapshots', total.snapshots],
      ['Images', total.images],
    ] as const;
    return html`
      <dl class="figures">
        ${figures.map(([label, bytes]) => html`<div><dt>${label}</dt><dd>${fileSize(bytes)}</dd></div>`)}
      </dl>
      <h2>${counted(plans.length, 'plan')}</h2>
      <div class="table-scroll" role="region" aria-label="Plans by size" tabindex="0">
        <table class="figure-table">
          <thead>
            <tr><th scope="col">Plan</th><th scope="col">Text</th><th scope="col">Snapshots</th><th scope="col">Images</th><th scope="col">People</th><th scope="col">Changed</th></tr>
          </thead>
          <tbody>
            ${plans.map(
              (plan) => html`
                <tr>
                  <th scope="row">${plan.title} ${plan.archived ? html`<span class="tag">Archived</span>` : nothing}</th>
                  <td>${fileSize(plan.log)}</td>
                  <td>${fileSize(plan.snapshots)}</td>
                  <td>${fileSize(plan.images)}</td>
                  <td>${plan.members}</td>
                  <td>${relativeTime(plan.updatedAt)}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }
}
