/** `<cp-account-page>`: my name, my e-mail address and password, and leaving; for a guest, the way to an account that keeps everything. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { explain } from '../api.ts';
import { icon } from '../icons.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { SessionController, session } from '../session.ts';
import { showToast } from '../toasts.ts';
import './account-forms.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-account-page')
export class AccountPage extends LightElement {
  @state() private confirmsLeaving = false;

  constructor() {
    super();
    new SessionController(this);
  }

  async #signOut(): Promise<void> {
    try {
      await session.signOut();
      await router.go(href.plans, { replace: true });
    } catch (error) {
      showToast({ text: explain(error), failed: true });
    }
  }

  override render() {
    const user = session.user;
    if (!user) return nothing;
    return html`
      <main id="main" class="page narrow account" tabindex="-1">
        <h1>Your account</h1>
        ${user.isAnonymous ? this.#becomeAccount() : nothing}
        <section class="sheet" aria-labelledby="name-heading">
          <h2 id="name-heading">Your name</h2>
          <cp-rename-form></cp-rename-form>
        </section>
        ${
          user.isAnonymous
            ? nothing
            : html`
              <section class="sheet" aria-labelledby="password-heading">
                <h2 id="password-heading">E-mail and password</h2>
                <p>You sign in as <strong>${user.email}</strong>.</p>
                <cp-password-form></cp-password-form>
              </section>
            `
        }
        <section class="sheet" aria-labelledby="leave-heading">
          <h2 id="leave-heading">Sign out</h2>
          ${user.isAnonymous ? this.#leaveAsGuest() : this.#leave()}
        </section>
      </main>
    `;
  }

  #becomeAccount() {
    return html`
      <section class="sheet accented" aria-labelledby="keep-heading">
        <h2 id="keep-heading">Keep this as an account</h2>
        <p>
          You are a guest: only this browser knows you. With an e-mail address and a password you can come back from anywhere. Your plans,
          your roles and what you wrote stay yours.
        </p>
        <cp-keep-form></cp-keep-form>
      </section>
    `;
  }

  #leave() {
    return html`<div class="actions"><button class="button" @click=${this.#signOut}>${icon('logOut')}Sign out</button></div>`;
  }

  #leaveAsGuest() {
    if (!this.confirmsLeaving) {
      return html`
        <p>A guest who signs out cannot come back as the same person.</p>
        <div class="actions">
          <button class="button" @click=${() => this.#ask(true)}>${icon('logOut')}Sign out …</button>
        </div>
      `;
    }
    return html`
      <div class="notice warn" role="alert">
        ${icon('circleAlert')}
        <p>You will lose access to your plans, unless somebody shares them with you again. The plans themselves stay.</p>
      </div>
      <div class="actions">
        <button class="button danger" @click=${this.#signOut}>Sign out and lose access</button>
        <button class="button quiet" @click=${() => this.#ask(false)}>Stay</button>
      </div>
    `;
  }

  async #ask(asks: boolean): Promise<void> {
    this.confirmsLeaving = asks;
    await this.updateComplete;
    this.querySelector<HTMLElement>('section:last-of-type button')?.focus();
  }
}
