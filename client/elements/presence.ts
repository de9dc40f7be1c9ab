/** `<cp-presence>`: the people who have the plan open, as discs with initials, and as a list with names. */
import '@awesome.me/webawesome/dist/components/popover/popover.js';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ref } from 'lit/directives/ref.js';
import type { Person } from '../collab/presence.ts';
import { initials, listNames } from '../format.ts';
import { LightElement } from './light-element.ts';

/** As many discs as fit beside the other things of the header; the list has everybody. */
const DISCS = 4;

@customElement('cp-presence')
export class Presence extends LightElement {
  @property({ attribute: false }) people: readonly Person[] = [];

  override render() {
    if (this.people.length === 0) return nothing;
    const more = this.people.length - DISCS;
    const names = listNames(this.people.map((person) => (person.self ? 'you' : person.name)));
    return html`
      <button id="people-button" class="button quiet people-button">
        <span class="visually-hidden">People here: ${names}</span>
        ${this.people.slice(0, DISCS).map((person) => this.#disc(person))}
        ${more > 0 ? html`<span class="people-more" aria-hidden="true">+${more}</span>` : nothing}
      </button>
      <wa-popover for="people-button" placement="bottom-end" without-arrow class="people-popover">
        <h2>${this.people.length === 1 ? 'Only you are here' : `${this.people.length} people are here`}</h2>
        <ul class="people-list">
          ${this.people.map(
            (person) => html`
              <li>
                ${this.#disc(person)}
                <span>${person.name}${person.self ? ' (you)' : ''}</span>
                <span class="people-note">${this.#note(person)}</span>
              </li>
            `,
          )}
        </ul>
      </wa-popover>
    `;
  }

  /** The colour is set as a property: the server's policy forbids style attributes, which is what Lit would write first. */
  #disc(person: Person) {
    return html`<span class="avatar person ${person.idle ? 'idle' : ''}" ${ref((disc) => (disc as HTMLElement | undefined)?.style.setProperty('--person', person.color))} title=${person.name} aria-hidden="true">${initials(person.name)}</span>`;
  }

  #note(person: Person): string {
    const notes = [
      person.guest ? 'guest' : '',
      person.idle ? 'away' : '',
      person.windows > 1 ? `${person.windows} windows` : '',
    ];
    return notes.filter(Boolean).join(', ');
  }
}
