/** Writes bold, italic and strike: as Markdown where its flanking rules allow, else as the HTML that says the same. */
import type { Delete, Emphasis, Strong } from 'mdast';
import type { ConstructName, Handle, Info, State } from 'mdast-util-to-markdown';

/**
 * Markers are tried in order. A delimiter run opens only if what follows is no white space, and, when that is punctuation, if what
 * precedes is white space or punctuation; closing mirrors it; underscores stand only at the edges of words
 * (https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis). Runs never touch another run of their character, and the
 * nested ones are of lengths 1 and 2, which the rule of three keeps apart: so what is written here is read back as it was.
 * The library would write character references instead, which nobody can read: `**bold.&#x29;**` for a full-width stop.
 */
function attention(markers: string[], tag: string): Handle & { peek: () => string } {
  const handle = (node: Strong | Emphasis | Delete, _parent: unknown, state: State, info: Info): string => {
    const tracker = state.createTracker(info);
    tracker.move(markers[0]!);
    const exit = state.enter((node.type === 'delete' ? 'strikethrough' : node.type) as ConstructName);
    const inside = state.containerPhrasing(node, { ...tracker.current(), before: '*', after: '*' });
    exit();
    const marker = markers.find((candidate) => isFlanked(candidate[0]!, inside, info.before, info.after));
    return marker ? marker + inside + marker : `<${tag}>${inside}</${tag}>`;
  };
  handle.peek = () => '*';
  return handle;
}

export const strong = attention(['**', '__'], 'strong');
export const emphasis = attention(['*', '_'], 'em');
export const strike = attention(['~~'], 'del');

function isFlanked(marker: string, inside: string, before: string, after: string): boolean {
  const outer = [before.at(-1) ?? '\n', after.at(0) ?? '\n'] as const;
  const inner = [inside.at(0) ?? '\n', inside.at(-1) ?? '\n'] as const;
  return outer.every((outside, side) => {
    const edge = inner[side]!;
    if (outside === marker || edge === marker || isSpace(edge)) return false;
    return isSpace(outside) || isPunctuation(outside) || (marker !== '_' && isWord(edge));
  });
}

const isSpace = (character: string): boolean => /\s/.test(character);
const isPunctuation = (character: string): boolean => /[\p{P}\p{S}]/u.test(character) && !isSurrogate(character);
/** Readers disagree whether an emoji is punctuation, so it counts as neither that nor as part of a word. */
const isWord = (character: string): boolean =>
  !isSpace(character) && !/[\p{P}\p{S}]/u.test(character) && !isSurrogate(character);
const isSurrogate = (character: string): boolean => /^[\uD800-\uDFFF]/.test(character);
