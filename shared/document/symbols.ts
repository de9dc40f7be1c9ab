/** Which units of a run of the flow are the ones that were there before: by both ends, and between them by words. */
import type { Unit } from './leaf.ts';

/** A unit of the flow: a marker (`unit` null) or a unit of the content behind it. */
export interface FlowSymbol {
  readonly symbol: string;
  /** Index of its block, or of its leaf. */
  readonly at: number;
  readonly unit: Unit | null;
}

/** One entry of an alignment: kept when both sides are there, otherwise deleted or inserted. A whole entry keeps a block as it is. */
export type Entry =
  | { kind: 'whole'; block: number; leaf: number }
  | { kind: 'keep'; old: FlowSymbol; new: FlowSymbol }
  | { kind: 'delete'; old: FlowSymbol }
  | { kind: 'insert'; new: FlowSymbol };

/** Above this many words the inside of one change is replaced as a whole: the comparison is quadratic. */
const MOST_WORDS = 600;

/** Aligns two runs of symbols. `cap`: the index in `after` at which the edit started, for where equal symbols repeat. */
export function alignSymbols(before: readonly FlowSymbol[], after: readonly FlowSymbol[], cap: number): Entry[] {
  const most = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < most && isSame(before[prefix]!, after[prefix]!)) prefix++;
  let suffix = 0;
  while (suffix < most && isSame(before.at(-1 - suffix)!, after.at(-1 - suffix)!)) suffix++;
  if (prefix + suffix > most) {
    // Where symbols repeat, both ends lay claim to the same ones. The place of the edit, if it is among them, tells whose they are;
    // if not, whole words changed rather than the end of one and the start of the next.
    const least = most - suffix;
    if (cap >= least) prefix = Math.min(prefix, cap);
    else {
      let place = prefix;
      while (place > least && splitsWord(before, place)) place--;
      if (!splitsWord(before, place)) prefix = place;
    }
    suffix = most - prefix;
  }
  if (prefix > 0 && isHighSurrogate(before[prefix - 1]!)) prefix--;
  if (suffix > 0 && isLowSurrogate(before[before.length - suffix]!)) suffix--;
  const removed = before.slice(prefix, before.length - suffix);
  const added = after.slice(prefix, after.length - suffix);
  if (removed.length > 0 && added.length > 0 && [...removed, ...added].some((symbol) => kindOf(symbol) !== 'letter')) {
    // More than one word gave way to something else: letters that both happen to begin or end with are no common word.
    while (splitsWord(before, prefix)) prefix--;
    while (splitsWord(before, before.length - suffix)) suffix--;
  }
  // Enter at the start of a block: the empty block is the new one, so the text keeps its marker, and with it kind and tags.
  const lastKept = before[prefix - 1];
  const lastInserted = after[after.length - suffix - 1];
  const onlyInserts = prefix + suffix === before.length && prefix + suffix < after.length;
  if (onlyInserts && lastKept?.unit === null && lastInserted?.symbol === lastKept.symbol) {
    prefix--;
    suffix++;
  }
  const entries: Entry[] = [];
  for (let i = 0; i < prefix; i++) entries.push({ kind: 'keep', old: before[i]!, new: after[i]! });
  const middle = alignWords(before.slice(prefix, before.length - suffix), after.slice(prefix, after.length - suffix));
  // One by one: as arguments of a single call, the characters of a whole plan overflow the stack.
  for (const entry of middle) entries.push(entry);
  for (let i = suffix; i > 0; i--) {
    entries.push({ kind: 'keep', old: before[before.length - i]!, new: after[after.length - i]! });
  }
  return entries;
}

const isSame = (old: FlowSymbol, fresh: FlowSymbol): boolean =>
  old.symbol === fresh.symbol && old.unit?.inside === fresh.unit?.inside;
const isHighSurrogate = ({ symbol }: FlowSymbol): boolean => symbol.length === 1 && /[\uD800-\uDBFF]/.test(symbol);
const isLowSurrogate = ({ symbol }: FlowSymbol): boolean => symbol.length === 1 && /[\uDC00-\uDFFF]/.test(symbol);

/** Longest common subsequence by words, so that a rewritten sentence keeps whole words and never crumbs of letters. */
function alignWords(before: readonly FlowSymbol[], after: readonly FlowSymbol[]): Entry[] {
  const replaced = (): Entry[] => [
    ...before.map((old): Entry => ({ kind: 'delete', old })),
    ...after.map((fresh): Entry => ({ kind: 'insert', new: fresh })),
  ];
  if (before.length === 0 || after.length === 0) return replaced();
  const a = words(before);
  const b = words(after);
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return replaced();
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] =
        a[i]!.text === b[j]!.text
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  const entries: Entry[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i]!.text === b[j]!.text) {
      for (const entry of alignEqualWords(a[i++]!, b[j++]!)) entries.push(entry);
    } else if (i < a.length && (j === b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) {
      for (const old of a[i++]!.symbols) entries.push({ kind: 'delete', old });
    } else {
      for (const fresh of b[j++]!.symbols) entries.push({ kind: 'insert', new: fresh });
    }
  }
  return entries;
}

/** Two words that differ in nothing but the spaces behind them. */
function alignEqualWords(before: Word, after: Word): Entry[] {
  let kept = 0;
  while (before.symbols[kept] && before.symbols[kept]!.symbol === after.symbols[kept]?.symbol) kept++;
  return [
    ...before.symbols.slice(0, kept).map((old, n): Entry => ({ kind: 'keep', old, new: after.symbols[n]! })),
    ...before.symbols.slice(kept).map((old): Entry => ({ kind: 'delete', old })),
    ...after.symbols.slice(kept).map((fresh): Entry => ({ kind: 'insert', new: fresh })),
  ];
}

interface Word {
  /** What words are compared by: without the spaces behind it, unless there is nothing else. */
  text: string;
  symbols: FlowSymbol[];
}

/** Written without spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const OPENING = /[\p{Ps}\p{Pi}]/u;
const CLOSING = /[\p{Pe}\p{Pf}]/u;

/** `alone`: a word by itself. */
type Kind = 'letter' | 'space' | 'alone';
const kindOf = ({ symbol }: FlowSymbol): Kind =>
  symbol.length > 1 || UNSPACED.test(symbol) ? 'alone' : /\s/.test(symbol) ? 'space' : 'letter';

/** Whether no word ends between two neighbouring symbols. */
function isOneWord(left: FlowSymbol, right: FlowSymbol): boolean {
  if (left.at !== right.at || kindOf(left) !== 'letter' || kindOf(right) !== 'letter') return false;
  if (OPENING.test(right.symbol)) return OPENING.test(left.symbol);
  return !(CLOSING.test(left.symbol) && /[\p{L}\p{N}]/u.test(right.symbol));
}

/** Whether the symbols before and from an index on share a word. */
const splitsWord = (symbols: readonly FlowSymbol[], index: number): boolean =>
  index > 0 && index < symbols.length && isOneWord(symbols[index - 1]!, symbols[index]!);

/**
 * Words with their punctuation and the spaces behind them; markers and embeds by themselves. Smaller pieces repeat so often
 * that unrelated sentences would share them, and a word made of kept and new letters breaks when somebody else edits it.
 */
function words(symbols: readonly FlowSymbol[]): Word[] {
  const result: Word[] = [];
  for (const symbol of symbols) {
    const word = result.at(-1);
    const last = word?.symbols.at(-1);
    const trails = last?.at === symbol.at && kindOf(symbol) === 'space' && kindOf(last) !== 'alone';
    if (word && last && (trails || isOneWord(last, symbol))) {
      word.symbols.push(symbol);
      if (!trails) word.text += symbol.symbol;
    } else {
      result.push({ text: symbol.symbol, symbols: [symbol] });
    }
  }
  return result;
}
