/** Tests which units an edit keeps: whole words, and the ones that people mean. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Unit } from './leaf.ts';
import { alignSymbols, type FlowSymbol } from './symbols.ts';

/** One symbol per character: `¶` a marker, `↵` a break, characters between `(` and `)` inside a footnote that `(` opens. */
const EMBEDS: Readonly<Record<string, string>> = { '¶': '¶¶', '(': 'fn {}', '↵': 'br {}' };
const SIGNS = new Map(Object.entries(EMBEDS).map(([sign, symbol]) => [symbol, sign]));

function symbols(text: string): FlowSymbol[] {
  let at = -1;
  let inside = false;
  return [...text].map((symbol, offset) => {
    if (symbol === '¶') at++;
    if (symbol === ')') inside = false;
    const unit: Unit | null = symbol === '¶' ? null : { symbol, content: symbol, marks: [], inside, offset };
    if (symbol === '(') inside = true;
    return { symbol: EMBEDS[symbol] ?? symbol, at, unit };
  });
}

/** What is kept, `-deleted-` and `+inserted+`. */
function aligned(before: string, after: string, cap = Number.POSITIVE_INFINITY): string {
  let result = '';
  let last = 'keep';
  const sign = { keep: '', delete: '-', insert: '+', whole: '' };
  for (const entry of alignSymbols(symbols(before), symbols(after), cap)) {
    if (entry.kind === 'whole') continue;
    if (entry.kind !== last) result += sign[last as 'keep'] + sign[entry.kind];
    last = entry.kind;
    const { symbol } = entry.kind === 'insert' ? entry.new : entry.old;
    result += SIGNS.get(symbol) ?? symbol;
  }
  return result + sign[last as 'keep'];
}

describe('an edit', () => {
  test('is where it was made when letters repeat', () => {
    expect(aligned('¶aaa', '¶aaaa', 2)).toBe('¶a+a+aa');
    expect(aligned('¶aaaa', '¶aaa', 3)).toBe('¶aa-a-a');
  });
  test('takes whole words out, not the end of one and the start of the next, when nothing tells its place', () => {
    expect(aligned('¶one word26 word27 word28', '¶one word26 word28', 0)).toBe('¶one word26 -word27 -word28');
  });
  test('that turns a break into a line end keeps the word before it', () => {
    expect(aligned('¶one two ↵three', '¶one two \nthree', 0)).toBe('¶one two -↵-+\n+three');
  });
  test('that takes the space behind a word keeps the word', () => {
    expect(aligned('one. ¶two ', '¶one.¶two ', 0)).toBe('+¶+one.- -¶two ');
  });
  test('that takes a footnote keeps the letters before it, though the footnote ends in the same ones', () => {
    expect(aligned('¶see b9. (c2. ) on', '¶see b9.  on', 0)).toContain('¶see b9. ');
  });
  test('that joins two blocks keeps the words that meet', () => {
    expect(aligned('¶one⟨a⟩¶⟨b⟩\nend', '¶one⟨a⟩⟨b⟩ end', 0)).toBe('¶one⟨a⟩-¶-⟨b⟩-\n-+ +end');
  });
  test('leads from the one to the other, whatever they are and wherever it was made', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ' ', '.', '\n', '¶', '中', '⟨', '⟩'), { maxLength: 20 });
    fc.assert(
      fc.property(text, text, fc.nat(25), (old, fresh, cap) => {
        const before = symbols(`¶${old.join('')}`);
        const after = symbols(`¶${fresh.join('')}`);
        const entries = alignSymbols(before, after, cap);
        expect(entries.flatMap((entry) => ('old' in entry ? [entry.old] : []))).toEqual(before);
        expect(entries.flatMap((entry) => ('new' in entry ? [entry.new] : []))).toEqual(after);
        for (const entry of entries) if (entry.kind === 'keep') expect(entry.old.symbol).toBe(entry.new.symbol);
      }),
    );
  });
});
