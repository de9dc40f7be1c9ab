/** What a redline says above and below the text: which versions, when, their hashes, who changed what. The same for every format. */
import type { JSONContent } from '@tiptap/core';
import type { PhrasingContent } from 'mdast';
import type { ComparisonAnswer, Contribution } from '../../shared/api.ts';
import type { ComparedField } from '../../shared/compare/comparison.ts';
import { kindLabel } from '../../shared/compare/describe.ts';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import { FIELD_LABEL } from '../../shared/schema/front-matter-labels.ts';
import type { Exportable } from './exportable.ts';
import { cleanLine, toPhrasing } from './phrasing.ts';

export interface Redline {
  readonly answer: ComparisonAnswer;
  /** Of the newer side. */
  readonly frontMatter: FrontMatter;
  /** Pictures of both sides, as those of an `Exportable`. */
  readonly images: Exportable['images'];
}

type End = ComparisonAnswer['from'];

/** Rows of the table at the top: what is said, of `from` and of `to`. Empty where one side has nothing to say. */
export function endRows({ answer, frontMatter }: Redline): { label: string; values: [string, string] }[] {
  const { from, to } = answer;
  const licence = cleanLine(frontMatter.licence);
  const before = answer.frontMatter.find(({ field }) => field === 'licence')?.before;
  const row = (label: string, say: (end: End) => string) => ({
    label,
    values: [say(from), say(to)] as [string, string],
  });
  const rows = [
    row('Version', ({ snapshot, seq }) => (snapshot ? `Snapshot ${snapshot.number}` : `The plan as of update ${seq}`)),
    row('Name', ({ snapshot }) => cleanLine(snapshot?.label)),
    row('Date', ({ snapshot }) => (snapshot ? dateOf(snapshot.time) : dateOf(latestOf(answer)))),
    { label: 'Licence', values: [before === undefined ? licence : cleanLine(before), licence] as [string, string] },
    row('SHA-256 of the text', ({ snapshot }) => snapshot?.contentHash ?? ''),
    row('SHA-256 of the entry', ({ snapshot }) => snapshot?.hash ?? ''),
  ];
  return rows.filter(({ values }) => values.some(Boolean));
}

/** When the last of the changes was made, of those whose time is known (ISO 8601). */
export function latestOf({ changes, frontMatter, to, from }: ComparisonAnswer): string {
  const times = [...changes, ...frontMatter].flatMap(({ by }) => by.map(({ at }) => at)).sort();
  return times.at(-1) ?? to.snapshot?.time ?? from.snapshot?.time ?? new Date(0).toISOString();
}

/** "23 November 2026 at 14:02 UTC". */
export function dateOf(time: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(new Date(time))} UTC`;
}

/** Names of those who made the changes, who made the most first. */
export function contributorsOf(answer: ComparisonAnswer): string[] {
  const counts = new Map<string, number>();
  for (const { by } of [...answer.changes, ...answer.frontMatter]) {
    for (const userId of new Set(by.map((each) => each.userId))) counts.set(userId, (counts.get(userId) ?? 0) + 1);
  }
  const names = [...counts].sort(([, a], [, b]) => b - a).map(([userId]) => nameOf(answer, userId));
  return [...new Set(names)];
}

export const nameOf = ({ people }: ComparisonAnswer, userId: string): string =>
  cleanLine(people.find(({ id }) => id === userId)?.name) || 'former member';

/** "Ana, 23 November 2026 at 14:02 UTC; Bo (restored snapshot 3), …", or an empty text where nobody is known. */
export function byWhom(answer: ComparisonAnswer, by: readonly Contribution[]): string {
  return by
    .map(({ userId, at, how, source }) => {
      const from = how === 'restored' ? `restored snapshot ${source ?? '?'}` : `imported ${cleanLine(source)}`.trim();
      return `${nameOf(answer, userId)}${how === 'written' ? '' : ` (${from})`}, ${dateOf(at)}`;
    })
    .join('; ');
}

/** "12 changes: 7 reworded, 3 added, 2 moved", or that there are none. */
export function summaryOf({ changes, frontMatter }: ComparisonAnswer): string {
  const counts = new Map<string, number>();
  for (const { kind } of changes) counts.set(kindLabel(kind), (counts.get(kindLabel(kind)) ?? 0) + 1);
  if (frontMatter.length > 0) counts.set('in the front matter', frontMatter.length);
  const total = changes.length + frontMatter.length;
  if (total === 0) return 'Nothing changed.';
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([label, count]) => `${count} ${label.toLowerCase()}`);
  return `${total} ${total === 1 ? 'change' : 'changes'}: ${parts.join(', ')}.`;
}

/** The front matter's changed fields: their names, and their words with what was put in and taken out. */
export function fieldRows(fields: readonly ComparedField[]): { label: string; words: PhrasingContent[] }[] {
  return fields.map(({ field, inline }) => ({
    label: FIELD_LABEL[field as keyof FrontMatter] ?? field,
    words: toPhrasing(
      inline.map(({ op, text }): JSONContent => {
        if (op === 'same') return { type: 'text', text };
        return {
          type: 'text',
          text,
          marks: [{ type: op === 'inserted' ? 'insertion' : 'deletion', attrs: { change: null } }],
        };
      }),
    ),
  }));
}

/** What the marks mean, by mark. */
export const LEGEND = {
  insertion: 'added',
  deletion: 'removed',
  arrived: 'moved to here',
  departed: 'moved from here',
  changeNote: 'what else changed',
} as const;
