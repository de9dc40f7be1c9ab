/** `<cp-plan-header>`: the line above a plan: way back, title, save state, people, outline, history, export, share. */
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import type WaDropdownItem from '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import type { WaSelectEvent } from '@awesome.me/webawesome/dist/events/select.js';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { may } from '../../shared/roles.ts';
import type { ConnectionState } from '../collab/connection-state.ts';
import type { Person } from '../collab/presence.ts';
import { icon } from '../icons.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import './account-menu.ts';
import { LightElement } from './light-element.ts';
import './presence.ts';
import './save-state.ts';
import { toolIcon } from './tool-icons.ts';

/** Fires `cp-share`, `cp-outline`, `cp-name`, `cp-export` and `cp-keys`. */
@customElement('cp-plan-header')
export class PlanHeader extends LightElement {
  @property() planId = '';
  @property() planTitle = '';
  @property({ attribute: false }) connection: ConnectionState | null = null;
  @property({ attribute: false }) people: readonly Person[] = [];

  #ask(name: 'cp-share' | 'cp-outline' | 'cp-name' | 'cp-export' | 'cp-keys'): void {
    this.dispatchEvent(new Event(name));
  }

  #selected(event: WaSelectEvent): void {
    const { value } = event.detail.item as WaDropdownItem;
    if (value === 'keys') this.#ask('cp-keys');
    else if (value === 'name') this.#ask('cp-name');
    else if (value === 'history') void router.go(href.history(this.planId));
    else if (value === 'export') this.#ask('cp-export');
  }

  override render() {
    const { connection } = this;
    const role = connection?.role;
    const writes = role ? may(role, 'write') : true;
    return html`
      <div class="plan-header">
        <a class="button quiet icon-only" href=${href.plans} aria-label="All plans" title="All plans">${icon('arrowLeft')}</a>
        <button class="button quiet icon-only outline-button" aria-label="Outline" title="Outline" @click=${() => this.#ask('cp-outline')}>${toolIcon('outline')}</button>
        <span class="plan-header-title" aria-hidden="true">${this.planTitle || 'Untitled plan'}</span>
        ${
          connection?.loaded
            ? writes || connection.save !== 'saved'
              ? html`<cp-save-state value=${connection.save}></cp-save-state>`
              : html`<span class="tag reading-tag">Reading</span>`
            : nothing
        }
        <span class="plan-header-space"></span>
        <cp-presence .people=${this.people}></cp-presence>
        ${
          connection?.loaded
            ? html`
              ${writes ? html`<button class="button quiet icon-only wide-only" aria-label="Take a snapshot" title="Take a snapshot" @click=${() => this.#ask('cp-name')}>${icon('bookmarkPlus')}</button>` : nothing}
              <a class="button quiet wide-only history-link" href=${href.history(this.planId)} aria-label="History" title="History">${icon('history')}<span>History</span></a>
              <button class="button share-button" aria-label="Share" @click=${() => this.#ask('cp-share')}>${icon('userPlus')}<span class="wide-only">Share</span></button>
              <wa-dropdown placement="bottom-end" distance="4" @wa-select=${this.#selected}>
                <button slot="trigger" class="button quiet icon-only" aria-label="History, export and more" title="History, export and more">${icon('ellipsis')}</button>
                <h3 role="none" aria-hidden="true">History</h3>
                ${writes ? html`<wa-dropdown-item value="name"><span slot="icon">${icon('bookmarkPlus')}</span>Take a snapshot</wa-dropdown-item>` : nothing}
                <wa-dropdown-item value="history"><span slot="icon">${icon('history')}</span>All snapshots</wa-dropdown-item>
                <h3 role="none" aria-hidden="true">Export</h3>
                <wa-dropdown-item value="export"><span slot="icon">${toolIcon('export')}</span>Download as a file</wa-dropdown-item>
                <h3 role="none" aria-hidden="true">Help</h3>
                <wa-dropdown-item value="keys"><span slot="icon">${toolIcon('keys')}</span>Keys</wa-dropdown-item>
              </wa-dropdown>
              `
            : nothing
        }
        <cp-account-menu class="wide-only"></cp-account-menu>
      </div>
    `;
  }
}
