/** `<cp-share-dialog>`: who is in a plan, and how others come in. Set `planId` and `open`; fires `cp-close`. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { may, type Role } from '../../shared/roles.ts';
import type { Link, Member } from '../../shared/sharing-api.ts';
import { api, explain } from '../api.ts';
import { icon } from '../icons.ts';
import { session } from '../session.ts';
import { DialogElement } from './dialog-element.ts';
import './share-invite.ts';
import './share-links.ts';
import './share-members.ts';

@customElement('cp-share-dialog')
export class ShareDialog extends DialogElement {
  @property() planId = '';
  @state() private members: readonly Member[] | null = null;
  @state() private links: readonly Link[] = [];
  @state() private loadFailure = '';

  protected override get label(): string {
    return 'Share this plan';
  }

  protected override opened(): void {
    this.members = null;
    this.links = [];
    void this.#load();
  }

  async #load(): Promise<void> {
    this.loadFailure = '';
    const { planId } = this;
    try {
      const { members } = await api.members(planId);
      const links = may(ownRole(members), 'share') ? (await api.links(planId)).links : [];
      if (planId !== this.planId) return;
      this.members = members;
      this.links = links;
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
    if (this.members === null) {
      return html`<div class="page-loading" role="status"><span class="spinner"></span><span class="visually-hidden">Loading</span></div>`;
    }
    const role = ownRole(this.members);
    const shares = may(role, 'share');
    const reload = () => void this.#load();
    return html`
      <div class="share">
        ${shares ? html`<cp-share-links .planId=${this.planId} .links=${this.links} @cp-changed=${reload}></cp-share-links>` : nothing}
        ${shares ? html`<cp-share-invite .planId=${this.planId} @cp-changed=${reload}></cp-share-invite>` : nothing}
        <cp-share-members .planId=${this.planId} .members=${this.members} .shares=${shares} @cp-changed=${reload}></cp-share-members>
        ${shares ? nothing : html`<p class="aside">Only owners invite others and change roles.</p>`}
      </div>
    `;
  }
}

/** The least of roles for somebody who is not in the list: the server decides anyway. */
function ownRole(members: readonly Member[]): Role {
  return members.find(({ userId }) => userId === session.user?.id)?.role ?? 'viewer';
}
