/** Writes a plan as Markdown: CommonMark with GFM tables, tasks and footnotes, YAML front matter, and HTML only where these end. */
import type { JSONContent } from '@tiptap/core';
import type {
  Data,
  Definition,
  FootnoteDefinition,
  Heading,
  Image,
  ImageReference,
  Link,
  List,
  ListItem,
  Nodes,
  Paragraph,
  PhrasingContent,
  Root,
} from 'mdast';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { defaultHandlers, type Handle, type Join, type Options, toMarkdown } from 'mdast-util-to-markdown';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import { emphasis, strike, strong } from './attention.ts';
import { dataAddress } from './data-address.ts';
import type { Exportable } from './exportable.ts';
import { writeFrontMatter } from './front-matter.ts';
import { encodeSpace, FORMATTING_TAGS, languageAttributes, markedCodeToHtml, startTag } from './html.ts';
import type { ChangeNote, EmptyParagraph, Figure, Footnote, Formatting, Marked, MarkedCode } from './nodes.ts';
import { writeGrid } from './table.ts';
import { toTree } from './tree.ts';

/**
 * `content` is a `doc` of the schema. Reading the text back gives the same document, and writing that gives the same bytes.
 * `about`: lines about the file, which reading leaves out. `images`: pictures that are put into the file, below the text.
 */
export function exportMarkdown(
  content: JSONContent,
  frontMatter: FrontMatter,
  about: readonly string[] = [],
  images: Exportable['images'] = new Map(),
): string {
  const tree = toTree(content);
  const isEmpty =
    tree.children.every((node) => node.type === 'emptyParagraph' && !node.data) && tree.children.length < 2;
  const parts = [writeFrontMatter(frontMatter, about), ...(isEmpty ? [] : writeTree(tree, images))];
  return parts.join('\n');
}

/** The text, the notes below it if there are any, and the pictures that the file holds below these, where they are in nobody's way. */
export function writeTree(tree: Root, images: Exportable['images'] = new Map()): string[] {
  const notes: FootnoteDefinition[] = [];
  const pictures = embed(tree, images);
  const options = optionsWith(notes);
  const text = toMarkdown(tree, options);
  const below = [notes, pictures].filter((definitions) => definitions.length > 0);
  return [text, ...below.map((children) => toMarkdown({ type: 'root', children }, options))];
}

/** Puts the data of pictures in place of their addresses: in tables, which are HTML, where they stand, otherwise by a reference. */
function embed(tree: Root, images: Exportable['images']): Definition[] {
  const definitions = new Map<string, Definition>();
  const visit = (node: Nodes, isHtml: boolean): void => {
    if (node.type === 'figure') {
      const image = node.url === null ? undefined : images.get(node.url);
      if (!image || node.url === null) return;
      const identifier = definitions.get(node.url)?.identifier ?? `picture-${definitions.size + 1}`;
      const url = dataAddress(image);
      if (isHtml) node.url = url;
      else {
        definitions.set(node.url, { type: 'definition', identifier, label: identifier, url });
        node.reference = identifier;
      }
    } else if ('children' in node) {
      for (const child of node.children) visit(child, isHtml || node.type === 'grid');
    }
  };
  visit(tree, false);
  return [...definitions.values()];
}

function optionsWith(notes: FootnoteDefinition[]): Options {
  const footnote: Handle & { peek?: () => string } = (node: Footnote) => {
    const identifier = String(notes.length + 1);
    const children: Paragraph[] = node.children.length > 0 ? [{ type: 'paragraph', children: node.children }] : [];
    notes.push({ type: 'footnoteDefinition', identifier, label: identifier, children });
    return `[^${identifier}]`;
  };
  footnote.peek = () => '[';
  return {
    bullet: '-',
    rule: '-',
    listItemIndent: 'one',
    extensions: [gfmToMarkdown({ tablePipeAlign: false })],
    handlers: { ...HANDLERS, footnote },
    join: [apart],
    unsafe: [
      // An address that begins so would be read as one in angle brackets, or, where it does not end as these do, as HTML.
      { character: '<', before: '\\(', inConstruct: 'destinationRaw' },
      // At the start of a block, a note and a colon would be the note's definition.
      { character: ':', before: '\\]', inConstruct: 'phrasing' },
      // The library knows only lower case, but any case is made a link: HTTP://
      {
        character: ':',
        before: '[PSps]',
        after: '\\/',
        inConstruct: 'phrasing',
        notInConstruct: ['autolink', 'link', 'image'],
      },
    ],
  };
}

/** In a list without blank lines, what needs one all the same. */
const apart: Join = (left, right) => {
  // Directly below a paragraph, an empty item's dash would make it a heading.
  if (right.type === 'list' && right.children[0]?.children[0]?.type === 'emptyParagraph') return 1;
  // A line that is one tag begins an HTML block, which only a blank line ends.
  return left.type === 'paragraph' && left.children.every((child) => child.type === 'break') ? 1 : undefined;
};

const html = (value: string): PhrasingContent => ({ type: 'html', value });

/** Language and direction are said by a span around everything in the block, which works in lists and cells too. */
function withLanguage(node: { children: PhrasingContent[]; data?: Data | undefined }): PhrasingContent[] {
  if (!node.data?.lang && !node.data?.dir) return node.children;
  return [html(startTag('span', languageAttributes(node.data))), ...node.children, html('</span>')];
}

const paragraph: Handle = (node: Paragraph, parent, state, info) => {
  const box = checkbox(node, parent);
  const exits = [state.enter('paragraph'), state.enter('phrasing')];
  const tracker = state.createTracker(info);
  tracker.move(box);
  const text = state.containerPhrasing({ ...node, children: withLanguage(node) }, { ...info, ...tracker.current() });
  for (const exit of exits.reverse()) exit();
  return box + text;
};

/** `[ ] ` or `[x] ` where the block is the first of a task. */
function checkbox(node: Paragraph | EmptyParagraph, parent: unknown): string {
  const item = parent as ListItem | undefined;
  if (item?.type !== 'listItem' || typeof item.checked !== 'boolean' || item.children[0] !== node) return '';
  return item.checked ? '[x] ' : '[ ] ';
}

const emptyParagraph: Handle = (node: EmptyParagraph, parent) => {
  const box = checkbox(node, parent);
  // A box needs something behind it to be one.
  if (box) return box + (node.data ? `${startTag('span', languageAttributes(node.data))}</span>` : '<!-- -->');
  if (parent?.type === 'listItem' && parent.children.length === 1 && !node.data) return '';
  return `${startTag('p', languageAttributes(node.data))}</p>`;
};

/** Never underlined headings, which the library would use where there is a break. */
const heading: Handle = (node: Heading, _parent, state, info) => {
  const sequence = '#'.repeat(node.depth);
  const exits = [state.enter('headingAtx'), state.enter('phrasing')];
  const tracker = state.createTracker(info);
  tracker.move(`${sequence} `);
  const children = withLanguage(node);
  const text = state.containerPhrasing({ ...node, children }, { ...tracker.current(), before: '# ', after: '\n' });
  for (const exit of exits.reverse()) exit();
  return text ? `${sequence} ${text.replace(/^[ \t]/, encodeSpace)}` : sequence;
};

const hardBreak: Handle & { peek?: () => string } = (_node, _parent, state, info) => {
  const isOneLine = state.stack.includes('headingAtx') || state.stack.includes('tableCell');
  // At the edges of the block or of a formatted run, the backslash would be text or the run would not close.
  const isInside = !/^$|[\n*_~>[]/.test(info.before) && !/^$|[\n\\*_~<\]]/.test(info.after);
  return isInside && !isOneLine ? '\\\n' : '<br>';
};
hardBreak.peek = () => '\\';

const formatting: Handle & { peek?: () => string } = (node: Formatting, _parent, state, info) => {
  const tag = FORMATTING_TAGS[node.type];
  const tracker = state.createTracker(info);
  tracker.move(`<${tag}>`);
  return `<${tag}>${state.containerPhrasing(node as never, { ...tracker.current(), before: '>', after: '<' })}</${tag}>`;
};
formatting.peek = () => '<';

const REDLINE_TAGS = { insertion: 'ins', deletion: 'del' } as const;

const marked: Handle & { peek?: () => string } = (node: Marked, _parent, state, info) => {
  const tag = REDLINE_TAGS[node.type];
  const tracker = state.createTracker(info);
  tracker.move(`<${tag}>`);
  return `<${tag}>${state.containerPhrasing(node as never, { ...tracker.current(), before: '>', after: '<' })}</${tag}>`;
};
marked.peek = () => '<';

const changeNote: Handle & { peek?: () => string } = (node: ChangeNote, _parent, state, info) => {
  const value = state.safe(`[${node.value}]`, { ...info, before: '>', after: '<' });
  return `<sub>${value}</sub>${/^\S/.test(info.after) ? ' ' : ''}`;
};
changeNote.peek = () => '<';

const inlineCode: Handle & { peek?: () => string } = (node, parent, state, info) => {
  if (!state.stack.includes('tableCell')) return defaultHandlers.inlineCode(node, parent, state);
  // In a cell, a backslash before a pipe is dropped even in code.
  if (node.value.includes('\\|')) return `<code>${state.safe(node.value, { ...info, before: '>', after: '<' })}</code>`;
  return defaultHandlers.inlineCode(node, parent, state).replaceAll('|', '\\|');
};
inlineCode.peek = () => '`';

const link: Handle & { peek?: () => string } = (node: Link, parent, state, info) => {
  const options = state.options;
  state.options = { ...options, resourceLink: !isAutolink(node, state.stack.includes('tableCell')) };
  const written = defaultHandlers.link(node, parent, state, info);
  state.options = options;
  return written;
};
link.peek = () => '[';

/** Whether `<address>` says this link. The library would also write `<word>`, an HTML tag, for a link to mailto:word. */
function isAutolink(node: Link, inCell: boolean): boolean {
  const [child] = node.children;
  if (node.children.length !== 1 || child?.type !== 'text' || node.title || (inCell && node.url.includes('|')))
    return false;
  // Nothing can be escaped here, and readers disagree whether a character reference is one.
  if (/&#?\w+;/.test(node.url)) return false;
  const isEmail = node.url === `mailto:${child.value}` && /^[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(child.value);
  return isEmail || (child.value === node.url && /^(https?|mailto|tel):/i.test(node.url));
}

const list: Handle = (node: List, parent, state, info) => {
  // A number has at most nine digits; only the first item's counts, so the others may repeat it.
  const highest = (node.start ?? 1) + node.children.length - 1;
  const options = state.options;
  state.options = { ...options, incrementListMarker: highest <= 999_999_999 };
  const comment = node.data?.numbering ? `<!-- numbering: ${node.data.numbering} -->\n\n` : '';
  const written = comment + defaultHandlers.list(node, parent, state, info);
  state.options = options;
  return written;
};

const figure: Handle = (node: Figure, parent, state, info) => {
  const { reference, alt } = node;
  const picture: Image | ImageReference = reference
    ? { type: 'imageReference', referenceType: 'full', identifier: reference, label: reference, alt }
    : { type: 'image', url: node.url ?? '', alt };
  const image: Paragraph = { type: 'paragraph', children: [picture] };
  const captions: Paragraph[] = [];
  if (node.children.length > 0) captions.push({ type: 'paragraph', children: node.children });
  if (node.credit) {
    captions.push({
      type: 'paragraph',
      children: [html('<small>'), { type: 'text', value: node.credit }, html('</small>')],
    });
  }
  if (captions.length === 0 && !node.data && !node.decorative) return state.handle(image, parent, state, info);
  const block = (value: string) => ({ type: 'html', value }) as const;
  const end =
    captions.length > 0
      ? [block('<figcaption>'), ...captions, block('</figcaption>\n</figure>')]
      : [block('</figure>')];
  const role = node.decorative ? 'presentation' : null;
  const start = block(startTag('figure', { ...languageAttributes(node.data), role }));
  return state.containerFlow({ type: 'root', children: [start, image, ...end] }, info);
};

const HANDLERS: Record<string, Handle> = {
  break: hardBreak,
  changeNote,
  delete: strike,
  deletion: marked,
  emphasis,
  emptyParagraph,
  figure,
  grid: writeGrid,
  heading,
  highlight: formatting,
  inlineCode,
  insertion: marked,
  link,
  list,
  markedCode: (node: MarkedCode) => markedCodeToHtml(node),
  monospace: formatting,
  paragraph,
  strong,
  subscript: formatting,
  superscript: formatting,
  underline: formatting,
};
