/** Reads a Word document (DOCX, ECMA-376) into a plan: those of Word, LibreOffice, Google Docs and converters, and our own export. */
import type { Element, ElementContent } from 'hast';
import { safeImageUrl } from '../../../shared/schema/safe-url.ts';
import { directionOf } from '../../export/page.ts';
import { type Imported, toContent } from '../html-content.ts';
import { Losses } from '../losses.ts';
import { Pictures } from '../pictures.ts';
import { BlockReader } from './blocks.ts';
import { takeFront } from './front.ts';
import { element } from './inline.ts';
import { readNumbering } from './numbering.ts';
import { type DocxPackage, openDocx, type Part, type Target } from './package.ts';
import type { Reading } from './runs.ts';
import { readStyles } from './styles.ts';
import { child, descendants, type Xml } from './xml.ts';

/**
 * Reads everything that is text; what has no place in a plan is listed in `losses`. Tracked changes are taken as accepted. Nothing is
 * fetched, no macro is looked at. Throws `too-large` and `invalid-document`.
 */
export function importDocx(bytes: Uint8Array): Imported {
  const file = openDocx(bytes);
  const losses = new Losses();
  const pictures = new Pictures(losses);
  const styles = file.related('styles')?.root ?? null;
  const reading: Reading = {
    losses,
    styles: readStyles(styles),
    notes: new Map([...notesOf(file, 'footnote'), ...notesOf(file, 'endnote')]),
    languages: new Map(),
    contents: null,
    picture: (part, id = '', alt) => {
      const src = pictureAt(part.targets.get(id), file, pictures);
      if (src === null) losses.add('pictures that are not in the file: add each again where it stood', alt);
      return element('img', [], { alt, ...(src && { src }) });
    },
  };
  const numbering = readNumbering(file.related('numbering')?.root ?? null, styles);
  const reader = new BlockReader(reading, file.document, numbering);
  const blocks = reader.read(child(file.document.root, 'w:body')?.children ?? []);
  const { frontMatter, rest, isOwn } = takeFront(file, blocks, mostUsed(reading.languages));
  const tree = reader.assemble(rest);
  const direction = directionOf(frontMatter.language);
  for (const node of tree) sayWhatDiffers(node, frontMatter.language, direction);
  if (reading.contents && !isOwn) losses.add('tables of contents, which every export makes anew', reading.contents);
  listUnread(file, losses, isOwn);
  return { frontMatter, content: toContent(tree, losses), losses: losses.list(), pictures: pictures.found };
}

/** The address to name it by; '' where it is there but not taken, which `pictures` tells; null where there is none. */
function pictureAt(target: Target | undefined, file: DocxPackage, pictures: Pictures): string | null {
  if (target?.external) return safeImageUrl(target.path);
  const bytes = target ? file.bytes(target.path) : null;
  return bytes && (pictures.add(bytes) ?? '');
}

function notesOf(file: DocxPackage, type: 'footnote' | 'endnote'): [string, { note: Xml; part: Part }][] {
  const part = file.related(`${type}s`);
  const notes = part?.root.children.filter(({ name }) => name === `w:${type}`) ?? [];
  return notes.map((note) => [`${type} ${note.attributes['w:id']}`, { note, part: part! }]);
}

const mostUsed = (languages: ReadonlyMap<string, number>): string | null =>
  [...languages].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;

/** A paragraph says its language and direction only where they are not the plan's. Word tells en-US from en-GB; readers need not. */
function sayWhatDiffers(node: ElementContent, language: string, direction: 'ltr' | 'rtl'): void {
  if (node.type !== 'element') return;
  const { properties } = node as Element;
  if (primary(properties.lang) === primary(language)) delete properties.lang;
  if (properties.dir === direction) delete properties.dir;
  for (const each of node.children) sayWhatDiffers(each, language, direction);
}

const primary = (tag: unknown): string =>
  String(tag ?? '')
    .split('-')[0]!
    .toLowerCase();

/** Parts of the file beside its text. What our own export puts there says what the front matter says. */
function listUnread(file: DocxPackage, losses: Losses, isOwn: boolean): void {
  const words = (node: Xml): string =>
    [...descendants(node)]
      .filter(({ name }) => name === 'w:t')
      .map(({ text }) => text)
      .join('');
  for (const comment of file.related('comments')?.root.children ?? []) {
    losses.add('comments, which stand beside the text', words(comment));
  }
  if (isOwn) return;
  for (const type of ['header', 'footer']) {
    const said = file.relatedAll(type).map(({ root }) => words(root).trim());
    const texts = new Set(said.filter((text) => /\p{L}/u.test(text)));
    for (const text of texts) losses.add(`${type}s of pages`, text);
  }
}
