/** A long plan, made up. */
import type { JSONContent } from '@tiptap/core';

const SENTENCE =
  'The commons are shared resources in which each stakeholder has an equal interest, and which a community sustains by its own rules. ';

/** Chapters of headings, prose, notes, lists and a table: 25 of them are about 100 pages. */
export function plan(chapters: number): JSONContent {
  const text = (value: string): JSONContent => ({ type: 'text', text: value });
  const prose = (seed: number): JSONContent => ({
    type: 'paragraph',
    content: [
      text(`${seed}. ${SENTENCE.repeat(6)}`),
      { type: 'footnote', content: [text(`Source ${seed}: ${SENTENCE}`)] },
      text(SENTENCE),
    ],
  });
  const cell = (type: string, value: string): JSONContent => ({
    type,
    content: [{ type: 'paragraph', content: [text(value)] }],
  });
  const chapter = (number: number): JSONContent[] => [
    { type: 'heading', attrs: { level: 1 }, content: [text(`Chapter ${number}`)] },
    ...Array.from({ length: 10 }, (_, index) => prose(number * 100 + index)),
    { type: 'heading', attrs: { level: 2 }, content: [text('What is to be done')] },
    {
      type: 'bulletList',
      content: Array.from({ length: 8 }, (_, index) => ({
        type: 'listItem',
        content: [prose(number * 100 + 50 + index)],
      })),
    },
    {
      type: 'table',
      content: Array.from({ length: 12 }, (_, row) => ({
        type: 'tableRow',
        content: ['Step', SENTENCE.slice(0, 60), `${row}`].map((value) =>
          cell(row === 0 ? 'tableHeader' : 'tableCell', value),
        ),
      })),
    },
  ];
  return { type: 'doc', content: Array.from({ length: chapters }, (_, index) => chapter(index + 1)).flat() };
}
