/** `<cp-share-visibility>`: what a plan is to people who are not in it: whether anyone may read it, and whether guests are let in. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { PlanSummary } from '../../shared/api.ts';
import { api, explain } from '../api.ts';
import { exactTime } from '../format.ts';
import { href } from '../routes.ts';
import { failureNotice } from './form-element.ts';
import { LightElement } from './light-element.ts';

/** Fires `cp-changed`. */
@customElement('cp-share-visibility')
export class ShareVisibility extends LightElement {
  @property({ attribute: false }) plan!: PlanSummary;
  @state() private failure = '';

  async #change(change: { public: boolean } | { requiresAccount: boolean }): Promise<void> {
    this.failure = '';
    try {
      await api.patchPlan(this.plan.id, change);
      this.dispatchEvent(new Event('cp-changed'));
    } catch (error) {
      // What is shown goes back to what holds.
      this.failure = explain(error);
    }
  }

  override render() {
    const { id, publicSince, requiresAccount } = this.plan;
    const address = new URL(href.read(id), location.href).href;
    return html`
      <section aria-labelledby="share-visibility-heading">
        <h3 id="share-visibility-heading">Everybody else</h3>
        <label class="choice">
          <input
            type="checkbox"
            .checked=${live(publicSince !== null)}
            @change=${(event: Event) => this.#change({ public: (event.target as HTMLInputElement).checked })}
          />
          <span class="choice-words">
            <strong>Anyone may read it</strong>
            <span>For finished plans: the text and its exports, without signing in. Not its history, and not who is in it.</span>
          </span>
        </label>
        ${
          publicSince
            ? html`<p class="aside share-public">
              Public since ${exactTime(publicSince)}, at <a href=${href.read(id)}>${address}</a>
            </p>`
            : nothing
        }
        <label class="choice">
          <input
            type="checkbox"
            .checked=${live(requiresAccount)}
            @change=${(event: Event) => this.#change({ requiresAccount: (event.target as HTMLInputElement).checked })}
          />
          <span class="choice-words">
            <strong>An account is required</strong>
            <span>Guests are not let in, also those who are in now, until they make an account.</span>
          </span>
        </label>
        ${failureNotice(this.failure)}
      </section>
    `;
  }
}
