/** `<cp-plan-banner>`: says plainly what is wrong with the connection or the plan, what it means for one's text, and what can be done. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ErrorCode } from '../../shared/errors.ts';
import { may } from '../../shared/roles.ts';
import type { ConnectionState } from '../collab/connection-state.ts';
import { icon } from '../icons.ts';
import { LightElement } from './light-element.ts';

/** A short loss is mended before anybody needs to know (ms). */
const QUIET = 2_000;
/** After this long (ms) the server counts as gone. */
const GONE = 10_000;
/** From this share of the limit on, people are told. */
const NEARLY_FULL = 0.8;

/** What the person should do after a stop, where the error's own words leave it open. */
const ADVICE: Partial<Record<ErrorCode, string>> = {
  'read-only': 'Your role was changed while you were writing.',
  'other-generation': 'The plan was put back from a backup or made anew. What you see here is your copy from before.',
  'access-removed': 'An owner of the plan can let you in again.',
  forbidden: 'An owner of the plan can let you in again.',
  'link-withdrawn': 'You came in by that link.',
  'account-required': 'You are a guest: on the page of your account you can become one, and keep everything.',
  archived: 'An owner can bring it back from the list of plans.',
  'too-large': 'Take out what you pasted last, or divide it into several parts.',
  'plan-too-large': 'You can still read and export it.',
};

/** Stops that somebody else can end while this window is open: it then goes on where it was, with its unsaved words. */
const MAY_END: ReadonlySet<ErrorCode> = new Set([
  'access-removed',
  'forbidden',
  'link-withdrawn',
  'account-required',
  'suspended',
  'archived',
]);

@customElement('cp-plan-banner')
export class PlanBanner extends LightElement {
  @property({ attribute: false }) connection: ConnectionState | null = null;
  /** The words typed in this window that are not saved. */
  @property({ attribute: false }) unsavedText: () => string = () => '';
  @property({ attribute: false }) retry: () => void = () => undefined;
  /** After a stop: asks whether the plan is open again. */
  @property({ attribute: false }) resume: () => void = () => undefined;
  @property({ attribute: false }) forgetRecovered: () => void = () => undefined;
  @property() planTitle = '';
  @state() private copied = false;
  #later: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#later);
  }

  override updated(): void {
    clearTimeout(this.#later);
    const lostAt = this.connection?.lostAt;
    if (lostAt === null || lostAt === undefined) return;
    const age = Date.now() - lostAt;
    const next = [QUIET, GONE].find((moment) => moment > age);
    if (next !== undefined) this.#later = setTimeout(() => this.requestUpdate(), next - age + 20);
  }

  override render() {
    const { connection } = this;
    if (!connection) return nothing;
    return html`
      ${connection.stopped ? this.#stopped(connection) : this.#waiting(connection)}
      ${connection.recovered ? this.#recovered(connection.recovered) : nothing}
      ${this.#size(connection)}
    `;
  }

  #banner(kind: 'danger' | 'warn' | '', sign: 'circleAlert' | 'wifiOff' | 'info', words: unknown, actions: unknown) {
    return html`<div class="notice banner ${kind}" role=${kind === 'danger' ? 'alert' : 'status'}>
      ${icon(sign)}<div class="banner-words">${words}</div><div class="actions">${actions}</div>
    </div>`;
  }

  #stopped({ stopped, loaded, save }: ConnectionState): TemplateResult | typeof nothing {
    // Before the content has come the page as a whole says why; signing in again has a dialog of its own.
    if (!stopped || !loaded || stopped.code === 'not-signed-in') return nothing;
    const unsaved = save !== 'saved';
    return this.#banner(
      'danger',
      'circleAlert',
      html`<p><strong>${stopped.message}</strong> ${ADVICE[stopped.code] ?? nothing}</p>
        ${unsaved ? html`<p>Your last changes could not be saved. Take them with you before you leave this page.</p>` : nothing}`,
      html`${unsaved ? this.#take(this.unsavedText(), 'unsaved') : nothing}
        ${
          MAY_END.has(stopped.code)
            ? html`<button class="button small" @click=${this.resume}>Ask again</button>`
            : html`<button class="button small" @click=${() => location.reload()}>Reload</button>`
        }`,
    );
  }

  #waiting({ lostAt, save, loaded, link, role, storageFull }: ConnectionState): TemplateResult | typeof nothing {
    const age = lostAt === null ? 0 : Date.now() - lostAt;
    if (link === 'open') {
      if (save !== 'kept' && save !== 'unsaved') return nothing;
      if (role && !may(role, 'write')) return this.#withheld(save);
      if (storageFull) return this.#full(save);
      const words = html`<p><strong>The server has not confirmed your last changes.</strong> ${this.#fate(save)}</p>`;
      return this.#banner('warn', 'circleAlert', words, this.#take(this.unsavedText(), 'unsaved'));
    }
    if (age < QUIET) return nothing;
    const gone = age >= GONE;
    return this.#banner(
      gone ? 'danger' : 'warn',
      'wifiOff',
      html`<p><strong>${gone ? 'The server cannot be reached.' : 'Connection lost. Reconnecting…'}</strong>
        ${loaded ? this.#fate(save) : 'The plan opens as soon as it answers.'}</p>`,
      html`${gone && (save === 'kept' || save === 'unsaved') ? this.#take(this.unsavedText(), 'unsaved') : nothing}
        <button class="button small" @click=${this.retry}>Try now</button>`,
    );
  }

  #withheld(save: ConnectionState['save']): TemplateResult {
    const where =
      save === 'kept' ? 'They are kept on this device' : 'They are only in this window: keep it open, or copy them';
    return this.#banner(
      'danger',
      'circleAlert',
      html`<p><strong>Your role was changed while you were writing: your last changes are not saved.</strong>
        ${where}. If an owner makes you an editor again, they are sent by themselves.</p>`,
      this.#take(this.unsavedText(), 'unsaved'),
    );
  }

  #full(save: ConnectionState['save']): TemplateResult {
    const where =
      save === 'kept' ? 'They are kept on this device' : 'They are only in this window: keep it open, or copy them';
    return this.#banner(
      'danger',
      'circleAlert',
      html`<p><strong>The server’s disk is full: your last changes are not saved.</strong>
        ${where}. They are sent by themselves as soon as its administrator has made room.</p>`,
      this.#take(this.unsavedText(), 'unsaved'),
    );
  }

  #fate(save: ConnectionState['save']): string {
    if (save === 'kept') return 'You can go on writing: your changes are kept on this device and sent when it is back.';
    if (save === 'unsaved') return 'Your changes are only in this window: keep it open, or copy them.';
    return 'What you wrote is saved. You can go on writing.';
  }

  #recovered(text: string) {
    return this.#banner(
      'warn',
      'info',
      html`<p><strong>Words from your last visit could not be put into the plan.</strong>
        They were never saved, and the plan has changed its history or your role since. Here they are:</p>
        <pre class="recovered" tabindex="0" aria-label="Words from your last visit">${text}</pre>`,
      html`${this.#take(text, 'recovered')}
        <button class="button small" @click=${this.forgetRecovered}>Discard</button>`,
    );
  }

  #size({ size, stopped }: ConnectionState): TemplateResult | typeof nothing {
    if (!size || stopped || size.bytes < NEARLY_FULL * size.limit) return nothing;
    const percent = Math.min(100, Math.round((100 * size.bytes) / size.limit));
    return this.#banner(
      'warn',
      'info',
      html`<p><strong>This plan has used ${percent}% of the space it may take.</strong>
        Large pasted tables and long histories take most. Consider continuing in a second plan.</p>`,
      nothing,
    );
  }

  #take(text: string, what: string) {
    if (text === '') return nothing;
    const copy = async (): Promise<void> => {
      try {
        await navigator.clipboard.writeText(text);
        this.copied = true;
      } catch {
        // No permission to use the clipboard: a file always works.
        download(text, `${this.planTitle || 'plan'} (${what}).txt`);
      }
    };
    return html`
      <button class="button small" @click=${copy}>${icon('copy')}${this.copied ? 'Copied' : 'Copy the text'}</button>
      <button class="button small" @click=${() => download(text, `${this.planTitle || 'plan'} (${what}).txt`)}>Download</button>
    `;
  }
}

function download(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  link.download = name.replace(/[/\\:*?"<>|]/g, '-');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
