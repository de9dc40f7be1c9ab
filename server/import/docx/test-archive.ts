/** For tests: writes ZIP archives, also such as no program would, and Word files of given parts. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly data: string | Uint8Array;
  /** Of Unix, in the upper half of the external attributes. */
  readonly mode?: number;
  /** What the directory says instead of the truth. */
  readonly lie?: {
    readonly expanded?: number;
    readonly flags?: number;
    readonly method?: number;
    readonly crc?: number;
  };
}

/** Sizes, names and so on as PKWARE APPNOTE 4.3 has them. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, mode = 0, lie = {} } of entries) {
    const bytes = Buffer.from(data);
    const packed = deflateRawSync(bytes);
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(lie.flags ?? 0, 2);
    common.writeUInt16LE(lie.method ?? 8, 4);
    common.writeUInt32LE(lie.crc ?? crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(lie.expanded ?? bytes.length, 18);
    common.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, title, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0003'), common, tail, title]));
    files.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, listed, Buffer.from('PK\u0005\u0006'), end]);
}

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const NAMESPACES = [
  `xmlns:w="${W}" xmlns:r="${OFFICE}"`,
  'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"',
  'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
  'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
  'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"',
  'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"',
].join(' ');

/** Parts beside the text, by the kind of relation the document has to them. */
export interface DocxParts {
  readonly body: string;
  readonly styles?: string;
  readonly numbering?: string;
  readonly footnotes?: string;
  readonly endnotes?: string;
  readonly comments?: string;
  readonly header?: string;
  /** Addresses of links and paths of pictures, by id. */
  readonly targets?: Readonly<Record<string, string>>;
  /** In the namespaces `dc` and `cp`. */
  readonly core?: string;
  readonly files?: readonly ZipEntry[];
}

/** Each part as XML without the element that it is in. */
export function docxEntries({ body, core, targets = {}, files = [], ...parts }: DocxParts): ZipEntry[] {
  const named = Object.entries(parts).map(([type, inside]) => ({ type, inside, name: ROOTS[type]! }));
  const relation = (id: string, type: string, target: string, external = false) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"${external ? ' TargetMode="External"' : ''}/>`;
  const relations = (inside: string) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inside}</Relationships>`;
  const links = Object.entries(targets).map(([id, target]) =>
    /^media\//.test(target) ? relation(id, 'image', target) : relation(id, 'hyperlink', target, true),
  );
  const related = named.map(({ type }, index) => relation(`part${index}`, type, `${type}.xml`));
  return [
    {
      name: '_rels/.rels',
      data: relations(
        relation('a', 'officeDocument', 'word/document.xml') +
          '<Relationship Id="b" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>',
      ),
    },
    {
      name: 'word/document.xml',
      data: `<?xml version="1.0"?><w:document ${NAMESPACES}><w:body>${body}</w:body></w:document>`,
    },
    { name: 'word/_rels/document.xml.rels', data: relations([...related, ...links].join('')) },
    ...named.map(({ type, inside, name }) => ({
      name: `word/${type}.xml`,
      data: `<w:${name} ${NAMESPACES}>${inside}</w:${name}>`,
    })),
    {
      name: 'docProps/core.xml',
      data: `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">${core ?? ''}</cp:coreProperties>`,
    },
    ...files,
  ];
}

const ROOTS: Readonly<Record<string, string>> = {
  styles: 'styles',
  numbering: 'numbering',
  footnotes: 'footnotes',
  endnotes: 'endnotes',
  comments: 'comments',
  header: 'hdr',
};

export const docx = (parts: DocxParts): Buffer => zip(docxEntries(parts));
