/** Reads an uploaded file into a plan, by the format that it says it is in, or looks to be in. */
import { CommonplanError } from '../../shared/errors.ts';
import { IMPORT_FORMATS, type ImportFormat, looksLikeWikitext } from '../../shared/import.ts';
import { importDocx } from './docx/docx.ts';
import type { Imported } from './html-content.ts';
import { importHtml } from './html-file.ts';
import { importJson } from './json.ts';
import { decodeText, importMarkdown } from './markdown.ts';
import { withPictures } from './pictures.ts';
import { importWikitext } from './wikitext.ts';

export interface ImportRequest {
  /** The file as it was uploaded. */
  readonly bytes: Uint8Array;
  readonly format: ImportFormat;
  /** Where the pages of a wiki's links are. */
  readonly wiki: string | null;
  /** A piece of a text to put into a plan: it has no title, and pictures in it are not kept. */
  readonly isPart?: boolean;
}

/** Throws what the readers throw. */
export function importFile({ bytes, format, wiki, isPart = false }: ImportRequest): Imported {
  if (format === 'docx') return importDocx(bytes);
  const text = decodeText(bytes);
  const readers: Record<Exclude<ImportFormat, 'docx'>, () => Imported> = {
    md: () => (isPart ? importMarkdown(text, { isPart }) : withPictures(text, importMarkdown)),
    json: () => importJson(text),
    html: () => withPictures(text, importHtml),
    wikitext: () => importWikitext(text, { wiki }),
  };
  return readers[format]();
}

/** What word processors keep their files as, which are read once they are saved as another. */
const SAVED_OTHERWISE = new Set(['doc', 'dot', 'odt', 'ott', 'rtf', 'pages', 'wps', 'gdoc']);

/** By the name's ending; what ends in .txt, or has no ending, is looked into. Throws `unknown-format`, and `not-text` for such a file. */
export function formatOf(name: string, bytes: Uint8Array): ImportFormat {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? 'txt';
  if (ending === 'txt') return looksLikeWikitext(decodeText(bytes)) ? 'wikitext' : 'md';
  for (const format of Object.keys(IMPORT_FORMATS) as ImportFormat[]) {
    const endings: readonly string[] = IMPORT_FORMATS[format].endings;
    if (endings.includes(ending)) return format;
  }
  const known = Object.values(IMPORT_FORMATS).map(({ name: words, endings }) => `${words} (.${endings[0]})`);
  const hint = SAVED_OTHERWISE.has(ending) ? 'Open the file where it was written and save it as .docx.' : undefined;
  const message = `This format cannot be imported. Expected ${known.join(' or ')}.`;
  throw new CommonplanError('unknown-format', message, hint === undefined ? {} : { hint });
}
