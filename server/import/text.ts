/** What every reader of a text file checks first, whatever the text is written in. */
import { CommonplanError } from '../../shared/errors.ts';

/** In UTF-8 bytes. */
export const MAX_BYTES = 20 * 1024 * 1024;

/** The text, well formed, without a byte order mark, with `\n` at the ends of lines. Throws `too-large` and `not-text`. */
export function checkText(text: string): string {
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES) {
    throw new CommonplanError('too-large', 'The file is larger than the 20 MiB that can be imported.');
  }
  if (text.includes('\0')) throw new CommonplanError('not-text');
  return text
    .toWellFormed()
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n');
}
