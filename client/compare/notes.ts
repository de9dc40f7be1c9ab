/** Draws the footnotes of a comparison as the list at its end: each with what changed in it, and a way back to its place. */
import type { ComparedInline, NodeJSON } from '../../shared/compare/comparison.ts';
import { element } from '../reading/elements.ts';
import { type DrawContext, drawInline, noteId, signed } from './inline.ts';
import type { ListedNote, Survey } from './survey.ts';

/** Empty where neither document has a note. */
export function drawNotes({ notes }: Survey, context: DrawContext): HTMLElement[] {
  if (notes.length === 0) return [];
  const list = element('ol', '', ...notes.map((note) => drawEntry(note, context)));
  const section = element('section', 'footnotes compared-notes', list);
  section.setAttribute('aria-label', 'Footnotes');
  return [section];
}

function drawEntry(note: ListedNote, context: DrawContext): HTMLElement {
  const { before, after, row } = note;
  const number = after ?? before ?? 0;
  const back = element('button', 'footnote-back', String(number));
  back.type = 'button';
  back.dataset.toRow = String(row);
  back.setAttribute('aria-label', `${number}: footnote, back to its place in the text`);
  const entry = element('li', '', back, element('span', 'note-text', ...drawWords(note.item, context)));
  entry.id = noteId(note);
  entry.tabIndex = -1;
  if (before !== null && after !== null && before !== after)
    entry.append(element('span', 'change-aside', `was ${before}`));
  return entry;
}

function drawWords(item: ComparedInline, context: DrawContext): Node[] {
  switch (item.op) {
    case 'note':
      return drawInline(item.inline, context);
    case 'same':
      return drawInline(asInline(item.node), context);
    case 'inserted':
    case 'deleted': {
      const words = element(item.op === 'inserted' ? 'ins' : 'del', '', ...drawInline(asInline(item.node), context));
      return [signed(words, item.op, item.change, context)];
    }
    case 'formatted':
      return drawInline(asInline(item.after), context);
    case 'break':
      return [];
  }
}

const asInline = (note: NodeJSON): ComparedInline[] => (note.content ?? []).map((node) => ({ op: 'same', node }));
