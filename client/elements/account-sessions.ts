/** `<cp-account-sessions>`: where I am signed in; each can be ended, or all at once. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { SessionEntry } from '../../shared/accounts-api.ts';
import { accountsApi } from '../accounts.ts';
import { explain } from '../api.ts';
import { browserName } from '../browser-name.ts';
import { exactTime, relativeTime } from '../format.ts';
import { icon } from '../icons.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { session } from '../session.ts';
import { showToast } from '../toasts.ts';
import { failureNotice } from './form-element.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-account-sessions')
export class AccountSessions extends LightElement {
  @state() private sessions: readonly SessionEntry[] | null = null;
  @state() private failure = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    await this.#try(async () => {
      this.sessions = (await accountsApi.sessions()).sessions;
    });
  }

  async #try(act: () => Promise<void>): Promise<void> {
    this.failure = '';
    try {
      await act();
    } catch (error) {
      this.failure = explain(error);
    }
  }

  #end(entry: SessionEntry): void {
    void this.#try(async () => {
      await accountsApi.endSession(entry.id);
      await this.#load();
      showToast({ text: `${browserName(entry.userAgent)} is signed out.` });
    });
  }

  #endAll(): void {
    void this.#try(async () => {
      await session.signOutEverywhere();
      await router.go(href.plans, { replace: true });
      showToast({ text: 'You are signed out everywhere.' });
    });
  }

  override render() {
    return html`
      ${failureNotice(this.failure)}
      ${
        this.sessions === null
          ? html`<p role="status">${this.failure ? nothing : 'Loading …'}</p>`
          : html`
            <ul class="rows">
              ${repeat(
                this.sessions,
                ({ id }) => id,
                (entry) => this.#session(entry),
              )}
            </ul>
          `
      }
      <div class="actions">
        ${this.sessions === null && this.failure ? html`<button class="button" @click=${() => void this.#load()}>Try again</button>` : nothing}
        <button class="button" @click=${() => this.#endAll()}>${icon('logOut')}Sign out everywhere</button>
      </div>
    `;
  }

  #session(entry: SessionEntry) {
    const { current, since, lastSeen, userAgent } = entry;
    const name = browserName(userAgent);
    return html`
      <li>
        <span class="row-words">
          <strong>${name}</strong>
          <span>
            ${current ? 'This browser' : html`Last used <time datetime=${lastSeen} title=${exactTime(lastSeen)}>${relativeTime(lastSeen)}</time>`},
            since <time datetime=${since} title=${exactTime(since)}>${relativeTime(since)}</time>
          </span>
        </span>
        ${
          current
            ? nothing
            : html`<button class="button quiet small" @click=${() => this.#end(entry)}>Sign out<span class="visually-hidden"> ${name}</span></button>`
        }
      </li>
    `;
  }
}
