/** The forms of the account page: keep a guest as an account, change the name, change the password. */
import { html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import * as shape from '../../shared/api.ts';
import { api } from '../api.ts';
import { SessionController, session } from '../session.ts';
import { showToast } from '../toasts.ts';
import { WaysInController } from '../ways-in.ts';
import { FormElement } from './form-element.ts';

const keepShape = shape.signUp.omit({ name: true });

/** `<cp-keep-form>`: a guest becomes an account and stays the same user, or takes the plans along to an account that exists. */
@customElement('cp-keep-form')
export class KeepForm extends FormElement {
  @state() private exists = false;

  readonly #server = new WaysInController(this);

  /** Where accounts are made by invitation, a guest can only go over to one that exists. */
  get #takesAccounts(): boolean {
    return (this.#server.ways?.signUp ?? 'open') === 'open';
  }

  override render() {
    return this.exists || !this.#takesAccounts ? this.#signIn() : this.#signUp();
  }

  #signUp() {
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, keepShape, (data) => this.#keep(data))}>
        ${this.field({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'email' })}
        ${this.field({ name: 'password', label: 'Password', hint: 'At least 10 characters.', type: 'password', autocomplete: 'new-password' })}
        ${this.failureNotice()}
        <div class="actions">${this.submitButton('Create my account')}</div>
        <p class="aside">Have an account already? ${this.#switch('Move everything into it')}</p>
      </form>
    `;
  }

  #signIn() {
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, shape.signIn, (data) => this.#move(data))}>
        ${this.field({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'email' })}
        ${this.field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' })}
        ${this.failureNotice()}
        <div class="actions">${this.submitButton('Sign in and move everything')}</div>
        <p class="aside">
          ${this.#takesAccounts ? html`No account yet? ${this.#switch('Create one')}` : 'New accounts are made by invitation here. Open the link of yours in this browser, and everything you have goes into the account.'}
        </p>
      </form>
    `;
  }

  #switch(label: string) {
    return html`<button type="button" class="link-button" @click=${() => this.#toggle()}>${label}</button>`;
  }

  async #toggle(): Promise<void> {
    this.exists = !this.exists;
    this.errors = {};
    this.failure = '';
    await this.updateComplete;
    this.querySelector<HTMLInputElement>('input')?.focus();
  }

  async #keep(data: { email: string; password: string }): Promise<void> {
    await session.signUp(data);
    showToast({ text: 'You have an account now. Everything you had is in it.' });
  }

  async #move(data: { email: string; password: string }): Promise<void> {
    await session.signIn(data);
    showToast({ text: 'You are signed in. Everything you had as a guest is in your account.' });
  }
}

/** `<cp-rename-form>`: what others see beside my writing. */
@customElement('cp-rename-form')
export class RenameForm extends FormElement {
  constructor() {
    super();
    new SessionController(this);
  }

  override render() {
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, shape.updateUser, ({ name }) => this.#rename(name))}>
        ${this.field({
          name: 'name',
          label: 'Name',
          hint: 'The others see it beside what you write.',
          autocomplete: 'name',
          maxlength: 80,
          value: session.user?.name ?? '',
        })}
        ${this.failureNotice()}
        <div class="actions">${this.submitButton('Change name')}</div>
      </form>
    `;
  }

  async #rename(name: string): Promise<void> {
    await session.rename(name);
    showToast({ text: `You are now called ${name}.` });
  }
}

/** `<cp-password-form>`: another password for an account. */
@customElement('cp-password-form')
export class PasswordForm extends FormElement {
  constructor() {
    super();
    new SessionController(this);
  }

  override render() {
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.#submit(event)}>
        <input type="text" name="username" autocomplete="username" .value=${session.user?.email ?? ''} readonly hidden />
        ${this.field({ name: 'currentPassword', label: 'Present password', type: 'password', autocomplete: 'current-password' })}
        ${this.field({ name: 'newPassword', label: 'New password', hint: 'At least 10 characters.', type: 'password', autocomplete: 'new-password' })}
        ${this.failureNotice()}
        <div class="actions">${this.submitButton('Change password')}</div>
      </form>
    `;
  }

  async #submit(event: Event): Promise<void> {
    const form = event.currentTarget as HTMLFormElement;
    await this.submit(event, shape.changePassword, async (data) => {
      await api.changePassword(data);
      form.reset();
      showToast({ text: 'Your password is changed.' });
    });
  }
}
