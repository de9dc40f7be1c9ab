/** `<cp-share-links>`: links that let anyone who holds them into a plan: create, copy, withdraw. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Link } from '../../shared/sharing-api.ts';
import { api, explain } from '../api.ts';
import { exactTime, relativeTime } from '../format.ts';
import { icon } from '../icons.ts';
import { ROLE_LABEL, ROLE_MEANING } from '../labels.ts';
import { failureNotice } from './form-element.ts';
import { LightElement } from './light-element.ts';

const LINK_ROLES = ['editor', 'commenter', 'viewer'] as const;
type LinkRole = (typeof LINK_ROLES)[number];

@customElement('cp-share-links')
export class ShareLinks extends LightElement {
  @property() planId = '';
  @property({ attribute: false }) links: readonly Link[] = [];
  @state() private grants: LinkRole = 'editor';
  /** Addresses of links made just now, by link id: the server shows them once and keeps only a hash. */
  @state() private urls: ReadonlyMap<string, string> = new Map();
  /** The link whose address was copied last. */
  @state() private copied = '';
  @state() private busy = false;
  @state() private failure = '';

  async #try(change: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = '';
    try {
      await change();
      this.dispatchEvent(new Event('cp-changed'));
    } catch (error) {
      this.failure = explain(error);
    }
    this.busy = false;
  }

  #create(event: Event): void {
    event.preventDefault();
    void this.#try(async () => {
      const { id, url } = await api.createLink(this.planId, this.grants);
      this.urls = new Map(this.urls).set(id, url);
      await this.#copy(id, url);
    });
  }

  async #copy(id: string, url: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(url);
      this.copied = id;
    } catch {
      // Without the right to write to the clipboard the address stands selected in its field, to be copied by hand.
      this.copied = '';
      await this.updateComplete;
      this.querySelector<HTMLInputElement>(`[data-link="${CSS.escape(id)}"]`)?.select();
    }
  }

  override render() {
    return html`
      <section aria-labelledby="share-links-heading">
        <h3 id="share-links-heading">Invite with a link</h3>
        <p class="aside">Anyone who has the link can join, also without an account. Withdraw it when it has done its work.</p>
        <form class="inline-form" @submit=${this.#create}>
          <div class="field">
            <label for="share-link-role">Who joins by it</label>
            <select
              class="select"
              id="share-link-role"
              @change=${(event: Event) => {
                this.grants = LINK_ROLES.find((role) => role === (event.target as HTMLSelectElement).value) ?? 'viewer';
              }}
            >
              ${LINK_ROLES.map((role) => html`<option value=${role} .selected=${role === this.grants}>${ROLE_LABEL[role]}: ${ROLE_MEANING[role]}</option>`)}
            </select>
          </div>
          <button class="button primary" aria-disabled=${this.busy ? 'true' : 'false'}>${icon('link')}Create link</button>
        </form>
        ${failureNotice(this.failure)}
        ${
          this.links.length > 0
            ? html`<ul class="share-list" aria-label="Links of this plan">
              ${repeat(
                this.links,
                ({ id }) => id,
                (link) => this.#link(link),
              )}
            </ul>`
            : nothing
        }
      </section>
    `;
  }

  #link({ id, role, createdAt, createdBy }: Link) {
    const url = this.urls.get(id);
    const copied = this.copied === id;
    return html`
      <li>
        <span class="avatar" aria-hidden="true">${icon('link')}</span>
        <div class="share-who">
          <strong>${ROLE_LABEL[role]} link</strong>
          <span>Made <time datetime=${createdAt} title=${exactTime(createdAt)}>${relativeTime(createdAt)}</time> by ${createdBy}</span>
        </div>
        <button class="button quiet small" @click=${() => this.#try(() => api.withdrawLink(this.planId, id))}>
          ${icon('trash')}Withdraw<span class="visually-hidden"> this ${ROLE_LABEL[role].toLowerCase()} link</span>
        </button>
        ${
          url
            ? html`<div class="share-url">
              <input class="input" readonly data-link=${id} .value=${url} aria-label="Address of the new link" @focus=${(event: Event) => (event.target as HTMLInputElement).select()} />
              <button class="button" @click=${() => this.#copy(id, url)}>${icon(copied ? 'check' : 'copy')}${copied ? 'Copied' : 'Copy'}</button>
              <p class="aside" role="status">
                ${copied ? 'The link is copied. Paste it into a message: for safety it is shown only this once.' : 'Copy it now: for safety it is shown only this once.'}
              </p>
            </div>`
            : nothing
        }
      </li>
    `;
  }
}
