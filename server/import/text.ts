/** What every reader of a text file checks first, whatever the text is written in. */
import { CommonplanError } from '../../shared/errors.ts';

/** In UTF-8 bytes. */
export const MAX_BYTES = 20 * 1024 * 1024;

/** The text, well formed, without a byte order mark, with `\n` at the ends of lines. Throws `too-large` and `not-text`. */
export function checkText(text: string, mostBytes = MAX_BYTES): string {
  if (text.length > mostBytes || Buffer.byteLength(text) > mostBytes) {
    throw new CommonplanError(
      'too-large',
      `The text is longer than the ${mostBytes / 2 ** 20} MiB that can be imported.`,
    );
  }
  if (text.includes('\0')) throw new CommonplanError('not-text');
  return text
    .toWellFormed()
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n');
}

/** A plan of 50,000 words has a hundredth of this; each is a block at most, and takes a thousand times its memory. */
const MAX_LINES = 250_000;

/** Throws `too-large`. */
export function checkLines(text: string): void {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  if (lines > MAX_LINES) {
    throw new CommonplanError(
      'too-large',
      `The file has ${lines.toLocaleString('en')} lines; up to ${MAX_LINES.toLocaleString('en')} can be imported.`,
    );
  }
}

/** `invalid-document` for what is nested deeper than `levels`; `what` begins the sentence: "The file". */
export function tooDeep(what: string, levels: number, cause?: unknown): CommonplanError {
  return new CommonplanError(
    'invalid-document',
    `${what} is nested deeper than the ${levels} levels that can be read.`,
    {
      cause,
    },
  );
}

/** Runs a parser whose own recursion may overflow the stack, and says so as `tooDeep` does. */
export function parseNested<Result>(parse: () => Result, what: string, levels: number): Result {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof RangeError) throw tooDeep(what, levels, cause);
    throw cause;
  }
}
