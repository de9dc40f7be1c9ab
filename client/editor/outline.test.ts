/** Tests of what a text adds up to. */
import { describe, expect, it } from 'vitest';
import { schema } from '../../shared/schema/schema.ts';
import { countWords, headings, notes } from './outline.ts';

const text = (value: string) => ({ type: 'text', text: value });
const footnote = (value: string) => ({ type: 'footnote', content: [text(value)] });
const doc = schema.nodeFromJSON({
  type: 'doc',
  content: [
    { type: 'heading', attrs: { level: 1 }, content: [text('Land '), footnote('A note.'), text('and water')] },
    { type: 'heading', attrs: { level: 2 } },
    {
      type: 'blockquote',
      content: [
        { type: 'heading', attrs: { level: 3 }, content: [text('Nested')] },
        { type: 'paragraph', content: [text('One'), footnote('Two three')] },
      ],
    },
  ],
});

describe('headings', () => {
  it('finds headings at any depth, without the words of their footnotes and without empty ones', () => {
    expect(headings(doc)).toMatchObject([
      { level: 1, text: 'Land and water' },
      { level: 3, text: 'Nested' },
    ]);
    for (const { pos } of headings(doc)) expect(doc.nodeAt(pos)?.type.name).toBe('heading');
  });
});

describe('notes', () => {
  it('numbers footnotes in the order of the text and knows where they are', () => {
    expect(notes(doc).map(({ number, node }) => [number, node.textContent])).toEqual([
      [1, 'A note.'],
      [2, 'Two three'],
    ]);
    for (const { pos, node } of notes(doc)) expect(doc.nodeAt(pos)).toBe(node);
  });
});

describe('countWords', () => {
  it('counts words of any script, footnotes included', () => {
    expect(countWords(doc)).toBe(9);
    const many = (value: string) => schema.node('doc', null, [schema.node('paragraph', null, [schema.text(value)])]);
    expect(countWords(many("L'économie — l’avenir, well-being 3.5 €"))).toBe(4);
    expect(countWords(many('共有地の未来'))).toBe(6);
    expect(countWords(many('Κοινά αγαθά и общее'))).toBe(4);
    expect(countWords(schema.node('doc', null, [schema.node('paragraph')]))).toBe(0);
  });
});
