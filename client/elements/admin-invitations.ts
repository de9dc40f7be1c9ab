/** `<cp-admin-invitations>`: invitations to make an account: make one, send or hand over its link, withdraw it. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { z } from 'zod';
import type * as shape from '../../shared/accounts-api.ts';
import { email } from '../../shared/api.ts';
import { adminApi } from '../accounts.ts';
import { explain } from '../api.ts';
import { exactTime, relativeTime } from '../format.ts';
import { icon } from '../icons.ts';
import { showToast } from '../toasts.ts';
import { WaysInController } from '../ways-in.ts';
import { FormElement } from './form-element.ts';

type Invitation = z.infer<typeof shape.invitation>;
type Created = z.infer<typeof shape.createdInvitation>;

/** An empty field is no address. */
const inviteShape = z.object({ email: z.literal('').or(email) });

@customElement('cp-admin-invitations')
export class AdminInvitations extends FormElement {
  @state() private invitations: readonly Invitation[] | null = null;
  /** Made just now: its address is shown once. */
  @state() private made: Created | null = null;
  readonly #server = new WaysInController(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.invitations = (await adminApi.invitations()).invitations;
    } catch (error) {
      this.failure = explain(error);
    }
  }

  async #invite({ email }: { email: string }): Promise<void> {
    this.made = await adminApi.invite(email ? { email } : {});
    this.querySelector('form')?.reset();
    await this.#load();
    await this.updateComplete;
    this.querySelector<HTMLInputElement>('.share-url input')?.select();
  }

  async #withdraw(invitation: Invitation): Promise<void> {
    try {
      await adminApi.withdrawInvitation(invitation.id);
      if (this.made?.id === invitation.id) this.made = null;
      showToast({ text: 'The invitation is withdrawn.' });
    } catch (error) {
      this.failure = explain(error);
    }
    await this.#load();
  }

  override render() {
    const { signUp, mail } = this.#server.ways ?? {};
    return html`
      <section class="admin-section" aria-label="Invitations">
        <p>${signUp ? MEANING[signUp] : ''}</p>
        ${signUp === 'closed' ? nothing : this.#form(mail === true)} ${this.made ? this.#link(this.made) : nothing}
        ${this.#list()}
      </section>
    `;
  }

  #form(mail: boolean) {
    return html`
      <form class="form sheet" novalidate @submit=${(event: Event) => this.submit(event, inviteShape, (data) => this.#invite(data))}>
        ${this.field({
          name: 'email',
          label: 'For whom (e-mail address)',
          hint: mail
            ? 'The link is mailed there. Left empty, you get the link to hand over.'
            : 'A note for you. You get the link to hand over.',
          type: 'email',
        })}
        ${this.failureNotice()}
        <div class="actions">${this.submitButton('Invite')}</div>
      </form>
    `;
  }

  #link({ url, sent, email }: Created) {
    return html`
      <div class="notice" role="status">
        ${icon(sent ? 'mail' : 'link')}
        <div class="form">
          <p>
            ${sent ? `The invitation is mailed to ${email}. Should it not arrive, hand this link over.` : 'Hand this link to the one person whom it is for.'}
            It is shown only now, and good for a week.
          </p>
          <div class="share-url">
            <input class="input" readonly aria-label="Link of the invitation" .value=${url} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} />
            <button class="button" @click=${() => void this.#copy(url)}>${icon('copy')}Copy</button>
          </div>
        </div>
      </div>
    `;
  }

  async #copy(url: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(url);
      showToast({ text: 'The link is copied.' });
    } catch {
      // Without the right to write to the clipboard it stands selected, to be copied by hand.
      this.querySelector<HTMLInputElement>('.share-url input')?.select();
    }
  }

  #list() {
    if (this.invitations === null) return this.failure ? nothing : html`<p role="status">Loading …</p>`;
    if (this.invitations.length === 0) return html`<p class="aside">No invitation is waiting to be used.</p>`;
    return html`
      <ul class="rows">
        ${repeat(
          this.invitations,
          ({ id }) => id,
          (invitation) => html`
            <li>
              <span class="row-words">
                <strong>${invitation.email ?? 'Whoever has the link'}</strong>
                <span>
                  ${invitation.createdBy ? `By ${invitation.createdBy}, ` : 'From the command line, '}
                  <time datetime=${invitation.createdAt} title=${exactTime(invitation.createdAt)}>${relativeTime(invitation.createdAt)}</time>;
                  good until <time datetime=${invitation.expiresAt}>${exactTime(invitation.expiresAt)}</time>
                </span>
              </span>
              <button class="button quiet small" @click=${() => void this.#withdraw(invitation)}>
                Withdraw<span class="visually-hidden"> the invitation for ${invitation.email ?? 'whoever has the link'}</span>
              </button>
            </li>
          `,
        )}
      </ul>
    `;
  }
}

const MEANING: Record<shape.SignUpPolicy, string> = {
  open: 'Everybody may make an account on this server. An invitation tells somebody of it.',
  invitation: 'Accounts on this server are made by invitation.',
  closed: 'This server takes no new accounts. To invite people, set SIGN_UP to invitation and start it again.',
};
