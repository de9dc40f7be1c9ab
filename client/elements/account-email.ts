/** `<cp-account-email>`: the e-mail address that I sign in with, whether it is confirmed, and another one. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import * as shape from '../../shared/accounts-api.ts';
import { accountsApi } from '../accounts.ts';
import { explain } from '../api.ts';
import { icon } from '../icons.ts';
import { SessionController, session } from '../session.ts';
import { showToast } from '../toasts.ts';
import { WaysInController } from '../ways-in.ts';
import { FormElement } from './form-element.ts';

@customElement('cp-account-email')
export class AccountEmail extends FormElement {
  @state() private changing = false;
  /** An address that a mail has gone to. */
  @state() private pending: string | null = null;
  /** Without a password there is nothing to ask for: the sign-in service knows who it is. */
  @state() private account: shape.Account | null = null;

  readonly #server = new WaysInController(this);

  constructor() {
    super();
    new SessionController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    accountsApi.account().then(
      (account) => {
        this.account = account;
        this.pending = account.pendingEmail;
      },
      // The address itself is known from the session; the rest is an addition to it.
      () => undefined,
    );
  }

  override render() {
    return html`
      <p>You sign in as <strong>${session.user?.email}</strong>.${this.account?.emailConfirmed ? ' The address is confirmed.' : nothing}</p>
      ${this.pending === null ? this.#unconfirmed() : this.#pendingNotice(this.pending)} ${this.#change()}
    `;
  }

  /** Where the server can send no mail there is nothing to confirm by. */
  #unconfirmed() {
    if (!this.#server.ways?.mail || this.account?.emailConfirmed !== false) return nothing;
    return html`
      <div class="notice warn" role="status">
        ${icon('mail')}
        <p>You have not confirmed yet that this address is yours: open the link in the mail that went to it.</p>
        <button class="button small" @click=${() => void this.#sendAgain()}>Send it again</button>
      </div>
    `;
  }

  async #sendAgain(): Promise<void> {
    try {
      await accountsApi.sendConfirmation();
      showToast({ text: 'The mail is on its way.' });
    } catch (error) {
      showToast({ text: explain(error), failed: true });
    }
  }

  #pendingNotice(address: string) {
    return html`
      <div class="notice" role="status">
        ${icon('mail')}
        <p>A mail has gone to ${address}. Your address changes when you open the link in it.</p>
      </div>
    `;
  }

  #change() {
    if (this.account?.hasPassword === false) return nothing;
    if (!this.changing) {
      return html`<div class="actions"><button class="button" @click=${() => void this.#open()}>Change the address …</button></div>`;
    }
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, shape.changeEmail, (data) => this.#send(data))}>
        ${this.field({ name: 'email', label: 'New e-mail address', type: 'email', autocomplete: 'email' })}
        ${this.field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' })}
        ${this.failureNotice()}
        <div class="actions">
          ${this.submitButton('Change the address')}
          <button type="button" class="button quiet" @click=${() => this.#close()}>Cancel</button>
        </div>
      </form>
    `;
  }

  async #open(): Promise<void> {
    this.changing = true;
    await this.updateComplete;
    this.querySelector<HTMLElement>('input')?.focus();
  }

  #close(): void {
    this.changing = false;
    this.errors = {};
    this.failure = '';
  }

  async #send(data: { email: string; password: string }): Promise<void> {
    const { confirm, email } = await accountsApi.changeEmail(data);
    this.#close();
    if (confirm) {
      this.pending = email;
    } else {
      await session.refresh();
      showToast({ text: `You sign in as ${email} from now on.` });
    }
  }
}
