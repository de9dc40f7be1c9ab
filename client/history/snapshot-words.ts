/** What the interface calls snapshots: their names, why the server took them, when that was. */
import type { Contribution, Person, SnapshotKind, SnapshotSummary } from '../../shared/api.ts';
import { exactTime } from '../format.ts';

/** Why a snapshot was taken, where nobody has given it a label. */
const REASON: Record<Exclude<SnapshotKind, 'named' | 'restored'>, string> = {
  created: 'The plan was created',
  imported: 'The plan was imported',
  idle: 'End of a stretch of work',
  interval: 'In the middle of long work',
  'before-restore': 'Before a restore',
  'before-deletion': 'Before a large deletion',
  'before-merge': 'Before work from offline came in',
};

type Named = Pick<SnapshotSummary, 'kind' | 'label' | 'restored'>;

/** The label that a person gave, otherwise the reason in plain words. */
export function snapshotTitle({ kind, label, restored }: Named): string {
  if (label !== '') return label;
  if (kind === 'named') return 'Named snapshot';
  if (kind !== 'restored') return REASON[kind];
  if (!restored) return 'After a restore';
  return restored.whole ? `Restored snapshot ${restored.number}` : `Put back parts of snapshot ${restored.number}`;
}

/** "Snapshot 12, For the council". */
export function snapshotName(snapshot: Named & Pick<SnapshotSummary, 'number'>): string {
  return `Snapshot ${snapshot.number}, ${snapshotTitle(snapshot)}`;
}

/** Whether a person would look for it: named ones, restores, and where the plan begins. The others are folded. */
export function isLandmark({ kind }: Pick<SnapshotSummary, 'kind'>): boolean {
  return kind === 'named' || kind === 'restored' || kind === 'created' || kind === 'imported';
}

/** What the two sides of a comparison are called: it may well go backwards. */
export function comparedNames(from: number, to: number | 'now'): readonly [from: string, to: string] {
  const [older, newer] = ['Older version', 'Newer version'];
  return to !== 'now' && from > to ? [newer, older] : [older, newer];
}

/** What to call somebody whom the answer does not list. */
export const FORMER_MEMBER = 'former member';

export function nameOf(people: readonly Person[], userId: string | null): string {
  return people.find(({ id }) => id === userId)?.name ?? FORMER_MEMBER;
}

/** "Ana, 3 March 2026 at 14:02"; "Ana, by importing plan.md, …"; "Ana, by restoring snapshot 3, …". */
export function contributionWords({ how, at, source, userId }: Contribution, people: readonly Person[]): string {
  const way = {
    written: '',
    imported: `, by importing ${source ?? 'a file'}`,
    restored: `, by restoring ${source ? `snapshot ${source}` : 'a snapshot'}`,
  }[how];
  return `${nameOf(people, userId)}${way}, ${exactTime(at)}`;
}
