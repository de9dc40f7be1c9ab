/** For tests: what is in a Word file, read with other eyes than those that wrote it. */
import { inflateRawSync } from 'node:zlib';
import type { Root } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import mammoth from 'mammoth';

/** The file as mammoth understands it: headings, lists, tables, notes and pictures as HTML. */
export async function readDocx(bytes: Uint8Array): Promise<Root> {
  const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) });
  return fromHtml(value, { fragment: true });
}

/** A part of the file, such as `word/document.xml`: found by the directory at its end (PKWARE APPNOTE 4.3.12). */
export function part(bytes: Uint8Array, name: string): string {
  const zip = Buffer.from(bytes);
  let at = zip.readUInt32LE(zip.lastIndexOf(Buffer.from('PK\u0005\u0006')) + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    if (zip.toString('utf8', at + 46, at + 46 + nameLength!) === name) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const data = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return (zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data)).toString('utf8');
    }
    at += 46 + nameLength! + extraLength! + commentLength!;
  }
  throw new Error(`There is no ${name} in the file`);
}
