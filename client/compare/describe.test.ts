/** Changes in one line each, as the list and the card have them. */
import { describe, expect, it } from 'vitest';
import { compare } from '../../shared/compare/compare.ts';
import type { NodeJSON } from '../../shared/compare/comparison.ts';
import { kindLabel } from '../../shared/compare/describe.ts';
import { changeWords } from './describe.ts';
import { survey } from './survey.ts';

const text = (words: string, ...marks: { type: string; attrs?: Record<string, unknown> }[]): NodeJSON => ({
  type: 'text',
  text: words,
  ...(marks.length > 0 ? { marks } : {}),
});
const p = (...content: NodeJSON[]): NodeJSON => ({ type: 'paragraph', content });
const doc = (...content: NodeJSON[]): NodeJSON => ({ type: 'doc', content });

const LAND = 'The city gives land, money and time to those who care for it.';

/** Every change as "kind: words". */
function lines(before: NodeJSON, after: NodeJSON): string[] {
  const comparison = compare(before, after);
  const { facts } = survey(comparison);
  return comparison.changes.map(
    (change, number) => `${kindLabel(change.kind)}: ${changeWords(change, facts[number]!)}`,
  );
}

describe('changeWords', () => {
  it.each<[string, NodeJSON, NodeJSON, string[]]>([
    [
      'words for words',
      doc(p(text(LAND))),
      doc(p(text(LAND.replace('money', 'tools')))),
      ['Reworded: “money” became “tools”'],
    ],
    ['words that came', doc(p(text(LAND))), doc(p(text(LAND.replace('land', 'good land')))), ['Added: “good”']],
    ['a block that went', doc(p(text(LAND)), p(text('Going.'))), doc(p(text(LAND))), ['Removed: “Going.”']],
    [
      'a table that came',
      doc(p(text(LAND))),
      doc(p(text(LAND)), {
        type: 'table',
        content: [{ type: 'tableRow', content: [{ type: 'tableCell', content: [p(text('River'))] }] }],
      }),
      ['Added: table “River”'],
    ],
    [
      'a paragraph that became a heading',
      doc(p(text(LAND))),
      doc({ type: 'heading', attrs: { level: 2 }, content: [text(LAND)] }),
      ['Turned into something else: Was a paragraph'],
    ],
    [
      'bold words',
      doc(p(text(LAND))),
      doc(p(text('The '), text('city', { type: 'bold' }), text(LAND.slice(8)))),
      ['Formatting: bold added: “city”'],
    ],
  ])('%s', (_name, before, after, expected) => {
    expect(lines(before, after)).toEqual(expected);
  });

  it('cuts long passages without splitting a letter', () => {
    const [line] = lines(doc(p(text(LAND))), doc(p(text(LAND)), p(text('🌍'.repeat(200)))));
    expect(line).toMatch(/^Added: “(🌍)+…”$/u);
    expect(line?.isWellFormed()).toBe(true);
  });
});
