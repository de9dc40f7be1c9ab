/** Which stretches of two texts are equal and which changed, as a person would mark them: whole words, no crumbs of equal text. */
import type { Draft } from './draft.ts';
import type { InlineText, InlineToken } from './inline-text.ts';
import { alignSequences, type Pair } from './sequence.ts';

/** Ranges of tokens on both sides. */
export interface Stretch {
  readonly equal: boolean;
  readonly b0: number;
  readonly b1: number;
  readonly a0: number;
  readonly a1: number;
}

/** Above so many tokens, whole sentences are looked for before words. */
const LONG = 800;

/** `byLine`: code, where whole lines go before words. */
export function stretchesOf(before: InlineText, after: InlineText, draft: Draft, byLine: boolean): Stretch[] {
  const long = Math.max(before.tokens.length, after.tokens.length) > LONG;
  const anchors = byLine || long ? alignParts(before, after, draft, byLine) : [];
  const pairs: Pair[] = [];
  let [b, a] = [0, 0];
  for (const [bEnd, aEnd] of [...anchors, [before.tokens.length, after.tokens.length] as const]) {
    alignWords(before.tokens, after.tokens, b, bEnd, a, aEnd, pairs);
    [b, a] = [bEnd, aEnd];
    if (b < before.tokens.length && a < after.tokens.length) pairs.push([b++, a++]);
  }
  const [bLength, aLength] = [before.tokens.length, after.tokens.length];
  // Empty ones at both ends, which a change that slides leaves room to.
  const stretches = [
    { equal: true, b0: 0, b1: 0, a0: 0, a1: 0 },
    ...withoutIslands(toStretches(pairs, bLength, aLength), before, after),
    { equal: true, b0: bLength, b1: bLength, a0: aLength, a1: aLength },
  ];
  return stretches.flatMap((stretch, index) => slide(stretches, index, stretch, before, after));
}

/** Pairs of tokens, spaces left aside: between words that stay, equal spaces at the ends of what changed stay too. */
function alignWords(
  before: readonly InlineToken[],
  after: readonly InlineToken[],
  b0: number,
  b1: number,
  a0: number,
  a1: number,
  pairs: Pair[],
): void {
  const solid = (tokens: readonly InlineToken[], from: number, to: number) => {
    const result: number[] = [];
    for (let at = from; at < to; at++) if (tokens[at]!.kind !== 'space') result.push(at);
    return result;
  };
  const solidBefore = solid(before, b0, b1);
  const solidAfter = solid(after, a0, a1);
  const found = alignSequences(
    solidBefore.map((at) => before[at]!.key),
    solidAfter.map((at) => after[at]!.key),
  );
  let [b, a] = [b0, a0];
  const gap = (bEnd: number, aEnd: number) => {
    for (; b < bEnd && a < aEnd && before[b]!.key === after[a]!.key; b++, a++) pairs.push([b, a]);
    let [bTail, aTail] = [bEnd, aEnd];
    while (bTail > b && aTail > a && before[bTail - 1]!.key === after[aTail - 1]!.key) {
      bTail--;
      aTail--;
    }
    for (; bTail < bEnd; bTail++, aTail++) pairs.push([bTail, aTail]);
  };
  for (const [bIndex, aIndex] of found) {
    const [bAt, aAt] = [solidBefore[bIndex]!, solidAfter[aIndex]!];
    gap(bAt, aAt);
    pairs.push([bAt, aAt]);
    [b, a] = [bAt + 1, aAt + 1];
  }
  gap(b1, a1);
}

/** Pairs of tokens of equal lines, or of equal sentences. */
function alignParts(before: InlineText, after: InlineText, draft: Draft, byLine: boolean): Pair[] {
  const parts = ({ text, tokens }: InlineText) => {
    const result: { from: number; to: number; key: number }[] = [];
    let from = 0;
    tokens.forEach((token, index) => {
      const ends = byLine
        ? text.slice(token.from, token.to).includes('\n')
        : token.kind === 'atom' || /[.!?。！？…\n]/u.test(text.slice(token.from, token.to));
      if (!ends && index < tokens.length - 1) return;
      const keys = tokens.slice(from, index + 1).map(({ key }) => key);
      result.push({ from, to: index + 1, key: draft.tokens.of(`parts ${keys.join()}`) });
      from = index + 1;
    });
    return result;
  };
  const [partsBefore, partsAfter] = [parts(before), parts(after)];
  const found = alignSequences(
    partsBefore.map(({ key }) => key),
    partsAfter.map(({ key }) => key),
  );
  return found.flatMap(([b, a]) => {
    const [{ from, to }, other] = [partsBefore[b]!, partsAfter[a]!];
    return Array.from({ length: to - from }, (_, n): Pair => [from + n, other.from + n]);
  });
}

function toStretches(pairs: readonly Pair[], bLength: number, aLength: number): Stretch[] {
  const stretches: Stretch[] = [];
  let [b, a] = [0, 0];
  let equalFrom: Pair = [0, 0];
  const close = (bNext: number, aNext: number) => {
    if (b > equalFrom[0]) stretches.push({ equal: true, b0: equalFrom[0], b1: b, a0: equalFrom[1], a1: a });
    if (bNext > b || aNext > a) stretches.push({ equal: false, b0: b, b1: bNext, a0: a, a1: aNext });
    equalFrom = [bNext, aNext];
  };
  for (const [bAt, aAt] of pairs) {
    if (bAt > b || aAt > a) close(bAt, aAt);
    [b, a] = [bAt + 1, aAt + 1];
  }
  close(bLength, aLength);
  return stretches;
}

interface Size {
  words: number;
  /** In letters; one of an unspaced script counts for three. */
  letters: number;
  hasAtom: boolean;
  /** A sentence ends in it. */
  hasEnd: boolean;
}

/** Whether it can be there by chance. Words on both sides of a sentence's end are none. */
const isCrumb = ({ words, hasAtom, hasEnd }: Size, most: number): boolean =>
  !hasAtom && words <= most && !(hasEnd && words > 0);

function sizeOf({ text, tokens }: InlineText, from: number, to: number): Size {
  const size: Size = { words: 0, letters: 0, hasAtom: false, hasEnd: false };
  for (let at = from; at < to; at++) {
    const token = tokens[at]!;
    if (token.kind === 'atom') size.hasAtom = true;
    if (token.kind === 'sign' && /[.!?。！？…]/u.test(text[token.from]!)) size.hasEnd = true;
    if (token.kind !== 'word') continue;
    size.words++;
    const isDense = /[\u2e80-\u9fff\uac00-\ud7af\u0e00-\u0eff]/.test(text[token.from]!);
    size.letters += (token.to - token.from) * (isDense ? 3 : 1);
  }
  return size;
}

/** Of what a scatter of changes and the words between them hold together, so much may be equal for all of it to count as rewritten. */
const REWRITTEN = 0.45;
/** Words between two changes of one scatter. */
const MOST_BETWEEN = 3;

/**
 * Takes into the changes what is equal between two of them by chance: spaces and signs, one or two short words between long changes,
 * and what is left of a sentence that was rewritten. That is then one change, not a scatter of words.
 */
function withoutIslands(stretches: readonly Stretch[], before: InlineText, after: InlineText): Stretch[] {
  return mergeScatters(mergeAcross(stretches, before, after), before, after);
}

function mergeAcross(stretches: readonly Stretch[], before: InlineText, after: InlineText): Stretch[] {
  const weigh = ({ b0, b1, a0, a1 }: Stretch) => {
    const [removed, added] = [sizeOf(before, b0, b1), sizeOf(after, a0, a1)];
    return { removed, added, letters: Math.max(removed.letters, added.letters) };
  };
  const isIsland = (left: Stretch, island: Stretch, right: Stretch): boolean => {
    const size = sizeOf(before, island.b0, island.b1);
    if (!isCrumb(size, 2)) return false;
    const [one, other] = [weigh(left), weigh(right)];
    if (size.words > 0) return 3 * size.letters <= Math.min(one.letters, other.letters);
    // Nothing but spaces and signs. Two words that only went, or only came, are not made into words that were replaced.
    const removes = one.removed.words > 0 || other.removed.words > 0;
    const adds = one.added.words > 0 || other.added.words > 0;
    return removes && adds;
  };
  const result: Stretch[] = [];
  for (const stretch of stretches) {
    let merged = stretch;
    while (!merged.equal && result.length >= 2 && isIsland(result.at(-2)!, result.at(-1)!, merged)) {
      result.pop();
      merged = span(result.pop()!, merged);
    }
    result.push(merged);
  }
  return result;
}

/** One change from the first to the last of some stretches. */
const span = (first: Stretch, last: Stretch): Stretch => ({
  equal: false,
  b0: first.b0,
  b1: last.b1,
  a0: first.a0,
  a1: last.a1,
});

function mergeScatters(stretches: readonly Stretch[], before: InlineText, after: InlineText): Stretch[] {
  const result: Stretch[] = [];
  /** Changes with few words between them, from the first change to the last. */
  let scatter: Stretch[] = [];
  const close = () => {
    const tail = scatter.at(-1)?.equal ? [scatter.pop()!] : [];
    const letters = (equal: boolean) =>
      scatter
        .filter((stretch) => stretch.equal === equal)
        .map(({ b0, b1, a0, a1 }) => Math.max(sizeOf(before, b0, b1).letters, sizeOf(after, a0, a1).letters))
        .reduce((total, count) => total + count, 0);
    const [equal, changed] = [letters(true), letters(false)];
    const isRewritten = scatter.length >= 5 && equal <= REWRITTEN * (equal + changed);
    result.push(...(isRewritten ? [span(scatter[0]!, scatter.at(-1)!)] : scatter), ...tail);
    scatter = [];
  };
  for (const stretch of stretches) {
    const size = stretch.equal ? sizeOf(before, stretch.b0, stretch.b1) : null;
    const isBetween = size === null || (scatter.length > 0 && isCrumb(size, MOST_BETWEEN));
    if (isBetween) scatter.push(stretch);
    else {
      close();
      result.push(stretch);
    }
  }
  close();
  return result;
}

/**
 * Words that only came, or only went, can often be marked at several places: `a [b a] b` or `[a b] a b`. They are moved to where a
 * sentence starts, or else a word.
 */
function slide(
  stretches: readonly Stretch[],
  index: number,
  stretch: Stretch,
  before: InlineText,
  after: InlineText,
): Stretch[] {
  const shift = (at: number): number => {
    const changed = stretches[at];
    if (!changed || changed.equal) return 0;
    const inserts = changed.b0 === changed.b1;
    if (!inserts && changed.a0 !== changed.a1) return 0;
    /** What is equal between two changes is divided between them. */
    const room = (beside: Stretch | undefined, beyond: Stretch | undefined) => {
      const length = beside?.equal ? beside.b1 - beside.b0 : 0;
      return beyond && !beyond.equal ? length >> 1 : length;
    };
    const mostLeft = room(stretches[at - 1], stretches[at - 2]);
    const mostRight = room(stretches[at + 1], stretches[at + 2]);
    return inserts
      ? bestShift(after, changed.a0, changed.a1, mostLeft, mostRight)
      : bestShift(before, changed.b0, changed.b1, mostLeft, mostRight);
  };
  const { equal, b0, b1, a0, a1 } = stretch;
  const [atStart, atEnd] = equal ? [shift(index - 1), shift(index + 1)] : [shift(index), shift(index)];
  const moved = { equal, b0: b0 + atStart, b1: b1 + atEnd, a0: a0 + atStart, a1: a1 + atEnd };
  return moved.b0 === moved.b1 && moved.a0 === moved.a1 ? [] : [moved];
}

/** By how many tokens to the right, or, below 0, to the left. */
function bestShift(side: InlineText, from: number, to: number, mostLeft: number, mostRight: number): number {
  const { tokens } = side;
  const isSame = (one: number, other: number) => tokens[one]!.key === tokens[other]!.key;
  let best = 0;
  const consider = (by: number) => {
    if (startScore(side, from + by) > startScore(side, from + best)) best = by;
  };
  for (let by = 1; by <= mostLeft && isSame(from - by, to - by); by++) consider(-by);
  for (let by = 1; by <= mostRight && isSame(from + by - 1, to + by - 1); by++) consider(by);
  return best;
}

/** How good a place a token is for a change to start at. */
function startScore({ text, tokens }: InlineText, at: number): number {
  const textAt = (index: number) => text.slice(tokens[index]?.from ?? 0, tokens[index]?.to ?? 0);
  const previous = tokens[at - 1];
  if (!previous) return 5;
  if (previous.kind === 'atom' || textAt(at - 1).includes('\n') || /[。！？]/u.test(textAt(at - 1))) return 4;
  if (previous.kind === 'space') return /^[.!?…:;]$/u.test(textAt(at - 2)) ? 4 : 1;
  return /^[.!?…]$/u.test(textAt(at - 1)) && tokens[at]?.kind === 'space' ? 2 : 0;
}
