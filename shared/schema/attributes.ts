/** Validators for the attributes of nodes and marks: the schema checks with them, and so does everything that reads foreign content. */
import { safeImageUrl, safeUrl } from './safe-url.ts';

type Validator = (value: unknown) => void;

/** A validator that throws a RangeError naming what was expected unless `accepts` holds. */
function expects(expected: string, accepts: (value: unknown) => boolean): Validator {
  return (value) => {
    if (!accepts(value)) throw new RangeError(`Expected ${expected}, got ${JSON.stringify(value)?.slice(0, 80)}`);
  };
}

const isInteger = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

const isText = (value: unknown, longest: number): boolean => typeof value === 'string' && value.length <= longest;

export const headingLevel = expects('a heading level from 1 to 4', (v) => isInteger(v, 1, 4));
export const listStart = expects('a list number from 0 to 999999999', (v) => isInteger(v, 0, 999_999_999));
export const listType = expects('1, a, A, i, I or nothing', (v) => v === null || /^[1aAiI]$/.test(String(v)));
export const truth = expects('true or false', (v) => typeof v === 'boolean');
/** BCP 47, well-formed enough to be put into a lang attribute. */
export const language = expects(
  'a BCP 47 language tag or nothing',
  (v) => v === null || (isText(v, 35) && /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(v as string)),
);
export const direction = expects('ltr, rtl or nothing', (v) => v === null || v === 'ltr' || v === 'rtl');
/** The name of a programming language as it stands behind a Markdown code fence. */
export const codeLanguage = expects(
  'a language name without spaces or backticks, or nothing',
  (v) => v === null || (isText(v, 64) && /^[^\s`]+$/.test(v as string)),
);
export const span = expects('a span from 1 to 100 columns', (v) => isInteger(v, 1, 100));
/** As many as HTML has: a table may be that long, and merging its cells gives one that spans them all. */
export const rowSpan = expects('a span from 1 to 65534 rows', (v) => isInteger(v, 1, 65_534));
export const columnWidths = expects(
  'column widths in pixels or nothing',
  (v) => v === null || (Array.isArray(v) && v.length <= 100 && v.every((width) => isInteger(width, 0, 10_000))),
);
export const cellAlignment = expects(
  'left, center, right or nothing',
  (v) => v === null || v === 'left' || v === 'center' || v === 'right',
);
export const imageSource = expects('the address of a picture or nothing', (v) => v === null || safeImageUrl(v) === v);
export const linkTarget = expects('a safe address', (v) => safeUrl(v) === v);
export const linkTitle = expects('a title of at most 1000 characters or nothing', (v) => v === null || isText(v, 1000));
export const shortText = expects('text of at most 1000 characters', (v) => isText(v, 1000));
export const longText = expects('text of at most 5000 characters', (v) => isText(v, 5000));
export const promptText = expects('a guiding prompt or nothing', (v) => v === null || isText(v, 1000));

/** `value` where the validator accepts it, otherwise `fallback`: for reading what was not made by this schema. */
export function validOr<T>(validate: Validator, value: unknown, fallback: T): T {
  try {
    validate(value);
    return value as T;
  } catch {
    return fallback;
  }
}
