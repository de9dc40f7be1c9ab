/** `<cp-history-page>`: a plan's versions through time: read them, compare them, go back, and name the one that stands now. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { SnapshotList, SnapshotSummary } from '../../shared/api.ts';
import { explain } from '../api.ts';
import { HistoryController, isRefusal } from '../history/history-controller.ts';
import { snapshotName } from '../history/snapshot-words.ts';
import { icon } from '../icons.ts';
import { href } from '../routes.ts';
import { historyHeader } from './history-header.ts';
import { LightElement } from './light-element.ts';
import { planStopped } from './plan-stopped.ts';
import './restore-dialog.ts';
import './take-snapshot-dialog.ts';
import './timeline.ts';
import type { RestoreEvent } from './timeline.ts';

@customElement('cp-history-page')
export class HistoryPage extends LightElement {
  @property({ attribute: 'plan-id' }) planId = '';
  @state() private naming = false;
  @state() private restoring: SnapshotSummary | null = null;
  /** Said to screen readers. */
  @state() private announcement = '';
  readonly #history = new HistoryController(this, (added) => {
    this.announcement = added.map((snapshot) => `New: ${snapshotName(snapshot)}.`).join(' ');
  });

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('planId')) this.#history.open(this.planId);
    const title = this.#history.plan?.title;
    if (title !== undefined) document.title = `History of ${title || 'Untitled plan'} · Commonplan`;
  }

  override render() {
    const { plan, list, failure } = this.#history;
    if (isRefusal(failure)) return planStopped(failure);
    const { planId } = this;
    return html`
      <div class="history-page">
        ${historyHeader({ planId, planTitle: plan?.title ?? '', here: 'History', actions: this.#nameButton() })}
        <main id="main" class="page history" tabindex="-1" aria-busy=${list ? 'false' : 'true'}>
          <div class="history-head">
            <h1>History</h1>
            ${list ? this.#sinceNamed(list) : nothing}
            ${list && list.snapshots.length > 1 ? html`<p class="history-lead">Tick any two snapshots to see what changed between them.</p>` : nothing}
          </div>
          ${plan?.archivedAt ? html`<div class="notice">${icon('archive')}<p>This plan is archived. Its history can be read.</p></div>` : nothing}
          ${this.#failureNotice()}
          ${list ? this.#timeline(list) : failure ? nothing : skeleton}
        </main>
        <cp-take-snapshot-dialog
          .planId=${planId}
          ?open=${this.naming}
          @cp-taken=${() => this.#history.reloadSoon()}
          @cp-close=${() => {
            this.naming = false;
          }}
        ></cp-take-snapshot-dialog>
        <cp-restore-dialog
          .planId=${planId}
          .snapshot=${this.restoring}
          ?open=${this.restoring !== null}
          @cp-restored=${() => this.#history.reloadSoon()}
          @cp-close=${() => {
            this.restoring = null;
          }}
        ></cp-restore-dialog>
        <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>
      </div>
    `;
  }

  #nameButton() {
    if (!this.#history.mayWrite) return nothing;
    const name = (): void => {
      this.naming = true;
    };
    return html`<button class="button primary" @click=${name}>${icon('bookmarkPlus')}Take a snapshot</button>`;
  }

  /** What everybody asks who comes back after a while. */
  #sinceNamed({ snapshots, now }: SnapshotList) {
    const named = snapshots.find(({ kind }) => kind === 'named');
    if (!named)
      return html`<p class="history-lead">Every snapshot of this plan: those that people took and named, and those that the server takes by itself.</p>`;
    if (named === snapshots[0] && !now.changed)
      return html`<p class="history-lead">Nothing has changed since “<bdi>${named.label}</bdi>”.</p>`;
    return html`<p class="history-lead">
      <a href=${href.compare(this.planId, named.number, 'now')}>What changed since “<bdi>${named.label}</bdi>”?</a>
    </p>`;
  }

  #timeline(list: SnapshotList) {
    return html`
      ${list.snapshots.length === 0 ? this.#empty() : nothing}
      <cp-timeline
        .planId=${this.planId}
        .list=${list}
        .mayWrite=${this.#history.mayWrite}
        @cp-restore=${(event: RestoreEvent) => {
          this.restoring = event.snapshot;
        }}
      ></cp-timeline>
      ${
        list.thinned > 0
          ? html`<p class="history-thinned">
              ${list.thinned === 1 ? 'One automatic snapshot has' : `${list.thinned} automatic snapshots have`} been thinned out with age.
              Named snapshots stay for ever.
            </p>`
          : nothing
      }
    `;
  }

  #empty() {
    return html`<div class="notice">
      ${icon('info')}
      <p>There is no snapshot yet. ${this.#history.mayWrite ? 'Take one to keep the plan as it is now.' : 'The first comes when somebody writes.'}</p>
    </div>`;
  }

  #failureNotice() {
    const { failure, list } = this.#history;
    if (!failure) return nothing;
    return html`
      <div class="notice danger" role="alert">
        ${icon('wifiOff')}
        <p>${explain(failure)}${list ? ' What you see below may be out of date.' : ''}</p>
        <button class="button small" @click=${() => this.#history.reload()}>Try again</button>
      </div>
    `;
  }
}

const skeleton = html`
  <div role="status"><span class="visually-hidden">Loading the history</span></div>
  <div class="timeline-bones" aria-hidden="true">
    ${[44, 62, 53, 44].map((width) => html`<div><span class="bone title w-${width}"></span><span class="bone"></span></div>`)}
  </div>
`;
