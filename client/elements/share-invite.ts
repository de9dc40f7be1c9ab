/** `<cp-share-invite>`: adds somebody who has an account to a plan, by e-mail address. */
import { html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ROLES } from '../../shared/roles.ts';
import { addMemberByEmail } from '../../shared/sharing-api.ts';
import { api } from '../api.ts';
import { ROLE_LABEL } from '../labels.ts';
import { FormElement } from './form-element.ts';

@customElement('cp-share-invite')
export class ShareInvite extends FormElement {
  @property() planId = '';
  @state() private added = '';

  async #add(event: Event): Promise<void> {
    const form = event.currentTarget as HTMLFormElement;
    this.added = '';
    await this.submit(event, addMemberByEmail, async ({ email, role }) => {
      await api.addMember(this.planId, email, role);
      form.reset();
      this.added = `${email} can open this plan now.`;
      this.dispatchEvent(new Event('cp-changed'));
    });
  }

  override render() {
    return html`
      <section aria-labelledby="share-invite-heading">
        <h3 id="share-invite-heading">Invite by e-mail address</h3>
        <form class="form" novalidate @submit=${this.#add}>
          <div class="inline-form">
            ${this.field({ name: 'email', label: 'E-mail address of their account', type: 'email' })}
            <div class="field">
              <label for="share-invite-role">Role</label>
              <select class="select" id="share-invite-role" name="role">
                ${ROLES.map((role) => html`<option value=${role} ?selected=${role === 'editor'}>${ROLE_LABEL[role]}</option>`)}
              </select>
            </div>
            ${this.submitButton('Add')}
          </div>
          ${this.failureNotice()}
          <p class="aside" role="status">${this.added}</p>
        </form>
      </section>
    `;
  }
}
