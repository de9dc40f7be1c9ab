/** Reads what stands within a line of MediaWiki text (links, pictures, bold and italic, HTML) into HTML. */
import type { Losses } from './losses.ts';
import { ANY_PIECE, cleanAttributes, escapeHtml, escapeText, type Stash, withoutPieces } from './wikitext-stash.ts';

const BLOCK_TAGS =
  'blockquote|center|dd|div|dl|dt|h[1-6]|hr|li|ol|p|section|table|caption|thead|tbody|tfoot|tr|td|th|ul|figure|figcaption';
const INLINE_TAGS =
  'abbr|b|bdi|big|br|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr';
const TAG = new RegExp(`<(/?)(${BLOCK_TAGS}|${INLINE_TAGS})((?:\\s[^<>]*?)?)\\s*/?>`, 'gi');
const IS_BLOCK = new RegExp(`^(?:${BLOCK_TAGS})$`, 'i');

const ADDRESS = '(?:(?:https?|ftp|ircs?)://|//|mailto:|tel:)';
const EXTERNAL = new RegExp(`\\[(${ADDRESS}[^\\s\\[\\]<>"\\u007f]+)[ \\t]*([^\\]\\n]*)\\]`, 'gi');
const BARE = /(?<![\p{L}\p{N}_])(?:https?:\/\/|ftp:\/\/|mailto:)[^\s[\]<>"\u007f|]+/giu;

export interface InlineReader {
  readonly stash: Stash;
  readonly losses: Losses;
  /** Where the pages of `[[links]]` are, ending in a slash; null: not known. */
  readonly wiki: string | null;
  readonly categories: Set<string>;
}

/** Tags of HTML that MediaWiki lets through become pieces; the others stay text, as they do there. */
export const stashTags = (text: string, { stash }: InlineReader): string =>
  text.replace(TAG, (_, slash: string, name: string, attributes: string) => {
    const html = `<${slash}${name.toLowerCase()}${slash ? '' : cleanAttributes(attributes)}>`;
    return stash.put(html, IS_BLOCK.test(name) ? 'block' : 'inline');
  });

/** `[[…]]`, innermost first, so that captions may hold links. Linear: each opening is looked at once. */
export function stashLinks(text: string, reader: InlineReader): string {
  const open: { before: string }[] = [];
  let current = '';
  let at = 0;
  for (const { index, 0: sign } of text.matchAll(/\[\[|\]\]/g)) {
    if (index < at) continue;
    current += text.slice(at, index);
    at = index + 2;
    if (sign === '[[') {
      open.push({ before: current });
      current = '';
    } else {
      const outer = open.pop();
      if (!outer) current += sign;
      else {
        const trail = /^\p{Ll}+/u.exec(text.slice(at, at + 50))?.[0] ?? '';
        const read = link(current, trail, reader);
        if (read.usesTrail) at += trail.length;
        current = outer.before + read.text;
      }
    }
  }
  current += text.slice(at);
  while (open.length > 0) current = `${open.pop()!.before}[[${current}`;
  return current;
}

function link(source: string, trail: string, reader: InlineReader): { text: string; usesTrail: boolean } {
  const { stash, losses } = reader;
  const asIs = { text: `[[${source}]]`, usesTrail: false };
  if (new RegExp(`^${ADDRESS}`, 'i').test(source)) return { text: `[[${source}]]`, usesTrail: false };
  const [target = '', ...options] = source.split('|');
  const page = withoutPieces(target).replace(/\s+/g, ' ').trim();
  if (page === '' || target.includes('\n') || /[<>{}]/.test(page)) return asIs;
  if (/^(?:file|image|media|bestand|afbeelding|fichier|archivo|datei)\s*:/i.test(page)) {
    return { text: picture(page, options, reader), usesTrail: false };
  }
  if (/^(?:category|categorie|catégorie|categoría|kategorie)\s*:/i.test(page)) {
    reader.categories.add(
      page
        .slice(page.indexOf(':') + 1)
        .replace(/_/g, ' ')
        .trim(),
    );
    return { text: '', usesTrail: false };
  }
  const name = page.replace(/^:/, '').trim();
  const words = options.length > 0 ? options.join('|') : name;
  const shown = `${words.trim() === '' ? name : words}${trail}`;
  if (reader.wiki === null) {
    losses.add('links to other pages of the wiki, kept as text: the address of the wiki was not given', `[[${page}]]`);
    return { text: shown, usesTrail: true };
  }
  const [path = '', ...section] = name.split('#');
  const anchor = section.length > 0 ? `#${encodeURIComponent(section.join('#').trim().replace(/ /g, '_'))}` : '';
  const encoded = encodeURI(path.trim().replace(/ /g, '_').toWellFormed()).replace(/[?]/g, '%3F');
  const href = path.trim() === '' ? null : `${reader.wiki}${encoded}${anchor}`;
  if (href === null) return { text: shown, usesTrail: true };
  return { text: anchorTags(href, shown, stash), usesTrail: true };
}

const anchorTags = (href: string, words: string, stash: Stash): string =>
  `${stash.put(`<a href="${escapeHtml(href)}">`)}${words}${stash.put('</a>')}`;

const IS_OPTION =
  /^(?:thumb|thumbnail|frame|frameless|framed|border|left|right|center|none|baseline|middle|top|bottom|sub|super|text-top|text-bottom|upright(?:[= ][\d.]+)?|(?:alt|link|page|lang|class|thumb|start|end)=[\s\S]*|(?:\d*x)?\d*x?\s*px|\d+x)$/i;

function picture(page: string, options: string[], reader: InlineReader): string {
  const { stash, losses } = reader;
  const file = page.slice(page.indexOf(':') + 1).trim();
  losses.add('pictures, which a text file does not hold: add each again where its caption stands', `File:${file}`);
  const alt = options.find((option) => /^\s*alt=/i.test(option))?.replace(/^\s*alt=/i, '') ?? '';
  const caption =
    options
      .filter((option) => !IS_OPTION.test(withoutPieces(option).trim()))
      .at(-1)
      ?.trim() || escapeText(file);
  const image = `<img alt="${escapeText(withoutPieces(alt)).replaceAll('"', '&quot;')}">`;
  return stash.put(`<figure>${image}<figcaption>${inlineHtml(caption, reader)}</figcaption></figure>`, 'block');
}

/** One line, or several that were joined: addresses, bold and italic, and everything else as text. */
export function inlineHtml(text: string, { stash }: InlineReader): string {
  const linked = text
    .replace(EXTERNAL, (_, href: string, words: string) =>
      anchorTags(unescaped(href), hidden(words.trim() || href, stash), stash),
    )
    .replace(BARE, (found) => {
      const tail = /[,;.:!?'")]+$/.exec(found)?.[0] ?? '';
      const closes = tail.startsWith(')') && found.includes('(') ? 1 : 0;
      const href = found.slice(0, found.length - tail.length + closes);
      return href.length < 8
        ? found
        : anchorTags(unescaped(href), escapedPiece(href, stash), stash) + found.slice(href.length);
    });
  return stash.html(quotes(linked, stash));
}

/** Addresses within a link's words are not links again. */
const hidden = (words: string, stash: Stash): string => words.replace(BARE, (address) => escapedPiece(address, stash));
const escapedPiece = (text: string, stash: Stash): string => stash.put(escapeText(text));
const unescaped = (href: string): string => href.replaceAll('&amp;', '&');

/** `''` and `'''` as MediaWiki pairs them, with odd ones taken for apostrophes. */
function quotes(text: string, stash: Stash): string {
  const parts = text.split(/('{2,})/);
  let bolds = 0;
  let italics = 0;
  for (let at = 1; at < parts.length; at += 2) {
    const length = parts[at]!.length;
    const surplus = length === 4 ? 1 : Math.max(0, length - 5);
    parts[at - 1] += "'".repeat(surplus);
    parts[at] = "'".repeat(length - surplus);
    if (length - surplus !== 2) bolds++;
    if (length - surplus !== 3) italics++;
  }
  if (bolds % 2 === 1 && italics % 2 === 1) {
    // An apostrophe before italics: the best candidate follows a word, as in l'''eau''.
    const three = parts.flatMap((part, at) => (at % 2 === 1 && part.length === 3 ? [at] : []));
    const chosen =
      three.find((at) => /(?:^|\s)\S$/.test(parts[at - 1]!)) ??
      three.find((at) => /\S$/.test(parts[at - 1]!)) ??
      three[0];
    if (chosen !== undefined) {
      parts[chosen - 1] += "'";
      parts[chosen] = "''";
    }
  }
  /** From the outside in. What ends keeps open what began within it: elements around it must not be crossed. */
  let open: ('b' | 'i')[] = [];
  const toggle = (tag: 'b' | 'i'): string => {
    const at = open.indexOf(tag);
    if (at === -1) {
      open.push(tag);
      return `<${tag}>`;
    }
    const inner = open.slice(at + 1);
    open = open.filter((other) => other !== tag);
    return `${inner.map((other) => `</${other}>`).join('')}</${tag}>${inner.map((other) => `<${other}>`).join('')}`;
  };
  const read = parts.map((part, at) => {
    if (at % 2 === 0) return part;
    if (part.length < 5) return stash.put(toggle(part.length === 2 ? 'i' : 'b'));
    // Both: what is innermost ends first, and what neither is open begins as italic.
    const order: ('b' | 'i')[] = open.length > 0 ? [...open].reverse() : ['i', 'b'];
    const rest = (['i', 'b'] as const).filter((tag) => !order.includes(tag));
    return stash.put([...order, ...rest].map(toggle).join(''));
  });
  const left = [...open].reverse().map((tag) => `</${tag}>`);
  return read.join('') + (left.length > 0 ? stash.put(left.join('')) : '');
}

export const hasOnlyPieces = (text: string): boolean => text.replace(ANY_PIECE, '').trim() === '';
