/** `<cp-join-page>`: where a share link leads. Takes the token from the address, asks a visitor for a name, and opens the plan. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { api, explain } from '../api.ts';
import { icon } from '../icons.ts';
import { ROLE_MEANING } from '../labels.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { SessionController, session } from '../session.ts';
import { showToast } from '../toasts.ts';
import './enter-forms.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-join-page')
export class JoinPage extends LightElement {
  /** The fragment never reaches a server's log; the address loses it as soon as the plan opens. */
  @state() private token = location.hash.slice(1);
  @state() private failure = '';
  #redeeming = '';
  readonly #readToken = () => {
    this.token = location.hash.slice(1);
    this.failure = '';
  };

  constructor() {
    super();
    new SessionController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#readToken);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#readToken);
  }

  override updated(): void {
    const ready = session.state.is === 'signed-in' && this.token !== '' && this.failure === '';
    if (ready && this.#redeeming !== this.token) void this.#redeem(this.token);
  }

  async #redeem(token: string): Promise<void> {
    this.#redeeming = token;
    try {
      const { planId, role } = await api.redeemLink(token);
      await router.go(href.plan(planId), { replace: true });
      showToast({ text: `You have joined this plan: you ${ROLE_MEANING[role]} here.` });
    } catch (error) {
      this.failure = explain(error);
    }
    this.#redeeming = '';
  }

  override render() {
    return html`<main id="main" class="page narrow" tabindex="-1"><div class="form">${this.#content()}</div></main>`;
  }

  #content() {
    if (this.token === '')
      return this.#refused('This link is not complete. Copy it again from the message in which you got it.', false);
    if (this.failure !== '') return this.#refused(this.failure, true);
    if (session.user === null) {
      return html`
        <h1>You are invited to a plan</h1>
        <p class="lead">People write it together, at the same time. Say who you are, and join them.</p>
        <section class="sheet" aria-label="Join"><cp-enter-forms start="Join the plan"></cp-enter-forms></section>
      `;
    }
    return html`
      <h1>Joining …</h1>
      <div class="page-loading" role="status"><span class="spinner"></span><span class="visually-hidden">Opening the plan</span></div>
    `;
  }

  #refused(message: string, retry: boolean) {
    return html`
      <h1>This link does not open</h1>
      <div class="notice danger" role="alert">${icon('circleAlert')}<p>${message}</p></div>
      <div class="actions">
        ${retry ? html`<button class="button" @click=${this.#readToken}>Try again</button>` : nothing}
        <a class="button quiet" href=${href.plans}>Go to your plans</a>
      </div>
    `;
  }
}
