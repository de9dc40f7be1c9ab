/** `<cp-outline>`: the plan's headings, the one being read marked, each a way to its place. */
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Heading } from '../editor/outline.ts';
import { LightElement } from './light-element.ts';

/** Fires `cp-jump` with the heading's position. */
export class JumpEvent extends Event {
  readonly pos: number;
  constructor(pos: number) {
    super('cp-jump', { bubbles: true });
    this.pos = pos;
  }
}

@customElement('cp-outline')
export class Outline extends LightElement {
  @property({ attribute: false }) headings: readonly Heading[] = [];
  /** Index of the heading being read; -1 above the first. */
  @property({ type: Number }) reading = -1;

  override updated(changed: Map<PropertyKey, unknown>): void {
    // Follows the reading position within its own scroll area; `nearest` never moves the page while the item is in sight.
    if (!changed.has('reading') || this.matches(':hover, :focus-within')) return;
    const list = this.querySelector<HTMLElement>('.outline-list');
    const item = this.querySelector<HTMLElement>('[aria-current]');
    if (!list || !item) return;
    const { top, bottom } = list.getBoundingClientRect();
    const place = item.getBoundingClientRect();
    if (place.top < top || place.bottom > bottom) list.scrollTop += place.top - top - list.clientHeight / 3;
  }

  override render() {
    if (this.headings.length === 0)
      return html`<p class="outline-empty">Headings that you write appear here, to jump between them.</p>`;
    return html`
      <ol class="outline-list" @keydown=${this.#move}>
        ${this.headings.map(
          ({ pos, level, text }, index) => html`
            <li data-level=${level}>
              <button
                class="outline-item"
                aria-current=${index === this.reading ? 'location' : nothing}
                @click=${() => this.dispatchEvent(new JumpEvent(pos))}
              >${text}</button>
            </li>
          `,
        )}
      </ol>
    `;
  }

  #move(event: KeyboardEvent): void {
    const items = [...this.querySelectorAll<HTMLElement>('.outline-item')];
    const at = items.indexOf(event.target as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items[to]?.focus();
  }
}
