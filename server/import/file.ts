/** Reads an uploaded file into a plan, by the format that it says it is in, or looks to be in. */
import { CommonplanError } from '../../shared/errors.ts';
import { IMPORT_FORMATS, type ImportFormat } from '../../shared/import.ts';
import type { Imported } from './html-content.ts';
import { importHtml } from './html-file.ts';
import { importJson } from './json.ts';
import { importMarkdown } from './markdown.ts';
import { importWikitext } from './wikitext.ts';

export interface ImportRequest {
  readonly text: string;
  readonly format: ImportFormat;
  /** Where the pages of a wiki's links are. */
  readonly wiki: string | null;
}

/** Throws what the readers throw. */
export function importFile({ text, format, wiki }: ImportRequest): Imported {
  const readers: Record<ImportFormat, () => Imported> = {
    md: () => ({ ...importMarkdown(text), losses: [] }),
    json: () => importJson(text),
    html: () => importHtml(text),
    wikitext: () => importWikitext(text, { wiki }),
  };
  return readers[format]();
}

/** By the name's ending; what ends in .txt, or has no ending, is looked into. Throws `unknown-format`. */
export function formatOf(name: string, text: () => string): ImportFormat {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? 'txt';
  if (ending === 'txt') return looksLikeWikitext(text()) ? 'wikitext' : 'md';
  for (const format of Object.keys(IMPORT_FORMATS) as ImportFormat[]) {
    const endings: readonly string[] = IMPORT_FORMATS[format].endings;
    if (endings.includes(ending)) return format;
  }
  const known = Object.values(IMPORT_FORMATS).map(({ name: words, endings }) => `${words} (.${endings[0]})`);
  throw new CommonplanError('unknown-format', `This format cannot be imported. Expected ${known.join(' or ')}.`);
}

/** Headings between equals signs, links to pages and notes, which Markdown has none of. */
const looksLikeWikitext = (text: string): boolean =>
  /^(={1,6})[^=\n].*[^=\n]\1[ \t]*$/m.test(text) || /\[\[[^\]\n]+\]\]|^\{\||<ref[\s>]/m.test(text);
