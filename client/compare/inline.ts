/** Draws compared text: the words that came, those that went, and those that only look different. */
import type { ComparedInline, NodeJSON } from '../../shared/compare/comparison.ts';
import { formattingWords, shapeWords } from '../../shared/compare/describe.ts';
import { element, marked } from '../reading/elements.ts';
import type { ListedNote } from './survey.ts';

/** both: one text with all changes in it. before, after: the older or the newer document, its own changes marked. */
export type Side = 'both' | 'before' | 'after';

export interface DrawContext {
  readonly side: Side;
  readonly noteByKey: ReadonlyMap<object, ListedNote>;
  /** Names of who did a change, "Ana and Ben"; empty where nobody is known. */
  readonly authors: (change: number) => string;
  /** Whether the reader looks for this change; others are drawn quietly. */
  readonly matters: (change: number) => boolean;
}

/** Marks an element as the place of a change: found by `[data-change]`, focusable by script, drawn by compare.css. */
export function signed<E extends HTMLElement>(el: E, kind: string, change: number, { matters }: DrawContext): E {
  el.classList.add('change', kind);
  if (!matters(change)) el.classList.add('beside');
  el.dataset.change = String(change);
  el.tabIndex = -1;
  return el;
}

/** Text, line breaks and footnotes that did not change, or that came or went with the block they are in. */
export function drawText(node: NodeJSON, context: DrawContext): Node {
  if (node.type === 'text') return marked(document.createTextNode(node.text ?? ''), node.marks);
  if (node.type === 'hardBreak') return element('br');
  if (node.type === 'footnote') return marked(noteReference(node, context), node.marks);
  return document.createTextNode('');
}

/** Neighbouring pieces of one change stand in one element. */
export function drawInline(inline: readonly ComparedInline[], context: DrawContext): Node[] {
  const drawn: Node[] = [];
  for (let at = 0; at < inline.length; ) {
    const first = inline[at] as ComparedInline;
    let end = at + 1;
    while (end < inline.length && goesWith(first, inline[end] as ComparedInline)) end += 1;
    drawn.push(...drawRun(first, inline.slice(at, end), context));
    at = end;
  }
  return drawn;
}

function goesWith(a: ComparedInline, b: ComparedInline): boolean {
  if (a.op !== b.op || !('change' in a) || !('change' in b) || a.change !== b.change || a.op === 'note') return false;
  return a.op !== 'formatted' || b.op !== 'formatted' || wordsOf(a) === wordsOf(b);
}

const wordsOf = ({ before, after }: { before: NodeJSON; after: NodeJSON }): string => formattingWords(before, after);

function drawRun(first: ComparedInline, run: readonly ComparedInline[], context: DrawContext): Node[] {
  const { side } = context;
  switch (first.op) {
    case 'same':
      return [drawText(first.node, context)];
    case 'inserted':
      if (side === 'before') return [];
      return [signed(element('ins', '', ...drawNodes(run, context)), 'inserted', first.change, context)];
    case 'deleted':
      if (side === 'after') return [];
      return [signed(element('del', '', ...drawNodes(run, context)), 'deleted', first.change, context)];
    case 'formatted': {
      const nodes = run.flatMap((part) =>
        part.op === 'formatted' ? [drawText(side === 'before' ? part.before : part.after, context)] : [],
      );
      const words = element('span', 'formatted-text', ...nodes);
      const note = side === 'before' ? [] : [element('span', 'change-aside', wordsOf(first))];
      return [signed(element('span', '', words, ...note), 'formatted', first.change, context)];
    }
    case 'note':
      return [drawNote(first, context)];
    case 'break':
      return [];
  }
}

function drawNodes(run: readonly ComparedInline[], context: DrawContext): Node[] {
  return run.flatMap((part) => {
    if (part.op !== 'inserted' && part.op !== 'deleted') return [];
    const node = drawText(part.node, context);
    // A line break by itself would leave nothing to see, and a footnote's words are what came or went.
    if (part.node.type === 'hardBreak') return [element('span', 'break-sign', '↵'), node];
    if (part.node.type === 'footnote') return [node, noteWords(part.node.content ?? [], context)];
    return [node];
  });
}

const noteWords = (content: readonly NodeJSON[], context: DrawContext): HTMLElement =>
  element('span', 'note-words', '[', ...content.map((node) => drawText(node, context)), ']');

/** A footnote that stayed: its number, and its words where they changed. */
function drawNote(note: ComparedInline & { op: 'note' }, context: DrawContext): Node {
  const reference = noteReference(note, context);
  const words = note.change === null ? '' : shapeWords(note.before, note.after);
  if (note.change === null && note.inline.every(({ op }) => op === 'same')) return reference;
  const text = element('span', 'note-words', '[', ...drawInline(note.inline, context), ']');
  const whole = element('span', '', reference, text);
  if (note.change === null) return whole;
  if (words !== '' && context.side !== 'before') whole.append(element('span', 'change-aside', words));
  return signed(whole, 'formatted', note.change, context);
}

/** The number of a footnote, a way to its entry in the list of notes. */
function noteReference(key: object, { noteByKey, side }: DrawContext): HTMLElement {
  const note = noteByKey.get(key);
  const number = note ? (side === 'before' ? note.before : (note.after ?? note.before)) : null;
  if (!note || number === null) return element('sup', 'note-reference', '*');
  const link = element('a', '', String(number));
  link.href = `#${noteId(note)}`;
  link.setAttribute('aria-label', `Footnote ${number}`);
  return element('sup', 'note-reference', link);
}

export const noteId = ({ before, after }: ListedNote): string =>
  after === null ? `note-before-${before}` : `note-${after}`;
