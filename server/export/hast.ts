/** Writes the tree as HTML elements (https://github.com/syntax-tree/hast): the text, and its notes apart. Nothing in it loads or runs. */
import type { Element, ElementContent, Properties } from 'hast';
import type { BlockContent, Heading, ListItem, PhrasingContent, Root } from 'mdast';
import { dataAddress } from './data-address.ts';
import type { Exportable } from './exportable.ts';
import { layOut } from './grid.ts';
import { FORMATTING_TAGS } from './html.ts';
import type { Figure, Grid, GridCell, GridRow } from './nodes.ts';
import type { Outline } from './outline.ts';

export interface HastOptions {
  /** What else is known of a change, as attributes of `ins` and `del`: who, when. */
  readonly ofChange?: (change: number) => Properties;
  /** Where headings stand in the outline. Without it, their tags follow their levels. */
  readonly outline?: Outline;
  /** For another site's page: its own styles apply, so what ours say by class is said by attributes. */
  readonly fragment?: boolean;
  /** Pictures to put into the file. */
  readonly images?: Exportable['images'];
}

/** `notes` are list items, in the order of their numbers. Headings begin at h2: h1 is the document's title. */
export function toHast(tree: Root, options: HastOptions): Hast {
  const writer = new HastWriter(options);
  const text = writer.blocks(tree.children as BlockContent[]);
  return { text, notes: writer.notes, anchored: writer.anchored };
}

export interface Hast {
  readonly text: ElementContent[];
  readonly notes: Element[];
  /** Changes that have an address: #change-1 is that of change 0. */
  readonly anchored: ReadonlySet<number>;
}

/** Words apart from any document. */
export const phrasingToHast = (nodes: readonly PhrasingContent[]): ElementContent[] =>
  new HastWriter({}).phrasing(nodes);

/** An element; children that are null are left out. */
export function h(
  tagName: string,
  properties: Properties = {},
  children: readonly (ElementContent | string | null)[] = [],
): Element {
  const nodes = children
    .filter((child) => child !== null)
    .map((child): ElementContent => (typeof child === 'string' ? { type: 'text', value: child } : child));
  return { type: 'element', tagName, properties, children: nodes };
}

/** What a browser shows and cannot run. */
const EMBEDDED = /^image\/(png|jpeg)$/;

/** `src` and size of a picture that is in the file itself; null: it is told of in words. */
function embed(images: Exportable['images'] | undefined, url: string | null): Properties | null {
  const image = url === null ? undefined : images?.get(url);
  return image && EMBEDDED.test(image.mediaType)
    ? { src: dataAddress(image), width: image.width, height: image.height }
    : null;
}

class HastWriter {
  readonly notes: Element[] = [];
  readonly #options: HastOptions;
  readonly anchored = new Set<number>();

  constructor(options: HastOptions) {
    this.#options = options;
  }

  blocks(nodes: readonly BlockContent[]): ElementContent[] {
    return nodes.map((node) => this.#block(node));
  }

  #block(node: BlockContent): Element {
    switch (node.type) {
      case 'paragraph':
      case 'emptyParagraph':
        return h('p', languageOf(node), this.phrasing(node.children));
      case 'heading':
        return this.#heading(node);
      case 'blockquote':
        return h('blockquote', {}, this.blocks(node.children as BlockContent[]));
      case 'list': {
        const items = node.children.map((item) => this.#item(item, node.spread === true));
        const tasks = node.children.some(({ checked }) => typeof checked === 'boolean');
        if (!node.ordered) return h('ul', tasks ? { className: ['tasks'] } : {}, items);
        const start = node.start === 1 ? undefined : (node.start ?? undefined);
        return h('ol', { start, type: node.data?.numbering }, items);
      }
      case 'code':
        return code(node.lang, [{ type: 'text', value: node.value }]);
      case 'markedCode':
        return code(node.lang, this.phrasing(node.children, 'code'));
      case 'thematicBreak':
        return h('hr');
      case 'figure':
        return this.#figure(node);
      case 'grid':
        return this.#grid(node);
      default:
        throw new TypeError(`The tree of a plan holds no ${node.type}`);
    }
  }

  #heading(node: Heading): Element {
    const { outline } = this.#options;
    const place = outline?.get(node);
    // One without words is none, for those who listen to the page or read its contents.
    if (outline && !place) return h('p', languageOf(node), this.phrasing(node.children));
    const number = place?.number ? h('span', { className: ['number'] }, [place.number]) : null;
    const depth = place?.depth ?? node.depth;
    const properties = { id: place?.id ?? undefined, ...languageOf(node) };
    return h(`h${Math.min(6, depth + 1)}`, properties, [
      ...(number ? [number, ' '] : []),
      ...this.phrasing(node.children),
    ]);
  }

  #item(node: ListItem, spread: boolean): Element {
    const [first, ...rest] = node.children as BlockContent[];
    const tight = !spread && first?.type === 'paragraph' && !first.data;
    const children = tight
      ? [...this.phrasing(first.children), ...this.blocks(rest)]
      : this.blocks(node.children as BlockContent[]);
    const box = typeof node.checked === 'boolean' ? this.#box(node.checked) : null;
    return h('li', {}, [box, ...children]);
  }

  #box(checked: boolean): ElementContent {
    // Sites take form controls out of what is pasted.
    if (this.#options.fragment) return { type: 'text', value: checked ? '☑ ' : '☐ ' };
    const ariaLabel = checked ? 'done' : 'to do';
    return h('input', { type: 'checkbox', checked, disabled: true, ariaLabel });
  }

  #figure(node: Figure): Element {
    const embedded = embed(this.#options.images, node.url);
    const role = node.decorative ? 'presentation' : undefined;
    const picture = embedded ? h('img', { ...embedded, alt: node.alt, role }) : this.#toldOf(node);
    const caption = this.phrasing(embedded ? node.children : node.children.slice(leadingNotes(node)));
    const credit = node.credit ? h('small', {}, [node.credit]) : null;
    const legend =
      caption.length > 0 || credit ? h('figcaption', {}, [...caption, ...(credit ? [' ', credit] : [])]) : null;
    return h('figure', languageOf(node), [picture, legend]);
  }

  /** A file that stands alone fetches nothing, so a picture that is not in it is told of by its description and its address. */
  #toldOf(node: Figure): Element {
    const address = node.url
      ? /^https?:/i.test(node.url)
        ? link(node.url, [node.url])
        : h('code', {}, [node.url])
      : null;
    return h('p', { className: ['picture'] }, [
      ...this.phrasing(node.children.slice(0, leadingNotes(node))),
      ...(node.alt ? ['Picture: ', h('span', { className: ['alt'] }, [node.alt])] : ['Picture']),
      ...(address ? [' (', address, ')'] : []),
    ]);
  }

  #grid(node: Grid): Element {
    const layout = layOut(node);
    const heads = layout.headerRows;
    const rows = (part: readonly GridRow[], scope: string) =>
      part.map((row) =>
        h(
          'tr',
          {},
          row.children.map((cell) => this.#cell(cell, scope)),
        ),
      );
    const head = heads > 0 ? h('thead', {}, rows(node.children.slice(0, heads), 'col')) : null;
    const body = heads < node.children.length ? h('tbody', {}, rows(node.children.slice(heads), 'row')) : null;
    const table = h('table', {}, [columns(layout.widths), head, body]);
    // Wide tables scroll, so the keyboard has to reach them.
    const scrolls = { className: ['table'], role: 'group', tabIndex: 0, ariaLabel: 'Table' };
    return this.#options.fragment ? table : h('div', scrolls, [table]);
  }

  #cell(cell: GridCell, scope: string): Element {
    const properties: Properties = {
      colSpan: cell.colspan === 1 ? undefined : cell.colspan,
      rowSpan: cell.rowspan === 1 ? undefined : cell.rowspan,
      ...(this.#options.fragment
        ? { align: cell.align ?? undefined }
        : { className: cell.align ? [`align-${cell.align}`] : undefined }),
      scope: cell.header ? scope : undefined,
    };
    const [only] = cell.children;
    const bare =
      cell.children.length === 1 && !only?.data && (only?.type === 'paragraph' || only?.type === 'emptyParagraph');
    return h(cell.header ? 'th' : 'td', properties, bare ? this.phrasing(only.children) : this.blocks(cell.children));
  }

  phrasing(nodes: readonly PhrasingContent[], within: 'text' | 'code' = 'text'): ElementContent[] {
    return nodes.map((node) => this.#phrase(node, within));
  }

  #phrase(node: PhrasingContent, within: 'text' | 'code'): ElementContent {
    switch (node.type) {
      case 'text':
        return { type: 'text', value: node.value };
      case 'inlineCode':
        return h('code', {}, [node.value]);
      case 'break':
        return within === 'code' ? { type: 'text', value: '\n' } : h('br');
      case 'strong':
        return h('strong', {}, this.phrasing(node.children, within));
      case 'emphasis':
        return h('em', {}, this.phrasing(node.children, within));
      case 'delete':
        return h('s', {}, this.phrasing(node.children, within));
      case 'link':
        return link(node.url, this.phrasing(node.children, within), node.title);
      case 'footnote':
        return this.#footnote(node.children);
      case 'insertion':
      case 'deletion': {
        const tag = node.type === 'insertion' ? 'ins' : 'del';
        const properties = { ...this.#ofChange(node.change), className: node.moved ? ['moved'] : undefined };
        return h(tag, properties, this.phrasing(node.children, within));
      }
      case 'changeNote':
        return h('span', { ...this.#ofChange(node.change), className: ['change-note'] }, [`[${node.value}]`]);
      case 'underline':
      case 'highlight':
      case 'subscript':
      case 'superscript':
      case 'monospace':
        return h(FORMATTING_TAGS[node.type], {}, this.phrasing(node.children, within));
      default:
        throw new TypeError(`The tree of a plan holds no ${node.type}`);
    }
  }

  #footnote(children: readonly PhrasingContent[]): Element {
    const number = this.notes.length + 1;
    const item = h('li', { id: `note-${number}` });
    this.notes.push(item);
    const back = h('a', { href: `#reference-${number}`, role: 'doc-backlink', ariaLabel: 'Back to the text' }, ['↑']);
    item.children = [...this.phrasing(children), { type: 'text', value: ' ' }, back];
    return h('sup', {}, [
      h('a', { href: `#note-${number}`, id: `reference-${number}`, role: 'doc-noteref' }, [String(number)]),
    ]);
  }

  /** The first place of a change carries its address. */
  #ofChange(change: number | null): Properties {
    if (change === null) return {};
    const id = this.anchored.has(change) ? undefined : `change-${change + 1}`;
    this.anchored.add(change);
    return { id, ...this.#options.ofChange?.(change) };
  }
}

/** Changes that are told of before the picture, which the caption follows. */
function leadingNotes({ children }: Figure): number {
  const said = children.findIndex(({ type }) => type !== 'changeNote');
  return said === -1 ? children.length : said;
}

/** As wide as they were drawn. An attribute, for a policy may forbid styles. */
function columns(widths: readonly (number | null)[]): Element | null {
  if (!widths.some(Boolean)) return null;
  return h(
    'colgroup',
    {},
    widths.map((width) => h('col', { width: width ?? undefined })),
  );
}

const code = (lang: string | null | undefined, children: ElementContent[]): Element =>
  h('pre', {}, [h('code', lang ? { className: [`language-${lang}`] } : {}, children)]);

const link = (url: string, children: readonly (ElementContent | string)[], title?: string | null): Element =>
  h('a', { href: url, title: title ?? undefined, rel: ['noopener', 'noreferrer', 'nofollow'] }, children);

const languageOf = ({ data }: Pick<BlockContent, 'data'>): Properties => ({ lang: data?.lang, dir: data?.dir });
