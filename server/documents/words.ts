/** Counts the words of a text in any script. */

const segmenters = new Map<string, Intl.Segmenter>();

/** `language` is a BCP 47 tag; one that Intl does not know counts as English. */
export function countWords(text: string, language: string): number {
  let words = 0;
  for (const { isWordLike } of segmenterFor(language).segment(text)) if (isWordLike) words++;
  return words;
}

function segmenterFor(language: string): Intl.Segmenter {
  let segmenter = segmenters.get(language);
  if (!segmenter) {
    const known = Intl.Segmenter.supportedLocalesOf(language).length > 0;
    segmenter = new Intl.Segmenter(known ? language : 'en', { granularity: 'word' });
    segmenters.set(language, segmenter);
  }
  return segmenter;
}
