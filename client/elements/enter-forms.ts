/** `<cp-enter-forms>`: the ways in. Start as a guest with a name, sign in, or create an account; one at a time. */
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import * as shape from '../../shared/api.ts';
import { accountsApi } from '../accounts.ts';
import { explain } from '../api.ts';
import { href } from '../routes.ts';
import { session } from '../session.ts';
import { WaysInController } from '../ways-in.ts';
import { FormElement } from './form-element.ts';

export type Way = 'guest' | 'sign-in' | 'sign-up';

const account = shape.signUp.required({ name: true });

@customElement('cp-enter-forms')
export class EnterForms extends FormElement {
  @property() way: Way = 'guest';
  /** What the guest's button says; the page knows what comes next. */
  @property() start = 'Start writing';
  /** The token of the plan's link that led here: guests need it where not everybody may sign up. */
  @property() link = '';
  /** The token of an invitation. */
  @property() invitation = '';
  /** What lies behind the link lets no guests in. */
  @property({ type: Boolean }) accountsOnly = false;
  /** Who was here before: their name and address stand in the fields already. */
  @property({ attribute: false }) user: shape.User | null = null;

  readonly #server = new WaysInController(this);

  /** Whether this server takes guests here; true until it has said otherwise. */
  get #takesGuests(): boolean {
    return !this.accountsOnly && (this.#open || this.link !== '');
  }

  get #takesAccounts(): boolean {
    return this.#open || (this.invitation !== '' && this.#server.ways?.signUp === 'invitation');
  }

  get #open(): boolean {
    return (this.#server.ways?.signUp ?? 'open') === 'open';
  }

  async #choose(way: Way): Promise<void> {
    this.way = way;
    this.errors = {};
    this.failure = '';
    await this.updateComplete;
    this.querySelector<HTMLInputElement>('input')?.focus();
  }

  override render() {
    if (this.way === 'sign-up' && this.#takesAccounts) return this.#signUp();
    if (this.way === 'guest' && this.#takesGuests) return this.#guest();
    return this.#signIn();
  }

  #guest() {
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, shape.signInAsGuest, ({ name }) => session.startAsGuest(name, this.link))}>
        ${this.field({ name: 'name', label: 'Your name', hint: 'The others see it beside what you write.', autocomplete: 'name', maxlength: 80, value: this.user?.name ?? '' })}
        ${this.failureNotice()}
        <div class="actions">${this.submitButton(this.start)}</div>
        <p class="aside">
          You start as a guest: no e-mail, no password. This browser remembers you. To come back from another device, add an e-mail
          address and a password later; you keep everything.
        </p>
        <p class="aside">Have an account? ${this.#switch('sign-in', 'Sign in')}</p>
      </form>
    `;
  }

  #signIn() {
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, shape.signIn, (data) => session.signIn(data))}>
        ${this.field({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'username' as AutoFill, value: this.user && !this.user.isAnonymous ? this.user.email : '' })}
        ${this.field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' })}
        ${this.failureNotice()}
        <div class="actions">${this.submitButton('Sign in')}</div>
        <p class="aside">
          <a href=${href.forgottenPassword}>Forgotten your password?</a>
        </p>
        <p class="aside">${this.#firstTime()}</p>
      </form>
      ${this.#provider()}
    `;
  }

  #firstTime() {
    const guest = this.#takesGuests ? this.#switch('guest', 'Start as a guest') : null;
    if (guest && this.#takesAccounts)
      return html`No account yet? ${guest} or ${this.#switch('sign-up', 'create an account')}.`;
    if (guest) return html`No account? ${guest}.`;
    if (this.#takesAccounts) return html`No account yet? ${this.#switch('sign-up', 'Create one')}.`;
    return this.#server.ways?.signUp === 'closed'
      ? 'This server takes no new accounts.'
      : 'New accounts are made by invitation: ask the administrator of this server for one.';
  }

  /** The operator's sign-in service, where there is one. */
  #provider() {
    const name = this.#server.ways?.provider;
    if (!name) return nothing;
    return html`
      <div class="provider">
        <p class="aside">or</p>
        <button type="button" class="button" @click=${() => void this.#goToProvider()}>Sign in with ${name}</button>
      </div>
    `;
  }

  async #goToProvider(): Promise<void> {
    this.failure = '';
    const { pathname, hash } = location;
    // The fragment is the browser's own: a plan's link is redeemed after coming back.
    const returnTo = pathname === href.signIn || this.invitation !== '' ? href.plans : pathname + hash;
    try {
      const invitation = this.invitation === '' ? {} : { invitation: this.invitation };
      location.assign(await accountsApi.providerSignIn({ returnTo, ...invitation }));
    } catch (error) {
      this.failure = explain(error);
    }
  }

  #signUp() {
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, account, (data) => session.signUp({ ...data, ...(this.invitation && { invitation: this.invitation }) }))}>
        ${this.field({ name: 'name', label: 'Your name', hint: 'The others see it beside what you write.', autocomplete: 'name', maxlength: 80 })}
        ${this.field({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'email' })}
        ${this.field({ name: 'password', label: 'Password', hint: 'At least 10 characters.', type: 'password', autocomplete: 'new-password' })}
        ${this.failureNotice()}
        <div class="actions">${this.submitButton('Create account')}</div>
        <p class="aside">Have an account? ${this.#switch('sign-in', 'Sign in')}</p>
      </form>
      ${this.#provider()}
    `;
  }

  #switch(way: Way, label: string) {
    return html`<button type="button" class="link-button" @click=${() => this.#choose(way)}>${label}</button>`;
  }
}
