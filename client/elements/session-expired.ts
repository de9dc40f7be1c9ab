/** `<cp-session-expired>`: asks to sign in again when the server no longer knows the person, over the page they were on. */
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { SessionController, session } from '../session.ts';
import './enter-forms.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-session-expired')
export class SessionExpired extends LightElement {
  #userId: string | null = null;

  constructor() {
    super();
    new SessionController(this);
  }

  override willUpdate(): void {
    const { user, state } = session;
    // Somebody else signed in over this page: what it shows may not be theirs to see.
    if (state.is === 'signed-in' && this.#userId !== null && this.#userId !== state.user.id) location.reload();
    this.#userId = state.is === 'expired' ? (user?.id ?? null) : null;
  }

  override render() {
    const state = session.state;
    if (state.is !== 'expired') return nothing;
    const guest = state.user.isAnonymous === true;
    return html`
      <wa-dialog open label=${guest ? 'This browser was forgotten' : 'Please sign in again'} @wa-hide=${this.#stay}>
        <div class="form">
          <p>
            ${
              guest
                ? `The server no longer knows the guest ${state.user.name}, for instance because the guest signed out in another window. Start again with a name; plans shared by link open by that link.`
                : `Your session has ended, ${state.user.name}. Sign in to go on where you were.`
            }
          </p>
          <cp-enter-forms way=${guest ? 'guest' : 'sign-in'} start="Start again" .user=${state.user}></cp-enter-forms>
        </div>
      </wa-dialog>
    `;
  }

  /** Nothing on the page works without a session, so the question stays; leaving the page is always possible. */
  #stay(event: Event): void {
    if (session.state.is === 'expired') event.preventDefault();
  }
}
