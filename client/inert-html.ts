/** HTML of others as a document that nothing runs in: no scripts, no handlers, nothing is fetched. */

/** The types of the DOM do not know Trusted Types yet; nor do all browsers. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(html: string): string }): { createHTML(html: string): string };
}
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
/** Used for this parser alone, never for a part of the page. */
const policy = trustedTypes?.createPolicy('inert-html', { createHTML: (html) => html });

export function parseInertHtml(html: string): Document {
  const parsed = new DOMParser().parseFromString(policy?.createHTML(html) ?? html, 'text/html');
  // They would not run; but even to copy one is what the page's policy refuses.
  for (const script of parsed.querySelectorAll('script')) script.remove();
  return parsed;
}
