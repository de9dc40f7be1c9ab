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
  handle.peek = () => markers[0]!.charAt(0);
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
/** Without `~`, which some readers look past to what is behind it. */
const isPunctuation = (character: string): boolean => /[\p{P}$+<=>^`|]/u.test(character);
/** Readers disagree whether emoji and symbols such as ½ are punctuation, so they count as neither that nor as part of a word. */
const isWord = (character: string): boolean => !isSpace(character) && !/[\p{P}\p{S}\uD800-\uDFFF]/u.test(character);
