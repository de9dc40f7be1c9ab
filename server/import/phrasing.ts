/** Reads the inline content of a Markdown block: nested nodes and HTML tags become marks, notes come to where they are referred to. */
import type { JSONContent } from '@tiptap/core';
import type { Element } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import type { Definition, FootnoteDefinition, Nodes, PhrasingContent } from 'mdast';
import { safeImageUrl } from '../../shared/schema/safe-url.ts';
import { figure, type Language, languageOf, linkMark } from './attributes.ts';
import { InlineContent, type Mark, withMark } from './inline.ts';
import type { Losses } from './losses.ts';

/** What is needed from elsewhere in the file, by identifier. */
export interface References {
  definitions: Map<string, Definition>;
  notes: Map<string, FootnoteDefinition>;
  /** Notes that stand somewhere in the text already. */
  used: Set<string>;
  /** Definitions that something refers to. */
  linked: Set<string>;
  losses: Losses;
  /** How many more characters repeated notes and addresses may add: one can be referred to a million times. */
  allowance: number;
}

/** Tags that say a mark of the schema. */
export const MARK_OF_TAG: Record<string, string> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  s: 'strike',
  del: 'strike',
  strike: 'strike',
  u: 'underline',
  ins: 'underline',
  mark: 'highlight',
  sub: 'subscript',
  sup: 'superscript',
  code: 'code',
  kbd: 'code',
  samp: 'code',
  tt: 'code',
};
/** Tags that add nothing the schema knows; their text is kept without them. */
export const TRANSPARENT_TAGS = new Set([
  'a',
  'abbr',
  'bdi',
  'big',
  'cite',
  'dfn',
  'font',
  'nobr',
  'q',
  'small',
  'span',
  'time',
  'var',
]);

interface Tag {
  name: string;
  isClosing: boolean;
  source: string;
}

export function tagOf(node: Nodes | undefined): Tag | null {
  if (node?.type !== 'html') return null;
  const match = /^<(\/?)([a-z][a-z0-9]*)(?:[\s/][\s\S]*)?>$/i.exec(node.value);
  return match ? { name: match[2]!.toLowerCase(), isClosing: match[1] === '/', source: node.value } : null;
}

function attributesOf(tag: Tag): Element['properties'] {
  const element = fromHtml(tag.source, { fragment: true }).children[0];
  return element?.type === 'element' ? element.properties : {};
}

/** Index of the end tag for each start tag that has one among its siblings, when both are known here. */
function matchTags(nodes: PhrasingContent[]): Map<number, number> {
  const matches = new Map<number, number>();
  const open: { name: string; index: number }[] = [];
  const waiting = new Map<string, number>();
  const count = (name: string, change: number) => waiting.set(name, (waiting.get(name) ?? 0) + change);
  nodes.forEach((node, index) => {
    const tag = tagOf(node);
    if (!tag || !(tag.name in MARK_OF_TAG || TRANSPARENT_TAGS.has(tag.name))) return;
    if (!tag.isClosing) {
      open.push({ name: tag.name, index });
      count(tag.name, 1);
      return;
    }
    while (waiting.get(tag.name)) {
      const last = open.pop()!;
      count(last.name, -1);
      if (last.name !== tag.name) continue;
      matches.set(last.index, index);
      return;
    }
  });
  return matches;
}

/** Takes off a span that holds the whole block, and reads the block's language from it. */
export function unwrapLanguage(nodes: PhrasingContent[]): { nodes: PhrasingContent[]; language: Language } {
  const tag = tagOf(nodes[0]);
  if (tag?.name === 'span' && matchTags(nodes).get(0) === nodes.length - 1) {
    const language = languageOf(attributesOf(tag));
    if (language.lang || language.dir) return { nodes: nodes.slice(1, -1), language };
  }
  return { nodes, language: { lang: null, dir: null } };
}

interface Frame {
  nodes: PhrasingContent[];
  index: number;
  end: number;
  marks: Mark[];
  matches: Map<number, number>;
}

/** Walks with a stack of its own: hostile text nests deeper than the call stack is. In a note, notes and pictures become text. */
export function readPhrasing(nodes: PhrasingContent[], references: References, note?: string): InlineContent {
  const inline = new InlineContent();
  const frames: Frame[] = [];
  const enter = (children: PhrasingContent[], marks: Mark[]) =>
    frames.push({ nodes: children, index: 0, end: children.length, marks, matches: matchTags(children) });
  const link = (url: string | undefined, title: string | null | undefined, marks: Mark[]): Mark[] => {
    const mark = linkMark(url, title);
    if (!mark && url) references.losses.add('links whose address is not safe, kept as text', url);
    return mark ? withMark(marks, mark) : marks;
  };
  const image = (url: string | undefined, alt: string, title: string | null | undefined, marks: Mark[]) => {
    const target = marks.find((mark) => mark.type === 'link');
    if (note !== undefined) {
      references.losses.add('pictures in notes, kept as their description', alt || url || '');
      inline.text(alt || title || url || '', link(url, title, marks));
      return;
    }
    if (url && safeImageUrl(url) === null) {
      references.losses.add('pictures that are not in the file: add each again where it stood', alt || url);
    }
    const caption = new InlineContent();
    // A picture cannot be a link; its caption can.
    // Some programs repeat the description as the title.
    const words = title && title !== alt ? title.replace(/\n/g, ' ') : '';
    caption.text(words || (target ? String(target.attrs?.href) : ''), target ? [target] : []);
    inline.figures.push(figure(url, alt, '', caption.nodes));
  };

  enter(nodes, []);
  while (frames.length > 0) {
    const frame = frames.at(-1)!;
    if (frame.index >= frame.end) {
      frames.pop();
      continue;
    }
    const { marks } = frame;
    const at = frame.index++;
    const node = frame.nodes[at]!;
    switch (node.type) {
      case 'text':
        tellDangling(node.value, references.losses);
        inline.text(joinLines(node.value), marks);
        break;
      case 'inlineCode':
        inline.text(node.value.replace(/\n/g, ' '), withMark(marks, { type: 'code' }));
        break;
      case 'break':
        inline.lineBreak(marks);
        break;
      case 'strong':
        enter(node.children, withMark(marks, { type: 'bold' }));
        break;
      case 'emphasis':
        enter(node.children, withMark(marks, { type: 'italic' }));
        break;
      case 'delete':
        enter(node.children, withMark(marks, { type: 'strike' }));
        break;
      case 'link':
        enter(node.children, link(node.url, node.title, marks));
        break;
      case 'linkReference': {
        const definition = readDefinition(node.identifier, references);
        enter(node.children, link(definition?.url, definition?.title, marks));
        break;
      }
      case 'image':
        image(node.url, node.alt ?? '', node.title, marks);
        break;
      case 'imageReference': {
        const definition = readDefinition(node.identifier, references);
        image(definition?.url, node.alt ?? '', definition?.title, marks);
        break;
      }
      case 'footnoteReference':
        if (note === undefined) readNote(node.identifier, references, inline, marks);
        else inline.text(`[^${node.label ?? node.identifier}]`, marks);
        break;
      case 'html': {
        const tag = tagOf(node);
        const end = frame.matches.get(at);
        if (tag?.name === 'br' && !tag.isClosing) inline.lineBreak(marks);
        else if (tag?.name === 'img' && !tag.isClosing) {
          const { src, alt, title } = attributesOf(tag);
          image(String(src ?? ''), String(alt ?? ''), title ? String(title) : null, marks);
        } else if (tag && end !== undefined) {
          frame.index = end + 1;
          const inner = marksOf(tag, marks);
          frames.push({ nodes: frame.nodes, index: at + 1, end, marks: inner, matches: frame.matches });
        } else if (!/^<!--\s*-->$/.test(node.value)) {
          tellHtml(node.value, references.losses);
          inline.text(joinLines(node.value), marks);
        }
        break;
      }
      default:
        // Private nodes of the export's tree are never parsed from Markdown.
        if ('children' in node) enter(node.children as PhrasingContent[], marks);
    }
  }
  return inline;
}

function marksOf(tag: Tag, marks: Mark[]): Mark[] {
  const type = MARK_OF_TAG[tag.name];
  if (type) return withMark(marks, { type });
  const { href, title } = tag.name === 'a' ? attributesOf(tag) : {};
  const mark = href === undefined ? null : linkMark(String(href), title ? String(title) : null);
  return mark ? withMark(marks, mark) : marks;
}

/** A line ending in running text is a space, or nothing between two characters of a script that is written without spaces. */
function joinLines(text: string): string {
  const unspaced = '[\\u3000-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef]';
  return text.replace(new RegExp(`(?<=${unspaced})\\n(?=${unspaced})`, 'g'), '').replace(/\n/g, ' ');
}

/** `[words][address]` and `[^note]` are links and notes only where the file says what they stand for. */
function tellDangling(text: string, losses: Losses): void {
  for (const [dangling] of text.matchAll(/\[\^[^\]\s]+\]|\[[^[\]\n]+\]\[[^[\]\n]*\]/g)) {
    const isNote = dangling.startsWith('[^');
    losses.add(`references to ${isNote ? 'notes' : 'addresses'} that are not in the file, kept as text`, dangling);
  }
}

/** What the schema has no place for stays as it was written. */
export function tellHtml(html: string, losses: Losses): void {
  // An element is told once.
  if (html.startsWith('</')) return;
  const isComment = html.startsWith('<!--');
  losses.add(isComment ? 'comments, kept as text' : 'pieces of HTML that a plan has no place for, kept as text', html);
}

/** Undefined once repeated addresses have used up the allowance: the text then stays, without its link. */
function readDefinition(identifier: string, references: References): Definition | undefined {
  const definition = references.definitions.get(identifier);
  references.linked.add(identifier);
  references.allowance -= definition?.url.length ?? 0;
  return references.allowance < 0 ? undefined : definition;
}

function readNote(identifier: string, references: References, inline: InlineContent, marks: Mark[]): void {
  const definition = references.notes.get(identifier);
  const length = (definition?.position?.end.offset ?? 0) - (definition?.position?.start.offset ?? 0);
  if (references.used.has(identifier)) references.allowance -= length;
  if (!definition || references.allowance < 0) {
    inline.text(`[^${identifier}]`, marks);
    return;
  }
  references.used.add(identifier);
  inline.footnote(readNoteText(definition, references), marks);
}

/** The text of a note: its paragraphs, and the text of whatever else is in it, each on a line of its own. */
export function readNoteText(definition: FootnoteDefinition, references: References): JSONContent[] {
  const lines: InlineContent[] = [];
  const waiting: Nodes[] = [...definition.children].reverse();
  while (waiting.length > 0) {
    const node = waiting.pop()!;
    if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell') {
      lines.push(readPhrasing(node.children, references, definition.identifier));
    } else if (node.type === 'html') {
      lines.push(readPhrasing([node], references, definition.identifier));
    } else if (node.type === 'code') {
      const code = new InlineContent();
      code.text(node.value.replace(/\n/g, ' '), [{ type: 'code' }]);
      lines.push(code);
    } else if ('children' in node) {
      for (const child of [...node.children].reverse()) waiting.push(child);
    }
  }
  return lines.flatMap((line, index) => (index > 0 ? [{ type: 'hardBreak' }, ...line.nodes] : line.nodes));
}
