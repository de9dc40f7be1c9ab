/** `<cp-welcome-page>`: what a visitor sees first. Says what Commonplan is and lets them start at once. */
import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Route } from '../routes.ts';
import './enter-forms.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-welcome-page')
export class WelcomePage extends LightElement {
  /** The page that the visitor wanted and that needs to know who they are. */
  @property({ attribute: false }) asks: Route['page'] = 'plans';

  override render() {
    const opensPlan = ['plan', 'history', 'snapshot', 'compare'].includes(this.asks);
    return html`
      <main id="main" class="page welcome" tabindex="-1">
        <div class="welcome-words">
          ${opensPlan ? this.#planWords() : this.#firstWords()}
        </div>
        <section class="sheet welcome-card" aria-labelledby="enter-heading">
          <h2 id="enter-heading">${opensPlan ? 'Who is reading?' : 'Begin'}</h2>
          <cp-enter-forms way=${opensPlan || this.asks === 'account' ? 'sign-in' : 'guest'} start="Start"></cp-enter-forms>
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
