/** What a change is called, attribute by attribute and mark by mark. */
import { describe, expect, it } from 'vitest';
import { CHANGE_KINDS, type Shape } from './comparison.ts';
import { blockName, formattingWords, kindLabel, shapeWords } from './describe.ts';

const shape = (type: string, attrs?: Record<string, unknown>): Shape => (attrs ? { type, attrs } : { type });

describe('words for changes', () => {
  it('every kind has words of its own', () => {
    expect(new Set(CHANGE_KINDS.map(kindLabel)).size).toBe(CHANGE_KINDS.length);
  });

  it('blocks have names, unknown ones too', () => {
    expect(blockName(shape('heading', { level: 3 }))).toBe('a heading of level 3');
    expect(blockName(shape('hologram'))).toBe('another kind of block');
  });

  it.each<[Shape | null, Shape | null, string]>([
    [shape('paragraph'), shape('heading', { level: 2 }), 'Was a paragraph'],
    [shape('heading', { level: 2 }), shape('heading', { level: 3 }), 'Was a heading of level 2'],
    [null, shape('bulletList'), 'Now in a list'],
    [shape('blockquote'), null, 'No longer in a quotation'],
    [shape('taskItem', { checked: false }), shape('taskItem', { checked: true }), 'Task marked as done'],
    [
      shape('figure', { alt: '', src: 'a' }),
      shape('figure', { alt: 'A map', src: 'a' }),
      'Description of the picture added: “A map”',
    ],
    [shape('paragraph', { lang: 'nl' }), shape('paragraph', { lang: 'fr' }), 'Language Nederlands became Français'],
    [
      shape('paragraph', { dir: 'rtl' }),
      shape('paragraph', { dir: null }),
      'Direction of writing removed: right to left',
    ],
    [shape('orderedList', { start: 1 }), shape('orderedList', { start: 4 }), 'List began with 1, begins with 4'],
    [shape('paragraph', { secret: 1 }), shape('paragraph', { secret: 2 }), 'Details changed'],
  ])('%j to %j', (before, after, expected) => {
    expect(shapeWords(before, after)).toBe(expected);
  });

  it('marks that came, went, or lead elsewhere', () => {
    const words = (before: object[], after: object[]): string =>
      formattingWords(
        { type: 'text', text: 'x', marks: before as never },
        { type: 'text', text: 'x', marks: after as never },
      );
    const link = (href: string) => ({ type: 'link', attrs: { href, title: null } });
    expect(words([], [{ type: 'bold' }])).toBe('bold added');
    expect(words([{ type: 'bold' }], [{ type: 'italic' }])).toBe('italic added, bold removed');
    expect(words([link('https://a.org')], [link('https://b.org')])).toBe(
      'link address changed from https://a.org to https://b.org',
    );
    expect(words([], [link('https://a.org')])).toBe('link added: https://a.org');
  });
});
