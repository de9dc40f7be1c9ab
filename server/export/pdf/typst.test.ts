/** What the compiler remembers from one time to the next. */
import type { JSONContent } from '@tiptap/core';
import { expect, test } from 'vitest';
import { exportable } from './test-exportable.ts';
import { toPages } from './to-pages.ts';
import { createTypst, typstInstalled } from './typst.ts';

const text = (value: string): JSONContent => ({ type: 'text', text: value });
const SENTENCE = 'The commons are shared resources in which each stakeholder has an equal interest. ';
const prose = (number: number, word = ''): JSONContent => ({
  type: 'paragraph',
  content: [
    text(`${number}. ${word}${SENTENCE.repeat(8)}`),
    { type: 'footnote', content: [text(`${number}: ${SENTENCE}`)] },
    text('.'),
  ],
});

/** Microseconds of this process at work: how busy the machine is with other things does not count. */
function work(task: () => void): number {
  const before = process.cpuUsage();
  task();
  return process.cpuUsage(before).user;
}

test.runIf(typstInstalled())('after an edit of one word, only what depends on it is laid out anew', () => {
  const compile = createTypst();
  const list = { type: 'bulletList', content: [1, 2, 3].map((each) => ({ type: 'listItem', content: [prose(each)] })) };
  const content: JSONContent[] = Array.from({ length: 60 }, (_, index) => (index % 10 === 0 ? list : prose(index)));
  const lay = (blocks: JSONContent[]) => {
    const { document, files } = toPages(exportable(blocks));
    return work(() => compile(document, files));
  };
  lay([prose(0)]);
  const cold = lay(content);
  const edited = lay(content.with(5, prose(5, 'Another word. ')));
  // It is a tenth or less. Where a function that is part of the style of the text names the whole document, it is all of it.
  expect(edited * 4).toBeLessThan(cold);
});
