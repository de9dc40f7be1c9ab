/** `<cp-account-page>`: my name, address and password, where I am signed in, my data, and leaving; for a guest, the way to an account that keeps everything. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { accountPath } from '../../shared/accounts-api.ts';
import { explain } from '../api.ts';
import { counted } from '../format.ts';
import { icon } from '../icons.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { SessionController, session } from '../session.ts';
import { showToast } from '../toasts.ts';
import './account-deletion.ts';
import './account-email.ts';
import './account-forms.ts';
import './account-provider.ts';
import './account-sessions.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-account-page')
export class AccountPage extends LightElement {
  @state() private confirmsLeaving = false;
  /** Plans of which this browser holds words that are not saved. */
  @state() private unsaved = 0;

  constructor() {
    super();
    new SessionController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#countUnsaved();
  }

  async #countUnsaved(): Promise<void> {
    this.unsaved = await session.unsavedPlans();
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
        ${user.isAnonymous ? nothing : this.#accountSections()}
        <section class="sheet" aria-labelledby="data-heading">
          <h2 id="data-heading">Your data</h2>
          <p>Everything that is stored about you, and the plans that you own, in one file.</p>
          <div class="actions">
            <a class="button" href=${accountPath.accountData} download>${icon('fileDown')}Download my data</a>
          </div>
        </section>
        <section class="sheet" aria-labelledby="leave-heading">
          <h2 id="leave-heading">Sign out</h2>
          ${user.isAnonymous || this.unsaved > 0 ? this.#askBeforeLeaving(user.isAnonymous === true) : this.#leave()}
        </section>
        <section class="sheet" aria-labelledby="delete-heading">
          <h2 id="delete-heading">${user.isAnonymous ? 'Delete what is known of you' : 'Delete the account'}</h2>
          <cp-account-deletion></cp-account-deletion>
        </section>
      </main>
    `;
  }

  #accountSections() {
    return html`
      <section class="sheet" aria-labelledby="email-heading">
        <h2 id="email-heading">E-mail address</h2>
        <cp-account-email></cp-account-email>
      </section>
      <section class="sheet" aria-labelledby="password-heading">
        <h2 id="password-heading">Password</h2>
        <cp-password-form></cp-password-form>
      </section>
      <cp-account-provider></cp-account-provider>
      <section class="sheet" aria-labelledby="sessions-heading">
        <h2 id="sessions-heading">Where you are signed in</h2>
        <cp-account-sessions></cp-account-sessions>
      </section>
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

  #askBeforeLeaving(guest: boolean) {
    const why = guest
      ? 'A guest who signs out cannot come back as the same person.'
      : `This browser holds words of yours in ${counted(this.unsaved, 'plan')} that are not saved. Open them while you are online, and they will be.`;
    if (!this.confirmsLeaving) {
      return html`
        <p>${why}</p>
        <div class="actions">
          <button class="button" @click=${() => this.#ask(true)}>${icon('logOut')}Sign out …</button>
        </div>
      `;
    }
    return html`
      <div class="notice warn" role="alert">
        ${icon('circleAlert')}
        <div>
          ${guest ? html`<p>You will lose access to your plans, unless somebody shares them with you again. The plans themselves stay.</p>` : nothing}
          ${this.unsaved > 0 ? html`<p>Words in ${counted(this.unsaved, 'plan')} that are not saved will be thrown away.</p>` : nothing}
        </div>
      </div>
      <div class="actions">
        <button class="button danger" @click=${this.#signOut}>${guest ? 'Sign out and lose access' : 'Sign out and throw them away'}</button>
        <button class="button quiet" @click=${() => this.#ask(false)}>Stay</button>
      </div>
    `;
  }

  async #ask(asks: boolean): Promise<void> {
    await this.#countUnsaved();
    this.confirmsLeaving = asks;
    await this.updateComplete;
    this.querySelector<HTMLElement>('section[aria-labelledby="leave-heading"] button')?.focus();
  }
}
