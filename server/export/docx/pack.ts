/** Packs a Word document so that the same plan gives the same bytes: the library numbers at random, across documents, and by the clock. */
import { type Document, Packer } from 'docx';
import { strFromU8, strToU8, unzipSync, type ZippableFile, zipSync } from 'fflate';

const STORED = /\.(?:png|jpe?g|gif)$/;

/** `time` (ISO 8601): when what the file is of was written. */
export async function pack(document: Document, time: string): Promise<Uint8Array> {
  const packed = unzipSync(await Packer.toBuffer(document));
  const parts = Object.entries(packed).map(([name, bytes]): [string, ZippableFile] => {
    if (!/\.(?:xml|rels)$/.test(name)) return [name, [bytes, { level: STORED.test(name) ? 0 : 6 }]];
    const relations = packed[name.replace(/([^/]+)$/, '_rels/$1.rels')];
    return [name, strToU8(steady(strFromU8(bytes), name, relations ? strFromU8(relations) : '', time))];
  });
  // The first day that archives have, of whatever zone this runs in: they know no zones.
  return zipSync(Object.fromEntries(parts), { mtime: new Date(1980, 0, 1) });
}

function steady(text: string, name: string, relations: string, time: string): string {
  if (name === 'docProps/core.xml') {
    return text.replace(/(<dcterms:(created|modified)[^>]*>)[^<]*/g, `$1${new Date(time).toISOString()}`);
  }
  if (name.endsWith('.rels')) return renamed(text, randomIds(text), /(?<= Id=")([^"]*)(?=")/g);
  const named = renamed(text, randomIds(relations), /(?<= r:(?:id|embed|link)=")([^"]*)(?=")/g);
  return renumbered(
    renumbered(named, /(?<=<w:bookmark(?:Start|End)\b[^>]* w:id=")(\d+)(?=")/g),
    // The places that the contents lead to; what a person links to has an `r:id`, too.
    /(?<=<w:bookmarkStart w:name="_Toc|<w:hyperlink w:history="1" w:anchor="_Toc(?=\d+">)|<w:instrText xml:space="preserve">PAGEREF _Toc)(\d+)/g,
  ).replace(/(?<=<wp:docPr id=")\d+(?=")/g, counter());
}

/** By the order in which the part's relations stand. */
function randomIds(relations: string): Map<string, string> {
  const ids = [...relations.matchAll(/ Id="([^"]*)"/g)].map(([, id]) => id!).filter((id) => !/^rId\d+$/.test(id));
  return new Map(ids.map((id, index) => [id, `rIdLink${index + 1}`]));
}

const renamed = (text: string, names: ReadonlyMap<string, string>, places: RegExp): string =>
  names.size === 0 ? text : text.replace(places, (name) => names.get(name) ?? name);

/** From 1, in the order in which the numbers first stand. */
function renumbered(text: string, places: RegExp): string {
  const numbers = new Map<string, string>();
  return text.replace(places, (number) => {
    if (!numbers.has(number)) numbers.set(number, String(numbers.size + 1));
    return numbers.get(number)!;
  });
}

function counter(): () => string {
  let count = 0;
  return () => String(++count);
}
