/** `<cp-context-bar>`: what can be done to the thing the caret is in: a link, a table, a picture, a block of code, a language. */
import type { Editor } from '@tiptap/core';
import { NodeSelection } from '@tiptap/pm/state';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { safeUrl } from '../../shared/schema/safe-url.ts';
import { leaveFootnote, openFootnote } from '../editor/footnote.ts';
import { focusText, TABLE } from '../editor/tools.ts';
import { languageChoices } from '../labels.ts';
import type { FigureAttributes } from './figure-dialog.ts';
import { LightElement } from './light-element.ts';
import { toolIcon } from './tool-icons.ts';
import { BarEvent, keepFocus } from './toolbar.ts';

export type Bar = 'link' | 'language' | 'figure' | 'codeBlock' | 'table' | 'footnote';

/** What the caret is in, the narrowest first. */
export function barAt(editor: Editor): Bar | null {
  const { selection } = editor.state;
  if (openFootnote(editor.state)) return editor.isActive('link') ? 'link' : 'footnote';
  if (selection instanceof NodeSelection && selection.node.type.name === 'footnote') return 'footnote';
  for (const bar of ['link', 'figure', 'codeBlock', 'table'] as const) if (editor.isActive(bar)) return bar;
  return null;
}

@customElement('cp-context-bar')
export class ContextBar extends LightElement {
  @property({ attribute: false }) editor: Editor | null = null;
  @property({ type: Number }) revision = 0;
  /** A bar that was asked for; otherwise the caret decides. Fires `cp-bar-close` when it is done. */
  @property() asked: 'link' | 'language' | null = null;
  @state() private refused = '';

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('asked')) return;
    this.refused = '';
    if (this.asked) this.querySelector<HTMLElement>('input, select')?.focus();
  }

  #close(): void {
    this.dispatchEvent(new Event('cp-bar-close'));
    if (this.editor) focusText(this.editor);
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#close();
  }

  override render() {
    const { editor } = this;
    const bar = editor && (this.asked ?? barAt(editor));
    if (!editor || !bar) return nothing;
    const [label, content] = this.#bar(editor, bar);
    return html`<div class="context-bar" role="group" aria-label=${label} data-bar=${bar} @keydown=${this.#keydown}>${content}</div>`;
  }

  #bar(editor: Editor, bar: Bar): [string, TemplateResult] {
    if (bar === 'link') return ['Link', this.#link(editor)];
    if (bar === 'language') return ['Language and direction', this.#language(editor)];
    if (bar === 'figure') return ['Picture', this.#figure(editor)];
    if (bar === 'codeBlock') return ['Code block', this.#code(editor)];
    if (bar === 'footnote') return ['Footnote', this.#footnote(editor)];
    return ['Table', this.#table(editor)];
  }

  #link(editor: Editor) {
    const href = String(editor.getAttributes('link').href ?? '');
    const save = (event: SubmitEvent): void => {
      event.preventDefault();
      const typed = (event.target as HTMLFormElement).querySelector('input')?.value.trim() ?? '';
      // What people type is mostly a bare host: it means the web.
      const address = safeUrl(/^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(typed) ? `https://${typed}` : typed);
      if (address === null) {
        this.refused = 'Expected an address such as https://example.org, mailto:name@example.org or #heading.';
        return;
      }
      const { empty } = editor.state.selection;
      if (empty && !editor.isActive('link'))
        editor
          .chain()
          .insertContent({ type: 'text', text: typed, marks: [{ type: 'link', attrs: { href: address } }] })
          .run();
      else editor.chain().extendMarkRange('link').setLink({ href: address }).run();
      this.#close();
    };
    return html`
      <form class="bar-form" @submit=${save}>
        <label class="visually-hidden" for="link-address">Address of the link</label>
        <input id="link-address" class="input" type="text" inputmode="url" autocomplete="off" placeholder="https://…" .value=${href} aria-invalid=${this.refused ? 'true' : 'false'} aria-describedby="link-refused" />
        <button class="button small primary">${href ? 'Change' : 'Add link'}</button>
        ${
          href
            ? html`
              <button type="button" class="button small" @click=${() => {
                editor.chain().extendMarkRange('link').unsetLink().run();
                this.#close();
              }}>${toolIcon('unlink')}Remove</button>
              <a class="button small" href=${href} target="_blank" rel="noopener noreferrer">${toolIcon('open')}Open</a>`
            : nothing
        }
        <span id="link-refused" class="bar-refused" role="alert">${this.refused}</span>
      </form>
    `;
  }

  #language(editor: Editor) {
    const node = editor.isActive('heading') ? 'heading' : editor.isActive('figure') ? 'figure' : 'paragraph';
    const { lang, dir } = editor.getAttributes(node) as { lang?: string | null; dir?: string | null };
    const set = (name: 'lang' | 'dir') => (event: Event) =>
      editor.commands.updateAttributes(node, { [name]: (event.target as HTMLSelectElement).value || null });
    return html`
      <label class="bar-field">Language of this paragraph
        <select class="select" @change=${set('lang')}>
          <option value="" ?selected=${!lang}>As the plan</option>
          ${languageChoices(lang ?? undefined).map(({ tag, name }) => html`<option value=${tag} ?selected=${tag === lang}>${name}</option>`)}
        </select>
      </label>
      <label class="bar-field">Direction
        <select class="select" @change=${set('dir')}>
          <option value="" ?selected=${!dir}>As the language</option>
          <option value="ltr" ?selected=${dir === 'ltr'}>Left to right</option>
          <option value="rtl" ?selected=${dir === 'rtl'}>Right to left</option>
        </select>
      </label>
      <button class="button small" @click=${this.#close}>Done</button>
    `;
  }

  #figure(editor: Editor) {
    const { src, alt, decorative } = editor.getAttributes('figure') as FigureAttributes;
    const said = decorative ? 'Decoration: nothing is said about it.' : alt || 'Nobody has said yet what it shows.';
    return html`
      ${src ? html`<span class="bar-hint bar-said">${said}</span>` : nothing}
      <button class="button small" data-tool="editFigure" @mousedown=${keepFocus} @click=${() => this.dispatchEvent(new BarEvent('figure'))}>${src ? 'Description, credit, other picture' : 'Choose a picture'}</button>
      <button class="button quiet small" data-tool="deleteFigure" @mousedown=${keepFocus} @click=${() => editor.commands.deleteNode('figure')}>Delete picture</button>
    `;
  }

  #code(editor: Editor) {
    const { language } = editor.getAttributes('codeBlock') as { language?: string | null };
    const set = (event: Event): void => {
      const value = (event.target as HTMLInputElement).value.trim();
      this.refused = /[\s`]/.test(value) || value.length > 64 ? 'Expected one word, such as python or json.' : '';
      if (!this.refused) editor.commands.updateAttributes('codeBlock', { language: value || null });
    };
    return html`
      <label class="bar-field">Language of the code
        <input class="input" type="text" autocapitalize="off" spellcheck="false" placeholder="none" .value=${language ?? ''} @change=${set} />
      </label>
      <span class="bar-refused" role="alert">${this.refused}</span>
    `;
  }

  #table(editor: Editor) {
    return html`<div class="bar-tools">
      ${TABLE.map(({ id, label, run, enabled }) => {
        const can = enabled?.(editor) ?? true;
        return html`<button class="button quiet small" data-tool=${id} aria-disabled=${can ? nothing : 'true'} @mousedown=${keepFocus} @click=${() => can && run(editor)}>${label}</button>`;
      })}
    </div>`;
  }

  #footnote(editor: Editor) {
    const open = openFootnote(editor.state);
    const remove = (): void => {
      const { selection } = editor.state;
      const at = open?.pos ?? selection.from;
      const size = editor.state.doc.nodeAt(at)?.nodeSize ?? 0;
      focusText(editor);
      editor.commands.deleteRange({ from: at, to: at + size });
    };
    return html`
      ${
        open
          ? html`<button class="button small" title="Escape" @mousedown=${keepFocus} @click=${() => leaveFootnote(editor.view)}>Back to the text</button>`
          : html`<span class="bar-hint"><kbd>Enter</kbd> opens the note</span>`
      }
      <button class="button quiet small" @mousedown=${keepFocus} @click=${remove}>Delete footnote</button>
    `;
  }
}
