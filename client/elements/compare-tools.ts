/** `<cp-compare-tools>`: going from change to change, choosing which changes to look for, and how they are shown. */
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import type WaDropdownItem from '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import type { WaSelectEvent } from '@awesome.me/webawesome/dist/events/select.js';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type ComparisonAnswer, REDLINE_FORMATS } from '../../shared/api.ts';
import { GROUP_LABEL, GROUPS, type Group } from '../compare/describe.ts';
import {
  type ChangeFilter,
  countByAuthor,
  countByGroup,
  countBySection,
  EVERYTHING,
  narrows,
} from '../compare/filter.ts';
import { nameOf } from '../history/snapshot-words.ts';
import { icon } from '../icons.ts';
import { LightElement } from './light-element.ts';
import { toolIcon } from './tool-icons.ts';

export type Layout = 'unified' | 'side-by-side';

/** Fires `cp-step` (detail: 1 or -1), `cp-filter`, `cp-layout`, `cp-unfold` (detail: all or not), `cp-list`, `cp-keys`, `cp-redline`, `cp-restore`. */
@customElement('cp-compare-tools')
export class CompareTools extends LightElement {
  @property({ attribute: false }) answer: ComparisonAnswer | null = null;
  @property({ attribute: false }) filter: ChangeFilter = EVERYTHING;
  /** Index of the present change among those that pass the filter; null: none yet. */
  @property({ attribute: false }) at: number | null = null;
  @property({ type: Number }) matching = 0;
  @property() layout: Layout = 'unified';
  @property({ type: Boolean }) unfolded = false;
  /** Whether the server can write PDF. */
  @property({ type: Boolean }) printable = false;
  /** Whether the older version may be put back. */
  @property({ type: Boolean }) restores = false;

  #tell<T>(name: string, detail?: T): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  override render() {
    if (!this.answer) return nothing;
    return html`
      <div class="compare-bar">
        ${this.#steps()}
        <span class="compare-bar-space"></span>
        ${this.#views()}
        <button class="button quiet small wide-only" aria-pressed=${this.unfolded} @click=${() => this.#tell('cp-unfold', !this.unfolded)}>Show everything</button>
        <button class="button quiet small" aria-label="List of changes" title="List of changes" @click=${() => this.#tell('cp-list')}>${toolIcon('orderedList')}<span class="wide-only">List</span></button>
        ${this.#more()}
      </div>
      ${this.#filters(this.answer)}
    `;
  }

  #steps() {
    const { at, matching } = this;
    const where = at === null ? `${matching} ${matching === 1 ? 'change' : 'changes'}` : `${at + 1} of ${matching}`;
    const none = matching === 0;
    return html`
      <div class="compare-steps" role="group" aria-label="Go from change to change">
        <button class="button small" aria-disabled=${none} aria-label="Previous change" title="Previous change (p)" @click=${() => !none && this.#tell('cp-step', -1)}>${icon('arrowUp')}<span class="wide-only">Previous</span></button>
        <span class="compare-where" aria-live="polite">${where}</span>
        <button class="button small" aria-disabled=${none} aria-label="Next change" title="Next change (n)" @click=${() => !none && this.#tell('cp-step', 1)}>${icon('arrowDown')}<span class="wide-only">Next</span></button>
      </div>
    `;
  }

  #views() {
    const choice = (layout: Layout, label: string) => html`
      <label>
        <input type="radio" name="layout" .checked=${this.layout === layout} @change=${() => this.#tell('cp-layout', layout)} />
        <span>${label}</span>
      </label>
    `;
    return html`
      <fieldset class="shelves compare-views">
        <legend class="visually-hidden">How it is shown</legend>
        ${choice('unified', 'One text')} ${choice('side-by-side', 'Side by side')}
      </fieldset>
    `;
  }

  #more() {
    return html`
      <wa-dropdown placement="bottom-end" distance="4" @wa-select=${this.#selected}>
        <button slot="trigger" class="button quiet icon-only" aria-label="Downloads and more" title="Downloads and more">${icon('ellipsis')}</button>
        <h3 role="none" aria-hidden="true">Hand it round, changes marked</h3>
        <wa-dropdown-item value="html"><span slot="icon">${toolIcon('export')}</span>Web page (.html)</wa-dropdown-item>
        <wa-dropdown-item value="docx"><span slot="icon">${toolIcon('export')}</span>Word with tracked changes (.docx)</wa-dropdown-item>
        ${this.printable ? html`<wa-dropdown-item value="pdf"><span slot="icon">${toolIcon('export')}</span>PDF (.pdf)</wa-dropdown-item>` : nothing}
        <wa-dropdown-item value="md"><span slot="icon">${toolIcon('export')}</span>Markdown (.md)</wa-dropdown-item>
        <h3 role="none" aria-hidden="true">This comparison</h3>
        <wa-dropdown-item value="unfold"><span slot="icon">${icon(this.unfolded ? 'foldVertical' : 'unfoldVertical')}</span>${this.unfolded ? 'Fold what is unchanged' : 'Show everything'}</wa-dropdown-item>
        ${this.restores ? html`<wa-dropdown-item value="restore"><span slot="icon">${icon('rotateCcw')}</span>Restore the older snapshot…</wa-dropdown-item>` : nothing}
        <wa-dropdown-item value="keys"><span slot="icon">${toolIcon('keys')}</span>Keys</wa-dropdown-item>
      </wa-dropdown>
    `;
  }

  #selected(event: WaSelectEvent): void {
    const { value } = event.detail.item as WaDropdownItem;
    const format = REDLINE_FORMATS.find((known) => known === value);
    if (format) this.#tell('cp-redline', format);
    else if (value === 'unfold') this.#tell('cp-unfold', !this.unfolded);
    else if (value === 'restore' || value === 'keys') this.#tell(`cp-${value}`);
  }

  #narrow(change: Partial<ChangeFilter>): void {
    this.#tell('cp-filter', { ...this.filter, ...change });
  }

  #toggle(group: Group): void {
    const without = new Set(this.filter.without);
    if (!without.delete(group)) without.add(group);
    this.#narrow({ without });
  }

  #filters({ changes, people, sections }: ComparisonAnswer) {
    if (changes.length === 0) return nothing;
    const counts = countByGroup(changes, this.filter);
    const present = countByGroup(changes, EVERYTHING);
    const authors = countByAuthor(changes);
    const places = countBySection(changes);
    const { author, section, without } = this.filter;
    return html`
      <div class="compare-filters" role="group" aria-label="Which changes to look for">
        ${GROUPS.filter((group) => present[group] > 0).map(
          (group) => html`
            <button class="compare-kind ${group}" aria-pressed=${!without.has(group)} @click=${() => this.#toggle(group)}>
              <span class="kind-sign" aria-hidden="true"></span>${GROUP_LABEL[group]} <span class="compare-count">${counts[group]}</span>
            </button>
          `,
        )}
        ${
          authors.length > 0
            ? html`<select class="select compare-select" aria-label="Whose changes" @change=${(event: Event) => this.#narrow({ author: (event.target as HTMLSelectElement).value || null })}>
              <option value="" ?selected=${author === null}>By everybody</option>
              ${authors.map(({ userId, count }) => html`<option value=${userId} ?selected=${author === userId}>${nameOf(people, userId)} (${count})</option>`)}
            </select>`
            : nothing
        }
        ${
          places.length > 1
            ? html`<select class="select compare-select" aria-label="In which section" @change=${(event: Event) => this.#inSection((event.target as HTMLSelectElement).value)}>
              <option value="" ?selected=${section === null}>In every section</option>
              ${places.map(({ section: place, count }) => html`<option value=${place} ?selected=${section === place}>${sections[place]?.title || (place < 0 ? 'Before the first heading' : 'Untitled section')} (${count})</option>`)}
            </select>`
            : nothing
        }
        ${narrows(this.filter) ? html`<button class="link-button compare-all" @click=${() => this.#tell('cp-filter', EVERYTHING)}>All changes</button>` : nothing}
      </div>
    `;
  }

  #inSection(value: string): void {
    this.#narrow({ section: value === '' ? null : Number(value) });
  }
}
