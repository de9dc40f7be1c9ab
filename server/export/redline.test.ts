/** Redlines: both versions' words are in the file, marked as what they are. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import type { Element, Nodes } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import { describe, expect, test } from 'vitest';
import type { ComparedNode, NodeJSON } from '../../shared/compare/comparison.ts';
import { edited, seeded } from '../../shared/compare/test-edits.ts';
import { doc, h, p, quote, table, ul } from '../../shared/compare/test-notation.ts';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { normalized, randomDocument } from '../../shared/schema/random-document.ts';
import { importMarkdown } from '../import/markdown.ts';
import { redlineHtml } from './redline-html.ts';
import { redlineMarkdown } from './redline-markdown.ts';
import { elements, everything, htmlRuns, redline } from './test-redline.ts';

/** The Markdown below the line that ends the header. */
const body = (before: NodeJSON, after: NodeJSON): string =>
  redlineMarkdown(redline(before, after))
    .split(/^---\n+/m)
    .slice(1)
    .join('---\n')
    .trim();

describe('what a reader sees', () => {
  const cases: Record<string, [NodeJSON, NodeJSON, string]> = {
    'changed words': [
      doc(p('The river is clean and wide.')),
      doc(p('The river is dirty and wide.')),
      'The river is <del>clean</del><ins>dirty</ins> and wide.',
    ],
    'a paragraph that is new': [
      doc(p('One.')),
      doc(p('One.'), p('Two *stars*.')),
      'One.\n\n<ins>Two \\*stars\\*.</ins>',
    ],
    'a paragraph that is gone': [doc(p('One.'), p('Two.')), doc(p('One.')), 'One.\n\n<del>Two.</del>'],
    'a heading of another level': [
      doc(h(2, 'Water'), p('It is wet.')),
      doc(h(3, 'Water'), p('It is wet.')),
      '### <sub>\\[Was a heading of level 2]</sub> Water\n\nIt is wet.',
    ],
    'an empty paragraph': [doc(p('One.')), doc(p('One.'), p('')), 'One.\n\n<sub>\\[Added: a paragraph]</sub>'],
    'a list item': [
      doc(ul('one', 'two')),
      doc(ul('one', 'and a half', 'two')),
      '- one\n- <ins>and a half</ins>\n- two',
    ],
    'a quotation around what stays': [
      doc(p('What the charter says about the land.')),
      doc(quote('What the charter says about the land.')),
      '> <sub>\\[Now in a quotation]</sub> What the charter says about the land.',
    ],
    'a paragraph that became a list': [
      doc(p('Something to be done about the land.')),
      doc(ul('Something to be done about the land.')),
      '- <sub>\\[Now in a list]</sub> Something to be done about the land.',
    ],
    'a split': [
      doc(p('The first sentence is here. The second sentence is there.')),
      doc(p('The first sentence is here.'), p('The second sentence is there.')),
      'The first sentence is here.<del> </del><ins>¶</ins>\n\nThe second sentence is there.',
    ],
  };
  for (const [name, [before, after, expected]] of Object.entries(cases)) {
    test(name, () => expect(body(before, after)).toBe(expected));
  }

  test('the header names both versions, their hashes, who changed what, and the fields', () => {
    const older = frontMatterSchema.parse({ title: 'A plan', authors: ['Ana'] });
    const newer = frontMatterSchema.parse({ title: 'The plan', authors: ['Ana', 'Bo'] });
    const made = redline(doc(p('One.')), doc(p('Two.')), older, newer);
    const [markdown, html] = [redlineMarkdown(made), redlineHtml(made)];
    for (const text of [markdown, visibleText(fromHtml(html))]) {
      for (const said of [
        'Snapshot 1',
        'For the council',
        '11 November 2026 at 09:30 UTC',
        'a'.repeat(64),
        'c'.repeat(64),
      ]) {
        expect(text).toContain(said);
      }
      expect(text).toContain('The plan as of update 214');
      expect(text).toContain('Ana Díaz');
    }
    expect(markdown).toContain('| Title | <del>A</del><ins>The</ins> plan |');
    expect(markdown).toContain('| Authors | Ana<ins><br>Bo</ins> |');
    expect(html).toContain('<title>Changes in The plan</title>');
  });

  test('nothing changed: it says so', () => {
    const made = redline(doc(p('One.')), doc(p('One.')));
    expect(redlineMarkdown(made)).toContain('Nothing changed.');
    expect(redlineHtml(made)).toContain('Nothing changed.');
  });

  test('each change has its address, its author, and its line in the list', () => {
    const before = doc(h(2, 'Water'), p('The river is clean.'), p('Gone.'));
    const after = doc(h(2, 'Water'), p('The river is dirty.'), table('a | b'));
    const made = redline(before, after);
    const tree = fromHtml(redlineHtml(made));
    const links = elements(tree, 'a').filter(({ properties }) => String(properties.href).startsWith('#change-'));
    expect(links).toHaveLength(made.answer.changes.length);
    for (const { properties } of links) {
      const target = everything(tree).filter(({ properties: { id } }) => `#${id}` === properties.href);
      expect(target).toHaveLength(1);
      expect(target[0]!.properties.title).toContain('Ana Díaz, 12 November 2026');
    }
  });

  test('right-to-left plans are laid out so', () => {
    const fields = frontMatterSchema.parse({ title: 'خطة', language: 'ar' });
    const tree = fromHtml(redlineHtml(redline(doc(p('ماء')), doc(p('ماء ونهر')), fields)));
    expect(elements(tree, 'main')[0]!.properties).toMatchObject({ lang: 'ar', dir: 'rtl' });
  });
});

// ---- no text lost ----

const visibleText = (tree: Nodes): string =>
  tree.type === 'text' ? tree.value : 'children' in tree ? tree.children.map(visibleText).join(' ') : '';

const classes = ({ properties }: Element): readonly unknown[] => (properties.className as unknown[] | undefined) ?? [];

/** Text of one side, notes where they are referred to; without what is not the plan's own words. */
function side(tree: Nodes, leave: 'ins' | 'del', notes: readonly Element[]): string {
  if (tree.type === 'text') return tree.value;
  if (!('children' in tree)) return '';
  if (tree.type === 'element') {
    const { role, href } = tree.properties;
    if (tree.tagName === leave || classes(tree).some((name) => name === 'change-note' || name === 'picture')) return '';
    if (['doc-endnotes', 'doc-backlink'].includes(String(role)) || tree.tagName === 'small') return '';
    if (role === 'doc-noteref') {
      return side(notes[Number(String(href).slice('#note-'.length)) - 1]!, leave, notes);
    }
    if (visibleText(tree) === '¶') return '';
  }
  return tree.children.map((child) => side(child, leave, notes)).join('');
}

function sides(html: string): { older: string; newer: string } {
  const tree = fromHtml(html);
  const notes = everything(tree).filter(({ properties }) => /^note-\d+$/.test(String(properties.id)));
  const main = elements(tree, 'main')[0]!;
  return { older: letters(side(main, 'ins', notes)), newer: letters(side(main, 'del', notes)) };
}

/** Breaks and spaces are laid out, so only what is printed counts. */
const letters = (text: string): string => text.toWellFormed().replace(/[\s\0\ufffd]/g, '');

const textOf = (json: NodeJSON): string => json.text ?? (json.content ?? []).map(textOf).join('');

const wordsOf = (json: NodeJSON): string[] =>
  json.text !== undefined ? json.text.split(/\s+/).map(letters) : (json.content ?? []).flatMap(wordsOf);

/** What moved is shown twice, and a list's item that went to another level once, where it is. */
const moves = (blocks: readonly ComparedNode[]): boolean =>
  blocks.some(
    (block) => block.op === 'departed' || block.op === 'arrived' || (block.op === 'container' && moves(block.children)),
  );

const pairs = fc.oneof(
  fc.tuple(randomDocument, randomDocument),
  fc
    .tuple(randomDocument, fc.nat(), fc.integer({ min: 1, max: 8 }))
    .map(([before, seed, count]): [JSONContent, JSONContent] => {
      try {
        return [before, normalized(edited(before as NodeJSON, count, seeded(seed)) as JSONContent)];
      } catch {
        return [before, before];
      }
    }),
) as fc.Arbitrary<[NodeJSON, NodeJSON]>;

describe('any comparison', () => {
  test('HTML: without what is removed it is the newer text, without what is added the older', () => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const made = redline(before, after);
        const { older, newer } = sides(redlineHtml(made));
        expect(newer).toBe(letters(textOf(after)));
        if (!moves(made.answer.blocks)) expect(older).toBe(letters(textOf(before)));
        else for (const word of wordsOf(before)) expect(older).toContain(word);
      }),
    );
  });

  test('Markdown: the text of both is in it, in order, and every mark is closed in the block that it was opened in', () => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const made = redline(before, after);
        const markdown = redlineMarkdown(made);
        const written = signs(textOf(importMarkdown(markdown).content as NodeJSON));
        expect(isWithin(signs(textOf(after)), written)).toBe(true);
        if (!moves(made.answer.blocks)) expect(isWithin(signs(textOf(before)), written)).toBe(true);
        for (const html of htmlRuns(markdown)) {
          const open: string[] = [];
          for (const [, close, tag] of html.matchAll(/<(\/?)(ins|del|sub)\b[^>]*>/g)) {
            if (!close) open.push(tag!);
            else expect(open.pop()).toBe(tag);
          }
          expect(open).toEqual([]);
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});

/** Letters and digits: what a reader of Markdown can neither take for markup nor lay out otherwise. */
const signs = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');

/** Whether all of `part` is in `whole`, in order. */
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (const sign of part) {
    at = whole.indexOf(sign, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
