/** Reads HTML (tables with spans, figures with captions, what stands between Markdown blocks) into blocks of the schema. */
import type { JSONContent } from '@tiptap/core';
import type { Element } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import * as check from '../../shared/schema/attributes.ts';
import { MAX_DEPTH } from '../export/tree.ts';
import { clamped, codeLanguage, figure, inLanguage, type Language, languageOf } from './attributes.ts';
import { type HtmlNode, isDecorative, isElement, readInlineHtml } from './html-phrasing.ts';
import { itemContent, someContent, textblock } from './inline.ts';
import { MARK_OF_TAG, TRANSPARENT_TAGS } from './phrasing.ts';
import { boxOf, withoutBox } from './task-box.ts';

/** Stands for a Markdown block between HTML tags. Text that uses this name itself is not read as HTML. */
const PLACEHOLDER = 'commonplan-block';
export const placeholder = (index: number): string => `<${PLACEHOLDER} data-index="${index}"></${PLACEHOLDER}>`;

/** Elements deeper than this are not read as HTML: nobody writes them, and parsers recurse. */
export const MAX_ELEMENTS_DEEP = 120;
const VOID = new Set(['br', 'hr', 'img', 'input', 'col', 'wbr']);
const WRAPPERS = new Set([
  'article',
  'aside',
  'caption',
  'center',
  'dd',
  'details',
  'div',
  'dl',
  'dt',
  'figcaption',
  'footer',
  'header',
  'main',
  'nav',
  'section',
  'summary',
  'tbody',
  'tfoot',
  'thead',
  'tr',
  'td',
  'th',
  'li',
  'colgroup',
  'col',
]);
const BLOCKS = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'ul',
  'ol',
  'pre',
  'hr',
  'table',
  'figure',
  PLACEHOLDER,
]);
const INLINES = new Set(['br', 'img', 'input', 'wbr', ...Object.keys(MARK_OF_TAG), ...TRANSPARENT_TAGS]);

type Nested = (index: number, depth: number) => JSONContent[];

/** Null if the HTML holds anything that is not text of a plan (scripts, forms, unknown elements) or is nested beyond reason. */
export function readHtml(html: string, depth: number, nested: Nested): JSONContent[] | null {
  // The parser drops end tags that close nothing, so names are looked for in the source too.
  const names = [...html.matchAll(/<\/?([a-z][a-z0-9-]*)/gi)].map(([, name]) => name!.toLowerCase());
  if (!names.every(isKnownName) || elementDepth(html) > MAX_ELEMENTS_DEEP) return null;
  const { children } = fromHtml(html, { fragment: true });
  return children.every(isKnown) ? flow(children, depth, nested) : null;
}

/** Any HTML, of known elements; what is not text of a plan has been taken out of it. */
export const readHtmlNodes = (nodes: HtmlNode[]): JSONContent[] => flow(nodes, 0, () => []);

export const mentionsPlaceholder = (html: string): boolean => html.toLowerCase().includes(PLACEHOLDER);

function elementDepth(html: string): number {
  let depth = 0;
  let deepest = 0;
  // End tags of these may be missing, and they do not nest without an element that counts.
  const optional = new Set([...VOID, 'p', 'li', 'td', 'th', 'tr', 'dt', 'dd', 'thead', 'tbody', 'tfoot', 'colgroup']);
  for (const [, slash, name] of html.matchAll(/<(\/?)([a-z][a-z0-9-]*)/gi)) {
    if (optional.has(name!.toLowerCase())) continue;
    depth += slash ? -1 : 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function isKnown(node: HtmlNode): boolean {
  if (node.type === 'comment') return node.value.trim() === '';
  if (node.type !== 'element') return node.type === 'text';
  return isKnownName(node.tagName) && node.children.every(isKnown);
}

export const isKnownName = (name: string): boolean => WRAPPERS.has(name) || BLOCKS.has(name) || INLINES.has(name);

const isBlock = (node: HtmlNode): node is Element =>
  isElement(node) && (BLOCKS.has(node.tagName) || WRAPPERS.has(node.tagName) || node.children.some(isBlock));

/** Blocks, and paragraphs made of the inline content between them. */
function flow(children: HtmlNode[], depth: number, nested: Nested): JSONContent[] {
  const hasBlocks = children.some(isBlock);
  const blocks: JSONContent[] = [];
  let run: HtmlNode[] = [];
  const flush = () => {
    const inline = readInlineHtml(run);
    run = [];
    // White space between blocks is layout.
    if (inline.figures.length > 0 || (hasBlocks ? !inline.isBlank : inline.nodes.length > 0)) {
      blocks.push(...textblock({ type: 'paragraph' }, inline));
    }
  };
  for (const child of children) {
    if (!isBlock(child)) run.push(child);
    else {
      flush();
      blocks.push(...block(child, depth, nested));
    }
  }
  flush();
  return blocks;
}

function block(node: Element, depth: number, nested: Nested): JSONContent[] {
  const { tagName: name, properties } = node;
  const contained = (wrap: (children: JSONContent[]) => JSONContent): JSONContent[] => {
    const inside = flow(node.children, depth + 1, nested);
    return depth >= MAX_DEPTH ? inside : [wrap(inside)];
  };
  switch (name) {
    case PLACEHOLDER:
      return nested(Number(properties.dataIndex), depth);
    case 'p': {
      const { children, language } = inOneLanguage(node);
      return textblock({ type: 'paragraph', attrs: { ...language } }, readInlineHtml(children));
    }
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6': {
      const level = Math.min(Number(name[1]), 4);
      const { children, language } = inOneLanguage(node);
      return textblock({ type: 'heading', attrs: { level, ...language } }, readInlineHtml(children));
    }
    case 'blockquote':
      return inLanguage(
        contained((content) => ({ type: 'blockquote', content: someContent(content) })),
        languageOf(properties),
      );
    case 'ul':
    case 'ol':
      return list(node, depth, nested);
    case 'pre':
      return [codeBlock(node)];
    case 'hr':
      return [{ type: 'horizontalRule' }];
    case 'table':
      return table(node, depth, nested);
    case 'figure':
      return figureBlock(node, depth, nested);
    default:
      return inLanguage(flow(node.children, depth, nested), languageOf(properties));
  }
}

/** Where all of a block's words are in one `span`, the language said there is the block's. */
function inOneLanguage({ children, properties }: Element): { children: HtmlNode[]; language: Language } {
  const [only, ...others] = children.filter((child) => child.type !== 'text' || child.value.trim() !== '');
  const said = languageOf(properties);
  if (!only || others.length > 0 || !isElement(only) || only.tagName !== 'span') return { children, language: said };
  const { lang, dir } = languageOf(only.properties);
  return { children: only.children, language: { lang: lang ?? said.lang, dir: dir ?? said.dir } };
}

function codeBlock(node: Element): JSONContent {
  const code = node.children.find((child) => isElement(child) && child.tagName === 'code');
  const classes = code && isElement(code) ? code.properties.className : null;
  const named = Array.isArray(classes) ? classes.map(String).find((name) => name.startsWith('language-')) : undefined;
  const text = textOf(node);
  const language = codeLanguage(named?.slice('language-'.length));
  return { type: 'codeBlock', attrs: { language }, ...(text ? { content: [{ type: 'text', text }] } : {}) };
}

const textOf = (node: HtmlNode): string => {
  if (node.type === 'text') return node.value;
  return isElement(node) ? (node.tagName === 'br' ? '\n' : node.children.map(textOf).join('')) : '';
};

function list(node: Element, depth: number, nested: Nested): JSONContent[] {
  if (depth >= MAX_DEPTH)
    return node.children.flatMap((item) => (isElement(item) ? flow(item.children, depth, nested) : []));
  const items = node.children.filter(isElement).filter((item) => item.tagName === 'li');
  const others = node.children.filter((child) => !(isElement(child) && child.tagName === 'li'));
  const boxes = items.map(boxOf);
  const isTasks = node.tagName === 'ul' && items.length > 0 && boxes.every((checked) => checked !== null);
  const content = items.map((item, index) => ({
    type: isTasks ? 'taskItem' : 'listItem',
    ...(isTasks ? { attrs: { checked: boxes[index] } } : {}),
    content: itemContent(flow(isTasks ? withoutBox(item.children) : item.children, depth + 1, nested)),
  }));
  const outside = flow(others, depth, nested);
  if (content.length === 0) return outside;
  if (node.tagName === 'ul') return [{ type: isTasks ? 'taskList' : 'bulletList', content }, ...outside];
  const start = clamped(node.properties.start, 0, 999_999_999, 1);
  const type = check.validOr<string | null>(check.listType, node.properties.type ?? null, null);
  return [{ type: 'orderedList', attrs: { start, type }, content }, ...outside];
}

function table(node: Element, depth: number, nested: Nested): JSONContent[] {
  const parts = node.children.filter(isElement);
  const sections = parts.flatMap((part) =>
    /^t(head|body|foot)$/.test(part.tagName) ? part.children.filter(isElement) : [part],
  );
  const rows = sections.filter((part) => part.tagName === 'tr');
  const captions = parts
    .filter((part) => part.tagName === 'caption')
    .flatMap((part) => flow(part.children, depth, nested));
  const cells = rows.map((row) => row.children.filter(isElement).filter((cell) => /^t[dh]$/.test(cell.tagName)));
  if (rows.length === 0 || depth >= MAX_DEPTH) {
    return [...captions, ...cells.flat().flatMap((cell) => flow(cell.children, depth, nested))];
  }
  const content = cells.map((row) => ({
    type: 'tableRow',
    content: row.map((cell) => tableCell(cell, depth, nested)),
  }));
  return [...captions, { type: 'table', content }];
}

function tableCell(node: Element, depth: number, nested: Nested): JSONContent {
  const { properties } = node;
  const widths = String(properties.dataColwidth ?? '')
    .split(',')
    .map(Number);
  return {
    type: node.tagName === 'th' ? 'tableHeader' : 'tableCell',
    attrs: {
      colspan: clamped(properties.colSpan, 1, 100, 1),
      rowspan: clamped(properties.rowSpan, 1, 100, 1),
      colwidth: properties.dataColwidth ? check.validOr<number[] | null>(check.columnWidths, widths, null) : null,
      align: check.validOr<string | null>(check.cellAlignment, alignmentOf(node), null),
    },
    content: someContent(flow(node.children, depth + 1, nested)),
  };
}

/** From the attribute, or from the style that other programs write, or from the classes of our own export and of WordPress. */
function alignmentOf({ properties }: Element): unknown {
  const classes = Array.isArray(properties.className) ? properties.className.join(' ') : '';
  return (
    properties.align ??
    /text-align:\s*(left|center|right)/.exec(String(properties.style ?? ''))?.[1] ??
    /(?:^| )(?:has-text-)?align-(left|center|right)(?: |$)/.exec(classes)?.[1] ??
    null
  );
}

/** A picture with its caption, or whatever else the figure holds (a table, a quotation) with the caption below it. */
function figureBlock(node: Element, depth: number, nested: Nested): JSONContent[] {
  const parts = node.children.filter(isElement);
  const legend = parts.find((part) => part.tagName === 'figcaption');
  const body = flow(
    node.children.filter((child) => child !== legend),
    depth,
    nested,
  );
  const small = legend?.children.findLast((child): child is Element => isElement(child) && child.tagName === 'small');
  const captions = flow(captionOf(legend, small), depth, nested);
  const [picture] = body;
  const isCaption = captions.every((block) => block.type === 'paragraph' || block.type === CREDIT);
  if (picture?.type !== 'figure' || body.length > 1 || !isCaption) {
    return inLanguage(
      [...body, ...captions, ...(small ? flow([small], depth, nested) : [])],
      languageOf(node.properties),
    );
  }
  const credit = captions.findLast((block) => block.type === CREDIT)?.attrs?.text ?? (small ? textOf(small) : '');
  const caption = captions
    .filter((block) => block.type === 'paragraph')
    .flatMap((block, index) => [...(index > 0 ? [{ type: 'hardBreak' }] : []), ...(block.content ?? [])]);
  const { src, alt, decorative } = picture.attrs!;
  const read = figure(src, alt, credit, caption.length > 0 ? caption : (picture.content ?? []), {
    decorative: decorative || isDecorative(node),
  });
  return [{ ...read, attrs: { ...read.attrs, ...languageOf(node.properties) } }];
}

/** What stands in the legend before the small print, without the space between the two. */
function captionOf(legend: Element | undefined, small: Element | undefined): HtmlNode[] {
  const nodes = legend?.children ?? [];
  const last = nodes.indexOf(small as Element) - 1;
  return nodes
    .map((child, at) =>
      at === last && child.type === 'text' ? { ...child, value: child.value.replace(/ $/, '') } : child,
    )
    .filter((child) => child !== small);
}

/** A paragraph of a figure's caption that holds nothing but small print. Never leaves `figureBlock`. */
export const CREDIT = 'credit';
