/** `<cp-pdf-preview>`: the first pages of a PDF, side by side, with what it lets whom read. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PdfPages } from '../export/pdf-pages.ts';
import { icon } from '../icons.ts';
import { LightElement } from './light-element.ts';

const MOST_PAGES = 3;
/** Pixels: as many as a page takes of the dialogue on a screen with small pixels. */
const WIDTH = 800;

@customElement('cp-pdf-preview')
export class PdfPreview extends LightElement {
  /** The PDF. */
  @property({ attribute: false }) file: Blob | null = null;
  @state() private pages: PdfPages | null = null;
  @state() private failed = false;
  #drawing: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#drawing?.abort();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('file')) void this.#draw(this.file);
  }

  async #draw(file: Blob | null): Promise<void> {
    this.#drawing?.abort();
    this.pages = null;
    this.failed = false;
    if (!file) return;
    this.#drawing = new AbortController();
    const { signal } = this.#drawing;
    try {
      const { drawPages } = await import('../export/pdf-pages.ts');
      this.pages = await drawPages(file, MOST_PAGES, WIDTH, signal);
    } catch {
      // The file is whole, so it can be downloaded all the same: all that is missing is the look at it.
      if (!signal.aborted) this.failed = true;
    }
  }

  override render() {
    if (this.failed)
      return html`<p class="hint">The pages could not be drawn here. Download the file to look at it.</p>`;
    if (!this.pages) return html`<p class="export-progress"><span class="spinner"></span>Drawing the pages …</p>`;
    const { canvases, count, isAccessible } = this.pages;
    return html`
      <div class="pdf-pages" role="group" aria-label="The first pages" tabindex="0">
        ${canvases.map((canvas, index) => {
          canvas.setAttribute('role', 'img');
          canvas.setAttribute('aria-label', `Page ${index + 1} of ${count}`);
          return canvas;
        })}
      </div>
      <p class="hint">
        ${count === 1 ? 'One page.' : `${canvases.length < count ? `The first ${canvases.length} of ${count} pages.` : `${count} pages.`}`}
        ${isAccessible ? html`${icon('check')} Accessible: it keeps to PDF/UA-1.` : nothing}
      </p>
    `;
  }
}
