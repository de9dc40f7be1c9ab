/** HTML of others as a document that nothing runs in: no scripts, no handlers, nothing is fetched. */

import { trustedTypes } from './trusted-types.ts';

/** Used for this parser alone, never for a part of the page. */
const policy = trustedTypes?.createPolicy('inert-html', { createHTML: (html: string) => html });

export function parseInertHtml(html: string): Document {
  const parsed = new DOMParser().parseFromString(policy?.createHTML(html) ?? html, 'text/html');
  // They would not run; but even to copy one is what the page's policy refuses.
  for (const script of parsed.querySelectorAll('script')) script.remove();
  return parsed;
}
