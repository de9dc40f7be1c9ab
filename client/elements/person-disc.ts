/** A person as a disc with initials in their colour, and several of them in a row. */
import { html, nothing } from 'lit';
import type { Person } from '../../shared/api.ts';
import { caretColorClass } from '../editor/caret-color.ts';
import { initials, listNames } from '../format.ts';

/** Decoration: the name stands beside it, or is said for the whole row. */
export function personDisc({ name, color }: Pick<Person, 'name' | 'color'>) {
  return html`<span class="avatar disc ${caretColorClass(color)}" data-initials=${initials(name)} title=${name}></span>`;
}

/** At most `most` discs, then a number; the names of all for screen readers. */
export function personDiscs(people: readonly Person[], most = 5) {
  if (people.length === 0) return nothing;
  const more = people.length - most;
  return html`
    <span class="discs">
      <span class="visually-hidden">By ${listNames(people.map(({ name }) => name))}</span>
      ${people.slice(0, most).map(personDisc)}
      ${more > 0 ? html`<span class="discs-more" aria-hidden="true">+${more}</span>` : nothing}
    </span>
  `;
}
