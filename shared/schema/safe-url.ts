/** Which addresses a plan may link to: the one check used by the editor, the viewer, every import and every export. */

const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:']);

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
  const scheme = /^([a-z][a-z0-9+.-]*:)/i.exec(url)?.[1];
  if (scheme) return SAFE_SCHEMES.has(scheme.toLowerCase()) ? url : null;
  // A colon before the first slash, question mark or hash would be read as a scheme by some parsers.
  return /^[^/?#]*:/.test(url) || url.startsWith('//') ? null : url;
}

/** A picture may come from the plan's own files, from a path on this server or from the web; never from a script or data address. */
export function safeImageUrl(value: unknown): string | null {
  const url = safeUrl(value);
  return url && !/^(mailto|tel):/i.test(url) ? url : null;
}
