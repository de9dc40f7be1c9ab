/** Makes of a plan or a snapshot the document that the template lays out, and says what of it will be missed. */

import type { BlockContent } from 'mdast';
import type { z } from 'zod';
import type { PDF_OPTIONS } from '../../../shared/export.ts';
import { STATUS_LABEL } from '../../../shared/schema/front-matter-labels.ts';
import { languageName } from '../../../shared/schema/language-name.ts';
import type { Exportable } from '../exportable.ts';
import { cleanLine } from '../phrasing.ts';
import { dateOf } from '../redline-facts.ts';
import { toTree } from '../tree.ts';
import { versionFacts } from '../version-facts.ts';
import { BlockWriter } from './page-blocks.ts';
import type { PageDate, PageDocument } from './page-document.ts';
import { printable, words } from './page-phrases.ts';
import { directionOfLanguage, easternFontOfLanguage, typstLanguage } from './script.ts';

export type PdfOptions = z.output<typeof PDF_OPTIONS>;

export interface Pages {
  readonly document: PageDocument;
  /** Files that the document names, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Whole sentences. */
  readonly warnings: string[];
}

/** Points; the margins are those of template/main.typ. */
export const WIDTH = { a4: 453, letter: 470 } as const;
export const PICTURE_HEIGHT = 540;
/** A text with fewer headings than this is seen at one glance. */
const HEADINGS_FOR_CONTENTS = 3;
/** What Typst can read (image formats of `image`), by media type. */
const PICTURES: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

export function toPages(exportable: Exportable<PdfOptions>): Pages {
  const { content, frontMatter, version, options, images } = exportable;
  const { files, pictures } = filesOf(images);
  const { language } = frontMatter;
  const base = {
    lang: language,
    dir: directionOfLanguage(language),
    east: easternFontOfLanguage(language) ?? 'sc',
  };
  const writer = new BlockWriter({
    ...base,
    base: version.url,
    width: WIDTH[options.paper],
    height: PICTURE_HEIGHT,
    images: pictures,
  });
  const blocks = writer.blocks(toTree(content).children as BlockContent[]);
  const title = line(frontMatter.title) || 'Untitled plan';
  const said = (text: string) => words('text', text, 40);
  const authors = frontMatter.authors.map(line).filter(Boolean);
  const draft = version.number === null;
  const about = draft
    ? `Live draft as of ${dateOf(version.time)}`
    : `Snapshot ${version.number}, ${dateOf(version.time)}`;
  const document: PageDocument = {
    ...options,
    ...base,
    ...typstLanguage(language),
    draft,
    redline: false,
    title,
    authors,
    keywords: frontMatter.keywords.map(line).filter(Boolean),
    description: line(frontMatter.subtitle),
    date: pageDate(version.time),
    'running-title': shortened(title),
    footer: draft ? `${about}: not a version that anybody has settled on` : about,
    state: draft ? 'Live draft' : STATUS_LABEL[frontMatter.status],
    'title-words': said(title),
    subtitle: said(line(frontMatter.subtitle)),
    'by-line': said(authors.join(', ')),
    'place-line': said(line(frontMatter.place)),
    summary: frontMatter.summary
      .split(/\n+/)
      .map((each) => said(line(each)))
      .filter((phrases) => phrases.length > 0),
    facts: [
      { label: 'Status', value: STATUS_LABEL[frontMatter.status] },
      { label: 'Language', value: languageName(language) },
      ...versionFacts(exportable),
    ].map(({ label, value }) => ({
      label,
      mono: /^[0-9a-f]{64}$/.test(value),
      c: words('text', value, 64),
    })),
    'has-contents': writer.headings >= HEADINGS_FOR_CONTENTS,
    blocks,
  };
  return { document, files, warnings: writer.warnings };
}

/** Pictures as files for Typst, and by their addresses where these are. */
export function filesOf(images: Exportable['images']) {
  const files = new Map<string, Uint8Array>();
  const pictures = new Map<string, { path: string; width: number; height: number }>();
  for (const [address, { bytes, mediaType, width, height }] of images) {
    const extension = PICTURES[mediaType];
    if (!extension || width < 1 || height < 1) continue;
    const path = `/images/${files.size}.${extension}`;
    files.set(path, bytes);
    pictures.set(address, { path, width, height });
  }
  return { files, pictures };
}

export const line = (text: string): string => printable(cleanLine(text)).trim();

/** To stand at the head of a page. */
export const shortened = (text: string): string =>
  text.length <= 70 ? text : `${text.slice(0, 69).trimEnd()}…`.toWellFormed();

/** Of an ISO 8601 time, in UTC. */
export function pageDate(time: string): PageDate {
  const date = new Date(time);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}
