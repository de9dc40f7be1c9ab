/** What holds for the comparison of any two documents: accepting and rejecting, places, and words that stay whole. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalized, randomDocument } from '../schema/random-document.ts';
import { schema } from '../schema/schema.ts';
import { compare } from './compare.ts';
import type { ComparedInline, ComparedNode, Comparison, NodeJSON } from './comparison.ts';
import { resolve } from './resolve.ts';
import { edited, seeded } from './test-edits.ts';
import { doc } from './test-notation.ts';

const document = randomDocument.map((content) => content as NodeJSON);

/** A document and what came of it after some edits; or two documents that have nothing to do with each other. */
const versions = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(document, fc.integer(), fc.integer({ min: 1, max: 12 })).map(([before, seed, count]) => {
      for (let left = count; left > 0; left--) {
        try {
          return [before, normalized(edited(before, left, seeded(seed)) as JSONContent) as NodeJSON] as const;
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
      }
      return [before, before] as const;
    }),
  },
  { weight: 1, arbitrary: fc.tuple(document, document) },
);

describe('any two documents', () => {
  it('give the newer one when all is accepted, and the older one when all is rejected', () => {
    fc.assert(
      fc.property(versions, ([before, after]) => {
        const comparison = compare(before, after);
        expect(resolve(comparison, () => true)).toEqual(after);
        expect(resolve(comparison, () => false)).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it('give a valid document when any of the changes are accepted', () => {
    fc.assert(
      fc.property(versions, fc.integer(), ([before, after], seed) => {
        const random = seeded(seed);
        const comparison = compare(before, after);
        const takes = comparison.changes.map(() => random(2) === 0);
        schema.nodeFromJSON(resolve(comparison, (change) => takes[change]!)).check();
      }),
      { numRuns: 300 },
    );
  });

  it('differ in no change exactly if they are equal', () => {
    fc.assert(
      fc.property(versions, ([before, after]) => {
        const isEqual = schema.nodeFromJSON(before).eq(schema.nodeFromJSON(after));
        expect(compare(before, after).changes.length === 0).toBe(isEqual);
        expect(compare(before, structuredClone(before)).changes).toEqual([]);
      }),
    );
  });
});

/** Each change's nodes on either side: what is shown as gone, and as come. */
function touched({ blocks, changes }: Comparison): { gone: NodeJSON[]; come: NodeJSON[] }[] {
  const result = changes.map(() => ({ gone: [] as NodeJSON[], come: [] as NodeJSON[] }));
  const inline = (part: ComparedInline): void => {
    if (part.op === 'deleted') result[part.change]!.gone.push(part.node);
    if (part.op === 'inserted') result[part.change]!.come.push(part.node);
    if (part.op === 'note') part.inline.forEach(inline);
  };
  const block = (node: ComparedNode): void => {
    if (node.op === 'deleted' || node.op === 'departed') result[node.change]!.gone.push(node.node);
    if (node.op === 'inserted') result[node.change]!.come.push(node.node);
    if (node.op === 'arrived') block(node.node);
    if (node.op === 'container') node.children.forEach(block);
    if (node.op === 'text' || node.op === 'regrouped') node.inline.forEach(inline);
  };
  blocks.forEach(block);
  return result;
}

const INLINE = new Set(['text', 'hardBreak', 'footnote']);
/** What ProseMirror finds between two positions, as JSON of the nodes that lie whole between them. */
function between(document: NodeJSON, { from, to }: { from: number; to: number }): unknown[] {
  return schema.nodeFromJSON(document).slice(from, to).content.toJSON() ?? [];
}

describe('places', () => {
  it('hold exactly what was inserted and deleted', () => {
    const kinds = new Set(['inserted', 'deleted', 'replaced', 'row-inserted', 'row-deleted']);
    fc.assert(
      fc.property(versions, ([before, after]) => {
        const comparison = compare(before, after);
        const nodes = touched(comparison);
        comparison.changes.forEach((change, number) => {
          const { gone, come } = nodes[number]!;
          const isInline = INLINE.has((gone[0] ?? come[0])?.type ?? '');
          // A container that was lost around what stayed is a change with no node of its own.
          if (!kinds.has(change.kind) || (gone.length === 0 && come.length === 0)) return;
          expect(change.before.to - change.before.from === 0).toBe(gone.length === 0);
          expect(change.after.to - change.after.from === 0).toBe(come.length === 0);
          if (isInline || gone.length + come.length > 1) return;
          if (gone.length) expect(between(before, change.before)).toEqual(gone);
          if (come.length) expect(between(after, change.after)).toEqual(come);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('lie in the documents, in reading order', () => {
    fc.assert(
      fc.property(versions, ([before, after]) => {
        const { changes } = compare(before, after);
        const sizes = [before, after].map((document) => schema.nodeFromJSON(document).content.size);
        for (const { before: older, after: newer } of changes) {
          expect(0 <= older.from && older.from <= older.to && older.to <= sizes[0]!).toBe(true);
          expect(0 <= newer.from && newer.from <= newer.to && newer.to <= sizes[1]!).toBe(true);
        }
        // Of what moved the number is that of where it went from; attributes of cells are one change for several places.
        const steady = changes.filter(({ kind }) => !/moved|retyped|attributes|column/.test(kind));
        steady.forEach((change, index) => {
          expect(change.after.from).toBeGreaterThanOrEqual(steady[index - 1]?.after.from ?? 0);
        });
      }),
      { numRuns: 200 },
    );
  });
});

/** Runs of the text of one side that are kept, or not, between what is no text. */
function runs(inline: readonly ComparedInline[], other: 'inserted' | 'deleted'): { text: string; isKept: boolean }[][] {
  const result: { text: string; isKept: boolean }[][] = [[]];
  for (const part of inline) {
    if (part.op === other) continue;
    const node =
      part.op === 'formatted' ? (other === 'inserted' ? part.before : part.after) : 'node' in part ? part.node : null;
    if (node?.type !== 'text') result.push([]);
    else {
      const isKept = part.op === 'same' || part.op === 'formatted';
      const last = result.at(-1)!.at(-1);
      if (last?.isKept === isKept) last.text += node.text!;
      else result.at(-1)!.push({ text: node.text!, isKept });
    }
  }
  return result;
}

describe('words', () => {
  it('never come apart inside a letter', () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const letters = fc.constantFrom(
      'e\u0301',
      '👍🏽',
      '👩‍👩‍👧',
      '🇪🇺',
      '🇧🇪',
      '한',
      '각',
      'क्षि',
      'ก็',
      'น้ำ',
      '文',
      'が',
      'a',
      ' ',
      '.',
      '\u0301',
      '\u200d',
    );
    const text = fc.array(letters, { maxLength: 12 }).map((parts) => parts.join(''));
    const paragraph = (content: string): NodeJSON => ({
      type: 'doc',
      content: [{ type: 'paragraph', ...(content ? { content: [{ type: 'text', text: content }] } : {}) }],
    });
    fc.assert(
      fc.property(text, text, text, text, (start, gone, come, end) => {
        const [block] = compare(paragraph(start + gone + end), paragraph(start + come + end)).blocks;
        if (block?.op !== 'text') return;
        for (const other of ['inserted', 'deleted'] as const) {
          for (const run of runs(block.inline, other)) {
            const whole = run.map((part) => part.text).join('');
            const starts = new Set([...graphemes.segment(whole)].map(({ index }) => index));
            let at = 0;
            for (const part of run) {
              expect(starts.has(at)).toBe(true);
              at += part.text.length;
            }
          }
        }
      }),
      { numRuns: 700 },
    );
  });
});

it('what stands elsewhere in the same container was moved, whatever else changed beside it', () => {
  const [land, water] = ['The river is clean and everybody drinks of it, as ever.', 'The land is common to all of us.'];
  const comparison = compare(
    doc(land, water, 'We till it.'),
    doc(water, 'We till it.', land.replace('clean', 'dirty')),
  );
  expect(comparison.changes.map(({ kind }) => kind)).toEqual(['moved', 'replaced']);
});
