/** `<cp-figure-dialog>`: choose a picture, say what it shows to those who cannot see it, and whose it is. */
import type { Editor } from '@tiptap/core';
import type { Transaction } from '@tiptap/pm/state';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { z } from 'zod';
import { MOST_IMAGE_BYTES } from '../../shared/api.ts';
import { isOwnPicture } from '../editor/figure.ts';
import { addUpload, figureAfter, insertPictures, previewOf } from '../editor/pictures.ts';
import { focusText } from '../editor/tools.ts';
import { icon } from '../icons.ts';
import { DialogElement } from './dialog-element.ts';

export interface FigureAttributes {
  readonly src: string | null;
  readonly alt: string;
  readonly decorative: boolean;
  readonly credit: string;
}

const NOTHING_YET: FigureAttributes = { src: null, alt: '', decorative: false, credit: '' };
const ACCEPTED = 'image/png,image/jpeg,image/webp,image/gif,image/avif';

const line = (longest: number) =>
  z
    .string()
    .max(longest, `Expected at most ${longest} characters`)
    .transform((text) => text.replace(/\s+/gu, ' ').trim());

const described = z
  .object({
    alt: line(5000).default(''),
    decorative: z.literal('on').optional(),
    credit: line(1000),
    caption: line(5000).default(''),
  })
  .refine(({ alt, decorative }) => decorative || alt !== '', {
    path: ['alt'],
    message: 'Say in a few words what the picture shows, or mark it as decoration',
  });

@customElement('cp-figure-dialog')
export class FigureDialog extends DialogElement {
  @property({ attribute: false }) editor: Editor | null = null;
  /** Of the figure that is to be described; null: a new one. */
  @property({ attribute: false }) pos: number | null = null;
  @state() private file: File | null = null;
  /** An address for the file; null: there is none, or this browser cannot show it. */
  @state() private preview: string | null = null;
  @state() private decorative = false;
  @state() private dragged = false;
  @state() private current = NOTHING_YET;
  #pos: number | null = null;

  protected override get label(): string {
    return this.pos === null ? 'Add a picture' : 'Picture';
  }

  protected override opened(): void {
    this.#choose(null);
    this.#pos = this.pos;
    const figure = this.pos === null ? null : this.editor?.state.doc.nodeAt(this.pos);
    this.current = (figure?.attrs as FigureAttributes | undefined) ?? NOTHING_YET;
    this.decorative = this.current.decorative;
    this.editor?.on('transaction', this.#follow);
    this.addEventListener('cp-close', this.#closed, { once: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#closed();
  }

  /** Others go on writing while the dialog is open. */
  readonly #follow = ({ transaction }: { transaction: Transaction }): void => {
    if (this.#pos === null || !transaction.docChanged) return;
    this.#pos = figureAfter(this.#pos, transaction);
    if (this.#pos === null) this.failure = 'Somebody has just deleted this picture.';
  };

  readonly #closed = (): void => {
    this.editor?.off('transaction', this.#follow);
    this.#choose(null);
  };

  #choose(file: File | null): void {
    if (this.preview) URL.revokeObjectURL(this.preview);
    this.preview = null;
    this.file = file;
    if (file) void this.#show(file);
  }

  async #show(file: File): Promise<void> {
    const preview = await previewOf(file);
    if (this.file === file) this.preview = preview;
    else if (preview) URL.revokeObjectURL(preview);
  }

  #take(files: FileList | null | undefined): void {
    const [file, ...others] = files ?? [];
    this.failure = '';
    if (!file) return;
    if (others.length > 0) this.failure = 'Choose one picture at a time. To add several, drop them into the text.';
    else if (!file.type.startsWith('image/')) this.failure = `“${file.name}” is no picture.`;
    else if (file.size > MOST_IMAGE_BYTES)
      this.failure = `“${file.name}” is larger than 10 MB. Make it smaller, then choose it again.`;
    else this.#choose(file);
  }

  async #done({ alt, decorative, credit, caption }: z.infer<typeof described>): Promise<void> {
    const { editor, file } = this;
    if (!editor) return;
    const attrs = { alt: decorative ? '' : alt, decorative: decorative !== undefined, credit };
    const pos = this.#pos;
    if (this.pos === null) {
      if (!file) {
        this.failure = 'Choose a picture first.';
        return;
      }
      insertPictures(editor.view, [{ file, attrs, caption }]);
    } else if (pos !== null) {
      const { tr } = editor.state;
      for (const [name, value] of Object.entries(attrs)) tr.setNodeAttribute(pos, name, value);
      if (file) addUpload(tr, pos, () => Promise.resolve(file));
      editor.view.dispatch(tr);
    }
    this.open = false;
    focusText(editor);
  }

  #drag(event: DragEvent, over: boolean): void {
    event.preventDefault();
    event.stopPropagation();
    this.dragged = over;
  }

  protected override content() {
    const { src } = this.current;
    const shown = this.preview ?? (!this.file && src && isOwnPicture(src, location.href) ? src : null);
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, described, (data) => this.#done(data))}>
        <div
          class="drop-zone figure-drop ${this.dragged ? 'dragged' : ''} "
          @dragover=${(event: DragEvent) => this.#drag(event, true)}
          @dragleave=${(event: DragEvent) => this.#drag(event, false)}
          @drop=${(event: DragEvent) => {
            this.#drag(event, false);
            this.#take(event.dataTransfer?.files);
          }}
        >
          ${shown ? html`<img class="figure-preview" src=${shown} alt="The chosen picture" />` : html`${icon('imagePlus')}<p><strong>${this.file?.name ?? 'Drop a picture here'}</strong></p>`}
          <label class="button small file-button">
            ${shown || src || this.file ? 'Choose another picture' : 'Choose a picture'}
            <input
              class="visually-hidden"
              type="file"
              accept=${ACCEPTED}
              @change=${(event: Event) => {
                const input = event.target as HTMLInputElement;
                this.#take(input.files);
                input.value = '';
              }}
            />
          </label>
        </div>
        <p class="hint figure-kinds">PNG, JPEG, WebP, GIF or AVIF, up to 10 MB. Where and with what it was taken is not kept.</p>
        ${this.#description()}
        ${
          this.pos === null
            ? this.field({
                name: 'caption',
                label: 'Caption (optional)',
                hint: 'Stands below the picture.',
                maxlength: 5000,
              })
            : nothing
        }
        ${this.field({ name: 'credit', label: 'Credit (optional)', hint: 'Who made it, and under which licence.', placeholder: 'Photo: Ana Pérez, CC BY 4.0', maxlength: 1000, value: this.current.credit })}
        ${this.failureNotice()}
        <div class="actions end">
          <button type="button" class="button quiet" data-dialog="close">Cancel</button>
          ${this.submitButton(this.pos === null ? 'Add the picture' : 'Save')}
        </div>
      </form>
    `;
  }

  #description() {
    const error = this.errors.alt;
    return html`
      <div class="field">
        <label for="figure-alt">What it shows</label>
        <span class="hint" id="figure-alt-hint">For those who cannot see it: what you would say on the telephone.</span>
        <textarea
          class="input"
          id="figure-alt"
          name="alt"
          rows="2"
          maxlength="5000"
          placeholder="A map of the river with the five gardens along it"
          .value=${this.current.alt}
          ?disabled=${this.decorative}
          aria-invalid=${error ? 'true' : 'false'}
          aria-describedby="figure-alt-hint ${error ? 'figure-alt-error' : ''}"
        ></textarea>
        ${error ? html`<span class="error" id="figure-alt-error">${error}</span>` : nothing}
        <label class="figure-decorative">
          <input
            type="checkbox"
            name="decorative"
            .checked=${this.decorative}
            @change=${(event: Event) => {
              this.decorative = (event.target as HTMLInputElement).checked;
            }}
          />
          It is decoration: there is nothing to say about it
        </label>
      </div>
    `;
  }
}
