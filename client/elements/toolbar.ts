/** `<cp-toolbar>`: everything that can be done to the text, as one row of buttons that leave the caret where it is. */
import type { Editor } from '@tiptap/core';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import {
  BLOCKS,
  type BlockValue,
  blockAt,
  focusText,
  HISTORY,
  INSERTS,
  LISTS,
  MARKS,
  readableKeys,
  setBlock,
  type Tool,
} from '../editor/tools.ts';
import { onMac } from './keys-dialog.ts';
import { LightElement } from './light-element.ts';
import { toolIcon } from './tool-icons.ts';

/** What opens by a button of the toolbar: a bar below it, or the dialog for pictures. */
export type Opened = 'link' | 'language' | 'figure';

/** Asks the page to open it. */
export class BarEvent extends Event {
  readonly bar: Opened;
  constructor(bar: Opened) {
    super('cp-bar', { bubbles: true });
    this.bar = bar;
  }
}

@customElement('cp-toolbar')
export class Toolbar extends LightElement {
  @property({ attribute: false }) editor: Editor | null = null;
  /** Rises whenever the editor's state has changed: the buttons show the new one. */
  @property({ type: Number }) revision = 0;

  override updated(): void {
    // Exactly one of the controls can be reached by Tab; arrows move between them.
    const controls = this.#controls();
    if (!controls.some(({ tabIndex }) => tabIndex === 0)) this.#reach(controls[0]);
  }

  /** From the text to the bar, e.g. by Alt-F10. */
  focusFirst(): void {
    this.#controls()
      .find(({ tabIndex }) => tabIndex === 0)
      ?.focus();
  }

  #controls(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('button, select')];
  }

  #reach(control: HTMLElement | undefined): void {
    for (const each of this.#controls()) each.tabIndex = each === control ? 0 : -1;
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.editor) focusText(this.editor);
    const controls = this.#controls();
    const at = controls.indexOf(event.target as HTMLElement);
    const onward = getComputedStyle(this).direction === 'rtl' ? -1 : 1;
    const to = { ArrowRight: at + onward, ArrowLeft: at - onward, Home: 0, End: controls.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const target = controls[(to + controls.length) % controls.length];
    this.#reach(target);
    target?.focus();
  }

  override render() {
    const { editor } = this;
    if (!editor) return nothing;
    return html`
      <div class="toolbar" role="toolbar" aria-label="Formatting" @keydown=${this.#keydown} @focusin=${(e: Event) => this.#reach(e.target as HTMLElement)}>
        ${this.#group(editor, HISTORY)}
        <select
          class="toolbar-select"
          aria-label="Kind of line"
          title="Kind of line"
          .value=${blockAt(editor)}
          @change=${(event: Event) => setBlock(editor, (event.target as HTMLSelectElement).value as BlockValue)}
        >
          ${BLOCKS.map(({ value, label }) => html`<option value=${value} ?selected=${value === blockAt(editor)}>${label}</option>`)}
        </select>
        ${this.#group(editor, MARKS)}
        ${this.#group(editor, LISTS)}
        <div class="toolbar-group">
          ${this.#opener(editor, 'link', 'Link', 'Mod-k')}
          ${INSERTS.map((tool) => this.#button(editor, tool))}
          ${this.#opener(editor, 'figure', 'Picture')}
          ${this.#opener(editor, 'language', 'Language and direction')}
        </div>
      </div>
    `;
  }

  #group(editor: Editor, tools: readonly Tool[]) {
    return html`<div class="toolbar-group">${tools.map((tool) => this.#button(editor, tool))}</div>`;
  }

  #button(editor: Editor, tool: Tool) {
    const { id, label, keys, active, enabled, run } = tool;
    const can = enabled?.(editor) ?? true;
    return html`
      <button
        class="tool"
        data-tool=${id}
        aria-label=${label}
        aria-pressed=${active ? String(active(editor)) : nothing}
        aria-disabled=${can ? nothing : 'true'}
        aria-keyshortcuts=${keys ? keys.replace('Mod', onMac ? 'Meta' : 'Control').replaceAll('-', '+') : nothing}
        title=${keys ? `${label} (${readableKeys(keys, onMac)})` : label}
        @mousedown=${keepFocus}
        @click=${() => can && run(editor)}
      >${toolIcon(id)}</button>
    `;
  }

  #opener(editor: Editor, bar: Opened, label: string, keys?: string) {
    return html`
      <button
        class="tool"
        data-tool=${bar}
        aria-label=${label}
        aria-pressed=${bar === 'language' ? nothing : String(editor.isActive(bar))}
        title=${keys ? `${label} (${readableKeys(keys, onMac)})` : label}
        @mousedown=${keepFocus}
        @click=${() => this.dispatchEvent(new BarEvent(bar))}
      >${toolIcon(bar)}</button>
    `;
  }
}

/** A press must not take the caret out of the text. */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}
