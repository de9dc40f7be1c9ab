/** Writes a plan as MediaWiki text (https://www.mediawiki.org/wiki/Wikitext), to paste into a page of a wiki. */
import type { BlockContent, Data, Heading, List, ListItem, PhrasingContent } from 'mdast';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import { FIELD_LABEL } from '../../shared/schema/front-matter-labels.ts';
import type { Exportable } from './exportable.ts';
import { FORMATTING_TAGS, languageAttributes } from './html.ts';
import type { Figure, Grid, GridCell } from './nodes.ts';
import { plainText } from './outline.ts';
import { directionOf } from './page.ts';
import { cleanLine } from './phrasing.ts';
import { toTree } from './tree.ts';
import { versionFacts } from './version-facts.ts';
import {
  attributes,
  comment,
  escapeEverywhere,
  escapeStart,
  escapeWikitext,
  externalAddress,
} from './wikitext-escape.ts';

/** The P2P Foundation's names of the streams, which its wiki's categories have. */
const CATEGORIES = {
  'cultures-politics': 'P2P cultures and politics',
  'open-coops': 'Open coops and livelihoods',
  'circular-economy': 'Open source circular economy',
} as const;

/** The page's name is not in its text, so a comment at the top tells it, and which pictures to upload under which names. */
export function exportWikitext(exportable: Exportable): string {
  const { frontMatter, content } = exportable;
  const writer = new WikitextWriter(exportable);
  const text = writer.blocks(toTree(content).children as BlockContent[]);
  const { language } = frontMatter;
  const direction = directionOf(language);
  const isEnglish = /^en\b/i.test(language);
  const facts = versionFacts(exportable).map(({ label, value }) => `* ${label}: ${escapeWikitext(value)}`);
  const parts = [
    comment([...frontMatterLines(frontMatter), ...writer.uploads]),
    frontMatterBlock(frontMatter, isEnglish ? {} : { lang: language, dir: direction }),
    isEnglish ? '' : `<div${attributes({ class: 'plan', lang: language, dir: direction })}>`,
    text,
    writer.hasNotes ? '== Notes ==\n<references />' : '',
    isEnglish ? '' : '</div>',
    `<div class="plan-version">\n== About this version ==\n${facts.join('\n')}\n</div>`,
    frontMatter.stream ? `[[Category:${CATEGORIES[frontMatter.stream]}]]` : '',
  ];
  return `${parts.filter((part) => part.trim() !== '').join('\n\n')}\n`;
}

/** Each field that says something: a list, and a text of several lines, line by line. server/import/wikitext-own.ts reads it back. */
function frontMatterLines(frontMatter: FrontMatter): string[] {
  const { title, ...others } = frontMatter;
  const lines = Object.entries(others).flatMap(([field, value]) =>
    (Array.isArray(value) ? value : String(value ?? '').split(/[\r\n]+/))
      .map(cleanLine)
      .filter(Boolean)
      .map((line) => `${FIELD_LABEL[field as keyof FrontMatter]}: ${line}`),
  );
  return [`Page: ${cleanLine(title) || 'Untitled plan'}`, ...lines];
}

/** What readers of the page see of it. */
function frontMatterBlock(frontMatter: FrontMatter, language: object): string {
  const subtitle = cleanLine(frontMatter.subtitle);
  const authors = frontMatter.authors.map(cleanLine).filter(Boolean).join(', ');
  const others = [authors, cleanLine(frontMatter.place), ...frontMatter.summary.split(/[\r\n]+/).map(cleanLine)];
  const lines = [
    subtitle && `<i>${escapeWikitext(subtitle)}</i>`,
    ...others.map((line) => escapeStart(escapeWikitext(line))),
  ].filter(Boolean);
  if (lines.length === 0) return '';
  return `<div${attributes({ class: 'plan-front-matter', ...language })}>\n${lines.join('\n\n')}\n</div>`;
}

class WikitextWriter {
  /** What to upload to the wiki before the page shows its pictures, one line each. */
  readonly uploads: string[] = [];
  readonly #exportable: Exportable;
  /** Texts of notes, with the names of those that occur more than once. */
  readonly #notes = new Map<string, string>();
  #inNote = false;

  constructor(exportable: Exportable) {
    this.#exportable = exportable;
  }

  get hasNotes(): boolean {
    return this.#notes.size > 0;
  }

  /** A blank line between blocks also keeps two lists apart. */
  blocks(nodes: readonly BlockContent[]): string {
    return nodes.map((node) => this.#block(node)).join('\n\n');
  }

  #block(node: BlockContent): string {
    switch (node.type) {
      case 'paragraph': {
        const text = escapeStart(this.#phrasing(node.children));
        return node.data ? `<p${attributes(languageAttributes(node.data))}>${text}</p>` : text;
      }
      case 'emptyParagraph':
        return node.data ? `<p${attributes(languageAttributes(node.data))}><br></p>` : '<br>';
      case 'heading':
        return this.#heading(node);
      case 'blockquote':
        return `<blockquote>\n${this.blocks(node.children as BlockContent[])}\n</blockquote>`;
      case 'list':
        return isPlainList(node) ? this.#lines(node, '').join('\n') : this.#htmlList(node);
      case 'code':
        return code(node.lang, node.value);
      case 'markedCode':
        return code(node.lang, plainText(node.children));
      case 'thematicBreak':
        return '----';
      case 'figure':
        return this.#figure(node);
      case 'grid':
        return this.#grid(node);
      default:
        throw new TypeError(`The tree of a plan holds no ${node.type}`);
    }
  }

  /** Level 1 is the page's own title. */
  #heading(node: Heading): string {
    const signs = '='.repeat(node.depth + 1);
    const text = this.#phrasing(node.children).trim();
    // Without words it would be a line of signs.
    return text === '' ? '<br>' : `${signs} ${inLanguage(node.data, escapeEquals(text))} ${signs}`;
  }

  #lines(node: List, outer: string): string[] {
    const prefix = outer + (node.ordered ? '#' : '*');
    return node.children.flatMap((item) => {
      const [first, ...inner] = item.children;
      const box = typeof item.checked === 'boolean' ? (item.checked ? '☑ ' : '☐ ') : '';
      const text = first?.type === 'paragraph' ? inLanguage(first.data, this.#phrasing(first.children)) : '';
      return [
        `${prefix} ${box}${escapeStart(text)}`.trimEnd(),
        ...inner.flatMap((list) => this.#lines(list as List, prefix)),
      ];
    });
  }

  /** Where lines cannot say it: other blocks in an item, other numbers. */
  #htmlList(node: List): string {
    const start = node.start === 1 ? undefined : node.start;
    const tag = node.ordered ? `ol${attributes({ start, type: node.data?.numbering })}` : 'ul';
    const items = node.children.map((item) => `<li>\n${this.#item(item)}\n</li>`);
    return `<${tag}>\n${items.join('\n')}\n</${node.ordered ? 'ol' : 'ul'}>`;
  }

  #item({ checked, children }: ListItem): string {
    const [first, ...rest] = children as BlockContent[];
    const box = typeof checked === 'boolean' ? (checked ? '☑ ' : '☐ ') : '';
    const isEmpty = first?.type === 'emptyParagraph' && !first.data;
    if (box && (first?.type === 'paragraph' || isEmpty)) {
      const text = `${box}${inLanguage(first.data, this.#phrasing(first.children))}`;
      return [text, ...rest.map((node) => this.#block(node))].join('\n\n');
    }
    return `${box}${box ? '\n\n' : ''}${this.blocks(children as BlockContent[])}`;
  }

  #figure(node: Figure): string {
    const caption = this.#phrasing(node.children).trim();
    const credit = node.credit ? `<small>${escapeWikitext(node.credit)}</small>` : '';
    const legend = [caption, credit].filter(Boolean).join('<br>');
    const file = node.url && this.#fileName(node.url);
    if (file) {
      const alt = node.alt ? `|alt=${escapeEverywhere(node.alt)}` : '';
      // A caption such as "left" or "x=1" would be read as an option.
      const isOption = /^\s*[\w-]+\s*(=|$)|px\s*$/.test(legend) ? '<nowiki/>' : '';
      const picture = `[[File:${file}|thumb${alt}${legend ? `|${isOption}${legend}` : ''}]]`;
      return node.data ? `<div${attributes(languageAttributes(node.data))}>\n${picture}\n</div>` : picture;
    }
    const address = node.url ? externalAddress(node.url, this.#exportable.version.url) : null;
    const words = node.alt ? `Picture: <span class="alt">${escapeEverywhere(node.alt)}</span>` : 'Picture';
    const picture = `<span class="picture">${address ? `[${address} ${words}]` : words}</span>`;
    const said = attributes({ class: 'plan-figure', ...languageAttributes(node.data) });
    return `<div${said}>\n${[picture, legend].filter(Boolean).join('<br>')}\n</div>`;
  }

  /** Null where the picture is not one of the plan's own. */
  #fileName(url: string): string | null {
    const image = this.#exportable.images.get(url);
    if (!image) return null;
    const title = cleanLine(this.#exportable.frontMatter.title)
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .slice(0, 60);
    const hash = url
      .split('/')
      .at(-1)!
      .replace(/[^\w-]/g, '')
      .slice(0, 12);
    const extension = image.mediaType === 'image/jpeg' ? 'jpg' : 'png';
    const name = `${title.replace(/^-|-$/g, '') || 'Plan'}-${hash}.${extension}`;
    const { url: at } = this.#exportable.version;
    const from = at === null ? url : new URL(url, at).href;
    const line = `Upload ${from} as File:${name}`;
    if (!this.uploads.includes(line)) this.uploads.push(line);
    return name;
  }

  #grid(node: Grid): string {
    const rows = node.children.map((row) => `|-\n${row.children.map((cell) => this.#cell(cell)).join('\n')}`);
    return `{| class="wikitable"\n${rows.map((row) => row.trimEnd()).join('\n')}\n|}`;
  }

  #cell(cell: GridCell): string {
    const width = cell.widths && cell.colspan === 1 && cell.widths[0] ? `width:${cell.widths[0]}px` : '';
    const style = [cell.align ? `text-align:${cell.align}` : '', width].filter(Boolean).join(';');
    const said = attributes({
      colspan: cell.colspan === 1 ? undefined : cell.colspan,
      rowspan: cell.rowspan === 1 ? undefined : cell.rowspan,
      style: style || undefined,
    });
    const [only] = cell.children;
    const isLine = cell.children.length === 1 && only?.type === 'paragraph' && !only.data;
    const content = isLine ? ` ${escapeStart(this.#phrasing(only.children))}` : `\n${this.blocks(cell.children)}`;
    return `${cell.header ? '!' : '|'}${said ? `${said} |` : ''}${content.trimEnd()}`;
  }

  #phrasing(nodes: readonly PhrasingContent[], inLink = false): string {
    const pieces: string[] = [];
    let last = '';
    for (const node of joined(nodes)) {
      const next = this.#phrase(node, inLink);
      // Apostrophes that meet would count together.
      if (last === "'" && next.startsWith("'")) pieces.push('<nowiki/>');
      pieces.push(next);
      last = next.at(-1) ?? last;
    }
    return pieces.join('');
  }

  #phrase(node: PhrasingContent, inLink: boolean): string {
    switch (node.type) {
      case 'text':
        return inLink ? escapeWikitext(node.value).replaceAll(']', '&#93;') : escapeWikitext(node.value);
      case 'inlineCode':
        return `<code>${escapeWikitext(node.value)}</code>`.replaceAll(']', inLink ? '&#93;' : ']');
      case 'break':
        return '<br>';
      case 'strong':
        return quoted("'''", 'b', this.#phrasing(node.children, inLink));
      case 'emphasis':
        return quoted("''", 'i', this.#phrasing(node.children, inLink));
      case 'delete':
        return `<s>${this.#phrasing(node.children, inLink)}</s>`;
      case 'link':
        return this.#link(node.url, node.title, this.#phrasing(node.children, true));
      case 'footnote':
        return this.#footnote(node.children);
      case 'insertion':
        return `<ins>${this.#phrasing(node.children, inLink)}</ins>`;
      case 'deletion':
        return `<del>${this.#phrasing(node.children, inLink)}</del>`;
      case 'changeNote':
        return `<small>&#91;${escapeEverywhere(node.value)}&#93;</small>`;
      case 'highlight':
        // The wiki lets no <mark> through.
        return `<span style="background:#fff3b0">${this.#phrasing(node.children, inLink)}</span>`;
      case 'underline':
      case 'subscript':
      case 'superscript':
      case 'monospace': {
        const tag = FORMATTING_TAGS[node.type];
        return `<${tag}>${this.#phrasing(node.children, inLink)}</${tag}>`;
      }
      default:
        throw new TypeError(`The tree of a plan holds no ${node.type}`);
    }
  }

  #link(url: string, title: string | null | undefined, text: string): string {
    const address = externalAddress(url, this.#exportable.version.url);
    // Where the plan is to be read is not known, so neither is where the link leads.
    const words = text.replace(/^\s|\s$/g, (space) => `&#${space.codePointAt(0)};`);
    const link = address ? `[${address} ${words}]` : `${text} (<code>${escapeWikitext(url)}</code>)`;
    return title ? `<span${attributes({ title })}>${link}</span>` : link;
  }

  /** The same note again refers to the first. A note in a note, which MediaWiki does not have, stands in brackets. */
  #footnote(children: readonly PhrasingContent[]): string {
    if (this.#inNote) return ` (${this.#phrasing(children)})`;
    this.#inNote = true;
    const text = escapeStart(this.#phrasing(children)) || '&nbsp;';
    this.#inNote = false;
    const name = this.#notes.get(text);
    if (name) return `<ref name="${name}" />`;
    const given = `note-${this.#notes.size + 1}`;
    this.#notes.set(text, given);
    return `<ref name="${given}">${text}</ref>`;
  }
}

/** One text for those that stand next to each other, so that what their signs are together is seen. */
function joined(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  const result: PhrasingContent[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node.type === 'text' && last?.type === 'text')
      result[result.length - 1] = { ...last, value: last.value + node.value };
    else result.push(node);
  }
  return result;
}

/** Lines can say it: each item is one line of text, and below it at most lists of that kind. */
function isPlainList(node: List): boolean {
  if (node.ordered && (node.start !== 1 || node.data?.numbering)) return false;
  return node.children.every(({ children: [first, ...rest] }) => {
    const isLine = !first || first.type === 'paragraph' || (first.type === 'emptyParagraph' && !first.data);
    return isLine && rest.length <= 1 && rest.every((child) => child.type === 'list' && isPlainList(child));
  });
}

/** Apostrophes, as people write them; elements where these would meet others. */
function quoted(marks: string, tag: 'b' | 'i', text: string): string {
  if (text === '') return '';
  return text.startsWith("'") || text.endsWith("'") ? `<${tag}>${text}</${tag}>` : `${marks}${text}${marks}`;
}

function code(lang: string | null | undefined, value: string): string {
  const canHighlight = lang && /^[\w+#.-]+$/.test(lang) && !/<\/syntaxhighlight/i.test(value);
  if (canHighlight) return `<syntaxhighlight lang="${lang}">\n${value}\n</syntaxhighlight>`;
  return `<pre>\n${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre>`;
}

/** A heading ends at its last signs, whichever these are. */
const escapeEquals = (text: string): string => text.replace(/^=+|=+$/g, (signs) => '&#61;'.repeat(signs.length));

const inLanguage = (data: Data | undefined, text: string): string =>
  data?.lang || data?.dir ? `<span${attributes(languageAttributes(data))}>${text}</span>` : text;
