/** What becomes of the pictures that people send, and of what only says that it is one. In the real process. */
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { createImageEncoder } from './encoder.ts';

const log = createLog('silent');
const encoder = createImageEncoder({ log });
afterAll(() => encoder.stop());

const field = (width = 40, height = 30) => sharp({ create: { width, height, channels: 3, background: '#357' } });
const noise = (width: number, height: number, channels: 3 | 4) =>
  sharp(randomBytes(width * height * channels), { raw: { width, height, channels } });
const text = (words: string): Buffer => Buffer.from(words, 'latin1');

describe('what people send', () => {
  test.each([
    ['PNG', () => field().png().toBuffer(), 'image/png'],
    ['JPEG', () => field().jpeg().toBuffer(), 'image/jpeg'],
    ['WebP', () => field().webp().toBuffer(), 'image/jpeg'],
    ['WebP with transparency', () => field().ensureAlpha(0.5).webp().toBuffer(), 'image/png'],
    ['AVIF', () => field().avif().toBuffer(), 'image/jpeg'],
    ['GIF', () => field().gif().toBuffer(), 'image/png'],
    ['CMYK', () => field().toColourspace('cmyk').jpeg().toBuffer(), 'image/jpeg'],
    ['16 bits', () => field().toColourspace('rgb16').png().toBuffer(), 'image/png'],
  ])('%s is kept as JPEG or PNG, in the colours of the web', async (_kind, make, mediaType) => {
    const encoded = await encoder.encode(await make());
    expect(encoded).toMatchObject({ mediaType, width: 40, height: 30, animated: false });
    const { format, space, depth } = await sharp(encoded.bytes).metadata();
    expect([`image/${format}`, space, depth]).toEqual([mediaType, 'srgb', 'uchar']);
  });

  test('[R24] a photo is turned as it was held, and says nothing of place, camera or person any more', async () => {
    const photo = await field()
      .jpeg()
      .withExif({ IFD0: { Copyright: 'Ana', Make: 'Camera' }, IFD3: { GPSLatitude: '51/1 3/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect((await sharp(photo).metadata()).exif).toBeDefined();
    const { bytes, width, height } = await encoder.encode(photo);
    expect([width, height]).toEqual([30, 40]);
    const { exif, icc, xmp, iptc, orientation } = await sharp(bytes).metadata();
    expect({ exif, icc, xmp, iptc, orientation }).toEqual({});
    expect(Buffer.from(bytes).includes('Camera')).toBe(false);
  });

  test('of a large one, the longer side becomes 3000 pixels', async () => {
    const { width, height } = await encoder.encode(await field(6000, 40).png().toBuffer());
    expect([width, height]).toEqual([3000, 20]);
  });

  test('of an animation, the first picture is kept, and that is said', async () => {
    const two = Buffer.concat([Buffer.alloc(30 * 40 * 3, 0), Buffer.alloc(30 * 40 * 3, 255)]);
    const animation = await sharp(two, { raw: { width: 40, height: 60, channels: 3, pageHeight: 30 } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    const { bytes, ...encoded } = await encoder.encode(animation);
    expect(encoded).toEqual({ mediaType: 'image/png', width: 40, height: 30, animated: true });
    expect((await sharp(bytes).stats()).channels[0]?.max).toBe(0);
  });

  test('a photograph that comes as PNG is kept as JPEG, or smaller where it is transparent', async () => {
    const opaque = await encoder.encode(await noise(1300, 1300, 3).png().toBuffer());
    expect(opaque).toMatchObject({ mediaType: 'image/jpeg', width: 1300 });
    const transparent = await encoder.encode(await noise(1600, 1600, 4).png().toBuffer());
    expect(transparent).toMatchObject({ mediaType: 'image/png', width: 1500 });
  });

  test('the same bytes become the same bytes', async () => {
    const picture = await noise(50, 50, 3).png().toBuffer();
    const [one, other] = [await encoder.encode(picture), await encoder.encode(picture)];
    expect(other.bytes).toEqual(one.bytes);
    expect((await encoder.encode(one.bytes)).bytes).toEqual(one.bytes);
  });
});

describe('[R12] what is no picture, or more than one', () => {
  test.each([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', /programs.*PNG/],
    ['SVG with a prologue', '\u00ef\u00bb\u00bf <?xml version="1.0"?><svg/>', /programs/],
    ['PDF', '%PDF-1.7', /PDF/],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic', /JPEG/],
    ['TIFF', 'II*\0aaaa', /TIFF/],
    ['a page', '<!doctype html><img src=x onerror=alert(1)>', /no picture/],
    ['nothing', '', /no picture/],
  ])('%s is refused with a reason', async (_what, bytes, reason) => {
    await expect(encoder.encode(text(bytes))).rejects.toMatchObject({
      code: 'unknown-format',
      message: expect.stringMatching(reason),
    });
  });

  test('a drawing that says it is a PNG is not read as a drawing', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>';
    for (const head of ['\x89PNG\r\n\x1a\n', 'GIF89a', '\xff\xd8\xff', 'RIFF\x40\0\0\0WEBP']) {
      await expect(encoder.encode(text(head + svg))).rejects.toMatchObject({ code: 'invalid-image' });
    }
  });

  test('[R24] what hangs on behind a picture is not kept', async () => {
    const picture = await field().png().toBuffer();
    const polyglot = Buffer.concat([picture, text('PK\x03\x04<script>alert(1)</script>')]);
    const { bytes } = await encoder.encode(polyglot);
    expect(Buffer.from(bytes).includes('script')).toBe(false);
    expect(bytes).toEqual((await encoder.encode(picture)).bytes);
  });

  test('a picture that is not whole is refused', async () => {
    for (const whole of [await noise(200, 200, 3).png().toBuffer(), await noise(200, 200, 3).jpeg().toBuffer()]) {
      await expect(encoder.encode(whole.subarray(0, whole.length / 2))).rejects.toMatchObject({
        code: 'invalid-image',
      });
    }
  });

  test('[R11] a small file of 400 million pixels is refused before it is decoded', async () => {
    const small = await field(100, 100).png().toBuffer();
    // Width and height stand in the header, which has a checksum of its own.
    const header = Buffer.from(small.subarray(12, 29));
    header.writeUInt32BE(20_000, 4);
    header.writeUInt32BE(20_000, 8);
    const bomb = Buffer.from(small);
    header.copy(bomb, 12);
    bomb.writeUInt32BE(crc32(header), 29);
    await expect(encoder.encode(bomb)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('50 million'),
    });
  });
});

describe('[R11] the process', () => {
  test('is ended when a picture takes too long, and the next one has another', async () => {
    const hasty = createImageEncoder({ log, timeLimit: 1 });
    const slow = await noise(2000, 2000, 3).png().toBuffer();
    await expect(hasty.encode(slow)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('longer'),
    });
    hasty.stop();
    await expect(hasty.encode(slow)).rejects.toMatchObject({ code: 'restarting' });
    await expect(encoder.encode(await field().png().toBuffer())).resolves.toMatchObject({ width: 40 });
  });

  test('is started anew when it could not be started', async () => {
    const fresh = createImageEncoder({ log });
    const picture = await field().png().toBuffer();
    const { execPath } = process;
    process.execPath = '/nonexistent/node';
    try {
      await expect(fresh.encode(picture)).rejects.toMatchObject({ code: 'invalid-image' });
    } finally {
      process.execPath = execPath;
    }
    await expect(fresh.encode(picture)).resolves.toMatchObject({ width: 40 });
    fresh.stop();
  });

  test('takes one picture after another', async () => {
    const pictures = await Promise.all([10, 20, 30].map((size) => field(size, size).png().toBuffer()));
    const encoded = await Promise.all(pictures.map((picture) => encoder.encode(picture)));
    expect(encoded.map(({ width }) => width)).toEqual([10, 20, 30]);
  });
});
