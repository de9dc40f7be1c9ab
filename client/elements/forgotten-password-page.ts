/** `<cp-forgotten-password-page>`: asks for a link to set a new password; where the server sends no mail, it says who can make one. */
import { html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import * as shape from '../../shared/accounts-api.ts';
import { accountsApi } from '../accounts.ts';
import { icon } from '../icons.ts';
import { href } from '../routes.ts';
import { WaysInController } from '../ways-in.ts';
import { FormElement } from './form-element.ts';

@customElement('cp-forgotten-password-page')
export class ForgottenPasswordPage extends FormElement {
  @state() private sentTo = '';
  readonly #server = new WaysInController(this);

  override render() {
    return html`
      <main id="main" class="page narrow" tabindex="-1">
        <div class="form">
          <h1>Forgotten your password?</h1>
          ${this.#server.ways?.mail === false ? this.#noMail() : this.sentTo ? this.#sent() : this.#ask()}
          <p class="aside"><a href=${href.signIn}>Back to signing in</a></p>
        </div>
      </main>
    `;
  }

  #ask() {
    return html`
      <p>Give the e-mail address of your account. You get a link by which you choose a new password.</p>
      <div class="sheet">
        <form class="form" novalidate @submit=${(event: Event) => this.submit(event, shape.requestPasswordReset, (data) => this.#send(data))}>
          ${this.field({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'username' as AutoFill })}
          ${this.failureNotice()}
          <div class="actions">${this.submitButton('Send me a link')}</div>
        </form>
      </div>
    `;
  }

  async #send(data: { email: string }): Promise<void> {
    await accountsApi.requestPasswordReset(data);
    this.sentTo = data.email;
  }

  #sent() {
    return html`
      <div class="notice" role="status">
        ${icon('mail')}
        <p>
          If there is an account with the address ${this.sentTo}, a mail with a link is on its way to it. The link is good for an hour. Look
          into the spam folder, too.
        </p>
      </div>
    `;
  }

  #noMail() {
    return html`
      <div class="notice" role="status">
        ${icon('info')}
        <p>
          This server sends no e-mail. Ask its administrator: they can make a link for you by which you choose a new password. You do not need
          the old one.
        </p>
      </div>
    `;
  }
}
