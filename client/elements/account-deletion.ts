/** `<cp-account-deletion>`: says what deleting the account would do, lists what has to be handed over first, and does it when asked with the password. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import * as shape from '../../shared/accounts-api.ts';
import { accountsApi } from '../accounts.ts';
import { explain } from '../api.ts';
import { counted } from '../format.ts';
import { icon } from '../icons.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { session } from '../session.ts';
import { showToast } from '../toasts.ts';
import { FormElement } from './form-element.ts';

const withPassword = shape.deleteAccount.required();

@customElement('cp-account-deletion')
export class AccountDeletion extends FormElement {
  /** Asked for each time: plans may have been handed over in another window. */
  @state() private account: shape.Account | null = null;
  @state() private asks = false;

  async #ask(): Promise<void> {
    this.failure = '';
    try {
      this.account = await accountsApi.account();
      this.asks = true;
    } catch (error) {
      this.failure = explain(error);
    }
    await this.updateComplete;
    this.querySelector<HTMLElement>('input, form button, .actions button')?.focus();
  }

  #stay(): void {
    this.asks = false;
    this.errors = {};
    this.failure = '';
  }

  override render() {
    if (this.asks && this.account) return this.#question(this.account);
    return html`
      <p>
        ${session.user?.isAnonymous ? 'Your name goes' : 'Your name, your address and your password go'}. What you wrote stays in the plans, by
        “former member”.
      </p>
      ${this.failureNotice()}
      <div class="actions"><button class="button" @click=${() => void this.#ask()}>${icon('trash')}${session.user?.isAnonymous ? 'Delete me as a guest' : 'Delete my account'} …</button></div>
    `;
  }

  #question({ leaving, hasPassword }: shape.Account) {
    const { plansToHandOver, teamsToHandOver, plansToArchive } = leaving;
    if (plansToHandOver.length + teamsToHandOver.length > 0) return this.#handOver(leaving);
    return html`
      <div class="notice warn" role="alert">
        ${icon('circleAlert')}
        <div>
          <p>This cannot be undone. You will be signed out everywhere.</p>
          ${
            plansToArchive.length > 0
              ? html`<p>Nobody else is in ${counted(plansToArchive.length, 'plan')} of yours. They will be archived: nobody can open them any more.</p>`
              : nothing
          }
        </div>
      </div>
      <form class="form" novalidate @submit=${(event: Event) => this.#submit(event, hasPassword)}>
        ${hasPassword ? this.field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' }) : nothing}
        ${this.failureNotice()}
        <div class="actions">
          <button class="button danger" type="submit" aria-disabled=${this.busy ? 'true' : 'false'}>${session.user?.isAnonymous ? 'Delete me for good' : 'Delete my account for good'}</button>
          <button type="button" class="button quiet" @click=${() => this.#stay()}>Keep it</button>
        </div>
      </form>
    `;
  }

  #handOver({ plansToHandOver, teamsToHandOver }: shape.Account['leaving']) {
    return html`
      <div class="notice warn" role="alert">
        ${icon('circleAlert')}
        <div>
          <p>Others are in these, and you are their only owner. Make somebody else an owner of each, or remove the others, first.</p>
        </div>
      </div>
      <ul class="rows">
        ${plansToHandOver.map(({ id, title }) => html`<li><a href=${href.plan(id)}>${title}</a></li>`)}
        ${teamsToHandOver.map(({ id, name }) => html`<li><a href=${href.team(id)}>${name}</a></li>`)}
      </ul>
      <div class="actions">
        <button class="button" @click=${() => void this.#ask()}>Look again</button>
        <button class="button quiet" @click=${() => this.#stay()}>Keep my account</button>
      </div>
    `;
  }

  #submit(event: Event, hasPassword: boolean): void {
    const shaped = hasPassword ? withPassword : shape.deleteAccount;
    void this.submit(event, shaped, async ({ password }) => {
      await session.deleteAccount(password);
      await router.go(href.plans, { replace: true });
      showToast({ text: 'You are deleted here. Thank you for what you wrote.' });
    });
  }
}
