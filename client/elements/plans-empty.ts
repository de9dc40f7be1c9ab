/** The list of plans before there is one: says what a plan is here, and offers the three ways to begin. */
import { html } from 'lit';
import { icon } from '../icons.ts';

interface Ways {
  readonly create: (template?: string) => void;
  readonly import: () => void;
  readonly archive: () => void;
}

export function firstSteps(ways: Ways) {
  return html`
    <section class="first-steps" aria-labelledby="first-steps-heading">
      <h2 id="first-steps-heading">Your first plan</h2>
      <p class="lead">
        A plan is one document that people write together: a Commons Transition Plan for a city, the social charter of an assembly, a
        policy proposal. You write, send a link to others, and they write with you.
      </p>
      <ul class="ways">
        <li>
          <button class="way" @click=${() => ways.create()}>
            ${icon('fileText')}
            <strong>Start with a blank page</strong>
            <span>A title is enough. Everything else can come later.</span>
          </button>
        </li>
        <li>
          <button class="way" @click=${() => ways.create('any')}>
            ${icon('layoutTemplate')}
            <strong>Start from a template</strong>
            <span>A city plan or a social charter, with questions that guide the writing.</span>
          </button>
        </li>
        <li>
          <button class="way" @click=${() => ways.import()}>
            ${icon('fileUp')}
            <strong>Bring in a text you have</strong>
            <span>A Word document, a wiki’s page or a Markdown file becomes a plan, with its chapters, tables and footnotes.</span>
          </button>
        </li>
      </ul>
      <p class="aside">
        Looking for a plan that was archived? <button class="link-button" @click=${() => ways.archive()}>Look in the archive</button>
      </p>
    </section>
  `;
}
