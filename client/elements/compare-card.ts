/** `<cp-change-card>`: who made a change and when, and what can be done about it; it hangs below the change, on a phone at the lower edge. */
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ComparisonAnswer } from '../../shared/api.ts';
import { kindLabel } from '../../shared/compare/describe.ts';
import { changeWords } from '../compare/describe.ts';
import type { Reach } from '../compare/reach.ts';
import type { Survey } from '../compare/survey.ts';
import { exactTime } from '../format.ts';
import { nameOf } from '../history/snapshot-words.ts';
import { icon } from '../icons.ts';
import { LightElement } from './light-element.ts';
import { personDisc } from './person-disc.ts';

/** More contributions than this are counted. */
const MOST = 4;
/** Between the change and its card, and between the card and the window's edge, in pixels. */
const GAP = 8;

/** Fires `cp-put-back` (detail: a Reach) and `cp-copy-link`. Set `anchor` to null to hide it. */
@customElement('cp-change-card')
export class ChangeCard extends LightElement {
  @property({ attribute: false }) anchor: HTMLElement | null = null;
  @property({ type: Number }) change = 0;
  @property({ attribute: false }) answer: ComparisonAnswer | null = null;
  @property({ attribute: false }) survey: Survey | null = null;
  @property({ attribute: false }) reaches: readonly Reach[] = [];
  readonly #place = (): void => this.#hang();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('scroll', this.#place, { passive: true });
    window.addEventListener('resize', this.#place);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('scroll', this.#place);
    window.removeEventListener('resize', this.#place);
  }

  override updated(): void {
    this.hidden = this.anchor === null;
    this.#hang();
  }

  /** Below the change's first line, above it where there is no room; CSS docks it on a phone. */
  #hang(): void {
    const line = this.anchor?.getClientRects()[0];
    if (!line) return;
    const { offsetWidth: width, offsetHeight: height } = this;
    const left = Math.max(GAP, Math.min(line.left, window.innerWidth - width - 3 * GAP));
    const last = this.anchor?.getBoundingClientRect() ?? line;
    const low = last.height < 120 ? last.bottom : line.bottom;
    const below = low + GAP + height <= window.innerHeight;
    this.style.setProperty('--left', `${left}px`);
    this.style.setProperty('--top', `${below ? low + GAP : Math.max(GAP, line.top - GAP - height)}px`);
  }

  override render() {
    const { answer, survey, change: number } = this;
    const change = answer?.changes[number];
    const facts = survey?.facts[number];
    if (!answer || !change || !facts || this.anchor === null) return nothing;
    const words = changeWords(change, facts);
    return html`
      <div class="change-card" role="group" aria-label="Change ${number + 1}">
        <p class="card-kind" id="change-card-words">
          <strong>${kindLabel(change.kind)}</strong>
          ${words && change.kind !== 'inserted' && change.kind !== 'deleted' ? html`<span class="card-words">${words}</span>` : nothing}
        </p>
        ${this.#people(answer, change.by)}
        ${this.#putBack(answer)}
        <div class="card-actions">
          <button class="button quiet small" @click=${() => this.dispatchEvent(new Event('cp-copy-link'))}>${icon('link')}Copy link</button>
        </div>
      </div>
    `;
  }

  #putBack({ from }: ComparisonAnswer) {
    if (this.reaches.length === 0) return nothing;
    return html`
      <div class="card-actions" role="group" aria-label="Put back">
        <span class="card-put-back">${icon('rotateCcw')}Make it again as in snapshot ${from.snapshot?.number}:</span>
        ${this.reaches.map(
          (reach) => html`
            <button
              class="button small"
              aria-label=${reach.label}
              title=${reach.label}
              @click=${() => this.dispatchEvent(new CustomEvent('cp-put-back', { detail: reach }))}
            >${reach.short}</button>
          `,
        )}
      </div>
    `;
  }

  #people(answer: ComparisonAnswer, by: ComparisonAnswer['changes'][number]['by']) {
    if (by.length === 0) return html`<p class="card-nobody">Nobody is recorded for this change.</p>`;
    return html`
      <ul class="card-people">
        ${by.slice(0, MOST).map(({ userId, at, how, source }) => {
          const person = answer.people.find(({ id }) => id === userId);
          const means = {
            written: '',
            imported: source ? `imported from ${source}` : 'imported from a file',
            restored: source ? `restored from snapshot ${source}` : 'restored from a snapshot',
          }[how];
          return html`
            <li>
              ${person ? personDisc(person) : nothing}
              <span><strong>${nameOf(answer.people, userId)}</strong>${means ? html` · ${means}` : nothing}<br /><time datetime=${at}>${exactTime(at)}</time></span>
            </li>
          `;
        })}
        ${by.length > MOST ? html`<li>and ${by.length - MOST} more</li>` : nothing}
      </ul>
    `;
  }
}
