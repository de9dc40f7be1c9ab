/** `<cp-share-dialog>`: who is in a plan, and how others come in. Set `planId` and `open`; fires `cp-close`. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PlanSummary } from '../../shared/api.ts';
import { may } from '../../shared/roles.ts';
import type { Link, Member } from '../../shared/sharing-api.ts';
import { api, explain } from '../api.ts';
import { icon } from '../icons.ts';
import { href } from '../routes.ts';
import { planSharing, type Sharing } from '../sharing.ts';
import './audit-log.ts';
import { DialogElement } from './dialog-element.ts';
import './share-invite.ts';
import './share-links.ts';
import './share-members.ts';
import './share-visibility.ts';

@customElement('cp-share-dialog')
export class ShareDialog extends DialogElement {
  @property() planId = '';
  @state() private plan: PlanSummary | null = null;
  @state() private members: readonly Member[] = [];
  @state() private links: readonly Link[] = [];
  @state() private loadFailure = '';
  @state() private looksBack = false;
  #sharing: Sharing = planSharing('');

  protected override get label(): string {
    return 'Share this plan';
  }

  protected override opened(): void {
    this.plan = null;
    this.looksBack = false;
    this.#sharing = planSharing(this.planId);
    void this.#load();
  }

  async #load(): Promise<void> {
    this.loadFailure = '';
    const { planId } = this;
    try {
      const [plan, { members }] = await Promise.all([api.plan(planId), this.#sharing.members()]);
      const { links } = may(plan.role, 'share') ? await this.#sharing.links() : { links: [] };
      if (planId !== this.planId) return;
      this.members = members;
      this.links = links;
      this.plan = plan;
    } catch (error) {
      this.loadFailure = explain(error);
    }
  }

  protected override content() {
    if (this.loadFailure) {
      return html`<div class="notice danger" role="alert">
        ${icon('circleAlert')}
        <p>${this.loadFailure}</p>
        <button class="button small" @click=${() => this.#load()}>Try again</button>
      </div>`;
    }
    const { plan, members, links } = this;
    if (plan === null) {
      return html`<div class="page-loading" role="status"><span class="spinner"></span><span class="visually-hidden">Loading</span></div>`;
    }
    const sharing = this.#sharing;
    const shares = may(plan.role, 'share');
    const reload = () => void this.#load();
    return html`
      <div class="share">
        ${shares ? html`<cp-share-invite .sharing=${sharing} @cp-changed=${reload}></cp-share-invite>` : nothing}
        ${
          plan.team
            ? html`<p class="aside share-team">
              ${icon('usersRound')}<span>Everyone in the team <a href=${href.team(plan.team.id)}>${plan.team.name}</a> has the role here that they have there.</span>
            </p>`
            : nothing
        }
        <cp-share-members .sharing=${sharing} .members=${members} .shares=${shares} @cp-changed=${reload}></cp-share-members>
        ${
          shares
            ? html`
              <cp-share-links .sharing=${sharing} .links=${links} @cp-changed=${reload}></cp-share-links>
              <cp-share-visibility .plan=${plan} @cp-changed=${reload}></cp-share-visibility>
              ${this.#whatWasDone()}
            `
            : html`<p class="aside">Only owners invite others and change roles.</p>`
        }
      </div>
    `;
  }

  #whatWasDone() {
    const toggle = (event: Event) => {
      if ((event.target as HTMLDetailsElement).open) this.looksBack = true;
    };
    return html`
      <details class="share-audit" @toggle=${toggle}>
        <summary>What was done with this plan</summary>
        ${this.looksBack ? html`<cp-audit-log .read=${(before: number | null) => api.audit(this.planId, before)}></cp-audit-log>` : nothing}
      </details>
    `;
  }
}
