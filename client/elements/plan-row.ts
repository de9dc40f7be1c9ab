/** One plan in the list of plans: title, what kind of thing it is, how far it has come, and what its owner may do with it. */
import { STATUS_LABEL } from '../../shared/schema/front-matter-labels.ts';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import type WaDropdownItem from '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import type { WaSelectEvent } from '@awesome.me/webawesome/dist/events/select.js';
import { html, nothing } from 'lit';
import type { PlanSummary } from '../../shared/api.ts';
import { may } from '../../shared/roles.ts';
import { exactTime, listNames, relativeTime, wordCount } from '../format.ts';
import { icon } from '../icons.ts';
import { ROLE_LABEL, STREAM_LABEL } from '../labels.ts';
import { href } from '../routes.ts';

export interface PlanActions {
  /** With true to archive the plan, with false to bring it back. */
  readonly archive: (archived: boolean) => void;
  /** Asks whose plan it shall be; absent where there is no choice. */
  readonly move?: (() => void) | undefined;
}

/** `ofTeam`: the list is one team's, so that whose they are goes without saying. */

export function planRow(plan: PlanSummary, actions: PlanActions, { ofTeam = false } = {}) {
  const title = plan.title || 'Untitled plan';
  const archived = plan.archivedAt !== null;
  return html`
    <li class="plan-row">
      <div class="plan-main">
        <h2 class="plan-title" lang=${plan.language} dir="auto">
          ${archived ? title : html`<a href=${href.plan(plan.id)}>${title}</a>`}
        </h2>
        ${plan.subtitle ? html`<p class="plan-subtitle" lang=${plan.language} dir="auto">${plan.subtitle}</p>` : nothing}
        <ul class="plan-facts">
          <li><span class="tag status-${plan.status}">${STATUS_LABEL[plan.status]}</span></li>
          ${plan.stream ? html`<li>${STREAM_LABEL[plan.stream]}</li>` : nothing}
          <li>${wordCount(plan.words)}</li>
          <li>Changed <time datetime=${plan.updatedAt} title=${exactTime(plan.updatedAt)}>${relativeTime(plan.updatedAt)}</time></li>
          <li>${people(plan)}</li>
          ${plan.team && !ofTeam ? html`<li class="plan-team">${icon('usersRound')}<a href=${href.team(plan.team.id)}>${plan.team.name}</a></li>` : nothing}
        </ul>
      </div>
      ${may(plan.role, 'manage') ? menu(title, archived, actions) : nothing}
    </li>
  `;
}

function people({ role, owners, team }: PlanSummary): string {
  // What a team owns nobody owns who is not named beside it.
  if (team && owners.length === 0) return ROLE_LABEL[role];
  if (role === 'owner') return owners.length > 1 ? `You and ${owners.length - 1} more own it` : 'You own it';
  const shown = owners.slice(0, 2).map(({ name }) => name);
  const names = owners.length > 2 ? [...shown, `${owners.length - 2} more`] : shown;
  return names.length > 0 ? `${ROLE_LABEL[role]}, shared by ${listNames(names)}` : ROLE_LABEL[role];
}

function menu(title: string, archived: boolean, { archive, move }: PlanActions) {
  if (archived) {
    return html`<button class="button small" @click=${() => archive(false)}>${icon('archiveRestore')}Bring back</button>`;
  }
  return html`
    <wa-dropdown
      placement="bottom-end"
      @wa-select=${(event: WaSelectEvent) => ((event.detail.item as WaDropdownItem).value === 'move' ? move?.() : archive(true))}
    >
      <button slot="trigger" class="button quiet icon-only" aria-label="More for ${title}">${icon('ellipsis')}</button>
      ${move ? html`<wa-dropdown-item value="move"><span slot="icon">${icon('usersRound')}</span>Team …</wa-dropdown-item>` : nothing}
      <wa-dropdown-item value="archive"><span slot="icon">${icon('archive')}</span>Archive</wa-dropdown-item>
    </wa-dropdown>
  `;
}

/** Holds the list's place while it loads. */
export function planRowSkeleton() {
  return html`
    <ul class="plan-list" aria-hidden="true">
      ${[62, 44, 53].map(
        (width) => html`
          <li class="plan-row">
            <div class="plan-main">
              <span class="bone title w-${width}"></span>
              <span class="bone"></span>
            </div>
          </li>
        `,
      )}
    </ul>
  `;
}
