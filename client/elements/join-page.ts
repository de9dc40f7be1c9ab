/** `<cp-join-page>`: where a share link leads. Takes the token from the address, tells a visitor what it leads to and asks who they are, and opens the plan or the team. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { z } from 'zod';
import { CommonplanError } from '../../shared/errors.ts';
import type { linkPreview } from '../../shared/sharing-api.ts';
import { api, explain } from '../api.ts';
import { icon } from '../icons.ts';
import { ROLE_LABEL, ROLE_MEANING } from '../labels.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { SessionController, session } from '../session.ts';
import { showToast } from '../toasts.ts';
import './account-forms.ts';
import './enter-forms.ts';
import { LightElement } from './light-element.ts';

type Preview = z.infer<typeof linkPreview>;

@customElement('cp-join-page')
export class JoinPage extends LightElement {
  /** The fragment never reaches a server's log; the address loses it as soon as the plan opens. */
  @state() private token = location.hash.slice(1);
  /** What the link leads to; asked for people who are not signed in yet. */
  @state() private preview: Preview | null = null;
  @state() private failure: unknown = null;
  /** The token that is being looked at or redeemed. */
  #asked = '';
  readonly #readToken = () => {
    this.token = location.hash.slice(1);
    this.preview = null;
    this.failure = null;
    this.#asked = '';
  };
  /** Somebody signed in, or a guest has made an account: what was refused may be allowed now. */
  readonly #signedIn = () => {
    if (this.failure === null) return;
    this.failure = null;
    this.#asked = '';
  };

  constructor() {
    super();
    new SessionController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#readToken);
    session.addEventListener('change', this.#signedIn);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#readToken);
    session.removeEventListener('change', this.#signedIn);
  }

  override updated(): void {
    const signedIn = session.state.is === 'signed-in';
    const asking = `${signedIn ? 'redeem' : 'look'} ${this.token}`;
    if (this.token === '' || this.failure !== null || this.#asked === asking) return;
    this.#asked = asking;
    void (signedIn ? this.#redeem(this.token) : this.#look(this.token));
  }

  async #look(token: string): Promise<void> {
    try {
      const preview = await api.lookAtLink(token);
      if (token === this.token) this.preview = preview;
    } catch (error) {
      if (token === this.token) this.failure = error;
    }
  }

  async #redeem(token: string): Promise<void> {
    try {
      const joined = await api.redeemLink(token);
      const team = 'teamId' in joined;
      await router.go(team ? href.team(joined.teamId) : href.plan(joined.planId), { replace: true });
      showToast({ text: `You have joined this ${team ? 'team' : 'plan'}: you ${ROLE_MEANING[joined.role]} here.` });
    } catch (error) {
      if (token === this.token) this.failure = error;
    }
  }

  override render() {
    return html`<main id="main" class="page narrow" tabindex="-1"><div class="form">${this.#content()}</div></main>`;
  }

  #content() {
    if (this.token === '')
      return this.#refused('This link is not complete. Copy it again from the message in which you got it.', false);
    if (this.failure instanceof CommonplanError && this.failure.code === 'account-required' && session.user)
      return this.#needsAccount();
    if (this.failure !== null) return this.#refused(explain(this.failure), !isFinal(this.failure));
    if (session.user !== null) return opening('Joining …');
    return this.preview ? this.#invitation(this.preview) : opening('Looking at the invitation …');
  }

  #invitation({ kind, title, role, invitedBy, requiresAccount }: Preview) {
    return html`
      <h1>You are invited to ${kind === 'team' ? 'a team' : 'a plan'}</h1>
      <p class="lead">
        ${invitedBy ? html`${invitedBy} invites you to` : 'You are invited to'} <strong>${title || 'Untitled plan'}</strong> as
        ${ROLE_LABEL[role].toLowerCase()}: you ${ROLE_MEANING[role]} there${kind === 'team' ? ', in all of its plans' : ''}.
      </p>
      <section class="sheet" aria-label="Join">
        <cp-enter-forms start="Join the ${kind}" .link=${this.token} ?accountsOnly=${requiresAccount} way=${requiresAccount ? 'sign-in' : 'guest'}></cp-enter-forms>
      </section>
      ${requiresAccount ? html`<p class="aside">Guests are not let in here: it takes an account.</p>` : nothing}
    `;
  }

  #needsAccount() {
    return html`
      <h1>An account is needed here</h1>
      <p class="lead">You are a guest. Add an e-mail address and a password: you keep your name, your plans and what you wrote, and come in.</p>
      <section class="sheet" aria-label="Make an account"><cp-keep-form></cp-keep-form></section>
      <div class="actions"><a class="button quiet" href=${href.plans}>Go to your plans</a></div>
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

/** Whether asking again will be answered alike. */
function isFinal(failure: unknown): boolean {
  return (
    failure instanceof CommonplanError && failure.status >= 400 && failure.status < 500 && failure.code !== 'too-many'
  );
}

function opening(words: string) {
  return html`
    <h1>${words}</h1>
    <div class="page-loading" role="status"><span class="spinner"></span><span class="visually-hidden">${words}</span></div>
  `;
}
