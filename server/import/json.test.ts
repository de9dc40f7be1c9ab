/** Our own JSON export, read back: exactly, checked, and refused in words where it is not what it says. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { imageAddress } from '../../shared/schema/image-address.ts';
import { randomDocument } from '../../shared/schema/random-document.ts';
import { exportJson } from '../export/json.ts';
import { exportable, PIXEL } from '../export/test-exportable.ts';
import { canonicalDocument, sha256 } from '../snapshots/entry.ts';
import { importJson } from './json.ts';

test('every plan comes back as it was, and only as it was', () => {
  fc.assert(
    fc.property(randomDocument, (content) => {
      const plan = exportable(content, {});
      const { frontMatter, version } = plan;
      const contentHash = sha256(canonicalDocument({ content, frontMatter, schema: version.schema }));
      const text = exportJson({ ...plan, version: { ...version, contentHash } });
      const read = importJson(text);
      expect(read.frontMatter).toEqual(frontMatter);
      if (read.losses.length === 0) expect(read.content).toEqual(JSON.parse(text).content);
      const title = `${frontMatter.title} changed`;
      const changed = JSON.stringify({ ...JSON.parse(text), frontMatter: { ...frontMatter, title } });
      expect(() => importJson(changed)).toThrow(/does not fit its contentHash/);
    }),
    { numRuns: 40 },
  );
});

test('pictures come along, those only whose bytes are what their addresses say', () => {
  const [whole, damaged] = [PIXEL.bytes, Buffer.from('another')].map((bytes) => imageAddress('p', sha256(bytes))) as [
    string,
    string,
  ];
  const content = {
    type: 'doc',
    content: [whole, damaged].map((src) => ({ type: 'figure', attrs: { src, alt: 'River' } })),
  };
  const images = new Map([whole, damaged].map((address) => [address, PIXEL]));
  const read = importJson(exportJson(exportable(content, {}, { images, version: { contentHash: '' } })));
  expect([...read.pictures!]).toEqual([[whole, PIXEL.bytes]]);
  expect(read.losses).toEqual([
    { what: expect.stringContaining('pictures whose bytes'), count: 1, example: expect.anything() },
  ]);
  expect(read.content.content?.map(({ attrs }) => attrs?.src)).toEqual([whole, damaged]);
});

const deep = `${'{"type":"blockquote","content":['.repeat(20_000)}${']}'.repeat(20_000)}`;
test.each([
  '{',
  '[]',
  '{"content":"x"}',
  '{"content":{"type":"script"}}',
  '{"content":{"type":"paragraph"}}',
  '{"content":{"type":"doc","content":[]}}',
  '{"content":{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"a","marks":[{"type":"link","attrs":{"href":"javascript:x"}}]}]}]}}',
  '{"schema":99,"content":{"type":"doc"}}',
  `{"content":{"type":"doc","content":[${deep}]}}`,
])('%.60s is refused', (text) => {
  expect(() => importJson(text)).toThrow(expect.objectContaining({ code: 'invalid-document' }));
});
