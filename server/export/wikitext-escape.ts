/** Keeps text what it is in MediaWiki text: only what its parser would act on is written as a character reference. */

/** MediaWiki has no control characters (it marks its own places with one), and takes no bare U+FFFD in a link's words. */
const reference = (character: string): string =>
  /[^\P{Cc}\s]/u.test(character) ? '&#65533;' : `&#${character.codePointAt(0)};`;
const referenceAll = (text: string): string => [...text].map(reference).join('');

/** Schemes that a wiki makes links of where they stand alone ($wgUrlProtocols). */
const SCHEMES =
  'bitcoin:|ftps?://|geo:|git://|gopher://|https?://|ircs?://|irc:|ircs:|magnet:|mailto:|matrix:|mms://|news:|nntp://|redis://|sftp://|sips?:|sms:|ssh://|svn://|tel:|telnet://|urn:|worldwind://|xmpp:';

/**
 * What does something wherever it stands: tags, references, doubled signs, pipes, which end cells and captions, and what is no character there. At the edges of a
 * piece, brackets and apostrophes may meet those of its neighbours. `-{` is of wikis that convert between scripts.
 */
const LIVE = new RegExp(
  [
    '<(?=[a-z/!?])',
    '&(?=#?\\w+;)',
    `\\[(?=\\[)|(?<=^|\\[)\\[|\\[(?=//|${SCHEMES}|$)`,
    '\\](?=\\])|(?<=^|\\])\\]|\\]$',
    "(?<=^|')'|'$",
    '(?<=[{-])\\{|(?<=\\})\\}|(?<=~)~|(?<=_)_|(?<=!)!',
    '\\||[\\0-\\x08\\x0b\\f\\x0e-\\x1f\\x7f\\ufffd]',
  ].join('|'),
  'gi',
);
/** Addresses, and the numbers that older wikis link. */
const LINKED = new RegExp(`(?<![\\p{L}\\p{N}_])(?:(?:${SCHEMES})(?=\\S)|(?:RFC|PMID|ISBN)(?=[\\s-]+\\d))`, 'giu');

/** Running text, wherever in a line it stands but at its start. */
export const escapeWikitext = (text: string): string =>
  text
    .replace(LIVE, reference)
    .replace(LINKED, (word) =>
      /:/.test(word) ? word.replace(':', '&#58;') : `${word.slice(0, -1)}${reference(word.at(-1)!)}`,
    );

/** What does something at the start of a line: lists, headings, rules, tables, preformatted text, and the page that only leads elsewhere. */
export const escapeStart = (written: string): string =>
  written.replace(/^(?:\s+|[*#:;=!]+|-{4})/, (signs) => referenceAll(signs));

/** For values of a link's options, where any sign may end it. */
export const escapeEverywhere = (text: string): string =>
  text.replace(/[&<>[\]{}|'"=~_:\ufffd]|[^\P{Cc}\s]/gu, reference);

/** The address with what would end it encoded; relative ones are those of `base`. Null where it leads nowhere from a wiki. */
export function externalAddress(url: string, base: string | null): string | null {
  if (!URL.canParse(url, base ?? undefined)) return null;
  const { href } = new URL(url, base ?? undefined);
  // As it was written, where only the slash that every address has after its host is missing.
  return (href === `${url}/` ? url : href)
    .replace(/[\s[\]<>"'|{}\u007f]/g, (sign) => encodeURIComponent(sign).replace("'", '%27'))
    .replace(/~(?=~)|_(?=_)/g, (sign) => `%${sign.codePointAt(0)!.toString(16)}`)
    .replace(/&(?=#?\w+;)/g, '&amp;');
}

/** As they stand in a start tag, a space before each; what has no value is left out. */
export const attributes = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => ` ${name}="${escapeValue(String(value))}"`)
    .join('');

/** The parser looks for templates, signatures and cells before it looks for tags. */
const escapeValue = (value: string): string =>
  value.replace(/[&<>"'[\]{}|~_]|:(?=\/\/)|\r?\n|[^\P{Cc}\s]/gu, referenceAll);

/** Lines that a reader of the page does not see. What would end the comment stands as references, which server/import/wikitext-own.ts reads. */
export const comment = (lines: readonly string[]): string =>
  `<!--\n${lines.map((line) => line.replace(/&(?=#)|-(?=-)|-$|>/g, reference)).join('\n')}\n-->`;
