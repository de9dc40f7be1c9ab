/** Says in a person's words what Typst says about a document that does not keep to PDF/UA-1. */

const WORDS: readonly [RegExp, string][] = [
  [
    /missing alt text|alternative description/i,
    'A picture has no description, so a screen reader cannot say what it shows.',
  ],
  [/could not be displayed|glyph/i, 'A character cannot be shown in any of the fonts.'],
  [/heading level/i, 'A heading skips a level.'],
  [/heading/i, 'A heading has no text.'],
  [/title/i, 'The plan has no title.'],
];

/** `obstacle` is a message of Typst's PDF export. */
export function inWords(obstacle: string): string {
  return (
    WORDS.find(([pattern]) => pattern.test(obstacle))?.[1] ?? `It cannot be read by every screen reader: ${obstacle}.`
  );
}

/** Whether a warning already says why the document does not keep to it. */
export const isObstacle = (warning: string): boolean => /has no description\.$|^The fonts lack/.test(warning);
