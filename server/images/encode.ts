/** Decodes a picture that somebody sent and encodes it anew: nothing but its pixels is kept. Runs in a process of its own. */
import sharp, { type Sharp } from 'sharp';
import { CommonplanError } from '../../shared/errors.ts';
import { kindOf } from './kinds.ts';

/** JPEG and PNG only: every format that a plan is exported to can hold these. */
export interface EncodedImage {
  readonly mediaType: 'image/jpeg' | 'image/png';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
  /** It was an animation, of which this is the first picture. */
  readonly animated: boolean;
}

/** Width times height, at most, of what is decoded. */
const MOST_PIXELS = 50_000_000;
/** Pixels of the longer side of what is kept: enough for a page at 300 dots to the inch. */
const LONGEST_SIDE = 3000;
/** Bytes from which on a PNG is taken for a photograph: JPEG holds that in a tenth of them, or, where it is transparent, half the size does. */
const LARGE_PNG = 4 * 1024 * 1024;

// The decoders of the formats that are taken, and no others: that of SVG, for one, reads files and addresses that a drawing names.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
});
// One core, no memory of earlier pictures: the others are for those who write.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Turned as its metadata say, then without them (place, camera, profile); at most 3000 pixels wide and high; a drawing, or
 * what is transparent, as PNG, a photograph as JPEG. The same bytes give the same bytes.
 * Throws `unknown-format`, `too-large` (too many pixels) and `invalid-image`.
 */
export async function encodeImage(bytes: Uint8Array): Promise<EncodedImage> {
  const kind = kindOf(bytes);
  try {
    const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1 });
    const { hasAlpha, pages } = await sharp(bytes, { limitInputPixels: MOST_PIXELS }).metadata();
    const turned = picture
      .autoOrient()
      .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true });
    const isDrawing = kind === 'png' || kind === 'gif' || hasAlpha;
    const { data, info } = await (isDrawing ? asPng(turned) : asJpeg(turned));
    return {
      mediaType: info.format === 'png' ? 'image/png' : 'image/jpeg',
      width: info.width,
      height: info.height,
      bytes: data,
      animated: (pages ?? 1) > 1,
    };
  } catch (cause) {
    const said = (cause as Error).message;
    if (/pixel limit/i.test(said)) {
      throw new CommonplanError(
        'too-large',
        'This picture has too many pixels. Expected at most 50 million, such as 10,000 × 5,000.',
      );
    }
    throw new CommonplanError('invalid-image', undefined, { cause });
  }
}

const asJpeg = (picture: Sharp) =>
  picture.jpeg({ quality: 85, progressive: true }).toBuffer({ resolveWithObject: true });

async function asPng(picture: Sharp) {
  const png = await picture.png({ compressionLevel: 9 }).toBuffer({ resolveWithObject: true });
  if (png.data.length <= LARGE_PNG) return png;
  const { isOpaque } = await sharp(png.data).stats();
  if (isOpaque) return asJpeg(sharp(png.data).removeAlpha());
  return sharp(png.data)
    .resize({ width: LONGEST_SIDE / 2, height: LONGEST_SIDE / 2, fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 9 })
    .toBuffer({ resolveWithObject: true });
}
