/** `<cp-account-provider>`: connects the account with the operator's sign-in service. Draws nothing where there is none. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { REFUSED_PARAMETER } from '../../shared/accounts-api.ts';
import { ERRORS, type ErrorCode } from '../../shared/errors.ts';
import { accountsApi } from '../accounts.ts';
import { explain } from '../api.ts';
import { href } from '../routes.ts';
import { WaysInController } from '../ways-in.ts';
import { failureNotice } from './form-element.ts';
import { LightElement } from './light-element.ts';

/** Why one was sent back from the sign-in service; empty: one was not. */
export function refusalInAddress(): string {
  const code = new URLSearchParams(location.search).get(REFUSED_PARAMETER);
  if (code === null) return '';
  if (code === 'conflict') return 'This identity belongs to another account here.';
  if (code === 'email-taken')
    return 'There is an account with your e-mail address already. Sign in with its password, then connect it on your account page.';
  return ERRORS[code in ERRORS ? (code as ErrorCode) : 'provider-failed'].message;
}

@customElement('cp-account-provider')
export class AccountProvider extends LightElement {
  @state() private connected: boolean | null = null;
  @state() private failure = refusalInAddress();
  readonly #server = new WaysInController(this);

  override connectedCallback(): void {
    super.connectedCallback();
    accountsApi.account().then(
      ({ hasProvider }) => {
        this.connected = hasProvider;
      },
      (error: unknown) => {
        this.failure = explain(error);
      },
    );
  }

  async #connect(): Promise<void> {
    try {
      location.assign(await accountsApi.providerSignIn({ connect: true, returnTo: href.account }));
    } catch (error) {
      this.failure = explain(error);
    }
  }

  override render() {
    const name = this.#server.ways?.provider;
    if (!name) return nothing;
    return html`
      <section class="sheet" aria-labelledby="provider-heading">
        <h2 id="provider-heading">${name}</h2>
        ${failureNotice(this.failure)}
        ${
          this.connected
            ? html`<p>You can sign in with ${name}.</p>`
            : html`
              <p>Connect your account with ${name}, and you can sign in there, too.</p>
              <div class="actions"><button class="button" @click=${() => void this.#connect()}>Connect with ${name}</button></div>
            `
        }
      </section>
    `;
  }
}
