/** `<cp-share-members>`: the people of a plan or a team with their roles; owners change roles and remove, everyone may leave. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { ROLES, type Role } from '../../shared/roles.ts';
import type { Member } from '../../shared/sharing-api.ts';
import { explain } from '../api.ts';
import { exactTime, initials, relativeTime } from '../format.ts';
import { icon } from '../icons.ts';
import { ROLE_LABEL, ROLE_MEANING } from '../labels.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { session } from '../session.ts';
import type { Sharing } from '../sharing.ts';
import { failureNotice } from './form-element.ts';
import { LightElement } from './light-element.ts';

/** A step that takes something away, and waits for a second word. */
interface Asking {
  readonly userId: string;
  readonly question: string;
  readonly yes: string;
  readonly act: () => Promise<void>;
}

@customElement('cp-share-members')
export class ShareMembers extends LightElement {
  @property({ attribute: false }) sharing!: Sharing;
  @property({ attribute: false }) members: readonly Member[] = [];
  /** Whether the person who looks may change roles. */
  @property({ attribute: false }) shares = false;
  @state() private asking: Asking | null = null;
  @state() private failure = '';

  async #try(change: () => Promise<void>): Promise<void> {
    this.failure = '';
    this.asking = null;
    try {
      await change();
    } catch (error) {
      this.failure = explain(error);
    }
    // Also after a refusal: what is shown goes back to what holds.
    this.requestUpdate();
    this.dispatchEvent(new Event('cp-changed'));
  }

  #changeRole(member: Member, role: Role): void {
    const change = () => this.sharing.changeRole(member.userId, role);
    if (member.userId !== session.user?.id) return void this.#try(change);
    const question = `You would become ${ROLE_LABEL[role].toLowerCase()}: you ${ROLE_MEANING[role]}, and cannot undo this yourself.`;
    void this.#ask({ userId: member.userId, question, yes: 'Change my role', act: change });
  }

  #remove(member: Member): void {
    const self = member.userId === session.user?.id;
    void this.#ask({
      userId: member.userId,
      question: self
        ? `You will no longer be able to open ${this.#opened}.`
        : `${member.name} will no longer be able to open ${this.#opened}.`,
      yes: self ? `Leave the ${this.sharing.kind}` : `Remove ${member.name}`,
      act: async () => {
        await this.sharing.removeMember(member.userId);
        if (self) await router.go(this.sharing.kind === 'plan' ? href.plans : href.teams);
      },
    });
  }

  /** What those who leave can no longer open. */
  get #opened(): string {
    return this.sharing.kind === 'plan' ? 'this plan' : 'the plans of this team';
  }

  async #ask(asking: Asking): Promise<void> {
    this.failure = '';
    this.asking = asking;
    await this.updateComplete;
    this.querySelector<HTMLElement>('.share-question button')?.focus();
  }

  override render() {
    return html`
      <section aria-labelledby="share-members-heading">
        <h3 id="share-members-heading">${this.members.length === 1 ? '1 person' : `${this.members.length} people`} in this ${this.sharing.kind}</h3>
        ${failureNotice(this.failure)}
        <ul class="share-list">
          ${repeat(
            this.members,
            ({ userId }) => userId,
            (member) => this.#member(member),
          )}
        </ul>
      </section>
    `;
  }

  #member(member: Member) {
    const self = member.userId === session.user?.id;
    const asking = this.asking?.userId === member.userId ? this.asking : null;
    return html`
      <li>
        <span class="avatar" aria-hidden="true">${initials(member.name)}</span>
        <div class="share-who">
          <strong>${member.name}${self ? ' (you)' : ''}</strong>
          ${member.guest || member.email ? html`<span>${member.guest ? 'Guest' : member.email}</span>` : nothing}
          <span>
            Came <time datetime=${member.since} title=${exactTime(member.since)}>${relativeTime(member.since)}</time>${howWords(member)}
          </span>
        </div>
        ${this.shares ? this.#roleChoice(member) : html`<span class="tag">${ROLE_LABEL[member.role]}</span>`}
        ${
          this.shares || self
            ? html`<button class="button quiet icon-only" aria-label=${self ? `Leave this ${this.sharing.kind}` : `Remove ${member.name}`} @click=${() => this.#remove(member)}>
              ${icon(self ? 'logOut' : 'x')}
            </button>`
            : nothing
        }
        ${asking ? this.#question(asking) : nothing}
      </li>
    `;
  }

  #roleChoice(member: Member) {
    return html`
      <select
        class="select"
        aria-label="Role of ${member.name}"
        .value=${live(member.role)}
        @change=${(event: Event) => this.#changeRole(member, ROLES.find((role) => role === (event.target as HTMLSelectElement).value) ?? member.role)}
      >
        ${ROLES.map((role) => html`<option value=${role} ?selected=${role === member.role}>${ROLE_LABEL[role]}</option>`)}
      </select>
    `;
  }

  #question({ question, yes, act }: Asking) {
    return html`
      <div class="notice warn share-question" role="alert">
        ${icon('circleAlert')}
        <div>
          <p>${question}</p>
          <div class="actions">
            <button class="button danger small" @click=${() => this.#try(act)}>${yes}</button>
            <button
              class="button quiet small"
              @click=${() => {
                this.asking = null;
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

/** The way in which they came, where it was not by name. */
function howWords({ link }: Member): string {
  if (!link) return '';
  return link.label ? `, by the link “${link.label}”` : ', by a link';
}
