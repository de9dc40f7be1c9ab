/** Finds the parts of a Word file by what they are to each other (ECMA-376 part 2, relationships), not by their usual names. */
import { CommonplanError } from '../../../shared/errors.ts';
import { type Archive, openArchive } from './archive.ts';
import { parseXml, type Xml } from './xml.ts';

export interface Part {
  readonly root: Xml;
  /** Where a link or a picture leads, by its id; `external` where that is an address. */
  readonly targets: ReadonlyMap<string, Target>;
}

export interface Target {
  readonly type: string;
  readonly path: string;
  readonly external: boolean;
}

export interface DocxPackage {
  readonly document: Part;
  /** The first part that the document names as its `footnotes`, `styles` and so on; null where there is none. */
  related(type: string): Part | null;
  /** All of them: a document has several headers. */
  relatedAll(type: string): Part[];
  /** What the file says of itself: `core-properties` or `custom-properties`. */
  properties(type: string): Xml | null;
  /** Such as a picture; null where it is missing. */
  bytes(path: string): Uint8Array | null;
}

/** Programs whose files are not read, by how they begin, and what to do about it. */
const OTHERS: readonly (readonly [start: string, what: string])[] = [
  [
    'd0cf11e0',
    'It is a Word file of before 2007, or is protected by a password. Save it as .docx, without a password.',
  ],
  ['25504446', 'It is a PDF. Save the text as .docx, or export it as Markdown or HTML.'],
  ['7b5c7274', 'It is Rich Text (.rtf). Save it as .docx.'],
];

/** Throws `invalid-document` for what is no Word file or is damaged, `too-large` for what is beyond the limits. */
export function openDocx(bytes: Uint8Array): DocxPackage {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  const other = OTHERS.find(([beginning]) => beginning === start);
  if (other) throw notWord(other[1]);
  if (!start.startsWith('504b')) throw notWord('Expected a Word document (.docx).');
  const archive = openArchive(bytes);
  if (archive.names.has('content.xml')) throw notWord('It is an OpenDocument file. Save it as .docx.');
  const roots = readTargets(archive, '_rels/.rels', '');
  const main = find(roots, 'officeDocument')?.path ?? 'word/document.xml';
  if (/^(?:xl|ppt)\//.test(main)) throw notWord('It is a spreadsheet or a presentation. Expected a text document.');
  const document = readPart(archive, main);
  if (!document) throw notWord('Expected a Word document (.docx), with its text.');
  const relatedAll = (type: string): Part[] =>
    [...document.targets.values()]
      .filter((target) => !target.external && target.type === type)
      .flatMap((target) => readPart(archive, target.path) ?? []);
  return {
    document,
    relatedAll,
    related: (type) => relatedAll(type)[0] ?? null,
    properties: (type) => {
      const path = find(roots, type)?.path;
      return (path && readPart(archive, path)?.root) || null;
    },
    bytes: (path) => archive.read(path),
  };
}

const find = (targets: ReadonlyMap<string, Target>, type: string): Target | undefined =>
  [...targets.values()].find((target) => target.type === type && !target.external);

function readPart(archive: Archive, path: string): Part | null {
  const bytes = archive.read(path);
  if (!bytes) return null;
  const [folder, name] = split(path);
  return { root: parseXml(bytes, path), targets: readTargets(archive, `${folder}_rels/${name}.rels`, folder) };
}

function readTargets(archive: Archive, path: string, folder: string): Map<string, Target> {
  const bytes = archive.read(path);
  const targets = new Map<string, Target>();
  for (const { attributes } of bytes ? parseXml(bytes, path).children : []) {
    const { Id = '', Type = '', Target = '', TargetMode } = attributes;
    const external = TargetMode === 'External';
    targets.set(Id, { type: split(Type)[1], path: external ? Target : resolve(folder, Target), external });
  }
  return targets;
}

/** The folder, with its slash, and the name. */
const split = (path: string): [folder: string, name: string] => {
  const slash = path.lastIndexOf('/') + 1;
  return [path.slice(0, slash), path.slice(slash)];
};

/** Within the archive: `../media/1.png` in `word/` is `media/1.png`. What leads out of it is found nowhere. */
function resolve(folder: string, target: string): string {
  const steps: string[] = [];
  for (const step of (target.startsWith('/') ? target : `${folder}${target}`).split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

const notWord = (why: string): CommonplanError =>
  new CommonplanError('invalid-document', `The file could not be read. ${why}`);
