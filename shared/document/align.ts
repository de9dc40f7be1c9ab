/** Which blocks and characters of an edited document are the ones that were there before: what need not be written. */
import type { Node } from '@tiptap/pm/model';
import type { Block, Slot } from './blocks.ts';
import type { Leaf } from './flatten.ts';
import { leafUnits, type Unit } from './leaf.ts';

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

/** Aligns old blocks with new leaves. `hint`: where the edit started, as a position in the new nodes, or null. */
export function align(blocks: readonly Block[], leaves: readonly Leaf[], hint: number | null): Entry[] {
  const entries: Entry[] = [];
  let block = 0;
  let leaf = 0;
  const gap = (blockEnd: number, leafEnd: number) => {
    for (const entry of alignGap(blocks, block, blockEnd, leaves, leaf, leafEnd, hint)) entries.push(entry);
  };
  for (const [b, l] of anchors(blocks, leaves)) {
    gap(b, l);
    entries.push({ kind: 'whole', block: b, leaf: l });
    block = b + 1;
    leaf = l + 1;
  }
  gap(blocks.length, leaves.length);
  return entries;
}

/** Pairs of blocks and leaves that show the same, rising on both sides. */
const anchors = (blocks: readonly Block[], leaves: readonly Leaf[]): [number, number][] =>
  matchNodes(
    blocks.map(({ node, marker }) => (marker ? node : null)),
    leaves.map(({ node }) => node),
    true,
  );

/** The numbers of those new leaves that are fillers of the view and that an edit left as they are. */
export function untouchedFillers(slots: readonly Slot[], leaves: readonly Node[]): Set<number> {
  if (slots.every(({ block }) => block)) return new Set();
  const pairs = matchNodes(
    slots.map(({ node }) => node),
    leaves,
    false,
  );
  return new Set(pairs.filter(([slot]) => slots[slot]!.block === null).map(([, leaf]) => leaf));
}

/** Index pairs of matching nodes, rising on both sides: the very same node, or (`byContent`) an equal one. Null matches nothing. */
function matchNodes(
  before: readonly (Node | null)[],
  after: readonly (Node | null)[],
  byContent: boolean,
): [number, number][] {
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before[start] && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < most - start) {
    const node = before[before.length - 1 - tail];
    if (!node || node !== after[after.length - 1 - tail]) break;
    tail++;
  }
  const beforeEnd = before.length - tail;
  const afterEnd = after.length - tail;
  const pairs: [number, number][] = [];
  for (let i = 0; i < start; i++) pairs.push([i, i]);
  const claimed = new Set<number>();
  const candidates = new Array<number | null>(afterEnd - start).fill(null);
  const claim = <K>(keyOf: (node: Node) => K, equal: (a: Node, b: Node) => boolean) => {
    const places = new Map<K, number[]>();
    for (let i = beforeEnd - 1; i >= start; i--) {
      const node = before[i];
      if (node && !claimed.has(i)) append(places, keyOf(node), i);
    }
    for (let j = start; j < afterEnd; j++) {
      const node = after[j];
      if (!node || candidates[j - start] !== null) continue;
      const list = places.get(keyOf(node));
      const i = list?.at(-1);
      if (i === undefined || !equal(before[i]!, node)) continue;
      list!.pop();
      claimed.add(i);
      candidates[j - start] = i;
    }
  };
  // The very node first: the editor leaves untouched leaves as they are. Equal content next: a whole document put in anew.
  claim((node) => node, Object.is);
  if (byContent) claim(contentKey, (a, b) => a.content.size > 0 && a.eq(b));
  pairs.push(...longestRising(candidates).map((i): [number, number] => [candidates[i]!, start + i]));
  for (let i = 0; i < tail; i++) pairs.push([beforeEnd + i, afterEnd + i]);
  return pairs;
}

const contentKey = (node: Node): string => `${node.type.name} ${node.textContent}`;

function append<K>(index: Map<K, number[]>, key: K, value: number): void {
  const list = index.get(key);
  if (list) list.push(value);
  else index.set(key, [value]);
}

/** Indexes of a longest strictly rising subsequence, nulls left out. */
function longestRising(values: readonly (number | null)[]): number[] {
  const tails: number[] = [];
  const previous: number[] = [];
  values.forEach((value, i) => {
    if (value === null) return;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[tails[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    previous[i] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = i;
  });
  const result: number[] = [];
  for (let i = tails.at(-1) ?? -1; i >= 0; i = previous[i]!) result.push(i);
  return result.reverse();
}

const MARKER = '¶¶';

/** Textblocks may become one another; a rule or an empty row is not a paragraph. */
const markerSymbol = (node: Node | null): string =>
  node === null ? '¶-' : node.isTextblock ? MARKER : `¶${node.type.name}`;

function alignGap(
  blocks: readonly Block[],
  blockStart: number,
  blockEnd: number,
  leaves: readonly Leaf[],
  leafStart: number,
  leafEnd: number,
  hint: number | null,
): Entry[] {
  if (blockStart === blockEnd && leafStart === leafEnd) return [];
  const before: FlowSymbol[] = [];
  for (let b = blockStart; b < blockEnd; b++) {
    const { marker, node } = blocks[b]!;
    if (marker) before.push({ symbol: markerSymbol(node), at: b, unit: null });
    if (node) for (const unit of leafUnits(node)) before.push({ symbol: unit.symbol, at: b, unit });
  }
  const after: FlowSymbol[] = [];
  let cap = Number.POSITIVE_INFINITY;
  for (let l = leafStart; l < leafEnd; l++) {
    const { node, pos } = leaves[l]!;
    if (hint !== null && pos >= hint) cap = Math.min(cap, after.length);
    after.push({ symbol: markerSymbol(node), at: l, unit: null });
    if (!node) continue;
    for (const unit of leafUnits(node)) {
      if (hint !== null && pos + 1 + unit.offset >= hint) cap = Math.min(cap, after.length);
      after.push({ symbol: unit.symbol, at: l, unit });
    }
  }
  return alignSymbols(before, after, cap);
}

function alignSymbols(before: readonly FlowSymbol[], after: readonly FlowSymbol[], cap: number): Entry[] {
  let prefix = 0;
  const most = Math.min(before.length, after.length);
  while (prefix < most && prefix < cap && before[prefix]!.symbol === after[prefix]!.symbol) prefix++;
  if (prefix > 0 && isHighSurrogate(before[prefix - 1]!)) prefix--;
  let suffix = 0;
  while (
    suffix < most - prefix &&
    before[before.length - 1 - suffix]!.symbol === after[after.length - 1 - suffix]!.symbol
  ) {
    suffix++;
  }
  if (suffix > 0 && isLowSurrogate(before[before.length - suffix]!)) suffix--;
  const removed = before.slice(prefix, before.length - suffix);
  const added = after.slice(prefix, after.length - suffix);
  if (removed.length > 0 && added.length > 0 && [...removed, ...added].some((symbol) => !isLetter(symbol))) {
    // More than one word gave way to something else: letters that both happen to begin or end with are no common word.
    const splits = (kept: FlowSymbol | undefined, ...beside: (FlowSymbol | undefined)[]) =>
      kept && isLetter(kept) && beside.some((symbol) => symbol && isLetter(symbol));
    while (splits(before[prefix - 1], before[prefix], after[prefix])) prefix--;
    while (
      splits(before[before.length - suffix], before[before.length - suffix - 1], after[after.length - suffix - 1])
    ) {
      suffix--;
    }
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

const isLetter = ({ symbol }: FlowSymbol): boolean => symbol.length === 1 && !/\s/.test(symbol);
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
      a[i]!.symbols.forEach((old, n) => {
        entries.push({ kind: 'keep', old, new: b[j]!.symbols[n]! });
      });
      i++;
      j++;
    } else if (i < a.length && (j === b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) {
      for (const old of a[i++]!.symbols) entries.push({ kind: 'delete', old });
    } else {
      for (const fresh of b[j++]!.symbols) entries.push({ kind: 'insert', new: fresh });
    }
  }
  return entries;
}

interface Word {
  text: string;
  symbols: FlowSymbol[];
}

/** Written without spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/**
 * Words with their punctuation and the spaces behind them; markers and embeds by themselves. Smaller pieces repeat so often
 * that unrelated sentences would share them, and a word made of kept and new letters breaks when somebody else edits it.
 */
function words(symbols: readonly FlowSymbol[]): Word[] {
  const result: Word[] = [];
  type Kind = 'no' | 'letters' | 'spaces';
  let open = 'no' as Kind;
  for (const symbol of symbols) {
    const last = result.at(-1);
    const { symbol: text } = symbol;
    const next: Kind = text.length > 1 || UNSPACED.test(text) ? 'no' : /\s/.test(text) ? 'spaces' : 'letters';
    const joins = last?.symbols[0]?.at === symbol.at && next !== 'no' && (open === 'letters' || open === next);
    if (last && joins) {
      last.text += text;
      last.symbols.push(symbol);
    } else {
      result.push({ text, symbols: [symbol] });
    }
    open = next;
  }
  return result;
}
