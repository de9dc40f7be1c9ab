/** `<cp-import-dialog>`: makes a plan out of a Markdown file, chosen or dropped, and opens it. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, explain } from '../api.ts';
import { icon } from '../icons.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { DialogElement } from './dialog-element.ts';

@customElement('cp-import-dialog')
export class ImportDialog extends DialogElement {
  /** A file to import at once, e.g. one dropped on the page. */
  @property({ attribute: false }) file: File | null = null;
  @state() private reading: File | null = null;
  @state() private dragged = false;
  #request: AbortController | null = null;

  protected override get label(): string {
    return 'Import a plan';
  }

  protected override opened(): void {
    this.reading = null;
    if (this.file) void this.#import(this.file);
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('open') && !this.open) this.#request?.abort();
  }

  async #import(file: File): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.failure = '';
    this.reading = file;
    try {
      const plan = await api.importPlan(file, request.signal);
      await router.go(href.plan(plan.id));
    } catch (error) {
      if (request.signal.aborted) return;
      this.failure = `“${file.name}” was not imported. ${explain(error)}`;
    }
    this.reading = null;
  }

  #take(files: FileList | null | undefined): void {
    const [file, ...others] = files ?? [];
    if (others.length > 0) this.failure = 'One file becomes one plan. Choose one at a time.';
    else if (file) void this.#import(file);
  }

  #drag(event: DragEvent, over: boolean): void {
    event.preventDefault();
    event.stopPropagation();
    this.dragged = over;
  }

  protected override content() {
    return html`
      <div class="form">
        <div role="status">${this.reading ? html`<p class="reading"><span class="spinner"></span>Reading “${this.reading.name}” …</p>` : nothing}</div>
        <div
          class="drop-zone ${this.dragged ? 'dragged' : ''}"
          ?hidden=${this.reading !== null}
          @dragover=${(event: DragEvent) => this.#drag(event, true)}
          @dragleave=${(event: DragEvent) => this.#drag(event, false)}
          @drop=${(event: DragEvent) => {
            this.#drag(event, false);
            this.#take(event.dataTransfer?.files);
          }}
        >
          ${icon('fileUp')}
          <p><strong>Drop a Markdown file here</strong></p>
          <label class="button file-button">
            Choose a file
            <input
              class="visually-hidden"
              type="file"
              accept=".md,.markdown,.txt,text/markdown,text/plain"
              @change=${(event: Event) => {
                const input = event.target as HTMLInputElement;
                this.#take(input.files);
                input.value = '';
              }}
            />
          </label>
        </div>
        ${this.failureNotice()}
        <p class="aside">
          Headings, lists, tables, links and footnotes become parts of the plan. A YAML header fills in title, authors, licence and the
          rest of the front matter.
        </p>
      </div>
    `;
  }
}
