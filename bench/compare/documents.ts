/** Pairs of documents to compare: a plan of 100 pages, and what became of it. */
import { readFileSync } from 'node:fs';
import { importMarkdown } from '../../server/import/markdown.ts';
import type { NodeJSON } from '../../shared/compare/comparison.ts';
import { seeded } from '../../shared/compare/test-edits.ts';
import { schema } from '../../shared/schema/schema.ts';

export const WORKLOADS = {
  light: '50 words replaced, sentences inserted, deleted, moved, split, joined here and there',
  every: 'every sentence edited: a word replaced, another one deleted',
  rewrite: 'every paragraph rewritten, headings kept',
} as const;
export type WorkloadName = keyof typeof WORKLOADS;

type Random = (below: number) => number;

export interface DocumentPair {
  readonly before: NodeJSON;
  readonly after: NodeJSON;
}

/** `plan`: a Markdown file, or null for a plan that is made up. */
export function makeDocuments(workload: WorkloadName, plan: string | null): DocumentPair {
  const random = seeded(1);
  const before = plan === null ? inventPlan(random) : importMarkdown(readFileSync(plan, 'utf8')).content;
  const document = before as NodeJSON;
  const edit = { light: editHere, every: editEverywhere, rewrite }[workload];
  const after = schema.nodeFromJSON({ ...document, content: edit(document.content ?? [], random) });
  after.check();
  return { before: document, after: after.toJSON() as NodeJSON };
}

const SYLLABLES =
  'com mon ci ty land wa ter share plan ger trans i tion as sem bly con sent eco no my neigh bour'.split(' ');

const pick = <T>(from: readonly T[], random: Random): T => from[random(from.length)]!;

/** 8,000 words, the first ones far more often than the others, as in any language. */
function inventWords(random: Random): () => string {
  const words = Array.from({ length: 8000 }, () =>
    Array.from({ length: 1 + random(4) }, () => pick(SYLLABLES, random)).join(''),
  );
  return () => words[Math.floor(words.length ** (random(1_000_000) / 1_000_000)) - 1]!;
}

const sentence = (word: () => string, random: Random): string => {
  const text = Array.from({ length: 8 + random(20) }, word).join(' ');
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
};

/** 36 sections of 12 paragraphs, a list and a table: about 50,000 words. */
function inventPlan(random: Random): NodeJSON {
  const word = inventWords(random);
  const text = (sentences: number) => [
    { type: 'text', text: Array.from({ length: sentences }, () => sentence(word, random)).join(' ') },
  ];
  const paragraph = (sentences: number): NodeJSON => ({ type: 'paragraph', content: text(sentences) });
  const sections = Array.from({ length: 36 }, (): NodeJSON[] => [
    { type: 'heading', attrs: { level: 2 }, content: text(1) },
    ...Array.from({ length: 12 }, () => paragraph(3 + random(4))),
    {
      type: 'bulletList',
      content: Array.from({ length: 5 }, () => ({ type: 'listItem', content: [paragraph(1 + random(2))] })),
    },
    {
      type: 'table',
      content: Array.from({ length: 4 }, () => ({
        type: 'tableRow',
        content: Array.from({ length: 3 }, () => ({ type: 'tableCell', content: [paragraph(1)] })),
      })),
    },
  ]);
  return schema.nodeFromJSON({ type: 'doc', content: sections.flat() }).toJSON() as NodeJSON;
}

/** Every text that is not a heading's through `change`. */
function mapText(node: NodeJSON, change: (text: string) => string): NodeJSON {
  if (node.type === 'heading') return node;
  if (node.type === 'text') return { ...node, text: change(node.text!) || '…' };
  return node.content ? { ...node, content: node.content.map((child) => mapText(child, change)) } : node;
}

const sentences = (text: string): string[] => text.split(/(?<=[.!?]) /);

const editEverywhere = (blocks: readonly NodeJSON[], random: Random): NodeJSON[] => {
  const edit = (text: string) => {
    const words = text.split(' ');
    words[random(words.length)] = 'edited';
    if (words.length > 2) words.splice(random(words.length), 1);
    return words.join(' ');
  };
  return blocks.map((block) => mapText(block, (text) => sentences(text).map(edit).join(' ')));
};

const rewrite = (blocks: readonly NodeJSON[], random: Random): NodeJSON[] => {
  const words = blocks.flatMap((block) => JSON.stringify(block).match(/\p{L}{2,}/gu) ?? []);
  const other = (text: string) => text.replace(/\S+/g, () => pick(words, random));
  return blocks.map((block) => mapText(block, other));
};

function editHere(blocks: readonly NodeJSON[], random: Random): NodeJSON[] {
  const result = [...blocks];
  const paragraphs = () => result.flatMap(({ type, content }, at) => (type === 'paragraph' && content ? [at] : []));
  const change = (at: number, edit: (parts: string[]) => void, separator: string) => {
    result[at] = mapText(result[at]!, (text) => {
      const parts = separator === ' ' ? text.split(' ') : sentences(text);
      edit(parts);
      return parts.join(' ');
    });
  };
  const fresh = 'The assembly has agreed to this in March.';
  const edits: ((at: number) => void)[] = [
    (at) => change(at, (words) => words.splice(random(words.length), 1, 'edited'), ' '),
    (at) => change(at, (all) => all.splice(random(all.length + 1), 0, fresh), '.'),
    (at) => change(at, (all) => all.splice(random(all.length), 1), '.'),
    (at) => result.splice(random(result.length), 0, ...result.splice(at, 1)),
    (at) => result.splice(at, 1),
    (at) => result.splice(at, 0, { type: 'paragraph', content: [{ type: 'text', text: `${fresh} ${fresh}` }] }),
    (at) => result.splice(at, 1, { type: 'blockquote', content: [result[at]!] }),
    (at) => {
      const text = result[at]!.content![0]!;
      const [first = '', ...others] = sentences(text.text ?? '');
      if (others.length === 0) return;
      const [one, other] = [first, others.join(' ')].map((part) => ({
        ...result[at]!,
        content: [{ ...text, text: part }],
      }));
      result.splice(at, 1, one!, { ...other!, content: [...other!.content, ...result[at]!.content!.slice(1)] });
    },
  ];
  for (let n = 0; n < 50; n++) edits[n % edits.length]!(pick(paragraphs(), random));
  return result;
}
