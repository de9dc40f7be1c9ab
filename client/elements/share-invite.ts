/** `<cp-share-invite>`: lets somebody in by name or e-mail address: suggests people one shares plans with, and makes a link for whom nobody knows. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ROLES, type Role } from '../../shared/roles.ts';
import { addMemberByEmail } from '../../shared/sharing-api.ts';
import { explain } from '../api.ts';
import { initials } from '../format.ts';
import { icon } from '../icons.ts';
import { ROLE_LABEL, ROLE_MEANING } from '../labels.ts';
import type { FoundPerson, Sharing } from '../sharing.ts';
import { FormElement } from './form-element.ts';
import './shown-once.ts';

/** Milliseconds after the last letter. */
const PAUSE = 200;

@customElement('cp-share-invite')
export class ShareInvite extends FormElement {
  @property({ attribute: false }) sharing!: Sharing;
  @state() private found: readonly FoundPerson[] = [];
  /** Index into `found` of the one that the arrow keys are at; -1: none. */
  @state() private active = -1;
  @state() private chosen: FoundPerson | null = null;
  @state() private done = '';
  /** Of the link that was made for somebody without an account. */
  @state() private url = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #search: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
  }

  get #input(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>('input[name="who"]');
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#search?.abort();
    this.found = [];
    this.active = -1;
  }

  #typed(): void {
    this.#forget();
    this.chosen = null;
    this.done = '';
    this.url = '';
    const q = this.#input?.value.trim() ?? '';
    if (q.length < 2 || q.includes('@')) return;
    this.#timer = setTimeout(() => void this.#look(q), PAUSE);
  }

  async #look(q: string): Promise<void> {
    const search = new AbortController();
    this.#search = search;
    try {
      this.found = (await this.sharing.people(q, search.signal)).people;
    } catch (error) {
      if (!search.signal.aborted) this.failure = explain(error);
    }
  }

  #key(event: KeyboardEvent): void {
    const { found } = this;
    if (found.length === 0) return;
    const person = found[this.active];
    if (event.key === 'ArrowDown') this.active = (this.active + 1) % found.length;
    else if (event.key === 'ArrowUp') this.active = (this.active <= 0 ? found.length : this.active) - 1;
    else if (event.key === 'Enter' && person) this.#choose(person);
    else if (event.key === 'Escape') this.#forget();
    else return;
    // Escape closes the suggestions, not the dialog.
    event.preventDefault();
    event.stopPropagation();
  }

  #choose(person: FoundPerson): void {
    this.#forget();
    this.chosen = person;
    if (this.#input) this.#input.value = person.name;
    this.#input?.focus();
  }

  async #add(event: SubmitEvent): Promise<void> {
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const { chosen } = this;
    const role = ROLES.find((known) => known === data.get('role')) ?? 'viewer';
    this.#forget();
    this.done = '';
    this.url = '';
    if (chosen) {
      event.preventDefault();
      this.busy = true;
      try {
        await this.sharing.addMember({ userId: chosen.userId, role });
        this.#added(form, chosen.name, role);
      } catch (error) {
        this.failure = explain(error);
      }
      this.busy = false;
      return;
    }
    const who = (data.get('who') as string | null)?.trim() ?? '';
    if (who !== '' && !who.includes('@')) {
      event.preventDefault();
      this.errors = { who: 'Choose somebody from the list, or write an e-mail address.' };
      this.#input?.focus();
      return;
    }
    const schema = addMemberByEmail.transform((checked) => checked);
    form.querySelector<HTMLInputElement>('input[name="email"]')!.value = who;
    await this.submit(event, schema, async (body) => {
      const { invitation } = await this.sharing.addMember(body);
      if (invitation === null) return this.#added(form, body.email, role);
      this.url = invitation.url ?? '';
      this.#added(form, body.email, role, invitation.url === null ? 'mailed' : 'made');
    });
    if (this.errors.email) this.errors = { who: this.errors.email };
  }

  #added(form: HTMLFormElement, who: string, role: Role, invitation: 'mailed' | 'made' | null = null): void {
    form.reset();
    this.chosen = null;
    if (invitation === 'mailed')
      this.done = `An invitation is on its way to ${who}: the link in it lets one person in.`;
    else if (invitation === 'made')
      this.done = `Nobody here has an account with ${who} yet. Send them this link: it lets one person in, and works for 30 days.`;
    else this.done = `${who} ${ROLE_MEANING[role]} from now on.`;
    this.dispatchEvent(new Event('cp-changed'));
  }

  override render() {
    const error = this.errors.who;
    const open = this.found.length > 0;
    return html`
      <section aria-labelledby="share-invite-heading">
        <h3 id="share-invite-heading">Invite people</h3>
        <form class="form" novalidate @submit=${this.#add}>
          <input type="hidden" name="email" />
          <div class="inline-form">
            <div class="field share-search">
              <label for="share-who">Name or e-mail address</label>
              <input
                class="input"
                id="share-who"
                name="who"
                autocomplete="off"
                role="combobox"
                aria-autocomplete="list"
                aria-expanded=${open ? 'true' : 'false'}
                aria-controls="share-found"
                aria-activedescendant=${this.active >= 0 ? `share-found-${this.active}` : nothing}
                aria-invalid=${error ? 'true' : 'false'}
                aria-describedby=${error ? 'share-who-error' : nothing}
                @input=${this.#typed}
                @keydown=${this.#key}
              />
              <ul class="share-found" id="share-found" role="listbox" aria-label="People you share plans with" ?hidden=${!open}>
                ${this.found.map((person, index) => this.#suggestion(person, index))}
              </ul>
              ${error ? html`<span class="error" id="share-who-error">${error}</span>` : nothing}
            </div>
            <div class="field">
              <label for="share-invite-role">Role</label>
              <select class="select" id="share-invite-role" name="role">
                ${ROLES.map((role) => html`<option value=${role} ?selected=${role === 'editor'}>${ROLE_LABEL[role]}</option>`)}
              </select>
            </div>
            ${this.submitButton('Invite')}
          </div>
          ${this.failureNotice()}
          <p class="aside" role="status">${this.done}</p>
          ${this.url ? html`<cp-shown-once .url=${this.url} label="Address of the invitation"></cp-shown-once>` : nothing}
        </form>
      </section>
    `;
  }

  #suggestion(person: FoundPerson, index: number) {
    return html`
      <li
        id="share-found-${index}"
        role="option"
        aria-selected=${index === this.active ? 'true' : 'false'}
        @mousedown=${(event: Event) => event.preventDefault()}
        @click=${() => this.#choose(person)}
      >
        <span class="avatar" aria-hidden="true">${initials(person.name)}</span>
        <span class="share-who"><strong>${person.name}</strong><span>${person.guest ? 'Guest, from' : 'From'} ${person.knownFrom}</span></span>
        ${index === this.active ? icon('check') : nothing}
      </li>
    `;
  }
}
