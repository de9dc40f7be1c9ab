/** `<cp-new-password-page>`: where the link for a new password leads. */
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as shape from '../../shared/accounts-api.ts';
import { accountsApi } from '../accounts.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { session } from '../session.ts';
import { showToast } from '../toasts.ts';
import { TokenPage } from './token-page.ts';

const newPasswordShape = shape.resetPassword.omit({ token: true });

@customElement('cp-new-password-page')
export class NewPasswordPage extends TokenPage {
  override render() {
    if (this.token === '') return this.incomplete();
    return this.page(html`
      <h1>Choose a new password</h1>
      <p>It takes the place of your old one. Wherever you are signed in now, you are signed out.</p>
      <div class="sheet">
        <form class="form" novalidate @submit=${(event: Event) => this.submit(event, newPasswordShape, (data) => this.#set(data))}>
          ${this.field({ name: 'newPassword', label: 'New password', hint: 'At least 10 characters.', type: 'password', autocomplete: 'new-password' })}
          ${this.failureNotice()}
          <div class="actions">${this.submitButton('Set the password')}</div>
        </form>
      </div>
    `);
  }

  async #set(data: { newPassword: string }): Promise<void> {
    await accountsApi.resetPassword({ token: this.token, ...data });
    await session.refresh();
    showToast({ text: 'Your new password is set. Sign in with it.' });
    await router.go(href.signIn, { replace: true });
  }
}
