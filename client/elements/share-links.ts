/** `<cp-share-links>`: links that let anyone who holds them in: make one, see who came by it, withdraw it. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { LINK_ROLES } from '../../shared/roles.ts';
import { createLink, type Link } from '../../shared/sharing-api.ts';
import { explain } from '../api.ts';
import { counted, exactTime, listNames, relativeTime } from '../format.ts';
import { icon } from '../icons.ts';
import { ROLE_LABEL, ROLE_MEANING } from '../labels.ts';
import type { Sharing } from '../sharing.ts';
import { FormElement, failureNotice } from './form-element.ts';
import './shown-once.ts';

const DAY = 86_400_000;
/** How long a link is open, in days; 0: until it is withdrawn. */
const LIFETIMES: readonly [days: number, label: string][] = [
  [1, 'for a day'],
  [7, 'for a week'],
  [30, 'for a month'],
  [365, 'for a year'],
  [0, 'until it is withdrawn'],
];
/** How many people come in by it; 0: any number. */
const USES: readonly [most: number, label: string][] = [
  [0, 'any number of people'],
  [1, 'one person'],
  [5, 'five people'],
  [20, 'twenty people'],
];

@customElement('cp-share-links')
export class ShareLinks extends FormElement {
  @property({ attribute: false }) sharing!: Sharing;
  @property({ attribute: false }) links: readonly Link[] = [];
  /** Addresses of links made just now, by link id: the server shows them once and keeps only a hash. */
  @state() private urls: ReadonlyMap<string, string> = new Map();
  /** The link that is about to be withdrawn. */
  @state() private leaving: Link | null = null;
  @state() private refused = '';

  async #create(event: Event): Promise<void> {
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const days = Number(data.get('days'));
    const most = Number(data.get('most'));
    const options = {
      expiresAt: days > 0 ? new Date(Date.now() + days * DAY).toISOString() : null,
      mostUses: most > 0 ? most : null,
    };
    await this.submit(event, createLink.pick({ role: true, label: true }), async (body) => {
      const { id, url } = await this.sharing.createLink({ ...body, ...options });
      this.urls = new Map(this.urls).set(id, url);
      form.reset();
      this.dispatchEvent(new Event('cp-changed'));
    });
  }

  async #withdraw(link: Link, keepMembers: boolean): Promise<void> {
    this.leaving = null;
    this.refused = '';
    try {
      await this.sharing.withdrawLink(link.id, { keepMembers });
    } catch (error) {
      this.refused = explain(error);
    }
    this.dispatchEvent(new Event('cp-changed'));
  }

  async #ask(link: Link): Promise<void> {
    if (link.people.length === 0) return this.#withdraw(link, false);
    this.leaving = link;
    await this.updateComplete;
    this.querySelector<HTMLElement>('.share-question button')?.focus();
  }

  override render() {
    return html`
      <section aria-labelledby="share-links-heading">
        <h3 id="share-links-heading">Invite with a link</h3>
        <p class="aside">Whoever has the link can join, also without an account. Withdraw it when it has done its work.</p>
        ${
          this.links.length > 0
            ? html`<ul class="share-list" aria-label="Links">
              ${repeat(
                this.links,
                ({ id }) => id,
                (link) => this.#link(link),
              )}
            </ul>`
            : nothing
        }
        ${failureNotice(this.refused)}
        <details class="share-new" ?open=${this.links.length === 0}>
          <summary>New link</summary>
          <form class="form" novalidate @submit=${this.#create}>
            <div class="share-options">
              <div class="field">
                <label for="share-link-role">Who joins by it</label>
                <select class="select" id="share-link-role" name="role">
                  ${LINK_ROLES.map((role) => html`<option value=${role}>${ROLE_LABEL[role]}: ${ROLE_MEANING[role]}</option>`)}
                </select>
              </div>
              ${this.#choice('days', 'It is open', LIFETIMES, 30)} ${this.#choice('most', 'It lets in', USES, 0)}
              ${this.field({ name: 'label', label: 'For whom (optional)', maxlength: 120, placeholder: 'The housing group' })}
            </div>
            ${this.failureNotice()}
            <div class="actions">${this.submitButton('Create link')}</div>
          </form>
        </details>
      </section>
    `;
  }

  #choice(name: string, label: string, choices: readonly [number, string][], first: number) {
    return html`
      <div class="field">
        <label for="share-link-${name}">${label}</label>
        <select class="select" id="share-link-${name}" name=${name}>
          ${choices.map(([value, words]) => html`<option value=${value} ?selected=${value === first}>${words}</option>`)}
        </select>
      </div>
    `;
  }

  #link(link: Link) {
    const { id, role, label, createdAt, createdBy, people } = link;
    const url = this.urls.get(id);
    const name = label || `${ROLE_LABEL[role]} link`;
    return html`
      <li>
        <span class="avatar" aria-hidden="true">${icon('link')}</span>
        <div class="share-who">
          <strong>${name}</strong>
          <span>
            ${label ? `${ROLE_LABEL[role]} link. ` : ''}Made
            <time datetime=${createdAt} title=${exactTime(createdAt)}>${relativeTime(createdAt)}</time> by ${createdBy}.
            ${openWords(link)}
          </span>
          ${people.length > 0 ? html`<span>In by it: ${listNames(people.map((person) => person.name))}.</span>` : nothing}
        </div>
        <button class="button quiet small" aria-label="Withdraw ${name}" @click=${() => this.#ask(link)}>${icon('trash')}Withdraw</button>
        ${this.leaving?.id === id ? this.#question(link) : nothing}
        ${url ? html`<cp-shown-once .url=${url}></cp-shown-once>` : nothing}
      </li>
    `;
  }

  #question(link: Link) {
    const came = counted(link.people.length, 'person is', 'people are');
    return html`
      <div class="notice warn share-question" role="alert">
        ${icon('circleAlert')}
        <div>
          <p>${came} in by this link alone. Shall they lose access, too?</p>
          <div class="actions">
            <button class="button danger small" @click=${() => this.#withdraw(link, false)}>Withdraw, and end their access</button>
            <button class="button small" @click=${() => this.#withdraw(link, true)}>Withdraw, they stay</button>
            <button
              class="button quiet small"
              @click=${() => {
                this.leaving = null;
              }}
            >
              Cancel
            </button>
          </div>
        </div>
      </div>
    `;
  }
}

/** Until when and for how many it still opens. */
function openWords({ expiresAt, mostUses, uses }: Link): string {
  if (mostUses !== null && uses >= mostUses) return 'It is used up.';
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) return 'It has expired.';
  const left = mostUses === null ? '' : ` for ${counted(mostUses - uses, 'more person', 'more people')}`;
  if (expiresAt === null) return left && `Open${left}.`;
  return `Open${left} until ${exactTime(expiresAt)}.`;
}
