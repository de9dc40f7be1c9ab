/** `<cp-welcome-page>`: what a visitor sees first. Says what Commonplan is and lets them start at once. */
import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { goToPublicPage } from '../public-plan.ts';
import type { Route } from '../routes.ts';
import { WaysInController } from '../ways-in.ts';
import { refusalInAddress } from './account-provider.ts';
import './enter-forms.ts';
import { failureNotice } from './form-element.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-welcome-page')
export class WelcomePage extends LightElement {
  /** The page that the visitor wanted and that needs to know who they are. */
  @property({ attribute: false }) asks: Route = { page: 'plans' };

  readonly #server = new WaysInController(this);

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('asks') && this.asks.page === 'plan') void goToPublicPage(this.asks.planId);
  }

  override render() {
    const { page } = this.asks;
    const opensPlan = ['plan', 'history', 'snapshot', 'compare'].includes(page);
    const open = (this.#server.ways?.signUp ?? 'open') === 'open';
    const signsIn = opensPlan || !open || ['account', 'sign-in', 'admin'].includes(page);
    return html`
      <main id="main" class="page welcome" tabindex="-1">
        <div class="welcome-words">
          ${opensPlan ? this.#planWords() : this.#firstWords()}
        </div>
        <section class="sheet welcome-card" aria-labelledby="enter-heading">
          <h2 id="enter-heading">${opensPlan ? 'Who is reading?' : signsIn ? 'Sign in' : 'Begin'}</h2>
          ${failureNotice(refusalInAddress())}
          <cp-enter-forms way=${signsIn ? 'sign-in' : 'guest'} start="Start"></cp-enter-forms>
        </section>
      </main>
    `;
  }

  #firstWords() {
    return html`
      <h1>Write the plan together</h1>
      <p class="lead">
        Commonplan is a place to write Commons Transition Plans, social charters and policy proposals: many people in one text, at the
        same time.
      </p>
      <ul class="points">
        <li><strong>Everyone in one text.</strong> You see who writes where, and nothing that the page calls saved gets lost.</li>
        <li><strong>Made for long documents.</strong> Chapters, footnotes, tables and figures, for ten pages or two hundred.</li>
        <li><strong>Yours to keep.</strong> Every plan comes out again as plain Markdown, with its licence.</li>
      </ul>
    `;
  }

  #planWords() {
    return html`
      <h1>This plan is shared with its members</h1>
      <p class="lead">Sign in to open it, if you are one of them.</p>
      <p>If somebody sent you a link, open that link itself: it lets you in, with a name of your choice.</p>
    `;
  }
}
