/** The name and mark of the application, as the link to the plans. */
import { html, svg } from 'lit';
import { href } from '../routes.ts';

/** Three strands, the streams of the network, that meet in one line. */
const mark = svg`
  <rect width="32" height="32" rx="7" fill="var(--color-accent)" />
  <path d="M8 9.5c5 0 5 6.5 16 6.5M8 16h16M8 22.5c5 0 5-6.5 16-6.5" fill="none" stroke="var(--color-on-accent)"
    stroke-width="2.6" stroke-linecap="round" />`;

export const wordmark = html`
  <a class="wordmark" href=${href.plans}>
    <svg viewBox="0 0 32 32" aria-hidden="true">${mark}</svg>Commonplan
  </a>
`;
