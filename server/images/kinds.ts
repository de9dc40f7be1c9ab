/** Says by its first bytes what an uploaded file is: neither its name nor what the sender calls it is believed. */
import { CommonplanError } from '../../shared/errors.ts';

export type ImageKind = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif';

const EXPECTED = 'Expected a picture as PNG, JPEG, WebP, GIF or AVIF.';
/** Others that people may well have, and what to tell them. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:\ufeff|\u00ef\u00bb\u00bf)?\s*<(?:\?xml|!--|!doctype svg|svg)/i,
    'SVG drawings cannot be added, because they can hold programs. Save the drawing as PNG, then add that.',
  ],
  [/^%PDF-/, `A PDF cannot be added as a picture. Save the page as PNG, then add that.`],
  [/^(?:II\*\0|MM\0\*)/, `TIFF pictures cannot be added. ${EXPECTED}`],
  [/^BM/, `BMP pictures cannot be added. ${EXPECTED}`],
];

/** Throws `unknown-format` for everything else, with what to do about it. */
export function kindOf(bytes: Uint8Array): ImageKind {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (/^GIF8[79]a/.test(head)) return 'gif';
  if (/^RIFF.{4}WEBP/s.test(head)) return 'webp';
  const [, brands] = /^.{4}ftyp(.{4,60})/s.exec(head) ?? [];
  if (brands && /avif|avis/.test(brands)) return 'avif';
  if (brands && /hei[cfsxm]|hevc|mif1/.test(brands)) {
    throw new CommonplanError(
      'unknown-format',
      'HEIC photos cannot be added. Save the photo as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible), then add that.',
    );
  }
  const [, reason] = REFUSED.find(([pattern]) => pattern.test(head)) ?? [];
  throw new CommonplanError('unknown-format', reason ?? `This is no picture that is known here. ${EXPECTED}`);
}
