/** What the pages have in common that a link with a token leads to: they take the token out of the address at once, and say what became of it. */
import { html, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { icon } from '../icons.ts';
import { href } from '../routes.ts';
import { FormElement } from './form-element.ts';

export abstract class TokenPage extends FormElement {
  @state() protected token = '';

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#take);
    this.#take();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#take);
  }

  /** Neither the history nor whoever looks over a shoulder keeps it. */
  readonly #take = (): void => {
    const token = location.hash.slice(1);
    if (token === '') return;
    this.token = token;
    this.failure = '';
    history.replaceState(history.state, '', location.pathname);
  };

  protected page(content: TemplateResult) {
    return html`<main id="main" class="page narrow" tabindex="-1"><div class="form">${content}</div></main>`;
  }

  protected refused(message: string) {
    return this.page(html`
      <h1>This link does not open</h1>
      <div class="notice danger" role="alert">${icon('circleAlert')}<p>${message}</p></div>
      <div class="actions"><a class="button quiet" href=${href.plans}>Go to the first page</a></div>
    `);
  }

  protected incomplete() {
    return this.refused('This link is not complete. Copy it again from the message in which you got it.');
  }
}
