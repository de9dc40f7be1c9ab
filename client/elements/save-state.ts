/** `<cp-save-state>`: in words, on every width, whether what was typed is safe. */
import { html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { SaveState as State } from '../collab/save-state.ts';
import { icon } from '../icons.ts';
import { LightElement } from './light-element.ts';

const WORDS: Record<State, { main: string; detail: string }> = {
  saved: { main: 'Saved', detail: '' },
  saving: { main: 'Saving…', detail: '' },
  kept: { main: 'Not saved', detail: 'kept on this device' },
  unsaved: { main: 'Not saved', detail: 'only in this window' },
};

/** Typing goes from Saved to Saving and back with every key; "Saved" waits this long (ms), so that the word does not flicker. */
const CALM = 600;

export const saveWords = (state: State): string => {
  const { main, detail } = WORDS[state];
  return detail ? `${main} (${detail})` : main;
};

@customElement('cp-save-state')
export class SaveState extends LightElement {
  @property() value: State = 'saved';
  /** What is shown: never better than `value`, sometimes a moment behind it. */
  @state() private shown: State = 'saved';
  #calm: ReturnType<typeof setTimeout> | undefined;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('value')) return;
    clearTimeout(this.#calm);
    if (this.value !== 'saved') this.shown = this.value;
    else if (this.shown !== 'saved')
      this.#calm = setTimeout(() => {
        this.shown = this.value;
      }, CALM);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#calm);
  }

  override render() {
    const { main, detail } = WORDS[this.shown];
    const drawn = this.shown === 'saved' ? icon('check') : this.shown === 'saving' ? null : icon('circleAlert');
    return html`
      <span class="save-state ${this.shown}" data-state=${this.shown}>
        ${drawn}
        <span><span class="save-main">${main}</span>${detail ? html` <span class="save-detail">(${detail})</span>` : null}</span>
      </span>
    `;
  }
}
