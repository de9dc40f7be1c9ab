/** Shown instead of a snapshot that cannot be read: why, and where to go from here. */
import { html, nothing } from 'lit';
import { CommonplanError } from '../../shared/errors.ts';
import { explain } from '../api.ts';
import { icon } from '../icons.ts';
import { href } from '../routes.ts';

interface SnapshotFailed {
  readonly planId: string;
  readonly number: number;
  /** null: this page is too old to show the snapshot. */
  readonly failure: unknown;
  /** Numbers of the nearest snapshots whose text is there. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly retry: () => void;
}

export function snapshotFailed({ planId, number, failure, before, after, retry }: SnapshotFailed) {
  const code = failure instanceof CommonplanError ? failure.code : null;
  const headings: Partial<Record<string, string>> = {
    'snapshot-thinned': `Snapshot ${number} has been thinned out`,
    'snapshot-damaged': `Snapshot ${number} is damaged`,
    'not-found': `There is no snapshot ${number}`,
  };
  const neighbours = html`
    ${before === undefined ? nothing : html`<a class="button" href=${href.snapshot(planId, before)}>${icon('chevronLeft')}Snapshot ${before}</a>`}
    ${after === undefined ? nothing : html`<a class="button" href=${href.snapshot(planId, after)}>Snapshot ${after}${icon('chevronRight')}</a>`}
  `;
  return html`
    <main id="main" class="page narrow" tabindex="-1">
      <div class="form">
        <h1>${failure === null ? 'This page is older than the snapshot' : ((code && headings[code]) ?? 'The snapshot could not be opened')}</h1>
        <div class="notice ${code === 'snapshot-thinned' ? '' : 'danger'}" role="alert">
          ${icon(code === 'snapshot-thinned' ? 'info' : 'circleAlert')}
          <p>${failure === null ? 'Reload the page to read it.' : code === 'not-found' ? 'The address may be incomplete.' : explain(failure)}</p>
        </div>
        ${code === 'snapshot-thinned' ? html`<p>These are the nearest snapshots that are still there:</p>` : nothing}
        <div class="actions">
          ${failure === null ? html`<button class="button primary" @click=${() => location.reload()}>Reload</button>` : nothing}
          ${failure !== null && code !== 'snapshot-thinned' && code !== 'not-found' ? html`<button class="button primary" @click=${retry}>Try again</button>` : nothing}
          ${neighbours}
          <a class="button" href=${href.history(planId)}>${icon('history')}All snapshots</a>
        </div>
      </div>
    </main>
  `;
}
