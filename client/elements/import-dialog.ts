/** `<cp-import-dialog>`: makes a plan out of a file, chosen or dropped, says what could not be carried over, and opens it. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ImportedPlan } from '../../shared/api.ts';
import { IMPORT_FORMATS, looksLikeWikitext } from '../../shared/import.ts';
import type { Team } from '../../shared/teams-api.ts';
import { api, explain } from '../api.ts';
import { icon } from '../icons.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { DialogElement } from './dialog-element.ts';
import { teamChoice } from './team-choice.ts';

const ENDINGS = Object.values(IMPORT_FORMATS).flatMap(({ endings }) => endings.map((ending) => `.${ending}`));
const ACCEPTED = [...ENDINGS, '.txt', 'text/markdown', 'text/plain'].join(',');
const WIKI_PAGE = new RegExp(`\\.(?:${IMPORT_FORMATS.wikitext.endings.join('|')})$`, 'i');
/** Bytes of a text that are enough to tell what it is. */
const BEGINNING = 100_000;

const isWikiPage = async (file: File): Promise<boolean> =>
  WIKI_PAGE.test(file.name) ||
  (/(?:\.txt|^[^.]+)$/i.test(file.name) && looksLikeWikitext(await file.slice(0, BEGINNING).text()));

@customElement('cp-import-dialog')
export class ImportDialog extends DialogElement {
  /** A file to import at once, e.g. one dropped on the page. */
  @property({ attribute: false }) file: File | null = null;
  /** The teams to choose from, and the one that is chosen at first: its id, or '' for none. */
  @property({ attribute: false }) teams: readonly Team[] = [];
  @property() team = '';
  @state() private reading: File | null = null;
  @state() private dragged = false;
  @state() private teamId = '';
  /** A wiki's page: where its links lead is asked before it is read. */
  @state() private wikiPage: File | null = null;
  /** Made, and waiting for its maker to have seen what it lacks. */
  @state() private made: ImportedPlan | null = null;
  #request: AbortController | null = null;

  protected override get label(): string {
    return 'Import a plan';
  }

  protected override opened(): void {
    this.reading = null;
    this.wikiPage = null;
    this.made = null;
    this.teamId = this.team;
    if (this.file) void this.#takeFile(this.file);
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('open') && !this.open) this.#request?.abort();
  }

  async #import(file: File, wiki = ''): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.failure = '';
    this.reading = file;
    try {
      const plan = await api.importPlan(file, { wiki, teamId: this.teamId }, request.signal);
      if (plan.losses.length === 0) await router.go(href.plan(plan.id));
      else this.made = plan;
    } catch (error) {
      if (request.signal.aborted) return;
      this.failure = `“${file.name}” was not imported. ${explain(error)}`;
    }
    this.reading = null;
  }

  #take(files: FileList | null | undefined): void {
    const [file, ...others] = files ?? [];
    if (others.length > 0) this.failure = 'One file becomes one plan. Choose one at a time.';
    else if (file) void this.#takeFile(file);
  }

  async #takeFile(file: File): Promise<void> {
    this.failure = '';
    this.wikiPage = (await isWikiPage(file)) ? file : null;
    if (!this.wikiPage) await this.#import(file);
  }

  #drag(event: DragEvent, over: boolean): void {
    event.preventDefault();
    event.stopPropagation();
    this.dragged = over;
  }

  protected override content() {
    if (this.made) return this.#result(this.made);
    return html`
      <div class="form">
        <div role="status">${this.reading ? html`<p class="reading"><span class="spinner"></span>Reading “${this.reading.name}” …</p>` : nothing}</div>
        <div
          class="drop-zone ${this.dragged ? 'dragged' : ''}"
          ?hidden=${this.reading !== null || this.wikiPage !== null}
          @dragover=${(event: DragEvent) => this.#drag(event, true)}
          @dragleave=${(event: DragEvent) => this.#drag(event, false)}
          @drop=${(event: DragEvent) => {
            this.#drag(event, false);
            this.#take(event.dataTransfer?.files);
          }}
        >
          ${icon('fileUp')}
          <p><strong>Drop a file here</strong></p>
          <label class="button file-button">
            Choose a file
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
        ${this.wikiPage && !this.reading ? this.#wikiForm(this.wikiPage) : nothing}
        ${
          this.reading
            ? nothing
            : teamChoice('import-team', this.teams, this.teamId, (teamId) => {
                this.teamId = teamId;
              })
        }
        ${this.failureNotice()}
        <p class="aside">
          A Word document (.docx), Markdown, HTML, MediaWiki text, or JSON that was exported here. Headings, lists, tables, links, footnotes and
          pictures become parts of the plan; what the file says of itself (title, authors, language, keywords) becomes its front matter.
        </p>
      </div>
    `;
  }

  #wikiForm(file: File) {
    return html`
      <form
        class="form"
        novalidate
        @submit=${(event: Event) => {
          event.preventDefault();
          const wiki = new FormData(event.currentTarget as HTMLFormElement).get('wiki');
          void this.#import(file, String(wiki ?? '').trim());
        }}
      >
        <p>“${file.name}”</p>
        ${this.field({
          name: 'wiki',
          label: 'Address of the wiki (optional)',
          hint: 'Links to other pages then lead there. Without it they become text.',
          placeholder: 'https://wiki.p2pfoundation.net/',
          autofocus: true,
        })}
        <div class="actions end">
          <button
            type="button"
            class="button quiet"
            @click=${() => {
              this.wikiPage = null;
            }}
          >
            Another file
          </button>
          <button class="button primary">Import</button>
        </div>
      </form>
    `;
  }

  #result(plan: ImportedPlan) {
    return html`
      <div class="form">
        <p role="status"><strong>“${plan.title}” is imported.</strong> Not everything in the file could be carried over:</p>
        <ul class="losses">
          ${plan.losses.map(({ what, count, example }) => html`<li>${count} × ${what}${example && html`<span>${count > 1 ? 'The first: ' : ''}“${example}”</span>`}</li>`)}
        </ul>
        <div class="actions end">
          <a class="button primary" href=${href.plan(plan.id)} autofocus>Open the plan</a>
        </div>
      </div>
    `;
  }
}
