/** What tests of writing have in common: one or two people with a plan open, putting carets and selections, changing the text as one of them, and looking. */
import type { Page } from '@playwright/test';
import { expect, type Person } from './fixtures.ts';
import { openPlan, textOf } from './plan-page.ts';

/** Selects the first occurrence of these words by the browser's own selection, and waits until the editor has heard. */
export async function selectWords(page: Page, words: string, at: 'all' | 'start' | 'end' = 'all'): Promise<void> {
  await textOf(page).evaluate(
    (editor, { words, at }) => {
      (editor as HTMLElement).focus();
      const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
      const nodes: { node: Node; start: number }[] = [];
      let text = '';
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        nodes.push({ node, start: text.length });
        text += node.textContent;
      }
      const from = text.indexOf(words);
      if (from < 0) throw new Error(`Expected the text to hold ${words}`);
      const place = (index: number, side: 'start' | 'end'): [Node, number] => {
        const found = nodes.findLast(({ start }) => (side === 'start' ? start <= index : start < index));
        if (!found) throw new Error('Expected some text');
        return [found.node, index - found.start];
      };
      const start = at === 'end' ? place(from + words.length, 'end') : place(from, 'start');
      const end = at === 'start' ? start : place(from + words.length, 'end');
      getSelection()?.setBaseAndExtent(...start, ...end);
    },
    { words, at },
  );
  await settled(page);
}

/** ProseMirror hears of a moved selection an event later; what is pressed before that would act on the old one. */
export const settled = (page: Page): Promise<unknown> =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done)))),
  );

/** What is selected, as text; with the text before and after the caret in its block when nothing is. */
export const selected = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const selection = getSelection();
    if (!selection?.anchorNode) return '';
    if (!selection.isCollapsed) return selection.toString();
    const block = (
      selection.anchorNode instanceof Element ? selection.anchorNode : selection.anchorNode.parentElement
    )?.closest('p, h1, h2, h3, h4, pre, figcaption');
    if (!block) return '';
    const part = (from: [Node, number], to: [Node, number]): string => {
      const range = document.createRange();
      range.setStart(...from);
      range.setEnd(...to);
      return range.toString();
    };
    const caret: [Node, number] = [selection.anchorNode, selection.anchorOffset];
    return `${part([block, 0], caret)}|${part(caret, [block, block.childNodes.length])}`;
  });

/** The text's blocks, one line each. */
export const lines = (page: Page): Promise<string[]> =>
  textOf(page).evaluate((editor) =>
    [...editor.querySelectorAll('p, h1, h2, h3, h4, pre, figcaption')].map(
      (block) => `${/^[PF]/.test(block.tagName) ? '' : `${block.tagName.toLowerCase()} `}${block.textContent}`,
    ),
  );

export interface One {
  readonly ana: Person;
  readonly id: string;
  readonly page: Page;
}

export interface Pair {
  readonly ana: Person;
  readonly ben: Person;
  readonly id: string;
}

interface Fixtures {
  person: (name: string) => Promise<Person>;
  createPlan: (owner: Person, plan: { title: string; markdown?: string }) => Promise<string>;
  share: (owner: Person, planId: string, role: 'editor' | 'viewer', other: Person) => Promise<void>;
}

/** Ana with a plan of hers open. */
export async function oneWriting({ person, createPlan }: Omit<Fixtures, 'share'>, markdown?: string): Promise<One> {
  const ana = await person('Ana');
  const id = await createPlan(ana, { title: 'A plan', ...(markdown === undefined ? {} : { markdown }) });
  return { ana, id, page: await openPlan(ana, id) };
}

/** Ana and Ben with the same plan open. */
export async function pairWriting(
  { person, createPlan, share }: Fixtures,
  markdown: string,
  role: 'editor' | 'viewer' = 'editor',
): Promise<Pair> {
  const ana = await person('Ana');
  const ben = await person('Ben');
  const id = await createPlan(ana, { title: 'A plan', markdown });
  await share(ana, id, role, ben);
  await openPlan(ana, id);
  await openPlan(ben, id);
  return { ana, ben, id };
}

/** Both see the same text. */
export async function expectSame({ ana, ben }: Pair): Promise<void> {
  await expect.poll(async () => (await lines(ben.page)).join('\n')).toBe((await lines(ana.page)).join('\n'));
}
