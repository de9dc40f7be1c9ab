/** The line above the pages of a plan's history: the way back to the plan, where one is, and what can be done here. */
import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../icons.ts';
import { href } from '../routes.ts';
import '../styles/history.css';
import './account-menu.ts';

export interface HistoryHeader {
  readonly planId: string;
  /** Empty while it is not known. */
  readonly planTitle: string;
  /** What this page is called among the pages of the history. */
  readonly here: string;
  /** Buttons at the end of the line. */
  readonly actions?: TemplateResult | typeof nothing;
}

export function historyHeader({ planId, planTitle, here, actions = nothing }: HistoryHeader) {
  return html`
    <header class="history-top">
      <a class="button quiet icon-only" href=${href.plan(planId)} aria-label="Back to the plan" title="Back to the plan">${icon('arrowLeft')}</a>
      <nav class="crumbs" aria-label="Where you are">
        <ol class="crumb-list">
          <li class="crumb-plan"><a href=${href.plan(planId)}>${planTitle || 'Plan'}</a></li>
          ${
            here === 'History'
              ? html`<li aria-current="page">History</li>`
              : html`<li class="crumb-history"><a href=${href.history(planId)}>History</a></li><li aria-current="page">${here}</li>`
          }
        </ol>
      </nav>
      <div class="history-actions">${actions}</div>
      <cp-account-menu class="wide-only"></cp-account-menu>
    </header>
  `;
}
