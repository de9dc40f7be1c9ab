/** Which addresses a plan may link to: the one check used by the editor, the viewer, every import and every export. */
import { readImageAddress } from './image-address.ts';

const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:']);
/** Stands for the plan's own origin; the name can belong to nobody (RFC 2606). */
const BASE = 'https://relative.invalid';

/**
 * Returns the address trimmed when it is safe to put into a link, otherwise null.
 * Absolute http, https, mailto and tel addresses, fragments and relative paths are safe; every other scheme is not.
 * Browsers drop tabs and newlines from an address before they read its scheme, so they are dropped here first.
 */
export function safeUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 4096) return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what hides a scheme
  const url = value.replace(/[\u0000-\u001f\u007f]/g, '').trim();
  if (url === '') return null;
  if (!URL.canParse(url, BASE)) return null;
  const { protocol, origin } = new URL(url, BASE);
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return SAFE_SCHEMES.has(protocol) ? url : null;
  // Relative: it must stay on this origin (`//host` and `/\\host` do not), and other parsers must see no scheme in it either.
  return origin === BASE && !/^[^/?#]*:/.test(url) ? url : null;
}

/** A picture is one that is kept with a plan, or one on the web, which is named and never fetched. */
export function safeImageUrl(value: unknown): string | null {
  if (readImageAddress(value)) return value as string;
  const url = safeUrl(value);
  return url && /^https?:/i.test(url) ? url : null;
}
