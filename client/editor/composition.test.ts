/** Tests of composing text while others write: nothing of anybody's is lost, words stay together. */
import type { Node } from '@tiptap/pm/model';
import { EditorState, TextSelection } from '@tiptap/pm/state';
import { type Step, Transform } from '@tiptap/pm/transform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepsBetween } from '../../shared/document/steps.ts';
import { schema } from '../../shared/schema/schema.ts';
import { rebase, touchesCaretBlock } from './composition.ts';

const content = (...texts: string[]): Node =>
  schema.nodeFromJSON({
    type: 'doc',
    content: texts.map((text) => ({ type: 'paragraph', content: text ? [{ type: 'text', text }] : [] })),
  });
const texts = (doc: Node): string[] => doc.children.map((node) => node.textContent);
const replace = (doc: Node, from: number, to: number, text: string): readonly Step[] => {
  const transform = new Transform(doc);
  return text ? transform.replaceWith(from, to, schema.text(text)).steps : transform.delete(from, to).steps;
};

describe('an edit made while others’ changes wait', () => {
  it('lands where it was made when others wrote before it', () => {
    const base = content('One. Two.');
    const { doc } = rebase(base, replace(base, 10, 10, ' かん'), 10, content('New. One. Two.'), 15);
    expect(texts(doc)).toEqual(['New. One. Two. かん']);
  });

  it('stands before what others wrote at the same place', () => {
    const base = content('ka');
    expect(texts(rebase(base, replace(base, 3, 3, 'n'), 3, content('ka Ben.'), 3).doc)).toEqual(['kan Ben.']);
  });

  it('replaces only what one composed, not what others wrote into the middle of it', () => {
    const base = content('かん');
    expect(texts(rebase(base, replace(base, 1, 3, '漢'), 3, content('かBenん'), 6).doc)).toEqual(['漢Ben']);
  });

  it('goes on in a block that others wrote in on both sides, made a heading and put into a quote', () => {
    const base = content('Zero.', 'Startかん end.');
    const heading = schema.nodes.heading!.create({ level: 2 }, schema.text('One Startかん end. Two'));
    const theirs = schema.nodes.doc!.create(null, [base.child(0), schema.nodes.blockquote!.create(null, heading)]);
    const { doc, place } = rebase(base, replace(base, 13, 15, '漢字'), 15, theirs, 20);
    expect(texts(doc)).toEqual(['Zero.', 'One Start漢字 end. Two']);
    expect(doc.textBetween(place - 2, place)).toBe('漢字');
  });

  it('is kept when others took the block away', () => {
    const base = content('One.', 'ka', 'Two.');
    const { doc } = rebase(base, replace(base, 9, 9, '漢'), 9, content('One.', 'Two.'), 5);
    expect(texts(doc)).toEqual(['One.漢', 'Two.']);
  });

  it('keeps every letter that somebody wrote and nobody deleted', () => {
    const small = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    const range = fc.tuple(fc.nat(6), fc.nat(3));
    fc.assert(
      fc.property(small, range, range, (text, [at, size], [place, length]) => {
        const base = content(text, text);
        const edit = (from: number, count: number, insert: string) => {
          const start = 1 + Math.min(from, text.length);
          return replace(base, start, Math.min(start + count, 1 + text.length), insert);
        };
        const theirs = edit(place, length, 'XYZ').reduce((doc, step) => step.apply(doc).doc as Node, base);
        const { doc } = rebase(base, edit(at, size, '漢'), 1, theirs, 1);
        doc.check();
        expect(doc.textContent.split('漢')).toHaveLength(2);
        for (const letter of 'XYZ') expect(doc.textContent.split(letter)).toHaveLength(2);
      }),
    );
  });

  it('waits only when the caret’s block is touched', () => {
    const doc = content('One.', 'Two.', 'Three.');
    const state = EditorState.create({ doc, selection: TextSelection.create(doc, 9) });
    // Blocks that stay are the same nodes, as they are in the flow.
    const known = new Map(doc.children.map((node) => [node.textContent, node]));
    const touches = (...after: string[]) => {
      const nodes = content(...after).children.map((node) => known.get(node.textContent) ?? node);
      return stepsBetween(doc, schema.nodes.doc!.create(null, nodes)).steps.some((step) =>
        touchesCaretBlock(state, step),
      );
    };
    expect(touches('One!', 'Two.', 'Three.')).toBe(false);
    expect(touches('One.', 'Two.', 'Three!')).toBe(false);
    expect(touches('One.', 'New.', 'Two.', 'Three.')).toBe(false);
    expect(touches('One.', 'Two!', 'Three.')).toBe(true);
    expect(touches('One.', 'Three.')).toBe(true);
    expect(touches('One.Two.', 'Three.')).toBe(true);
  });
});
