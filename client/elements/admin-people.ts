/** `<cp-admin-people>`: the accounts and the guests of this server; find somebody, suspend them, let them in again, make administrators. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AdminPerson } from '../../shared/accounts-api.ts';
import { adminApi } from '../accounts.ts';
import { explain } from '../api.ts';
import { counted, exactTime, relativeTime } from '../format.ts';
import { icon } from '../icons.ts';
import { session } from '../session.ts';
import { showToast } from '../toasts.ts';
import { failureNotice } from './form-element.ts';
import { LightElement } from './light-element.ts';

/** Milliseconds without a key before a search is sent. */
const SEARCH_PAUSE = 250;

const KINDS = [
  { kind: 'accounts', label: 'Accounts' },
  { kind: 'guests', label: 'Guests' },
] as const;
type Kind = (typeof KINDS)[number]['kind'];

/** A step that waits for a second word. */
interface Asking {
  readonly person: AdminPerson;
  readonly question: string;
  readonly yes: string;
  readonly patch: { suspended?: boolean; administrator?: boolean };
}

@customElement('cp-admin-people')
export class AdminPeople extends LightElement {
  @state() private kind: Kind = 'accounts';
  @state() private q = '';
  @state() private people: readonly AdminPerson[] | null = null;
  @state() private total = 0;
  @state() private asking: Asking | null = null;
  @state() private failure = '';
  #request: AbortController | null = null;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#searchTimer);
    this.#request?.abort();
  }

  /** `more`: what comes after those that are shown. The newest question wins. */
  async #load(more = false): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    const before = more ? (this.people ?? []) : [];
    try {
      const query = { q: this.q, kind: this.kind, offset: String(before.length || '') };
      const { people, total } = await adminApi.people(query, request.signal);
      this.people = [...before, ...people];
      this.total = total;
      this.failure = '';
    } catch (error) {
      if (!request.signal.aborted) this.failure = explain(error);
    }
  }

  #search(q: string): void {
    this.q = q;
    clearTimeout(this.#searchTimer);
    this.#searchTimer = setTimeout(() => void this.#load(), SEARCH_PAUSE);
  }

  async #ask(asking: Asking): Promise<void> {
    this.asking = asking;
    await this.updateComplete;
    this.querySelector<HTMLElement>('.share-question button')?.focus();
  }

  async #patch({ person, patch }: Asking): Promise<void> {
    this.asking = null;
    try {
      const changed = await adminApi.patchPerson(person.id, patch);
      this.people = (this.people ?? []).map((one) => (one.id === changed.id ? changed : one));
      this.failure = '';
      showToast({ text: sayDone(changed, patch) });
    } catch (error) {
      this.failure = explain(error);
    }
  }

  override render() {
    return html`
      <section class="admin-section" aria-label="People">
        <div class="filters">
          <fieldset class="shelves">
            <legend class="visually-hidden">Who</legend>
            ${KINDS.map(
              ({ kind, label }) => html`
                <label>
                  <input type="radio" name="kind" .checked=${this.kind === kind} @change=${() => this.#choose(kind)} />
                  <span>${label}</span>
                </label>
              `,
            )}
          </fieldset>
          <div class="search" role="search">
            ${icon('search')}
            <input
              class="input"
              type="search"
              aria-label="Search names and addresses"
              placeholder="Search"
              maxlength="200"
              .value=${this.q}
              @input=${(event: Event) => this.#search((event.target as HTMLInputElement).value)}
            />
          </div>
        </div>
        ${failureNotice(this.failure)}
        <p class="aside" role="status">${this.people === null ? (this.failure ? '' : 'Loading …') : this.#count()}</p>
        <ul class="rows">
          ${repeat(
            this.people ?? [],
            ({ id }) => id,
            (person) => this.#person(person),
          )}
        </ul>
        ${
          this.people && this.people.length < this.total
            ? html`<div class="actions"><button class="button" @click=${() => void this.#load(true)}>Show more</button></div>`
            : nothing
        }
      </section>
    `;
  }

  #choose(kind: Kind): void {
    this.kind = kind;
    this.people = null;
    void this.#load();
  }

  #count(): string {
    if (this.total === 0) return this.q ? 'Nobody matches this search.' : 'There is nobody yet.';
    return this.kind === 'guests' ? counted(this.total, 'guest') : counted(this.total, 'account');
  }

  #person(person: AdminPerson) {
    const { name, email, administrator, suspendedAt, createdAt, lastSeen, plans } = person;
    const asking = this.asking?.person.id === person.id ? this.asking : null;
    const seen = lastSeen
      ? html`last here <time datetime=${lastSeen} title=${exactTime(lastSeen)}>${relativeTime(lastSeen)}</time>`
      : 'not signed in';
    return html`
      <li>
        <span class="row-words">
          <strong>${name}</strong>
          ${email ? html`<span>${email}</span>` : nothing}
          <span>
            Since <time datetime=${createdAt} title=${exactTime(createdAt)}>${relativeTime(createdAt)}</time>, ${seen}, ${counted(plans, 'plan')}
          </span>
        </span>
        ${administrator ? html`<span class="tag">Administrator</span>` : nothing}
        ${suspendedAt ? html`<span class="tag" title=${exactTime(suspendedAt)}>Suspended</span>` : nothing}
        ${person.id === session.user?.id ? html`<span class="aside">You</span>` : this.#acts(person)}
        ${asking ? this.#question(asking) : nothing}
      </li>
    `;
  }

  #acts(person: AdminPerson) {
    const { name, email, administrator, suspendedAt } = person;
    const whom = html`<span class="visually-hidden"> ${name}</span>`;
    const suspend = suspendedAt
      ? {
          person,
          question: `${name} will be let in again, with everything they had.`,
          yes: 'Let them in',
          patch: { suspended: false },
        }
      : {
          person,
          question: `${name} will be signed out everywhere at once, and let in no more. Their plans and what they wrote stay.`,
          yes: `Suspend ${name}`,
          patch: { suspended: true },
        };
    const administrate = administrator
      ? {
          person,
          question: `${name} will see none of these pages any more.`,
          yes: 'Take it away',
          patch: { administrator: false },
        }
      : {
          person,
          question: `${name} will see everybody's names and addresses, and may suspend people. It lets nobody into plans.`,
          yes: 'Make administrator',
          patch: { administrator: true },
        };
    return html`
      <span class="row-acts">
        <button class="button quiet small" @click=${() => void this.#ask(suspend)}>${suspendedAt ? 'Let in again' : 'Suspend'}${whom}</button>
        ${
          email === null
            ? nothing
            : html`<button class="button quiet small" @click=${() => void this.#ask(administrate)}>
              ${administrator ? 'No administrator' : 'Make administrator'}${whom}
            </button>`
        }
      </span>
    `;
  }

  #question(asking: Asking) {
    return html`
      <div class="notice warn share-question" role="alert">
        ${icon('circleAlert')}
        <div>
          <p>${asking.question}</p>
          <div class="actions">
            <button class="button danger small" @click=${() => void this.#patch(asking)}>${asking.yes}</button>
            <button class="button quiet small" @click=${() => this.#cancel()}>Cancel</button>
          </div>
        </div>
      </div>
    `;
  }

  #cancel(): void {
    this.asking = null;
  }
}

function sayDone({ name }: AdminPerson, { suspended, administrator }: Asking['patch']): string {
  if (suspended === true) return `${name} is suspended.`;
  if (suspended === false) return `${name} is let in again.`;
  return administrator ? `${name} is an administrator.` : `${name} is not an administrator any more.`;
}
