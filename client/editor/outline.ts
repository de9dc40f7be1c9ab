/** What a plan's text adds up to: its headings, its footnotes, its number of words. */
import type { Node } from '@tiptap/pm/model';
import { perBlock } from './block-memo.ts';

export interface Heading {
  /** Position of the heading in the document. */
  readonly pos: number;
  readonly level: number;
  readonly text: string;
}

export interface Note {
  /** Position of the footnote in the document. */
  readonly pos: number;
  /** From 1, in the order of the text. */
  readonly number: number;
  readonly node: Node;
}

/** `offset` counts from the block's own position. */
interface Found {
  readonly offset: number;
  readonly node: Node;
}

const found = (type: string) =>
  perBlock((block): readonly Found[] => {
    const nodes: Found[] = block.type.name === type ? [{ offset: 0, node: block }] : [];
    block.descendants((node, pos) => {
      if (node.type.name === type) nodes.push({ offset: pos + 1, node });
    });
    return nodes;
  });

const headingsIn = found('heading');
const footnotesIn = found('footnote');

/** Footnotes stand in their sentence in the tree, but are no part of its words. */
const textOf = (block: Node): string => {
  let text = '';
  block.descendants((node) => {
    if (node.type.name === 'footnote') return false;
    if (node.isText) text += node.text;
    else if (node.type.name === 'hardBreak') text += ' ';
    return true;
  });
  return text;
};

/** In the order of the text. Headings without words are left out: there is nothing to click on. */
export function headings(doc: Node): Heading[] {
  const result: Heading[] = [];
  doc.forEach((block, pos) => {
    for (const { offset, node } of headingsIn(block)) {
      const text = textOf(node).trim();
      if (text !== '') result.push({ pos: pos + offset, level: node.attrs.level as number, text });
    }
  });
  return result;
}

export function notes(doc: Node): Note[] {
  const result: Note[] = [];
  doc.forEach((block, pos) => {
    for (const { offset, node } of footnotesIn(block))
      result.push({ pos: pos + offset, number: result.length + 1, node });
  });
  return result;
}

const WORD = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+|[.,]\p{N}+)*/gu;
/** Scripts that do not part words by spaces: each character counts, as editors for them do. */
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

const wordsIn = perBlock((block) => {
  let text = '';
  block.descendants((node) => {
    // A footnote's words do not run into those of its sentence.
    if (node.type.name === 'footnote') text += ` ${node.textContent} `;
    else text += node.text ?? ' ';
    return node.type.name !== 'footnote';
  });
  const ideographs = text.match(IDEOGRAPH)?.length ?? 0;
  return ideographs + (text.replace(IDEOGRAPH, ' ').match(WORD)?.length ?? 0);
});

export function countWords(doc: Node): number {
  let words = 0;
  doc.forEach((block) => {
    words += wordsIn(block);
  });
  return words;
}
