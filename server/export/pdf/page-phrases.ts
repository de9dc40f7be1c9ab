/** Turns the tree's words into what the template lays out: clean text, whole addresses, long words that can be broken. */
import type { PhrasingContent } from 'mdast';
import type { Phrase } from './page-document.ts';

export interface PhraseOptions {
  /** What addresses within the site are relative to; null: they are shown, but lead nowhere. */
  readonly base: string | null;
  /** Letters after which a word may be broken anywhere. */
  readonly longest: number;
  readonly inHeading: boolean;
  /** Whether it stands in what is underlined or struck through already. */
  readonly lined: boolean;
  /** Redlines: changes that already have their address, and whether links may lead to them: `#change-1` is that of change 0. */
  readonly anchored: Set<number>;
  readonly toChanges: boolean;
  /** Takes the addresses of what is laid out more than once, as a heading in the contents is: they stand before its block. */
  readonly anchors: string[] | null;
}

/** Typst refuses longer addresses. */
const LONGEST_URL = 4000;

export function toPhrases(nodes: readonly PhrasingContent[], options: PhraseOptions): Phrase[] {
  return withNotesAttached(nodes.flatMap((node) => phrase(node, options)));
}

/** A space before a note would let its number begin a line: it goes behind the note. */
function withNotesAttached(phrases: readonly Phrase[]): Phrase[] {
  const attached: Phrase[] = [];
  let space = '';
  for (const [index, phrase] of phrases.entries()) {
    const next = phrases[index + 1];
    if (phrase.t === 'text' && next && isNote(next)) {
      const v = `${space}${phrase.v}`.trimEnd();
      space = /\s$/.test(phrase.v) ? ' ' : '';
      if (v !== '') attached.push({ t: 'text', v });
    } else if (isNote(phrase)) {
      attached.push(phrase);
    } else {
      if (space !== '' && !(phrase.t === 'text' && /^[\s\p{P}]/u.test(phrase.v)))
        attached.push({ t: 'text', v: space });
      space = '';
      attached.push(phrase);
    }
  }
  return attached;
}

const isNote = ({ t }: Phrase): boolean => t === 'note' || t === 'heading-note';

function phrase(node: PhrasingContent, outer: PhraseOptions): Phrase[] {
  // PDF/UA knows one line at or through a word. Others are drawn as the lower edge of an empty frame.
  const isLine = STRIKES.has(node.type) || UNDERLINES.has(node.type);
  const ruled = UNDERLINES.has(node.type) && (outer.lined || holdsStrike(node));
  const options = isLine && !ruled ? { ...outer, lined: true } : outer;
  if (node.type === 'delete' && outer.lined) return toPhrases(node.children, outer);
  switch (node.type) {
    case 'text':
      return words('text', node.value, options.longest);
    case 'inlineCode':
      return words('code', node.value, options.longest);
    case 'break':
      return [{ t: 'break' }];
    case 'link': {
      const c = toPhrases(node.children, options);
      const change = options.toChanges ? /^#change-(\d+)$/.exec(node.url)?.[1] : undefined;
      if (change && options.anchored.has(Number(change) - 1)) return [{ t: 'goto', to: `change-${change}`, c }];
      const url = wholeAddress(node.url, options.base);
      return url === null || c.length === 0 ? c : [{ t: 'link', url, ruled, c }];
    }
    case 'footnote': {
      const c = toPhrases(node.children, { ...options, longest: 60, lined: false });
      return [{ t: options.inHeading ? 'heading-note' : 'note', c }];
    }
    case 'insertion':
    case 'deletion': {
      const { type: t, change, moved } = node;
      return [{ t, change, ...anchorOf(change, options), moved, ruled, c: toPhrases(node.children, options) }];
    }
    case 'changeNote':
      return [{ t: 'change-note', change: node.change, ...anchorOf(node.change, options), v: printable(node.value) }];
    case 'underline':
      return [{ t: 'underline', ruled, c: toPhrases(node.children, options) }];
    case 'strong':
    case 'emphasis':
    case 'delete':
    case 'highlight':
    case 'subscript':
    case 'superscript':
    case 'monospace':
      return [{ t: node.type, c: toPhrases(node.children, options) }];
    default:
      throw new TypeError(`The tree of a plan holds no ${node.type}`);
  }
}

const STRIKES: ReadonlySet<string> = new Set(['delete', 'deletion']);
const UNDERLINES: ReadonlySet<string> = new Set(['underline', 'link', 'insertion']);

const holdsStrike = (node: PhrasingContent): boolean =>
  'children' in node &&
  node.type !== 'footnote' &&
  node.children.some((child) => STRIKES.has(child.type) || holdsStrike(child));

function anchorOf(change: number | null, { anchored, anchors }: PhraseOptions): { anchor?: string } {
  if (change === null || anchored.has(change)) return {};
  anchored.add(change);
  const anchor = `change-${change + 1}`;
  if (!anchors) return { anchor };
  anchors.push(anchor);
  return {};
}

/** Without what no font draws and no reader sees: control characters, byte order marks, object replacements, noncharacters. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\v\f\u2028\u2029]/g, ' ')
    .replace(/[\p{Cc}\p{Noncharacter_Code_Point}\ufeff\ufffc]/gu, '');
}

/** Letters of a word that may leave an ugly hole in a line: an address, mostly. It may be broken after its signs. */
const UNWIELDY = 24;
const AFTER_A_SIGN = /(?<=[^\s\p{L}\p{N}]{1,3})(?=[\p{L}\p{N}])/u;

/** One text, with gaps in unwieldy words, and in words that are longer than a line could hold. */
export function words(t: 'text' | 'code', value: string, longest: number): Phrase[] {
  const text = printable(value);
  if (text === '') return [];
  // Most texts have no such word: then there is no reason to look at each of their letters.
  const most = Math.min(longest, UNWIELDY);
  if (text.length <= most || !new RegExp(`[^\\s\\u200b-]{${most + 1}}`, 'u').test(text)) return [{ t, v: text }];
  const phrases: Phrase[] = [];
  for (const part of broken(text, longest)) {
    if (phrases.length > 0) phrases.push({ t: 'gap' });
    phrases.push({ t, v: part });
  }
  return phrases;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function broken(text: string, longest: number): string[] {
  const parts: string[] = [];
  let part = '';
  for (const word of text.split(/(?<=[\s\u200b-])/)) {
    const pieces = word.length > UNWIELDY ? word.split(AFTER_A_SIGN) : [word];
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) {
        parts.push(part);
        part = '';
      }
      let run = 0;
      for (const { segment } of piece.length > longest ? graphemes.segment(piece) : [{ segment: piece }]) {
        if (++run > longest) {
          parts.push(part);
          part = '';
          run = 1;
        }
        part += segment;
      }
    }
  }
  return [...parts, part];
}

/** Null: the address leads nowhere outside the page that it stood on. */
function wholeAddress(address: string, base: string | null): string | null {
  try {
    const url = new URL(address, base ?? undefined);
    if (!/^(https?|mailto|tel):$/.test(url.protocol) || address.startsWith('#')) return null;
    return url.href.length > LONGEST_URL ? null : url.href;
  } catch {
    return null;
  }
}
