/** For tests: redlines as the comparison job makes them, and what is in the files. */
import type { Element, Nodes } from 'hast';
import type { Nodes as MarkdownNodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { ComparisonAnswer, SnapshotSummary } from '../../shared/api.ts';
import { compare } from '../../shared/compare/compare.ts';
import type { NodeJSON } from '../../shared/compare/comparison.ts';
import { compareFrontMatter } from '../../shared/compare/front-matter.ts';
import { type FrontMatter, frontMatterSchema } from '../../shared/schema/front-matter.ts';
import type { Redline } from './redline-facts.ts';

export const PLAN = frontMatterSchema.parse({ title: 'A plan' });

function snapshot(number: number, label: string): SnapshotSummary {
  const hash = (digit: string) => digit.repeat(64);
  return {
    ...{
      number,
      kind: 'named',
      time: `2026-11-${10 + number}T09:30:00.000Z`,
      author: 'u1',
      label,
      note: '',
      seq: number,
    },
    ...{ words: 1, contributors: [], shares: [], restored: null, previousHash: null },
    ...{ contentHash: hash('a'), authorshipHash: hash('b'), hash: hash('c') },
  };
}

/** What the comparison job answers, with Ana having done all of it. */
export function redline(
  before: NodeJSON,
  after: NodeJSON,
  older: FrontMatter = PLAN,
  newer: FrontMatter = older,
): Redline {
  const { blocks, changes, sections } = compare(before, after);
  const by = [{ userId: 'u1', at: '2026-11-12T10:00:00.000Z', how: 'written', source: null }] as const;
  const answer: ComparisonAnswer = {
    from: { snapshot: snapshot(1, 'For the council'), seq: 1 },
    to: { snapshot: null, seq: 214 },
    people: [{ id: 'u1', name: 'Ana Díaz', color: '#000000', guest: false }],
    frontMatter: compareFrontMatter(older, newer).map((field) => ({ ...field, by: [...by] })),
    blocks: [...blocks],
    changes: changes.map((change) => ({ ...change, by: [...by] })),
    sections: [...sections],
  };
  return { answer, frontMatter: newer, images: new Map() };
}

export const everything = (tree: Nodes): Element[] =>
  'children' in tree
    ? tree.children.flatMap((child) => (child.type === 'element' ? [child, ...everything(child)] : []))
    : [];
export const elements = (tree: Nodes, tagName: string): Element[] =>
  everything(tree).filter((each) => each.tagName === tagName);

export const textIn = (node: Nodes): string => {
  if (node.type === 'text') return node.value;
  return 'children' in node ? node.children.map(textIn).join(' ') : '';
};

const parse = (markdown: string): MarkdownNodes =>
  fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

/** The HTML of each block, one after another. */
export function htmlRuns(markdown: string): string[] {
  const runs = (node: MarkdownNodes): string[] => {
    if (node.type === 'html') return [node.value];
    if (!('children' in node)) return [];
    const inner = node.children.flatMap(runs);
    return ['paragraph', 'heading', 'tableCell'].includes(node.type) ? [inner.join('')] : inner;
  };
  return runs(parse(markdown));
}
