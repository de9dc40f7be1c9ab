/** Makes of the HTML that word processors write what it means: lists, quotes, addresses, notes; what is no text of it goes, and is told. */
import type { Element, ElementContent, Root } from 'hast';
import { meantLists } from './lists.ts';
import { placeNotes } from './notes.ts';

/** Hears of each thing that is left out: its kind, in the plural, and how it reads. */
export type Tell = (what: string, example: string) => void;

/** Classes of paragraphs, as Word, LibreOffice and Pandoc name them. */
const QUOTE = /^(?:Mso(?:Intense)?Quote|block-text|block-quotation|quotations|quote|intense-quote)$/i;
const CONTENTS = /^MsoToc(?:\d|Heading)$/i;
/** Places of remarks beside the text, in Word's HTML and in that of Google Docs; links to them lead there. */
const REMARK = /^_msocom_\d+$|^cmnt\d+$/i;

/** Changes the tree; notes are `<sup data-footnote>` where they are referred to. */
export function meantByOffice(root: Root, tell: Tell): void {
  clean(root, tell);
  meantLists(root);
  placeNotes(root);
  gatherQuotes(root);
}

function clean(parent: Root | Element, tell: Tell): void {
  parent.children = parent.children.filter((node, at) => {
    if (node.type !== 'element') return true;
    // The line above Google's notes and remarks, which are not below it any more.
    if (node.tagName === 'hr' && isNoteOfGoogle(nextElement(parent, at))) return false;
    if (isRemark(node)) {
      tell('comments, which stand beside the text', textOf(node));
      return false;
    }
    if (classesOf(node).some((name) => CONTENTS.test(name))) {
      tell('tables of contents, which every export makes anew', textOf(node));
      return false;
    }
    // What a wiki writes beside each heading is no text of its page.
    if (classesOf(node).includes('mw-editsection')) return false;
    const address = meantAddress(String(node.properties.href ?? ''));
    if (address) node.properties.href = address;
    clean(node, tell);
    // A remark's sign is a link and nothing else.
    const isSign =
      node.tagName === 'sup' || (node.tagName === 'span' && classesOf(node).includes('MsoCommentReference'));
    return !(isSign && node.children.length === 0);
  }) as typeof parent.children;
}

const nextElement = (parent: Root | Element, at: number): Element | undefined => {
  const next = parent.children.slice(at + 1).find((node) => node.type === 'element');
  return next?.type === 'element' ? next : undefined;
};
const isNoteOfGoogle = (node: Element | undefined): boolean =>
  node?.tagName === 'div' && /^(?:ftnt|cmnt)\d+$/.test(firstName(node));

/** What the first element of a `div`, or of the paragraph that it begins with, is called. */
function firstName(node: Element): string {
  const [first] = node.children.flatMap((child) => (child.type === 'element' ? [child] : []));
  const named = first?.tagName === 'p' ? first.children.find((child) => child.type === 'element') : first;
  return named?.type === 'element' ? String(named.properties.id ?? '') : '';
}

/** Its place in the list of remarks, that list, or the link to it. */
function isRemark(node: Element): boolean {
  if (/mso-element:\s*comment/i.test(String(node.properties.style ?? ''))) return true;
  if (node.tagName === 'a') return REMARK.test(String(node.properties.href ?? '').replace(/^.*#/, ''));
  return node.tagName === 'div' && REMARK.test(firstName(node));
}

/** Google leads over a page of its own; Word writes where it kept what was copied. */
function meantAddress(href: string): string | null {
  if (/^https?:\/\/www\.google\.com\/url\?/i.test(href)) return URL.parse(href)?.searchParams.get('q') ?? null;
  return /^file:[^#]*(#_(?:ftn|edn)\w*)$/i.exec(href)?.[1] ?? null;
}

function gatherQuotes(parent: Root | Element): void {
  const children: ElementContent[] = [];
  for (const node of parent.children as ElementContent[]) {
    const last = children.at(-1);
    if (node.type !== 'element') {
      // White space between paragraphs is layout.
      if (!(node.type === 'text' && node.value.trim() === '' && last && isGathered(last))) children.push(node);
      continue;
    }
    gatherQuotes(node);
    if (node.tagName !== 'p' || !classesOf(node).some((name) => QUOTE.test(name))) children.push(node);
    else if (last && isGathered(last)) last.children.push(node);
    else children.push({ type: 'element', tagName: 'blockquote', properties: { dataGathered: '' }, children: [node] });
  }
  parent.children = children;
}

const isGathered = (node: ElementContent): node is Element =>
  node.type === 'element' && node.properties.dataGathered !== undefined;

const classesOf = ({ properties: { className } }: Element): string[] =>
  Array.isArray(className) ? className.map(String) : [];

const textOf = (node: ElementContent): string => {
  if (node.type === 'text') return node.value;
  return node.type === 'element' ? node.children.map(textOf).join('') : '';
};
