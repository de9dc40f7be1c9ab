/** Keeps finished pieces of HTML out of the way while the text around them is still read as MediaWiki text. */

/** Never in text: MediaWiki uses the same character, and it is taken out of what is read. */
const SIGN = '\u007f';
/** A piece that stands on its own, such as a list or a quotation, or one within a line. */
type Kind = 'block' | 'inline';

export const ANY_PIECE = /\u007f[bi]\d+;/g;
export const BLOCK_PIECE = /(\u007fb\d+;)/;

export class Stash {
  readonly #pieces: string[] = [];

  put(html: string, kind: Kind = 'inline'): string {
    this.#pieces.push(html);
    return `${SIGN}${kind[0]}${this.#pieces.length - 1};`;
  }

  /** The text, its characters escaped, with the pieces back in their places. */
  html(text: string): string {
    return this.restore(escapeText(text));
  }

  restore(text: string): string {
    return text.replace(ANY_PIECE, (mark) => this.#pieces[Number(mark.slice(2, -1))] ?? '');
  }
}

export const withoutSigns = (text: string): string => text.replaceAll(SIGN, '\ufffd');
export const withoutPieces = (text: string): string => text.replace(ANY_PIECE, '');

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

/** Character references stay what they are. */
export const escapeText = (text: string): string =>
  text
    .replace(/&(?!(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);)/gi, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');

const KEPT = new Set([
  'class',
  'lang',
  'dir',
  'title',
  'start',
  'type',
  'colspan',
  'rowspan',
  'align',
  'style',
  'cite',
]);

/** Those attributes that are read later, written anew: what people type may not be well formed. */
export function cleanAttributes(source: string): string {
  const found = withoutPieces(source).matchAll(/([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>|]+))/gi);
  return [...found]
    .filter(([, name]) => KEPT.has(name!.toLowerCase()))
    .map(
      ([, name, double, single, bare]) =>
        ` ${name!.toLowerCase()}="${escapeText(double ?? single ?? bare ?? '').replaceAll('"', '&quot;')}"`,
    )
    .join('');
}
