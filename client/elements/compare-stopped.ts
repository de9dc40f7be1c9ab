/** The page shown instead of a comparison that cannot be made: why, and where to go from here. */
import { html, nothing } from 'lit';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import { explain, NetworkError } from '../api.ts';
import { icon } from '../icons.ts';
import { href } from '../routes.ts';

const HEADINGS: Partial<Record<ErrorCode, string>> = {
  'not-found': 'There is no such comparison',
  forbidden: 'You have no access to this plan',
  'access-removed': 'You have no access to this plan',
  archived: 'This plan is archived',
  'snapshot-thinned': 'One of these snapshots was thinned out',
  'snapshot-damaged': 'One of these snapshots is damaged',
};

const ADVICE: Partial<Record<ErrorCode, string>> = {
  'snapshot-thinned': 'Choose another snapshot above: those with a name are kept for ever.',
  'snapshot-damaged': 'Choose another snapshot above. This one is not shown, because it would not be what it was.',
  'not-found':
    'One of the two snapshots may not exist. If somebody sent you a link to the plan, open that link once more: it lets you in.',
};

export function compareStopped(planId: string, error: unknown, retry: () => void) {
  const code = error instanceof CommonplanError ? error.code : null;
  const offline = error instanceof NetworkError;
  const advice = code && ADVICE[code];
  return html`
    <div class="compare-stopped form">
      <h2>${(code && HEADINGS[code]) ?? (offline ? 'No answer' : 'These versions could not be compared')}</h2>
      <div class="notice danger" role="alert">${icon(offline ? 'wifiOff' : 'circleAlert')}<p>${explain(error)}</p></div>
      ${advice ? html`<p>${advice}</p>` : nothing}
      <div class="actions">
        <button class="button primary" @click=${retry}>Try again</button>
        <a class="button" href=${href.history(planId)}>Go to the history</a>
      </div>
    </div>
  `;
}
