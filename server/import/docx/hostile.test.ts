/** Word files of people who mean harm, and damaged ones: each is refused at once, with words that say why. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { schema } from '../../../shared/schema/schema.ts';
import { importDocx } from './docx.ts';
import { docx, docxEntries, type ZipEntry, zip } from './test-archive.ts';

const BODY = '<w:p><w:r><w:t>Text</w:t></w:r></w:p>';
const whole = docx({ body: BODY });
const withFile = (file: ZipEntry): Buffer => docx({ body: BODY, files: [file] });
const withDocument = (data: string): Buffer =>
  zip(docxEntries({ body: BODY }).map((entry) => (entry.name === 'word/document.xml' ? { ...entry, data } : entry)));
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const nested = (depth: number, tag: string): string => `<${tag}>`.repeat(depth) + `</${tag}>`.repeat(depth);
const zeros = Buffer.alloc(30 * 1024 * 1024);
const directoryAt = (bytes: Buffer): number => bytes.indexOf('PK\u0001\u0002');

test.each<[string, () => Buffer, RegExp]>([
  ['a bomb: 30 MiB of nothing', () => withFile({ name: 'word/media/a', data: zeros }), /far larger/],
  [
    'a text that is larger than it says',
    () =>
      zip(
        docxEntries({ body: BODY.repeat(5_000) }).map((entry) =>
          entry.name === 'word/document.xml' ? { ...entry, lie: { expanded: 100 } } : entry,
        ),
      ),
    /cannot be expanded/,
  ],
  [
    '10,000 entries',
    () => zip(Array.from({ length: 10_000 }, (_, index) => ({ name: `word/${index}`, data: '' }))),
    /1000 parts/,
  ],
  ['a name that leads out', () => withFile({ name: '../../etc/passwd', data: 'x' }), /leads out/],
  ['an absolute name', () => withFile({ name: '/etc/passwd', data: 'x' }), /leads out/],
  ['a drive', () => withFile({ name: 'C:\\x', data: 'x' }), /leads out/],
  ['a symbolic link', () => withFile({ name: 'word/media/a', data: '/etc/passwd', mode: 0o120777 }), /leads out/],
  ['the same name twice', () => withFile({ name: 'word/document.xml', data: 'x' }), /twice/],
  ['a password', () => withFile({ name: 'x', data: 'x', lie: { flags: 1 } }), /password/],
  ['half of the file', () => whole.subarray(0, whole.length / 2), /part of the file is missing/],
  [
    'a broken directory',
    () => {
      const bytes = Buffer.from(whole);
      bytes.fill(0xff, directoryAt(bytes) + 4, directoryAt(bytes) + 60);
      return bytes;
    },
    /directory is broken|leads out|far larger|password/,
  ],
  [
    'a text that was changed',
    () =>
      zip(
        docxEntries({ body: BODY }).map((entry) =>
          entry.name === 'word/document.xml' ? { ...entry, lie: { crc: 1 } } : entry,
        ),
      ),
    /not as it was written/,
  ],
  [
    'entities that grow without end',
    () =>
      withDocument(
        `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:document ${W}><w:body>&b;</w:body></w:document>`,
      ),
    /declares entities/,
  ],
  ['20,000 levels', () => withDocument(`<w:document ${W}>${nested(20_000, 'w:p')}</w:document>`), /nested deeper/],
  [
    'a million paragraphs',
    () => withDocument(`<w:document ${W}><w:body>${'<w:p/>'.repeat(1_000_000)}</w:body></w:document>`),
    /500,000 elements|far larger/,
  ],
  ['no end', () => withDocument(`<w:document ${W}><w:body>${BODY}`), /could not be read/],
  ['no XML', () => withDocument('Text'), /could not be read/],
  ['no text', () => zip([{ name: '_rels/.rels', data: '<Relationships/>' }]), /Expected a Word document/],
  ['a spreadsheet', () => zip([{ name: '_rels/.rels', data: SHEET }]), /spreadsheet/],
  ['OpenDocument', () => zip([{ name: 'content.xml', data: '<x/>' }]), /OpenDocument/],
  ['a Word file of before 2007', () => Buffer.from('d0cf11e0a1b11ae1', 'hex'), /before 2007/],
  ['a PDF', () => Buffer.from('%PDF-1.7'), /is a PDF/],
  ['nothing', () => Buffer.alloc(0), /Expected a Word document/],
])('%s is refused', (_what, make, message) => {
  const bytes = make();
  expect(() => importDocx(bytes)).toThrow(message);
  expect(() => importDocx(bytes)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^(?:invalid-document|too-large)$/) }),
  );
});

test('what nothing in the text refers to is never expanded, whatever it says of its size', () => {
  const bytes = withFile({ name: 'word/embeddings/a.bin', data: zeros, lie: { expanded: 10 } });
  expect(JSON.stringify(importDocx(bytes).content)).toContain('Text');
});

const SHEET =
  '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>';

test('tables in tables, up to what is read at all, are read', () => {
  const open = '<w:tbl><w:tr><w:tc>';
  const close = '</w:tc></w:tr></w:tbl>';
  const body = open.repeat(90) + BODY + close.repeat(90);
  expect(JSON.stringify(importDocx(docx({ body })).content)).toContain('"Text"');
});

test('links that run programs, and styles and lists that go round in circles, do no harm', () => {
  const { content } = importDocx(
    docx({
      body: '<w:p><w:pPr><w:pStyle w:val="A"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:hyperlink r:id="x"><w:r><w:t>Text</w:t></w:r></w:hyperlink></w:p>',
      styles:
        '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style><w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>',
      numbering:
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
      targets: { x: 'javascript:alert(1)' },
    }),
  );
  expect(JSON.stringify(content)).not.toContain('javascript');
  expect(JSON.stringify(content)).toContain('Text');
});

describe('a file that was damaged by chance', () => {
  const parts = {
    body: `${BODY}<w:p><w:pPr><w:pStyle w:val="A"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>Item</w:t><w:footnoteReference w:id="2"/></w:r></w:p><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge w:val="restart"/></w:tcPr>${BODY}</w:tc></w:tr></w:tbl>`,
    styles: '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="heading 1"/></w:style>',
    numbering:
      '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    footnotes: `<w:footnote w:id="2">${BODY}</w:footnote>`,
  };
  const readOrRefused = (bytes: Uint8Array): void => {
    try {
      schema.nodeFromJSON(importDocx(bytes).content).check();
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(?:invalid-document|too-large)$/) });
    }
  };

  test('anywhere in its bytes is read or refused', () => {
    const sound = docx(parts);
    const damage = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = Buffer.from(sound);
        for (const [at, value] of changes) bytes[at] = value;
        readOrRefused(bytes);
      }),
      { numRuns: 300 },
    );
  });

  test('in its numbers and names, which are still XML, is read or refused', () => {
    const values = fc.constantFrom('', '-1', '0', '9', '999999999999', 'NaN', 'heading 9', '../x', '__proto__', 'none');
    const entries = docxEntries(parts);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), values), { minLength: 1, maxLength: 5 }), (changes) => {
        const changed = entries.map(({ name, data }) => {
          let xml = String(data);
          for (const [at, value] of changes) {
            const found = [...xml.matchAll(/w:(?:val|id|numId|ilvl|type|abstractNumId|styleId)="[^"]*"/g)];
            const one = found[at % Math.max(found.length, 1)];
            if (one)
              xml = `${xml.slice(0, one.index)}${one[0].replace(/"[^"]*"/, `"${value}"`)}${xml.slice(one.index + one[0].length)}`;
          }
          return { name, data: xml };
        });
        readOrRefused(zip(changed));
      }),
      { numRuns: 200 },
    );
  });
});
