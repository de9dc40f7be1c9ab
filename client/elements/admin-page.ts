/** `<cp-admin-page>`: the administrators' four pages: people, invitations, storage, and what was done. */
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ADMIN_SECTIONS, type AdminSection, href } from '../routes.ts';
import { SessionController, session } from '../session.ts';
import './admin-audit.ts';
import './admin-invitations.ts';
import './admin-people.ts';
import './admin-storage.ts';
import { LightElement } from './light-element.ts';

const LABELS: Record<AdminSection, string> = {
  people: 'People',
  invitations: 'Invitations',
  storage: 'Storage',
  audit: 'What was done',
};

@customElement('cp-admin-page')
export class AdminPage extends LightElement {
  @property() section: AdminSection = 'people';

  constructor() {
    super();
    new SessionController(this);
  }

  override render() {
    if (!session.user?.administrator) return this.#forbidden();
    return html`
      <main id="main" class="page admin" tabindex="-1">
        <h1>Administration</h1>
        <nav class="tabs" aria-label="Administration">
          ${ADMIN_SECTIONS.map(
            (section) =>
              html`<a href=${href.admin(section)} aria-current=${section === this.section ? 'page' : nothing}>${LABELS[section]}</a>`,
          )}
        </nav>
        ${this.#content()}
      </main>
    `;
  }

  #content() {
    if (this.section === 'people') return html`<cp-admin-people></cp-admin-people>`;
    if (this.section === 'invitations') return html`<cp-admin-invitations></cp-admin-invitations>`;
    if (this.section === 'storage') return html`<cp-admin-storage></cp-admin-storage>`;
    return html`<cp-admin-audit></cp-admin-audit>`;
  }

  #forbidden() {
    return html`
      <main id="main" class="page narrow" tabindex="-1">
        <div class="form">
          <h1>For administrators</h1>
          <p>Only administrators of this server may see this page.</p>
          <div class="actions"><a class="button" href=${href.plans}>Go to your plans</a></div>
        </div>
      </main>
    `;
  }
}
