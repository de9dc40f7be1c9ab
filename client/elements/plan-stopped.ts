/** The page shown instead of a plan that could not be opened: why, and where to go from here. */
import { html } from 'lit';
import type { ErrorCode } from '../../shared/errors.ts';
import { icon } from '../icons.ts';
import { href } from '../routes.ts';

const HEADINGS: Partial<Record<ErrorCode, string>> = {
  'not-found': 'This plan cannot be opened',
  forbidden: 'You have no access to this plan',
  'access-removed': 'You have no access to this plan',
  'link-withdrawn': 'You have no access to this plan any more',
  'account-required': 'This plan is for people with an account',
  suspended: 'This account has been suspended',
  archived: 'This plan is archived',
  'page-too-old': 'This page is older than the plan',
  'plan-too-large': 'This plan has grown too large',
};

export function planStopped(stopped: { code: ErrorCode; message: string }) {
  const reload = !['not-found', 'archived', 'account-required', 'suspended'].includes(stopped.code);
  return html`
    <main id="main" class="page narrow" tabindex="-1">
      <div class="form">
        <h1>${HEADINGS[stopped.code] ?? 'This plan cannot be opened'}</h1>
        <div class="notice danger" role="alert">${icon('circleAlert')}<p>${stopped.message}</p></div>
        ${stopped.code === 'archived' ? html`<p>An owner can bring it back from the list of plans.</p>` : null}
        ${stopped.code === 'not-found' ? html`<p>If somebody sent you a link to it, open that link once more: it lets you in.</p>` : null}
        <div class="actions">
          ${stopped.code === 'account-required' ? html`<a class="button primary" href=${href.account}>Become an account</a>` : null}
          ${reload ? html`<button class="button primary" @click=${() => location.reload()}>Reload</button>` : null}
          <a class="button" href=${href.plans}>Go to your plans</a>
        </div>
      </div>
    </main>
  `;
}
