/** Writes a plan as HTML: one file that stands alone, or a fragment to paste into another site's editor. */
import { readFileSync } from 'node:fs';
import type { Element, ElementContent, Properties } from 'hast';
import { toHtml } from 'hast-util-to-html';
import type { Heading } from 'mdast';
import type { ExportOptions } from '../../shared/export.ts';
import type { Exportable } from './exportable.ts';
import { h, toHast } from './hast.ts';
import { type OutlineEntry, outlineOf, plainText } from './outline.ts';
import { directionOf, writePage } from './page.ts';
import { cleanLine, cleanText } from './phrasing.ts';
import { toTree } from './tree.ts';
import { versionFacts } from './version-facts.ts';

const STYLE = readFileSync(new URL('./document.css', import.meta.url), 'utf8');
/** Words of ours, whatever language the plan is in. */
const OURS: Properties = { lang: 'en', dir: 'ltr' };

type HtmlExportable = Exportable<ExportOptions<'html'>>;

export const exportHtml = (exportable: HtmlExportable): string =>
  exportable.options.fragment ? exportHtmlFragment(exportable) : exportHtmlPage(exportable);

function exportHtmlPage(exportable: HtmlExportable): string {
  const { frontMatter, version } = exportable;
  const tree = toTree(exportable.content);
  const outline = outlineOf(tree, exportable.options.numbered);
  const { text, notes } = toHast(tree, { outline, images: exportable.images });
  const { language } = frontMatter;
  const title = cleanLine(frontMatter.title) || 'Untitled plan';
  const authors = lines(frontMatter.authors);
  const meta = (name: string, content: string): Element[] => (content ? [h('meta', { name, content })] : []);
  return writePage({
    title,
    language,
    direction: directionOf(language),
    style: STYLE,
    head: [
      ...authors.flatMap((author) => meta('author', author)),
      ...meta('description', cleanLine(frontMatter.summary)),
      ...meta('keywords', lines(frontMatter.keywords).join(', ')),
      ...meta('dcterms.alternative', cleanLine(frontMatter.subtitle)),
      ...meta('dcterms.spatial', cleanLine(frontMatter.place)),
      ...meta('dcterms.modified', version.time),
      ...meta('dcterms.rights', cleanLine(frontMatter.licence)),
      ...meta('plan.status', frontMatter.status),
      ...meta('plan.stream', frontMatter.stream ?? ''),
    ],
    body: [
      header(exportable, title, authors),
      contents([...outline].filter(([, { id }]) => id !== null)),
      h('main', {}, [...text, endnotes(notes)]),
      h('footer', OURS, [h('h2', {}, ['About this version']), facts(exportable)]),
    ],
  });
}

/** Without title and contents, which the site that it is pasted into has its own of; its editor may drop what it does not know. */
export function exportHtmlFragment(exportable: HtmlExportable): string {
  const tree = toTree(exportable.content);
  const outline = outlineOf(tree, exportable.options.numbered);
  const { text, notes } = toHast(tree, { outline, fragment: true, images: exportable.images });
  const { language } = exportable.frontMatter;
  const about = versionFacts(exportable).map(({ label, value }) => `${label}: ${value}`);
  const nodes = [
    ...text,
    endnotes(notes),
    h('hr'),
    h('p', OURS, [h('small', {}, [about.map((line) => `${line}.`).join(' ')])]),
  ];
  return `${toHtml(h('div', { lang: language, dir: directionOf(language) }, apart(nodes)))}\n`;
}

/** A line for each block, as people expect who look at what they paste. */
const apart = (nodes: readonly (ElementContent | null)[]): ElementContent[] =>
  nodes
    .filter((node) => node !== null)
    .flatMap((node): ElementContent[] => [{ type: 'text', value: '\n' }, node])
    .concat({ type: 'text', value: '\n' });

function header({ frontMatter, version }: HtmlExportable, title: string, authors: readonly string[]): Element {
  const subtitle = cleanLine(frontMatter.subtitle);
  const summary = cleanText(frontMatter.summary)
    .split(/\s*(?:\r\n?|\n)\s*/)
    .filter(Boolean);
  const isDraft = version.number === null;
  const rows = [
    { label: 'By', value: authors.join(', ') },
    { label: 'Place', value: cleanLine(frontMatter.place) },
    { label: 'Status', value: frontMatter.status.replaceAll('-', ' ') },
    { label: 'Keywords', value: lines(frontMatter.keywords).join(', ') },
  ];
  return h('header', {}, [
    h('h1', {}, [title]),
    subtitle ? h('p', { className: ['subtitle'] }, [subtitle]) : null,
    isDraft
      ? h('p', { className: ['draft'], ...OURS }, ['Live draft: this text is still being written. It is no snapshot.'])
      : null,
    definitions(rows.filter(({ value }) => value !== '')),
    ...summary.map((line) => h('p', {}, [line])),
  ]);
}

/** Sections within sections. */
function contents(entries: readonly (readonly [Heading, OutlineEntry])[]): Element | null {
  if (entries.length === 0) return null;
  const lists: Element[] = [h('ol')];
  for (const [{ children, data }, { depth, number, id }] of entries) {
    while (lists.length > depth) lists.pop();
    while (lists.length < depth) {
      const inner = h('ol');
      (lists.at(-1)!.children.at(-1) as Element).children.push(inner);
      lists.push(inner);
    }
    const words: Properties = { href: `#${id}`, lang: data?.lang, dir: data?.dir };
    const numbered = number ? [h('span', { className: ['number'] }, [number]), ' '] : [];
    lists.at(-1)!.children.push(h('li', {}, [h('a', words, [...numbered, plainText(children).trim()])]));
  }
  return h('nav', { ariaLabelledBy: ['contents'] }, [
    h('h2', { id: 'contents', ...OURS }, ['Contents']),
    lists[0] as Element,
  ]);
}

function endnotes(notes: Element[]): Element | null {
  if (notes.length === 0) return null;
  return h('section', { role: 'doc-endnotes' }, [h('h2', OURS, ['Notes']), h('ol', {}, notes)]);
}

const facts = (exportable: HtmlExportable): Element => definitions(versionFacts(exportable));

/** Values may be in any language, so each finds its own direction. */
const definitions = (rows: readonly { label: string; value: string }[]): Element =>
  h(
    'dl',
    {},
    rows.flatMap(({ label, value }) => [h('dt', OURS, [label]), h('dd', { dir: 'auto' }, [value])]),
  );

const lines = (values: readonly string[]): string[] => values.map(cleanLine).filter(Boolean);
