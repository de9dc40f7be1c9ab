/** `<cp-plan-page>`: one plan, open: joins its connection, editor, front matter, outline and people into a page. */
import '@awesome.me/webawesome/dist/components/drawer/drawer.js';
import type { Editor } from '@tiptap/core';
import { Selection, TextSelection } from '@tiptap/pm/state';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { CommonplanError } from '../../shared/errors.ts';
import { may } from '../../shared/roles.ts';
import { readFrontMatter } from '../../shared/schema/front-matter-map.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { api } from '../api.ts';
import { Connection } from '../collab/connection.ts';
import type { ConnectionState } from '../collab/connection-state.ts';
import { type Person, peopleHere, shareIdleness } from '../collab/presence.ts';
import { figureAt } from '../editor/figure.ts';
import { countWords, type Heading, headings, type Note, notes } from '../editor/outline.ts';
import { isUploading } from '../editor/pictures.ts';
import { createPlanEditor } from '../editor/plan-editor.ts';
import { readingIndex, scrollToPosition } from '../editor/reading-position.ts';
import { focusText } from '../editor/tools.ts';
import { wordCount } from '../format.ts';
import { goToPublicPage } from '../public-plan.ts';
import { router } from '../router.ts';
import { session } from '../session.ts';
import '../styles/plan-page.css';
import { uploadImage } from '../upload-image.ts';
import './context-bar.ts';
import './export-dialog.ts';
import './figure-dialog.ts';
import './footnote-list.ts';
import './front-matter.ts';
import './keys-dialog.ts';
import { LightElement } from './light-element.ts';
import type { JumpEvent } from './outline.ts';
import './outline.ts';
import './plan-banner.ts';
import './plan-header.ts';
import { planStopped } from './plan-stopped.ts';
import { saveWords } from './save-state.ts';
import './share-dialog.ts';
import './take-snapshot-dialog.ts';
import type { BarEvent, Toolbar } from './toolbar.ts';
import './toolbar.ts';

/** The toolbar and the outline follow the text this long (ms) after a key, so that the key itself is drawn first. */
const FOLLOW = 80;
/** A heading this far (px) below the top of the window is being read. */
const READING_LINE = 180;

@customElement('cp-plan-page')
export class PlanPage extends LightElement {
  @property({ attribute: 'plan-id' }) planId = '';
  @state() private connection: ConnectionState | null = null;
  @state() private people: readonly Person[] = [];
  @state() private headings: readonly Heading[] = [];
  @state() private notes: readonly Note[] = [];
  @state() private words = 0;
  @state() private reading = -1;
  @state() private planTitle = '';
  @state() private revision = 0;
  @state() private bar: 'link' | 'language' | null = null;
  @state() private shown: 'share' | 'keys' | 'outline' | 'name' | 'export' | 'figure' | null = null;
  /** The figure that the dialog is about; null: a new one. */
  @state() private figure: number | null = null;
  /** Said to screen readers; each thing once. */
  @state() private announcement = '';
  #live: Connection | null = null;
  #editor: Editor | null = null;
  #release: (() => void)[] = [];
  #follow: ReturnType<typeof setTimeout> | undefined;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('planId')) {
      this.#leave();
      this.#enter();
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && !this.#live) this.#enter();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  #enter(): void {
    const { planId } = this;
    const live = new Connection({
      planId,
      origin: `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}`,
      schemaVersion: SCHEMA_VERSION,
      explainRefusal: () => whyRefused(planId),
      onChange: () => this.#connectionChanged(),
    });
    this.#live = live;
    this.connection = live.state;
    const people = (): void => this.#peopleChanged(peopleHere(live.awareness));
    live.awareness.on('change', people);
    const title = (): void => {
      this.planTitle = readFrontMatter(live.ydoc).title;
      document.title = `${this.planTitle || 'Untitled plan'} · Commonplan`;
    };
    live.ydoc.getMap('frontMatter').observeDeep(title);
    this.#listen(window, 'online', () => live.retryNow());
    this.#listen(document, 'visibilitychange', () => document.visibilityState === 'visible' && live.retryNow());
    this.#listen(window, 'beforeunload', (event) => this.#unsaved && event.preventDefault());
    this.#listen(window, 'scroll', () => requestAnimationFrame(() => this.#scrolled()));
    this.#listen(session, 'change', () => {
      if (session.state.is === 'signed-in' && live.state.stopped?.code === 'not-signed-in') live.resume();
    });
    if (window.visualViewport) this.#listen(window.visualViewport, 'resize', () => this.#aboveKeyboard());
    this.#release.push(
      router.guardLeaving(() => !this.#unsaved || confirm(`${this.#unsavedWords}. Leave anyway?`)),
      shareIdleness(live.awareness, window),
    );
  }

  #listen(target: EventTarget, name: string, listener: (event: Event) => void): void {
    target.addEventListener(name, listener, { passive: name === 'scroll' });
    this.#release.push(() => target.removeEventListener(name, listener));
  }

  #leave(): void {
    clearTimeout(this.#follow);
    for (const release of this.#release.splice(0)) release();
    this.#editor?.destroy();
    this.#editor = null;
    this.#live?.destroy();
    this.#live = null;
    this.connection = null;
    this.people = [];
    this.headings = [];
    this.notes = [];
    this.shown = null;
    this.bar = null;
  }

  #connectionChanged(): void {
    const before = this.connection;
    const now = this.#live?.state ?? null;
    this.connection = now;
    if (!before || !now) return;
    if (now.stopped?.code === 'not-signed-in') session.expire();
    if (now.stopped?.code === 'not-found' && !before.stopped && !now.loaded) void goToPublicPage(this.planId);
    const bad = (save: string): boolean => save === 'kept' || save === 'unsaved';
    if (now.save !== before.save && (bad(now.save) || (now.save === 'saved' && bad(this.#saidSave)))) {
      this.#saidSave = now.save;
      this.announcement = saveWords(now.save);
    }
    if (before.role && now.role && before.role !== now.role)
      this.announcement = may(now.role, 'write')
        ? 'You can write in this plan now.'
        : 'You can only read this plan now.';
  }
  #saidSave = 'saved';

  #peopleChanged(people: readonly Person[]): void {
    const known = new Set(this.people.map(({ id }) => id));
    const joined = people.filter(({ id, self }) => !self && !known.has(id));
    if (joined.length > 0 && this.people.length > 0)
      this.announcement = joined.map(({ name }) => `${name} is here.`).join(' ');
    this.people = people;
  }

  get #editable(): boolean {
    const { connection } = this;
    return Boolean(connection?.loaded && connection.role && may(connection.role, 'write') && !connection.stopped);
  }

  override updated(): void {
    const live = this.#live;
    const mount = this.querySelector<HTMLElement>('.editor-mount');
    if (live?.state.loaded && live.state.user && mount && !this.#editor) this.#open(live, mount, live.state.user);
    if (this.#editor && this.#editor.isEditable !== this.#editable) {
      this.#editor.setEditable(this.#editable, false);
      this.revision += 1;
    }
  }

  #open(live: Connection, element: HTMLElement, user: { name: string; color: string }): void {
    const editor = createPlanEditor({
      element,
      ydoc: live.ydoc,
      awareness: live.awareness,
      user,
      editable: this.#editable,
      onEditLink: () => {
        this.bar = 'link';
      },
      onShortcuts: () => {
        this.shown = 'keys';
      },
      planId: this.planId,
      sendPicture: (file, options) => uploadImage(this.planId, file, options),
      onEditFigure: (pos) => this.#editFigure(pos),
    });
    this.#editor = editor;
    editor.on('transaction', () => this.#followLater());
    // A bar that was asked for belongs to the place where it was: going on in the text closes it.
    editor.on('focus', () => {
      this.bar = null;
    });
    this.#followNow();
  }

  #followLater(): void {
    if (this.#follow !== undefined) return;
    this.#follow = setTimeout(() => this.#followNow(), FOLLOW);
  }

  #followNow(): void {
    this.#follow = undefined;
    const editor = this.#editor;
    if (!editor) return;
    this.revision += 1;
    this.headings = headings(editor.state.doc);
    this.notes = notes(editor.state.doc);
    this.words = countWords(editor.state.doc);
    this.#scrolled();
  }

  #scrolled(): void {
    if (this.#editor) this.reading = readingIndex(this.#editor.view, this.headings, READING_LINE);
  }

  /** On a phone the toolbar sits on the keyboard, which covers the page without making it smaller. */
  #aboveKeyboard(): void {
    const viewport = window.visualViewport;
    const covered = viewport ? Math.max(0, window.innerHeight - viewport.height - viewport.offsetTop) : 0;
    this.style.setProperty('--keyboard', `${covered}px`);
  }

  #jump(event: JumpEvent): void {
    const editor = this.#editor;
    if (!editor) return;
    this.shown = null;
    scrollToPosition(editor.view, event.pos);
    // The caret goes along, so that the keyboard goes on from there; a finger's jump must not open the phone's keyboard.
    const { doc, tr } = editor.state;
    const near = TextSelection.near(doc.resolve(event.pos + 1));
    editor.view.dispatch(tr.setSelection(near).setMeta('addToHistory', false));
    if (matchMedia('(pointer: fine)').matches) editor.view.dom.focus({ preventScroll: true });
  }

  #openBar({ bar }: BarEvent): void {
    if (bar !== 'figure') this.bar = bar;
    else if (this.#editor) this.#editFigure(figureAt(this.#editor.state));
  }

  #editFigure(pos: number | null): void {
    this.figure = pos;
    this.shown = 'figure';
  }

  /** Something would be lost by leaving. */
  get #unsaved(): boolean {
    const save = this.#live?.state.save ?? 'saved';
    return save !== 'saved' || Boolean(this.#editor && isUploading(this.#editor.state));
  }

  get #unsavedWords(): string {
    const save = this.#live?.state.save ?? 'saved';
    return save === 'saved' ? 'A picture is still on its way to the server' : saveWords(save);
  }

  #toText(): void {
    const editor = this.#editor;
    if (!editor) return;
    editor.view.dispatch(editor.state.tr.setSelection(Selection.atStart(editor.state.doc)).scrollIntoView());
    focusText(editor);
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key === 'F10' && event.altKey) this.querySelector<Toolbar>('cp-toolbar')?.focusFirst();
    else if (event.key === '/' && (event.ctrlKey || event.metaKey)) this.shown = 'keys';
    else return;
    event.preventDefault();
  }

  override render() {
    const { connection } = this;
    if (connection?.stopped && !connection.loaded && connection.stopped.code !== 'not-signed-in')
      return planStopped(connection.stopped);
    const dialog = (name: NonNullable<typeof this.shown>) => () => {
      this.shown = name;
    };
    return html`
      <div class="plan-page" @keydown=${this.#keydown} @cp-jump=${this.#jump}>
        <header class="plan-top">
          <cp-plan-header
            .planId=${this.planId}
            .planTitle=${this.planTitle}
            .connection=${connection}
            .people=${this.people}
            @cp-share=${dialog('share')}
            @cp-outline=${dialog('outline')}
            @cp-name=${dialog('name')}
            @cp-export=${dialog('export')}
            @cp-keys=${dialog('keys')}
          ></cp-plan-header>
          ${this.#tools()}
        </header>
        <cp-plan-banner
          role="region"
          aria-label="Notices"
          .connection=${connection}
          .planTitle=${this.planTitle}
          .unsavedText=${() => this.#live?.unsavedText() ?? ''}
          .retry=${() => this.#live?.retryNow()}
          .resume=${() => this.#live?.resume()}
          .forgetRecovered=${() => this.#live?.forgetRecovered()}
        ></cp-plan-banner>
        <div class="plan-columns">
          <nav class="plan-outline" aria-label="Outline"><cp-outline .headings=${this.headings} .reading=${this.reading}></cp-outline></nav>
          <main id="main" class="plan-sheet" tabindex="-1" aria-busy=${connection?.loaded ? 'false' : 'true'}>
            ${connection?.loaded ? this.#sheet() : skeleton}
          </main>
        </div>
        ${this.#dialogs()}
        <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>
      </div>
    `;
  }

  #tools() {
    const { connection } = this;
    if (!connection?.loaded) return html`<div class="toolbar-place"></div>`;
    if (this.#editable)
      return html`<section class="toolbar-place" aria-label="Tools">
        <cp-toolbar .editor=${this.#editor} .revision=${this.revision} @cp-bar=${this.#openBar}></cp-toolbar>
        <cp-context-bar .editor=${this.#editor} .revision=${this.revision} .asked=${this.bar} @cp-bar=${this.#openBar} @cp-bar-close=${() => {
          this.bar = null;
        }}></cp-context-bar>
      </section>`;
    if (connection.stopped) return nothing;
    return html`<p class="reading-only">You may read this plan, not change it. An owner can make you an editor.</p>`;
  }

  #sheet() {
    return html`
      <cp-front-matter .ydoc=${this.#live?.ydoc ?? null} .editable=${this.#editable} @cp-to-text=${this.#toText}></cp-front-matter>
      <div class="editor-mount"></div>
      <cp-footnote-list .notes=${this.notes}></cp-footnote-list>
      <p class="word-count">${wordCount(this.words)}</p>
    `;
  }

  #dialogs() {
    const close = (): void => {
      this.shown = null;
    };
    return html`
      <wa-drawer label="Outline" placement="start" class="outline-drawer" ?open=${this.shown === 'outline'} @wa-after-hide=${close} light-dismiss>
        ${this.shown === 'outline' ? html`<cp-outline .headings=${this.headings} .reading=${this.reading}></cp-outline>` : nothing}
      </wa-drawer>
      <cp-share-dialog .planId=${this.planId} ?open=${this.shown === 'share'} @cp-close=${close}></cp-share-dialog>
      <cp-take-snapshot-dialog .planId=${this.planId} .unsaved=${this.connection?.save !== 'saved'} ?open=${this.shown === 'name'} @cp-close=${close}></cp-take-snapshot-dialog>
      <cp-export-dialog .planId=${this.planId} .unsaved=${this.connection?.save !== 'saved'} ?open=${this.shown === 'export'} @cp-close=${close}></cp-export-dialog>
      <cp-figure-dialog .editor=${this.#editor} .pos=${this.figure} ?open=${this.shown === 'figure'} @cp-close=${close}></cp-figure-dialog>
      <cp-keys-dialog ?open=${this.shown === 'keys'} @cp-close=${close}></cp-keys-dialog>
    `;
  }
}

const skeleton = html`
  <h1 class="visually-hidden">Opening the plan</h1>
  <div class="skeleton" aria-hidden="true">
    ${Array.from({ length: 11 }, () => html`<span></span>`)}
  </div>
`;

/** The refusal behind a socket that would not open; null when the plan is there for us. */
async function whyRefused(planId: string): Promise<CommonplanError | null> {
  try {
    const plan = await api.plan(planId);
    return plan.archivedAt === null ? null : new CommonplanError('archived');
  } catch (error) {
    if (error instanceof CommonplanError) return error;
    throw error;
  }
}
