/** `<cp-admin-audit>`: what was done with accounts, rights and plans on this server, the newest first. */
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { adminApi } from '../accounts.ts';
import './audit-log.ts';
import { LightElement } from './light-element.ts';

@customElement('cp-admin-audit')
export class AdminAudit extends LightElement {
  override render() {
    return html`
      <section class="admin-section" aria-label="What was done">
        <cp-audit-log .read=${adminApi.audit}></cp-audit-log>
      </section>
    `;
  }
}
