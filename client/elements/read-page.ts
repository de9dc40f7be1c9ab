/** `<cp-read-page>`: the public page of a plan that anyone may read: the text as a finished document, its files, and the way in for those who write. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type PlanContent, type PlanSummary, path } from '../../shared/api.ts';
import type { NodeJSON } from '../../shared/compare/comparison.ts';
import { CommonplanError } from '../../shared/errors.ts';
import type { ExportFormat } from '../../shared/export.ts';
import { api, explain, NetworkError } from '../api.ts';
import { FORMAT_WORDS } from '../export/words.ts';
import { exactTime } from '../format.ts';
import { icon } from '../icons.ts';
import { contents, land } from '../reading/contents.ts';
import { type ReadHeading, renderReading } from '../reading/render.ts';
import { RetryController } from '../retry-controller.ts';
import { href } from '../routes.ts';
import { SessionController, session } from '../session.ts';
import '../styles/reading.css';
import { LightElement } from './light-element.ts';
import { snapshotTitlePage } from './snapshot-title-page.ts';

interface Read extends PlanContent {
  readonly plan: PlanSummary;
}

@customElement('cp-read-page')
export class ReadPage extends LightElement {
  @property({ attribute: 'plan-id' }) planId = '';
  @state() private read: Read | null = null;
  @state() private failure: unknown = null;
  @state() private headings: readonly ReadHeading[] = [];
  @state() private notes = 0;
  @state() private formats: readonly ExportFormat[] = [];
  #request: AbortController | null = null;

  constructor() {
    super();
    new SessionController(this);
    new RetryController(
      this,
      () => this.failure,
      () => void this.#load(),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request?.abort();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('planId')) void this.#load();
  }

  async #load(): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.read = null;
    this.failure = null;
    this.headings = [];
    this.notes = 0;
    try {
      const { planId } = this;
      const [plan, content, { formats }] = await Promise.all([
        api.plan(planId),
        api.content(planId, request.signal),
        api.exportFormats(),
      ]);
      if (request.signal.aborted) return;
      this.formats = formats;
      this.read = { ...content, plan };
      document.title = `${content.frontMatter.title || 'Untitled plan'} · Commonplan`;
    } catch (error) {
      if (!request.signal.aborted) this.failure = error;
    }
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('read') || !this.read) return;
    const reading = renderReading(this.read.content as unknown as NodeJSON, null);
    this.querySelector('.reading-text')?.replaceChildren(reading.blocks);
    this.querySelector('.notes-list')?.replaceChildren(...reading.notes);
    this.headings = reading.headings;
    this.notes = reading.notes.length;
    if (location.hash.length > 1) void land(document.getElementById(location.hash.slice(1)));
  }

  override render() {
    if (this.failure) return this.#failed(this.failure);
    return html`
      <main id="main" class="read-main" tabindex="-1" aria-busy=${this.read ? 'false' : 'true'}>
        ${this.read ? this.#document(this.read) : skeleton}
      </main>
    `;
  }

  #document({ plan, frontMatter }: Read) {
    const { language } = frontMatter;
    return html`
      <div class="read-bar">
        <p>As it was changed last, <time datetime=${plan.updatedAt}>${exactTime(plan.updatedAt)}</time></p>
        ${this.#wayIn(plan)}
      </div>
      <article class="plan-sheet reading-sheet">
        ${snapshotTitlePage(frontMatter)}
        ${contents(this.headings, language)}
        ${plan.words === 0 ? html`<p class="no-text">There is no text in this plan yet.</p>` : nothing}
        <div class="prose reading-text" lang=${language}></div>
        <section class="footnotes" aria-label="Notes" ?hidden=${this.notes === 0}><ol class="notes-list" lang=${language}></ol></section>
      </article>
      <p class="read-files">
        Take it away:
        ${this.formats.map((format) => html` <a href=${path.export(this.planId, format)} download>${FORMAT_WORDS[format].name}</a>`)}
      </p>
    `;
  }

  #wayIn({ id, member }: PlanSummary) {
    if (member) return html`<a class="button small" href=${href.plan(id)}>${icon('pencil')}Open it</a>`;
    return session.user === null ? html`<a class="button quiet small" href=${href.signIn}>Sign in</a>` : nothing;
  }

  #failed(failure: unknown) {
    const closed =
      failure instanceof CommonplanError && ['not-found', 'not-signed-in', 'archived'].includes(failure.code);
    return html`
      <main id="main" class="page narrow" tabindex="-1">
        <div class="form">
          <h1>${closed ? 'There is nothing to read here' : 'This plan could not be opened'}</h1>
          <div class="notice ${closed ? 'warn' : 'danger'}" role="alert">
            ${icon(failure instanceof NetworkError ? 'wifiOff' : 'circleAlert')}
            <p>${closed ? 'No plan at this address is open to everybody. It may have been, or its address may be incomplete.' : explain(failure)}</p>
          </div>
          <div class="actions">
            ${closed ? nothing : html`<button class="button primary" @click=${() => this.#load()}>Try again</button>`}
            <a class="button" href=${href.plans}>Go to your plans</a>
          </div>
        </div>
      </main>
    `;
  }
}

const skeleton = html`
  <div class="page-loading-words visually-hidden" role="status">Opening the plan</div>
  <div class="plan-sheet"><div class="skeleton" aria-hidden="true">${Array.from({ length: 11 }, () => html`<span></span>`)}</div></div>
`;
