/** `<cp-front-matter>`: the plan's title and what else stands before its text, written by several people at once like the text itself. */

import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import * as Y from 'yjs';
import { STATUSES, STREAMS } from '../../shared/schema/front-matter.ts';
import { STATUS_LABEL } from '../../shared/schema/front-matter-labels.ts';
import { readFrontMatter, TEXT_FIELDS, type TextField, type ValueField } from '../../shared/schema/front-matter-map.ts';
import { bindField } from '../collab/text-field.ts';
import { languageChoices, STREAM_LABEL } from '../labels.ts';
import { LightElement } from './light-element.ts';

const LICENCES = ['CC-BY-SA-4.0', 'CC-BY-4.0', 'CC0-1.0', 'Peer Production License'];

@customElement('cp-front-matter')
export class FrontMatterForm extends LightElement {
  @property({ attribute: false }) ydoc: Y.Doc | null = null;
  @property({ type: Boolean }) editable = false;
  #release: (() => void)[] = [];
  #undo: Y.UndoManager | null = null;
  /** Marks this form's edits: undo takes back one's own only. */
  readonly #origin = {};

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unbind();
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('ydoc')) this.#bind();
  }

  #bind(): void {
    this.#unbind();
    const { ydoc } = this;
    if (!ydoc) return;
    const map = ydoc.getMap('frontMatter');
    this.#undo = new Y.UndoManager(map, { trackedOrigins: new Set([this.#origin]) });
    for (const name of TEXT_FIELDS) {
      const field = this.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name="${name}"]`);
      const ytext = map.get(name);
      // Only the server makes these texts (R6): a plan without one shows an empty field that cannot be written in.
      if (field && ytext instanceof Y.Text)
        this.#release.push(bindField(field, ytext, this.#origin, () => this.#grow(field)));
      else if (field) field.disabled = true;
    }
    const redraw = (): void => this.requestUpdate();
    map.observe(redraw);
    this.#release.push(() => map.unobserve(redraw));
  }

  #unbind(): void {
    for (const release of this.#release.splice(0)) release();
    this.#undo?.destroy();
    this.#undo = null;
  }

  /** Textareas are as tall as their text. */
  #grow(field: HTMLElement): void {
    if (!(field instanceof HTMLTextAreaElement)) return;
    field.style.blockSize = 'auto';
    field.style.blockSize = `${field.scrollHeight}px`;
  }

  #keydown(event: KeyboardEvent): void {
    const field = event.target as HTMLElement;
    const oneLine = field instanceof HTMLTextAreaElement && field.dataset.lines === undefined;
    if (event.key === 'Enter' && oneLine && !event.isComposing) {
      // Titles hold no line breaks: Enter goes on to the text, as in every editor.
      event.preventDefault();
      this.dispatchEvent(new Event('cp-to-text'));
    }
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    if (key === 'y' || event.shiftKey) this.#undo?.redo();
    else this.#undo?.undo();
  }

  #set(name: ValueField, value: string | null): void {
    this.ydoc?.transact(() => this.ydoc?.getMap('frontMatter').set(name, value), this.#origin);
  }

  override render() {
    const { ydoc } = this;
    if (!ydoc) return nothing;
    const values = readFrontMatter(ydoc);
    const locked = !this.editable;
    return html`
      <div class="front-matter" @keydown=${this.#keydown}>
        <h1 class="title-heading">
          <textarea name="title" class="title-field" rows="1" aria-label="Title" placeholder="Untitled plan" maxlength="500" ?readonly=${locked}></textarea>
        </h1>
        <textarea name="subtitle" class="subtitle-field" rows="1" aria-label="Subtitle" placeholder=${locked ? '' : 'Subtitle'} maxlength="500" ?readonly=${locked}></textarea>
        <details class="about" @toggle=${this.#opened}>
          <summary>
            <span class="about-label">About this plan</span>
            <span class="about-brief">
              <span class="tag">${STATUS_LABEL[values.status]}</span>
              ${values.stream ? html`<span class="tag">${STREAM_LABEL[values.stream]}</span>` : nothing}
              ${values.place ? html`<span class="about-place">${values.place}</span>` : nothing}
            </span>
          </summary>
          <div class="about-fields">
            ${this.#choice(
              'status',
              'Status',
              values.status,
              STATUSES.map((value) => [value, STATUS_LABEL[value]]),
            )}
            ${this.#choice('stream', 'Stream', values.stream ?? '', [['', 'None'], ...STREAMS.map((value): [string, string] => [value, STREAM_LABEL[value]])])}
            ${this.#text('place', 'Place', 'City, region or country')}
            ${this.#choice(
              'language',
              'Language',
              values.language,
              languageChoices(values.language).map(({ tag, name }) => [tag, name]),
            )}
            <div class="field">
              <label for="fm-licence">Licence</label>
              <input id="fm-licence" class="input" list="fm-licences" maxlength="500" .value=${values.licence} ?readonly=${locked} @change=${(event: Event) => this.#set('licence', (event.target as HTMLInputElement).value.trim())} />
              <datalist id="fm-licences">${LICENCES.map((value) => html`<option value=${value}></option>`)}</datalist>
            </div>
            ${this.#lines('authors', 'Authors', 'One to a line')}
            ${this.#lines('keywords', 'Keywords', 'One to a line')}
            ${this.#lines('summary', 'Summary', 'What the plan wants, in a few sentences')}
          </div>
        </details>
      </div>
    `;
  }

  /** Heights could not be measured while the fields were folded away. */
  #opened(event: Event): void {
    for (const field of (event.target as HTMLElement).querySelectorAll('textarea')) this.#grow(field);
  }

  #choice(name: ValueField, label: string, value: string, choices: readonly (readonly [string, string])[]) {
    return html`
      <div class="field">
        <label for="fm-${name}">${label}</label>
        <select id="fm-${name}" class="select" ?disabled=${!this.editable} @change=${(event: Event) => this.#set(name, (event.target as HTMLSelectElement).value || null)}>
          ${choices.map(([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`)}
        </select>
      </div>
    `;
  }

  #text(name: TextField, label: string, hint: string) {
    return html`
      <div class="field">
        <label for="fm-${name}">${label}</label>
        <input id="fm-${name}" name=${name} class="input" maxlength="500" placeholder=${this.editable ? hint : ''} ?readonly=${!this.editable} />
      </div>
    `;
  }

  #lines(name: TextField, label: string, hint: string) {
    return html`
      <div class="field wide">
        <label for="fm-${name}">${label}</label>
        <textarea id="fm-${name}" name=${name} class="input" rows="2" data-lines placeholder=${this.editable ? hint : ''} ?readonly=${!this.editable}></textarea>
      </div>
    `;
  }
}
