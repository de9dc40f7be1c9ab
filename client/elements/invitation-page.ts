/** `<cp-invitation-page>`: where an administrator's invitation leads: somebody makes an account on a server that not everybody may join. */
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { SessionController, session } from '../session.ts';
import './enter-forms.ts';
import { TokenPage } from './token-page.ts';

@customElement('cp-invitation-page')
export class InvitationPage extends TokenPage {
  constructor() {
    super();
    new SessionController(this);
  }

  override updated(): void {
    if (session.state.is === 'signed-in' && !session.user?.isAnonymous) void router.go(href.plans, { replace: true });
  }

  override render() {
    if (this.token === '') return this.incomplete();
    return this.page(html`
      <h1>You are invited</h1>
      <p class="lead">People write plans together here. Make your account, and begin.</p>
      <section class="sheet" aria-label="Make an account">
        <cp-enter-forms way="sign-up" .invitation=${this.token}></cp-enter-forms>
      </section>
    `);
  }
}
