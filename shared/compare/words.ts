/** Cuts text into words, spaces and signs: never inside a letter with its accents, and in scripts without spaces too. */

/** Offset where a token ends, in UTF-16 units; the next one starts there. */
export interface Token {
  readonly text: string;
  readonly kind: 'word' | 'space' | 'sign';
}

/** Scripts in which every unit is a letter by itself and words have spaces between them: what needs no segmenter, which is slow. */
const PLAIN =
  /^[\t\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u05d0-\u05ea\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*$/;
/** Words keep apostrophes, hyphens and points inside them: `don't`, `co-op`, `3.5`, `example.org`. */
const PLAIN_TOKEN = /[\p{L}\p{N}_]+(?:['’.\-‑@:/][\p{L}\p{N}_]+)*|\s+|[^\p{L}\p{N}_\s]/gu;
const WORD = /[\p{L}\p{N}_]/u;
const SPACE = /^\s+$/u;

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string): Intl.Segmenter {
  let found = segmenters.get(language);
  if (!found) {
    found = new Intl.Segmenter(supported(language), { granularity: 'word' });
    segmenters.set(language, found);
  }
  return found;
}

/** A BCP 47 tag that the plan says may be one that nobody knows, or none at all. */
function supported(language: string): string | undefined {
  try {
    return Intl.Segmenter.supportedLocalesOf(language)[0];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The text, cut. All tokens together are the text again. */
export function tokensOf(text: string, language: string): Token[] {
  const pieces = PLAIN.test(text) ? (text.match(PLAIN_TOKEN) ?? []) : segments(text, language);
  return pieces.map((text) => ({ text, kind: kindOf(text) }));
}

function kindOf(piece: string): Token['kind'] {
  const first = piece.charCodeAt(0);
  // Most are told by one letter of ASCII, and a regular expression with \p takes its time.
  const isLetter = (first >= 97 && first <= 122) || (first >= 65 && first <= 90) || (first >= 48 && first <= 57);
  if (isLetter) return 'word';
  if (piece === ' ') return 'space';
  return WORD.test(piece) ? 'word' : SPACE.test(piece) ? 'space' : 'sign';
}

const PLAIN_WORD = /[\p{L}\p{N}_]+(?:['’.\-‑@:/][\p{L}\p{N}_]+)*/gu;

/** Only the words. */
export const wordsOf = (text: string, language: string): readonly string[] =>
  PLAIN.test(text) ? (text.match(PLAIN_WORD) ?? []) : segments(text, language).filter((piece) => WORD.test(piece));

/** A segmenter takes a time that grows faster than the text, so it gets it in pieces that end behind a space or a full stop. */
const MOST_AT_ONCE = 2000;

function segments(text: string, language: string): string[] {
  const result: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = pieceEnd(text, start);
    for (const { segment } of segmenter(language).segment(text.slice(start, end))) result.push(segment);
    start = end;
  }
  return result;
}

function pieceEnd(text: string, start: number): number {
  if (text.length - start <= MOST_AT_ONCE) return text.length;
  for (let end = start + MOST_AT_ONCE; end > start; end--) {
    // Followed by a plain letter: nothing that would combine with what stands before.
    if (/[\s。！？]/u.test(text[end - 1]!) && /[\p{Lu}\p{Ll}\p{Lo}]/u.test(text[end]!)) return end;
  }
  return text.length;
}
