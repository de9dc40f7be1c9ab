/** Changes as a reader tells them apart: groups that filter them, and one line for each in the list and the card. */
import type { Change, ChangeKind } from '../../shared/compare/comparison.ts';
import { blockName, formattingWords, quoted, shapeWords } from '../../shared/compare/describe.ts';
import type { Facts } from './survey.ts';

/** Kinds as a reader tells them apart; each is a filter. */
export const GROUPS = ['added', 'removed', 'reworded', 'moved', 'regrouped', 'form'] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_LABEL: Record<Group, string> = {
  added: 'Added',
  removed: 'Removed',
  reworded: 'Reworded',
  moved: 'Moved',
  regrouped: 'Split or joined',
  form: 'Form and details',
};

const GROUP: Record<ChangeKind, Group> = {
  inserted: 'added',
  'row-inserted': 'added',
  'column-inserted': 'added',
  deleted: 'removed',
  'row-deleted': 'removed',
  'column-deleted': 'removed',
  replaced: 'reworded',
  moved: 'moved',
  split: 'regrouped',
  joined: 'regrouped',
  retyped: 'form',
  formatting: 'form',
  attributes: 'form',
};

export const groupOf = (change: Change): Group => GROUP[change.kind];

/** The change in one line, after the words of its kind: what was taken, what came. */
export function changeWords(change: Change, facts: Facts): string {
  const { removed, added, shapes, formatted, block } = facts;
  const named = block && block.type !== 'paragraph' && !/^(row|column)-/.test(change.kind);
  const what = named ? blockName(block).replace(/^an? /, '') : '';
  const of = (text: string): string =>
    [what, text.trim() === '' ? (what === '' ? 'an empty line' : '') : quoted(text)].filter(Boolean).join(' ');
  switch (change.kind) {
    case 'replaced':
      return removed !== '' && added !== '' ? `${quoted(removed)} became ${quoted(added)}` : of(added || removed);
    case 'retyped':
    case 'attributes': {
      const words = shapes
        ? shapeWords(shapes.before, shapes.after)
        : formatted
          ? formattingWords(formatted.before, formatted.after)
          : '';
      return [words, formatted || !(added || removed) ? '' : quoted(added || removed)].filter(Boolean).join(': ');
    }
    case 'formatting':
      return formatted ? `${formattingWords(formatted.before, formatted.after)}: ${quoted(added)}` : '';
    case 'split':
    case 'joined':
      return '';
    default:
      return of(added || removed);
  }
}
