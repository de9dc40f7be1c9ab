/** `<cp-confirm-address-page>`: where the link in a mail leads that proves an e-mail address. */
import { html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { accountsApi } from '../accounts.ts';
import { explain } from '../api.ts';
import { icon } from '../icons.ts';
import { href } from '../routes.ts';
import { session } from '../session.ts';
import { TokenPage } from './token-page.ts';

@customElement('cp-confirm-address-page')
export class ConfirmAddressPage extends TokenPage {
  @state() private confirmed = '';

  override render() {
    if (this.confirmed) return this.#done();
    if (this.token === '') return this.incomplete();
    // Asked for by a button: programs that look into mails open links, and must not confirm anything by it.
    return this.page(html`
      <h1>Confirm your e-mail address</h1>
      <p>From then on you sign in with the address to which this link was sent.</p>
      ${this.failureNotice()}
      <div class="actions">
        <button class="button primary" aria-disabled=${this.busy ? 'true' : 'false'} @click=${() => void this.#confirm()}>
          Yes, it is mine
        </button>
      </div>
    `);
  }

  async #confirm(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = '';
    try {
      this.confirmed = (await accountsApi.confirmEmail(this.token)).email;
      await session.refresh();
    } catch (error) {
      this.failure = explain(error);
    }
    this.busy = false;
  }

  #done() {
    return this.page(html`
      <h1>Your address is confirmed</h1>
      <div class="notice" role="status">${icon('check')}<p>You sign in with <strong>${this.confirmed}</strong>.</p></div>
      <div class="actions"><a class="button" href=${href.plans}>Go to your plans</a></div>
    `);
  }
}
