/** `<cp-compare-ends>`: which two versions are compared: when each was, who worked on it, and other ones to choose. */
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ComparisonAnswer, Person, SnapshotList, SnapshotSummary } from '../../shared/api.ts';
import { exactTime, isolated, listNames } from '../format.ts';
import { comparedNames, nameOf, snapshotTitle } from '../history/snapshot-words.ts';
import { icon } from '../icons.ts';
import { router } from '../router.ts';
import { type ComparedTo, href } from '../routes.ts';
import { LightElement } from './light-element.ts';
import { personDiscs } from './person-disc.ts';

@customElement('cp-compare-ends')
export class CompareEnds extends LightElement {
  @property() planId = '';
  @property({ type: Number }) from = 0;
  @property({ attribute: false }) to: ComparedTo = 'now';
  /** null while it is not known: the pickers work all the same. */
  @property({ attribute: false }) answer: ComparisonAnswer | null = null;
  @property({ attribute: false }) list: SnapshotList | null = null;

  override render() {
    const { from, to, answer } = this;
    const swappable = to !== 'now';
    const [first, second] = comparedNames(from, to);
    return html`
      <div class="compare-ends">
        ${this.#end('from', first, from, answer?.from.snapshot ?? this.#listed(from))}
        <button
          class="button quiet icon-only compare-swap"
          aria-label="Swap the two versions"
          title=${swappable ? 'Swap the two versions' : 'The plan as it is now can only be the newer one'}
          aria-disabled=${swappable ? 'false' : 'true'}
          @click=${() => to !== 'now' && this.#choose(to, from)}
        >${icon('arrowLeftRight')}</button>
        ${this.#end('to', second, to, to === 'now' ? null : (answer?.to.snapshot ?? this.#listed(to)))}
      </div>
    `;
  }

  #end(end: 'from' | 'to', label: string, value: ComparedTo, snapshot: SnapshotSummary | null) {
    const people = [...(this.answer?.people ?? []), ...(this.list?.people ?? [])];
    return html`
      <section class="compare-end" aria-label=${label}>
        <label class="compare-picker">
          <span class="compare-end-name">${label}</span>
          <select class="select" @change=${(event: Event) => this.#picked(end, (event.target as HTMLSelectElement).value)}>
            ${this.#choices(end, value)}
          </select>
        </label>
        ${snapshot ? this.#facts(snapshot, people) : nothing}
        ${value === 'now' ? html`<p class="compare-facts">It may still change.</p>` : nothing}
      </section>
    `;
  }

  #choices(end: 'from' | 'to', value: ComparedTo) {
    const other = end === 'from' ? this.to : this.from;
    const listed = this.list?.snapshots ?? [];
    const known = value === 'now' || listed.some(({ number }) => number === value);
    return html`
      ${end === 'to' ? html`<option value="now" ?selected=${value === 'now'}>Now: the plan as it is</option>` : nothing}
      ${known ? nothing : html`<option value=${value} selected>Snapshot ${value}</option>`}
      ${listed.map(
        (snapshot) => html`
          <option value=${snapshot.number} ?selected=${snapshot.number === value} ?disabled=${snapshot.number === other}>
            ${snapshot.number} · ${isolated(snapshotTitle(snapshot))} · ${exactTime(snapshot.time)}
          </option>
        `,
      )}
    `;
  }

  #facts(snapshot: SnapshotSummary, people: readonly Person[]) {
    const { kind, time, author, note, number, contributors } = snapshot;
    const worked = contributors.flatMap(({ userId }) => people.find(({ id }) => id === userId) ?? []);
    return html`
      <p class="compare-facts">
        <a href=${href.snapshot(this.planId, number)}>Snapshot ${number}</a>
        <span>${exactTime(time)}</span>
        ${author ? html`<span>${kind === 'named' ? 'named by' : 'by'} ${nameOf(people, author)}</span>` : nothing}
        ${
          worked.length > 0
            ? html`<span class="compare-worked" title="Worked on it since the snapshot before: ${listNames(worked.map(({ name }) => name))}">${personDiscs(worked)}</span>`
            : nothing
        }
      </p>
      ${note ? html`<p class="compare-note">${note}</p>` : nothing}
    `;
  }

  #listed(number: number): SnapshotSummary | null {
    return this.list?.snapshots.find((snapshot) => snapshot.number === number) ?? null;
  }

  #picked(end: 'from' | 'to', value: string): void {
    const picked = value === 'now' ? 'now' : Number(value);
    if (end === 'to') this.#choose(this.from, picked);
    else if (picked !== 'now') this.#choose(picked, this.to);
  }

  #choose(from: number, to: ComparedTo): void {
    void router.go(href.compare(this.planId, from, to));
  }
}
