/** `<cp-new-plan-dialog>`: makes a plan from a title, a blank page or a template, and a language; then opens it. */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { createPlan, type Template } from '../../shared/api.ts';
import { languageName } from '../../shared/schema/language-name.ts';
import type { Team } from '../../shared/teams-api.ts';
import { api, explain } from '../api.ts';
import { icon } from '../icons.ts';
import { languageChoices, ownLanguage } from '../labels.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { DialogElement } from './dialog-element.ts';
import { teamChoice } from './team-choice.ts';

@customElement('cp-new-plan-dialog')
export class NewPlanDialog extends DialogElement {
  /** The template chosen to begin with: its id, 'any' for the first there is, '' for a blank page. */
  @property() template = '';
  /** The teams to choose from, and the one that is chosen at first: its id, or '' for none. */
  @property({ attribute: false }) teams: readonly Team[] = [];
  @property() team = '';
  @state() private templates: readonly Template[] | null = null;
  @state() private templatesFailed = '';
  @state() private chosen = '';
  @state() private language = ownLanguage();
  @state() private teamId = '';

  protected override get label(): string {
    return 'New plan';
  }

  protected override opened(): void {
    this.chosen = this.template === 'any' ? '' : this.template;
    this.language = ownLanguage();
    this.teamId = this.team;
    void this.#fetchTemplates();
  }

  async #fetchTemplates(): Promise<void> {
    this.templatesFailed = '';
    try {
      this.templates = (await api.templates()).templates;
      if (this.template === 'any') this.#choose(this.templates[0]?.id ?? '');
    } catch (error) {
      this.templatesFailed = explain(error);
    }
  }

  /** A template brings its language along; the person may still say otherwise. */
  #choose(id: string): void {
    this.chosen = id;
    this.language = this.templates?.find((template) => template.id === id)?.language ?? ownLanguage();
  }

  async #create(data: { title: string; language?: string | undefined }): Promise<void> {
    const plan = await api.createPlan({
      title: data.title,
      language: this.language,
      ...(this.chosen ? { template: this.chosen } : {}),
      ...(this.teamId ? { teamId: this.teamId } : {}),
    });
    await router.go(href.plan(plan.id));
  }

  protected override content() {
    return html`
      <form class="form" novalidate @submit=${(event: Event) => this.submit(event, createPlan.pick({ title: true }), (data) => this.#create(data))}>
        ${this.field({ name: 'title', label: 'Title', hint: 'You can change it at any time.', maxlength: 500, autofocus: true, placeholder: 'Commons Transition Plan for …' })}
        <fieldset class="field">
          <legend>Start from</legend>
          <div class="choices">
            ${this.#choice('', 'Blank page', 'An empty text.')}
            ${this.templates?.map(({ id, title, description, language }) => this.#choice(id, title, description, language)) ?? nothing}
          </div>
          ${this.templates === null && !this.templatesFailed ? html`<p class="hint" role="status">Loading templates …</p>` : nothing}
          ${
            this.templatesFailed
              ? html`<div class="notice warn" role="alert">
                ${icon('circleAlert')}
                <p>The templates could not be loaded. ${this.templatesFailed}</p>
                <button type="button" class="button small" @click=${() => this.#fetchTemplates()}>Try again</button>
              </div>`
              : nothing
          }
        </fieldset>
        <div class="field">
          <label for="new-plan-language">Language of the plan</label>
          <select
            class="select"
            id="new-plan-language"
            @change=${(event: Event) => {
              this.language = (event.target as HTMLSelectElement).value;
            }}
          >
            ${languageChoices(this.language).map(({ tag, name }) => html`<option value=${tag} lang=${tag} .selected=${tag === this.language}>${name}</option>`)}
          </select>
        </div>
        ${teamChoice('new-plan-team', this.teams, this.teamId, (teamId) => {
          this.teamId = teamId;
        })}
        ${this.failureNotice()}
        <div class="actions end">
          <button type="button" class="button quiet" data-dialog="close">Cancel</button>
          ${this.submitButton('Create plan')}
        </div>
      </form>
    `;
  }

  #choice(id: string, title: string, description: string, language?: string) {
    return html`
      <label class="choice">
        <input type="radio" name="template" value=${id} .checked=${this.chosen === id} @change=${() => this.#choose(id)} />
        <span class="choice-words">
          <strong>${title}</strong>
          <span>${description}${language && language !== 'en' ? ` (${languageName(language)})` : ''}</span>
        </span>
      </label>
    `;
  }
}
