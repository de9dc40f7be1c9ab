/** `<cp-enter-forms>`: the ways in. Start as a guest with a name, sign in, or create an account; one at a time. */
import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import * as shape from '../../shared/api.ts';
import { session } from '../session.ts';
import { FormElement } from './form-element.ts';

export type Way = 'guest' | 'sign-in' | 'sign-up';

const account = shape.signUp.required({ name: true });

@customElement('cp-enter-forms')
export class EnterForms extends FormElement {
  @property() way: Way = 'guest';
  /** What the guest's button says; the page knows what comes next. */
  @property() start = 'Start writing';
  /** Who was here before: their name and address stand in the fields already. */
  @property({ attribute: false }) user: shape.User | null = null;

  async #choose(way: Way): Promise<void> {
    this.way = way;
    this.errors = {};
    this.failure = '';
    await this.updateComplete;
    this.querySelector<HTMLInputElement>('input')?.focus();
  }

  override render() {
    if (this.way === 'sign-in') return this.#signIn();
    if (this.way === 'sign-up') return this.#signUp();
    return this.#guest();
  }

  #guest() {
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, shape.signInAsGuest, ({ name }) => session.startAsGuest(name))}>
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
          No account yet? ${this.#switch('guest', 'Start as a guest')} or ${this.#switch('sign-up', 'create an account')}.
        </p>
      </form>
    `;
  }

  #signUp() {
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, account, (data) => session.signUp(data))}>
        ${this.field({ name: 'name', label: 'Your name', hint: 'The others see it beside what you write.', autocomplete: 'name', maxlength: 80 })}
        ${this.field({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'email' })}
        ${this.field({ name: 'password', label: 'Password', hint: 'At least 10 characters.', type: 'password', autocomplete: 'new-password' })}
        ${this.failureNotice()}
        <div class="actions">${this.submitButton('Create account')}</div>
        <p class="aside">Have an account? ${this.#switch('sign-in', 'Sign in')}</p>
      </form>
    `;
  }

  #switch(way: Way, label: string) {
    return html`<button type="button" class="link-button" @click=${() => this.#choose(way)}>${label}</button>`;
  }
}
