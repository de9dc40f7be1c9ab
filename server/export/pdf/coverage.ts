/** Which characters the fonts have, so that what prints as an empty box is told by name. */

import { readFonts } from './fonts.ts';
import type { PageDocument } from './page-document.ts';

/** No font draws these, and none needs to. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cf}\p{Cc}]/u;
const MOST_NAMED = 12;

let covered: ReadonlySet<number> | null = null;

/** One sentence about the characters of a document that none of the fonts has; null: all can be shown. */
export function missingCharacters(document: PageDocument): string | null {
  covered ??= new Set(readFonts().flatMap(characters));
  const missing = new Set<string>();
  look(document, covered, missing);
  if (missing.size === 0) return null;
  const named = [...missing].slice(0, MOST_NAMED).map((character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    return `“${character}” (U+${code})`;
  });
  const others = missing.size - named.length;
  return `The fonts lack ${named.join(', ')}${others > 0 ? ` and ${others} more` : ''}: printed as empty boxes.`;
}

function look(value: unknown, covered: ReadonlySet<number>, missing: Set<string>): void {
  if (typeof value === 'string') {
    // With its accents joined, as the fonts have it.
    for (const character of value.normalize('NFC')) {
      if (!covered.has(character.codePointAt(0)!) && !UNSEEN.test(character)) missing.add(character);
    }
  } else if (value && typeof value === 'object') {
    for (const each of Object.values(value)) look(each, covered, missing);
  }
}

/** Code points of an OpenType font's `cmap` table, formats 4 and 12 (https://learn.microsoft.com/typography/opentype/spec/cmap). */
function characters(font: Buffer): number[] {
  const tables = font.readUInt16BE(4);
  const record = Array.from({ length: tables }, (_, index) => 12 + index * 16).find(
    (at) => font.toString('latin1', at, at + 4) === 'cmap',
  );
  if (record === undefined) return [];
  const cmap = font.readUInt32BE(record + 8);
  const found: number[] = [];
  for (let index = 0; index < font.readUInt16BE(cmap + 2); index++) {
    const at = cmap + font.readUInt32BE(cmap + 4 + index * 8 + 4);
    const format = font.readUInt16BE(at);
    if (format === 4) {
      const segments = font.readUInt16BE(at + 6) / 2;
      for (let segment = 0; segment < segments; segment++) {
        const end = font.readUInt16BE(at + 14 + segment * 2);
        const start = font.readUInt16BE(at + 16 + segments * 2 + segment * 2);
        for (let code = start; code <= end && code < 0xffff; code++) found.push(code);
      }
    } else if (format === 12) {
      for (let group = 0; group < font.readUInt32BE(at + 12); group++) {
        const entry = at + 16 + group * 12;
        for (let code = font.readUInt32BE(entry); code <= font.readUInt32BE(entry + 4); code++) found.push(code);
      }
    }
  }
  return found;
}
