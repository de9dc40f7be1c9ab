/** Comparing the front matter and plain text. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontMatterSchema } from '../schema/front-matter.ts';
import type { ComparedWords } from './comparison.ts';
import { compareFrontMatter, compareWords } from './front-matter.ts';

const marked = (parts: readonly ComparedWords[]): string =>
  parts.map(({ op, text }) => ({ same: text, inserted: `{+${text}+}`, deleted: `[-${text}-]` })[op]).join('');

describe('compareWords', () => {
  it('gives both texts back', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ' ', '\n', 'commons', '文', 'e\u0301', '\r\n', '.'), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const [before, after] = [one.join(''), other.join('')];
        const parts = compareWords(before, after);
        const without = (op: string) => parts.filter((part) => part.op !== op).map((part) => part.text);
        expect(without('inserted').join('')).toBe(before);
        expect(without('deleted').join('')).toBe(after);
      }),
    );
  });

  it('keeps lines whole where lines were added', () => {
    expect(marked(compareWords('Ann\nBob', 'Ann\nBo\nBob'))).toBe('Ann\n{+Bo\n+}Bob');
  });
});

describe('compareFrontMatter', () => {
  const plan = frontMatterSchema.parse({ title: 'Commons Plan', keywords: ['land', 'water'], summary: 'First.' });

  it('finds nothing where nothing changed', () => {
    expect(compareFrontMatter(plan, structuredClone(plan))).toEqual([]);
  });

  it('compares texts by words and lists by entries', () => {
    const fields = compareFrontMatter(plan, {
      ...plan,
      title: 'Commons Transition Plan',
      keywords: ['land', 'seeds', 'water'],
      stream: 'open-coops',
    });
    expect(fields.map(({ field, inline }) => [field, marked(inline)])).toEqual([
      ['title', 'Commons {+Transition +}Plan'],
      ['keywords', 'land\n{+seeds\n+}water'],
      ['stream', '{+open-coops+}'],
    ]);
  });

  it('takes a field that is missing for an empty one', () => {
    expect(compareFrontMatter({}, { summary: '' })).toEqual([]);
    expect(compareFrontMatter({}, { summary: 'New.' }).map(({ field, before }) => [field, before])).toEqual([
      ['summary', ''],
    ]);
  });
});
