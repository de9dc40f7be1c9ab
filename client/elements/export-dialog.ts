/** `<cp-export-dialog>`: takes a plan away as a file: which format, which version, how it looks. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { path, type SnapshotSummary } from '../../shared/api.ts';
import { EXPORT_FORMATS, type ExportFormat, FORMATS } from '../../shared/export.ts';
import { api, type ExportQuery, explain } from '../api.ts';
import { paperOf } from '../export/paper.ts';
import { saveFile } from '../export/save-file.ts';
import { FORMAT_WORDS, OPTION_WORDS } from '../export/words.ts';
import { exactTime } from '../format.ts';
import { snapshotName } from '../history/snapshot-words.ts';
import { icon } from '../icons.ts';
import '../styles/export.css';
import { DialogElement } from './dialog-element.ts';
import './pdf-preview.ts';
import { toolIcon } from './tool-icons.ts';

@customElement('cp-export-dialog')
export class ExportDialog extends DialogElement {
  @property() planId = '';
  /** The snapshot that is chosen at first; null: the live plan. */
  @property({ type: Number }) snapshot: number | null = null;
  /** Words of this window have not reached the server: a file of the live plan would lack them. */
  @property({ type: Boolean }) unsaved = false;
  /** Those that the server can make; until it says so, all that there are. */
  @state() private formats = EXPORT_FORMATS;
  @state() private format: ExportFormat = EXPORT_FORMATS[0]!;
  /** What was chosen of the options, whichever format has them. */
  @state() private options: ExportQuery = {};
  /** Number of a snapshot; empty: the live plan. */
  @state() private version = '';
  @state() private versions: readonly SnapshotSummary[] | null = null;
  @state() private versionsFailed = '';
  /** What is being done, for whoever waits. */
  @state() private doing = '';
  @state() private done = '';
  @state() private warnings: readonly string[] = [];
  /** The PDF that is looked at. */
  @state() private looked: Blob | null = null;
  #request: AbortController | null = null;

  protected override get label(): string {
    return 'Export';
  }

  protected override opened(): void {
    this.version = this.snapshot === null ? '' : String(this.snapshot);
    this.#forget();
    void this.#fetchVersions();
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('open') && !this.open) this.#cancel();
  }

  async #fetchVersions(): Promise<void> {
    this.versionsFailed = '';
    try {
      const [{ snapshots }, { formats }] = await Promise.all([api.snapshots(this.planId), api.exportFormats()]);
      this.versions = snapshots;
      this.formats = formats;
      if (!formats.includes(this.format)) this.format = formats[0]!;
    } catch (error) {
      this.versionsFailed = `The list of versions could not be fetched. ${explain(error)}`;
    }
  }

  /** What is asked of the server: the version, and those options that the format has. */
  get #query(): ExportQuery {
    const asked = this.#optionNames.map((name) => [name, this.#chosen(name)]);
    return { ...Object.fromEntries(asked), snapshot: this.version };
  }

  /** A page that came without encryption has no clipboard. */
  get #copyable(): boolean {
    return 'fragment' in FORMATS[this.format].options.shape && navigator.clipboard !== undefined;
  }

  get #optionNames(): string[] {
    return Object.keys(FORMATS[this.format].options.shape).filter((name) => name in OPTION_WORDS);
  }

  #chosen(name: string): string {
    const { choices = { true: '' } } = OPTION_WORDS[name]!;
    const usual = name === 'paper' ? paperOf(navigator.language) : Object.keys(choices)[0]!;
    return this.options[name] ?? usual;
  }

  #choose(name: string, value: string): void {
    this.options = { ...this.options, [name]: value };
    this.#forget();
  }

  #cancel(): void {
    this.#request?.abort();
    this.#request = null;
    this.doing = '';
  }

  /** Runs one request at a time; a later one, Cancel and closing give it up. */
  async #run(doing: string, work: (signal: AbortSignal) => Promise<string>): Promise<void> {
    this.#cancel();
    const request = new AbortController();
    this.#request = request;
    this.doing = doing;
    const { looked } = this;
    this.#forget();
    this.looked = looked;
    try {
      this.done = await work(request.signal);
    } catch (error) {
      if (request.signal.aborted) return;
      this.failure = explain(error);
    }
    if (this.#request !== request) return;
    this.#cancel();
    await this.updateComplete;
    // The dialog may be longer than the screen.
    this.querySelector('.export-outcome')?.scrollIntoView({ block: 'nearest' });
  }

  /** What was said of the last file is not true of another. */
  #forget(): void {
    this.done = '';
    this.warnings = [];
    this.looked = null;
    this.failure = '';
  }

  /** Puts the text alone on the clipboard, formatted and as HTML source: editors of sites take the one or the other. */
  #copy(): void {
    if (this.doing) return;
    void this.#run('Copying the text …', async (signal) => {
      const query = { ...this.#query, fragment: 'true' };
      const fragment = api.exportFile(this.planId, 'html', query, signal).then(({ file }) => file.text());
      const as = (type: string) => fragment.then((text) => new Blob([text], { type }));
      // The promises go in as they are: Safari lets a page write only while it handles the click.
      const item = new ClipboardItem({ 'text/html': as('text/html'), 'text/plain': as('text/plain') });
      try {
        await navigator.clipboard.write([item]);
      } catch {
        // What went wrong is the server's answer, or else the clipboard.
        await fragment;
        this.failure = 'The browser did not let this page copy. Download the file instead.';
        return '';
      }
      return 'The text is copied. Paste it into the editor of your site.';
    });
  }

  #download(event: Event): void {
    event.preventDefault();
    if (this.doing) return;
    const { format } = this;
    void this.#run(`Making the ${FORMAT_WORDS[format].name} file …`, async (signal) => {
      const { file, name, warnings } = await api.exportFile(this.planId, format, this.#query, signal);
      const saved = name ?? `plan.${FORMATS[format].extension}`;
      saveFile(file, saved);
      this.warnings = warnings;
      return `“${saved}” is in your downloads.`;
    });
  }

  protected override content() {
    return html`
      <form class="form" id="export-form" @submit=${this.#download}>
        <fieldset class="field">
          <legend>Format</legend>
          <div class="choices export-formats">${this.formats.map((format) => this.#formatChoice(format))}</div>
        </fieldset>
        ${this.#versionField()}
        ${this.#optionNames.length > 0 ? html`<div class="export-options">${this.#optionNames.map((name) => this.#option(name))}</div>` : nothing}
        ${this.#unsavedNotice()}
        <div class="export-outcome">
          <div role="status">${this.#progress()}</div>
          ${this.#preview()}
          ${this.failureNotice()}
        </div>
      </form>
        <div class="actions end" slot="footer">
          <button type="button" class="button quiet" data-dialog="close">Close</button>
          ${
            this.doing
              ? html`<button type="button" class="button" @click=${() => this.#cancel()}>Cancel</button>`
              : html`
                ${this.format === 'pdf' ? html`<button type="button" class="button" @click=${() => this.#look()}>Look at it</button>` : nothing}
                ${this.#copyable ? html`<button type="button" class="button" @click=${() => this.#copy()}>${icon('copy')}Copy the text</button>` : nothing}
                <button type="submit" form="export-form" class="button primary">Download</button>
              `
          }
        </div>
    `;
  }

  /** The download after it is the same file, which the browser has by then. */
  #look(): void {
    if (this.doing) return;
    void this.#run('Making the PDF …', async (signal) => {
      const { file, warnings } = await api.exportFile(this.planId, 'pdf', this.#query, signal);
      this.warnings = warnings;
      this.looked = file;
      return '';
    });
  }

  #preview() {
    if (!this.looked) return nothing;
    const query = new URLSearchParams({ ...this.#query, view: 'true' });
    if (this.version === '') query.delete('snapshot');
    return html`
      <cp-pdf-preview .file=${this.looked}></cp-pdf-preview>
      <a class="button small" href="${path.export(this.planId, 'pdf')}?${query}" target="_blank" rel="noopener">${toolIcon('open')}Open the whole PDF</a>
    `;
  }

  #formatChoice(format: ExportFormat) {
    const { name, use } = FORMAT_WORDS[format];
    const choose = (): void => {
      this.format = format;
      this.#forget();
    };
    return html`
      <label class="choice">
        <input type="radio" name="format" value=${format} ?autofocus=${this.format === format} .checked=${this.format === format} @change=${choose} />
        <span class="choice-words"><strong>${name}</strong><span>${use}</span></span>
      </label>
    `;
  }

  #versionField() {
    const { versions, version } = this;
    const choose = (event: Event): void => {
      this.version = (event.target as HTMLSelectElement).value;
      this.#forget();
    };
    const named = versions?.filter(({ kind }) => kind === 'named') ?? [];
    const others = versions?.filter(({ kind }) => kind !== 'named') ?? [];
    const group = (label: string, group: readonly SnapshotSummary[]) =>
      group.length > 0
        ? html`<optgroup label=${label}>${group.map((each) => this.#versionChoice(each.number, `${snapshotName(each)}, ${exactTime(each.time)}`))}</optgroup>`
        : nothing;
    // Until the list is there, and where it has been thinned out since.
    const missing = version !== '' && !versions?.some(({ number }) => String(number) === version);
    return html`
      <div class="field">
        <label for="export-version">Version</label>
        <select class="select export-version" id="export-version" @change=${choose}>
          <option value="" .selected=${version === ''}>The plan as it is now</option>
          ${missing ? this.#versionChoice(Number(version), `Snapshot ${version}`) : nothing}
          ${group('Named versions', named)}${group('Other versions', others)}
        </select>
        ${versions === null && !this.versionsFailed ? html`<p class="hint">Loading the versions …</p>` : nothing}
        ${
          this.versionsFailed
            ? html`<div class="notice warn" role="alert">
                ${icon('circleAlert')}
                <p>${this.versionsFailed}</p>
                <button type="button" class="button small" @click=${() => this.#fetchVersions()}>Try again</button>
              </div>`
            : nothing
        }
      </div>
    `;
  }

  #versionChoice(number: number, name: string) {
    return html`<option value=${number} .selected=${this.version === String(number)}>${name}</option>`;
  }

  #option(name: string) {
    const { label, choices } = OPTION_WORDS[name]!;
    const chosen = this.#chosen(name);
    if (!choices) {
      const choose = (event: Event): void => this.#choose(name, String((event.target as HTMLInputElement).checked));
      return html`<label class="export-flag"><input type="checkbox" .checked=${chosen === 'true'} @change=${choose} /> ${label}</label>`;
    }
    const choose = (event: Event): void => this.#choose(name, (event.target as HTMLSelectElement).value);
    return html`
      <div class="field">
        <label for="export-${name}">${label}</label>
        <select class="select" id="export-${name}" @change=${choose}>
          ${Object.entries(choices).map(([value, words]) => html`<option value=${value} .selected=${chosen === value}>${words}</option>`)}
        </select>
      </div>
    `;
  }

  #unsavedNotice() {
    if (!this.unsaved || this.version !== '') return nothing;
    return html`<div class="notice warn">
      ${icon('circleAlert')}
      <p>Your last changes are not saved yet: the file will be without them.</p>
    </div>`;
  }

  #progress() {
    if (this.doing) return html`<p class="export-progress"><span class="spinner"></span>${this.doing}</p>`;
    return html`
      ${this.done ? html`<p class="export-progress">${icon('check')}${this.done}</p>` : nothing}
      ${
        this.warnings.length > 0
          ? html`<div class="notice warn export-warnings">
              ${icon('circleAlert')}
              <div>
                <p>What could be better in the file:</p>
                <ul>${this.warnings.map((warning) => html`<li>${warning}</li>`)}</ul>
              </div>
            </div>`
          : nothing
      }
    `;
  }
}
