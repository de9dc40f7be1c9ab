/** Accepting some changes and rejecting others, where the two documents would not simply add up. */
import { describe, expect, it } from 'vitest';
import { schema } from '../schema/schema.ts';
import { compare } from './compare.ts';
import type { ChangeKind, NodeJSON } from './comparison.ts';
import { resolve } from './resolve.ts';
import { doc, h, notation, p, quote, table, ul } from './test-notation.ts';

const LAND = 'The city gives land, money and time to those who care for it.';
const WATER = 'Every street keeps a register of its wells, pumps and gardens.';
const SEEDS = 'Assemblies meet twice a year and decide by consent on seeds.';

/** The document with only the changes of some kinds accepted, as lines. */
function accepting(before: NodeJSON, after: NodeJSON, ...kinds: ChangeKind[]): string[] {
  const comparison = compare(before, after);
  const result = resolve(comparison, (change) => kinds.includes(comparison.changes[change]!.kind));
  const node = schema.nodeFromJSON(result);
  node.check();
  return notation(compare(node.toJSON(), node.toJSON())).split('\n');
}

describe('resolve', () => {
  it('keeps an edit of what moved where it stood, when only the edit is accepted', () => {
    const after = doc(WATER, SEEDS, LAND.replace('money', 'tools'));
    expect(accepting(doc(LAND, WATER, SEEDS), after, 'replaced')).toEqual([
      `p ${LAND.replace('money', 'tools')}`,
      `p ${WATER}`,
      `p ${SEEDS}`,
    ]);
    expect(accepting(doc(LAND, WATER, SEEDS), after, 'moved')).toEqual([`p ${WATER}`, `p ${SEEDS}`, `p ${LAND}`]);
  });

  it('takes an item for a paragraph where its list is rejected', () => {
    const [before, after] = [doc('Land', 'Seeds'), doc(ul('Land', 'Water', 'Seeds'))];
    expect(accepting(before, after, 'inserted')).toEqual(['p Land', 'p Water', 'p Seeds']);
    expect(accepting(before, after, 'retyped')).toEqual(['ul', '  li Land', '  li Seeds']);
  });

  it('makes items of paragraphs that come into a list which stays', () => {
    const [before, after] = [doc(ul('Land', 'Water')), doc('Land', quote(LAND), 'Water')];
    expect(accepting(before, after, 'inserted')).toEqual([
      'ul',
      '  li Land',
      '  li',
      '    p',
      '    quote',
      `      p ${LAND}`,
      '  li Water',
    ]);
  });

  it('drops a quote that nothing is left in', () => {
    const after = doc(quote(WATER), SEEDS);
    const comparison = compare(doc(quote(LAND), SEEDS), after);
    const kinds = comparison.changes.map(({ kind }) => kind);
    expect(kinds).toContain('deleted');
    expect(accepting(doc(quote(LAND), SEEDS), after, 'deleted')).toEqual([`p ${SEEDS}`]);
  });

  it('keeps tables rectangular', () => {
    const [before, after] = [
      table('Land|trust\nWater|city'),
      table('Land|2020|trust\nSeeds|2022|farm\nWater|2021|city'),
    ];
    expect(accepting(doc(before), doc(after), 'row-inserted')).toEqual([
      'table',
      ...['  row', '    td Land', '    td trust', '    td'],
      ...['  row', '    td Seeds', '    td 2022', '    td farm'],
      ...['  row', '    td Water', '    td city', '    td'],
    ]);
    expect(accepting(doc(before), doc(after), 'column-inserted')).toEqual([
      'table',
      ...['  row', '    td Land', '    td 2020', '    td trust'],
      ...['  row', '    td Water', '    td 2021', '    td city'],
    ]);
  });

  it('loses nothing where what moved into each other went round in a circle', () => {
    const [one, two, three] = [`${LAND} One.`, `${WATER} Two.`, `${SEEDS} Three.`];
    const four = 'Whoever plants a tree on common ground may sit in its shade.';
    const before = doc(quote(two, quote(one)), quote(four, quote(three)));
    const after = doc(quote(one, quote(four)), quote(three, quote(two)));
    const comparison = compare(before, after);
    for (let subset = 0; subset < 2 ** comparison.changes.length; subset++) {
      const text = schema.nodeFromJSON(resolve(comparison, (change) => ((subset >> change) & 1) === 1)).textContent;
      for (const part of [one, two, three, four]) expect(text.split(part).length).toBe(2);
    }
  });

  it('splits without the edit, and edits without the split', () => {
    const [before, after] = [doc(`${LAND} ${WATER}`), doc(LAND.replace('money', 'tools'), WATER)];
    expect(accepting(before, after, 'split')).toEqual([`p ${LAND}`, `p ${WATER}`]);
    expect(accepting(before, after, 'replaced')).toEqual([`p ${LAND.replace('money', 'tools')} ${WATER}`]);
  });

  it('keeps the words of a footnote in code, which has no footnotes', () => {
    const [before, after] = [
      doc(p(`${LAND}^(Since 1990)`)),
      doc({ type: 'codeBlock', content: [{ type: 'text', text: LAND }] }),
    ];
    expect(accepting(before, after, 'retyped')).toEqual([`code ${LAND}Since 1990`]);
  });
});

describe('a comparison', () => {
  it('names the section of each change', () => {
    const before = doc('Foreword here.', h(2, 'Land'), LAND, h(2, 'Water'), WATER);
    const after = doc(
      'Foreword there.',
      h(2, 'Land'),
      LAND.replace('money', 'tools'),
      h(2, 'Rain'),
      SEEDS,
      h(2, 'Water'),
      `${WATER} Always.`,
    );
    const { changes, sections } = compare(before, after);
    expect(sections.map(({ title, level, block }) => `${block} ${level} ${title}`)).toEqual([
      '1 2 Land',
      '3 2 Rain',
      '5 2 Water',
    ]);
    expect(changes.map(({ kind, section }) => [kind, section === null ? null : sections[section]!.title])).toEqual([
      ['replaced', null],
      ['replaced', 'Land'],
      ['inserted', 'Rain'],
      ['inserted', 'Rain'],
      ['inserted', 'Water'],
    ]);
  });

  it('copes with documents made to be hard', () => {
    const many = (count: number, block: (index: number) => NodeJSON | string) =>
      doc(...Array.from({ length: count }, (_, index) => block(index)));
    const equal = compare(
      many(3000, () => 'The same.'),
      many(3010, () => 'The same.'),
    );
    expect(equal.changes.map(({ kind }) => kind)).toEqual(new Array(10).fill('inserted'));
    const reversed = compare(
      many(1000, (n) => `number ${n}`),
      many(1000, (n) => `number ${999 - n}`),
    );
    expect(reversed.changes.map(({ kind }) => kind)).toEqual(new Array(999).fill('moved'));
    const word = compare(doc('a'.repeat(200_000)), doc(`${'a'.repeat(199_999)}b`));
    expect(word.changes.length).toBe(2);
    const deep = (text: string) =>
      Array.from({ length: 1000 }).reduce<NodeJSON>((inside) => ({ type: 'blockquote', content: [inside] }), p(text));
    const [one, other] = [deep('deep'), deep('deep down')].map(
      (content): NodeJSON => ({ type: 'doc', content: [content] }),
    );
    expect(compare(one!, one!).changes).toEqual([]);
    expect(resolve(compare(one!, other!), () => true)).toEqual(other);
    const quotes = compare(
      many(1000, (n) => `number ${n}`),
      many(1000, (n) => quote(`number ${n}`)),
    );
    expect(quotes.changes.map(({ kind }) => kind)).toEqual(new Array(1000).fill('retyped'));
  });
});
