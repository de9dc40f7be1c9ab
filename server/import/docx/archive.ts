/** Opens a ZIP archive that somebody uploaded: everything it says of itself is checked before anything in it is expanded. */
import { crc32, inflateRawSync } from 'node:zlib';
import { CommonplanError } from '../../../shared/errors.ts';

const MAX_ENTRIES = 1_000;
/** Bytes, of all entries together. */
const MAX_EXPANDED = 200 * 1024 * 1024;
/** How many times larger the entries may be than the file; what is small anyway may be more. */
const MAX_RATIO = 100;
const HARMLESS = 16 * 1024 * 1024;

const END = 'PK\u0005\u0006';
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const SYMBOLIC_LINK = 0xa000;

export interface Archive {
  /** Paths of the files in it. */
  readonly names: ReadonlySet<string>;
  /** The bytes of a file; null where there is none of this name. Throws `invalid-document` for damaged ones. */
  read(name: string): Uint8Array | null;
}

interface Entry {
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly expanded: number;
  readonly offset: number;
}

/**
 * Only the directory at the end counts (PKWARE APPNOTE 4.3.12), as for every other reader. Throws `invalid-document` for what is no
 * archive, is damaged, encrypted or hostile, `too-large` for more than is expanded here.
 */
export function openArchive(bytes: Uint8Array): Archive {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(zip);
  return {
    names: new Set(entries.keys()),
    read(name) {
      const entry = entries.get(name);
      return entry ? expand(zip, name, entry) : null;
    },
  };
}

function readDirectory(zip: Buffer): Map<string, Entry> {
  const end = zip.lastIndexOf(Buffer.from(END));
  if (end < 0 || end + 22 > zip.length) throw damaged('It has no directory at its end: part of the file is missing.');
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  if (count > MAX_ENTRIES) {
    throw new CommonplanError('too-large', `The file holds more than the ${MAX_ENTRIES} parts that can be read.`);
  }
  const entries = new Map<string, Entry>();
  let expanded = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || zip.readUInt32LE(at) !== ENTRY) throw damaged('Its directory is broken.');
    const name = zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28));
    const isFolder = name.endsWith('/');
    const entry = {
      method: zip.readUInt16LE(at + 10),
      crc: zip.readUInt32LE(at + 16),
      compressed: zip.readUInt32LE(at + 20),
      expanded: zip.readUInt32LE(at + 24),
      offset: zip.readUInt32LE(at + 42),
    };
    checkName(name, zip.readUInt32LE(at + 38) >>> 16);
    if (zip.readUInt16LE(at + 8) & 1) throw damaged('It is protected by a password. Save it without one.');
    if (entries.has(name)) throw damaged(`It holds “${name}” twice.`);
    expanded += entry.expanded;
    if (!isFolder) entries.set(name, entry);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  if (expanded > MAX_EXPANDED || (expanded > HARMLESS && expanded > zip.length * MAX_RATIO)) {
    throw new CommonplanError('too-large', 'What is compressed in the file is far larger than can be read.');
  }
  return entries;
}

/** Names are only looked up, never written to, but an archive with such names is none that a word processor made. */
function checkName(name: string, mode: number): void {
  const isOutside = /^[/\\]|^[a-z]:|\\|\0|(^|\/)\.\.(\/|$)/i.test(name);
  if (isOutside || (mode & 0xf000) === SYMBOLIC_LINK) {
    throw damaged(`The name “${name.slice(0, 80).toWellFormed()}” in it leads out of the file.`);
  }
}

function expand(zip: Buffer, name: string, entry: Entry): Uint8Array {
  const { offset, compressed, expanded, method } = entry;
  if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== LOCAL) throw damaged(`“${name}” in it is missing.`);
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  const data = zip.subarray(start, start + compressed);
  if (data.length < compressed) throw damaged(`“${name}” in it is cut off.`);
  const bytes = method === STORED ? data : inflate(data, name, entry);
  // The directory's sizes are what the limits were checked against, so they have to be true.
  if (bytes.length !== expanded || crc32(bytes) !== entry.crc)
    throw damaged(`“${name}” in it is not as it was written.`);
  return bytes;
}

function inflate(data: Buffer, name: string, { method, expanded }: Entry): Buffer {
  if (method !== DEFLATED) throw damaged(`“${name}” in it is compressed in a way that is not known here.`);
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(expanded, 1) });
  } catch (cause) {
    throw damaged(`“${name}” in it cannot be expanded.`, cause);
  }
}

const damaged = (why: string, cause?: unknown): CommonplanError =>
  new CommonplanError('invalid-document', `The file could not be read. ${why}`, { cause });
