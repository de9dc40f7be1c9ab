/** `<cp-change-list>`: the changes one below the other, in words: for screen readers, for phones, and for whoever wants them at a glance. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ComparisonAnswer } from '../../shared/api.ts';
import { kindLabel } from '../../shared/compare/describe.ts';
import { changeWords, groupOf } from '../compare/describe.ts';
import type { Survey } from '../compare/survey.ts';
import { exactTime, listNames } from '../format.ts';
import { nameOf } from '../history/snapshot-words.ts';
import { LightElement } from './light-element.ts';

/** Drawn at a time. */
const PAGE = 200;

/** Fires `cp-go` (detail: number of the change). */
@customElement('cp-change-list')
export class ChangeList extends LightElement {
  @property({ attribute: false }) answer: ComparisonAnswer | null = null;
  @property({ attribute: false }) survey: Survey | null = null;
  @property({ attribute: false }) numbers: readonly number[] = [];
  @property({ attribute: false }) current: number | null = null;
  @state() private shown = PAGE;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('numbers')) this.shown = PAGE;
  }

  override render() {
    const { numbers, answer } = this;
    if (!answer) return nothing;
    if (numbers.length === 0) return html`<p>No change of this choice.</p>`;
    let section: number | null | undefined;
    return html`
      <div class="change-list">
        ${numbers.slice(0, this.shown).map((number) => {
          const place = answer.changes[number]?.section ?? null;
          const heading = place === section ? nothing : html`<h3>${this.#section(answer, place)}</h3>`;
          section = place;
          return html`${heading}${this.#entry(answer, number)}`;
        })}
        ${numbers.length > this.shown ? html`<button class="button" @click=${() => this.#more()}>Show ${Math.min(PAGE, numbers.length - this.shown)} more</button>` : nothing}
      </div>
    `;
  }

  #more(): void {
    this.shown += PAGE;
  }

  #section({ sections }: ComparisonAnswer, section: number | null): string {
    return section === null ? 'Before the first heading' : sections[section]?.title || 'Untitled section';
  }

  #entry({ changes, people }: ComparisonAnswer, number: number) {
    const change = changes[number];
    const facts = this.survey?.facts[number];
    if (!change || !facts) return nothing;
    const names = listNames([...new Set(change.by.map(({ userId }) => nameOf(people, userId)))]);
    const latest = change.by[0];
    return html`
      <button
        class="change-entry ${groupOf(change)}"
        aria-current=${number === this.current ? 'true' : nothing}
        @click=${() => this.dispatchEvent(new CustomEvent('cp-go', { detail: number }))}
      >
        <span class="entry-kind"><span class="kind-sign" aria-hidden="true"></span>${number + 1}. ${kindLabel(change.kind)}</span>
        <span class="entry-words">${changeWords(change, facts)}</span>
        ${latest ? html`<span class="entry-by">${names}, ${exactTime(latest.at)}</span>` : nothing}
      </button>
    `;
  }
}
