/** What a reader of a comparison looks for: kinds of change, one author, one section. */
import type { ComparisonAnswer } from '../../shared/api.ts';
import { GROUPS, type Group, groupOf } from './describe.ts';

export interface ChangeFilter {
  /** Kinds that are left out. */
  readonly without: ReadonlySet<Group>;
  readonly author: string | null;
  /** Index in `sections`; -1: before the first heading; null: everywhere. */
  readonly section: number | null;
}

export const EVERYTHING: ChangeFilter = { without: new Set(), author: null, section: null };

export const narrows = ({ without, author, section }: ChangeFilter): boolean =>
  without.size > 0 || author !== null || section !== null;

type Changes = ComparisonAnswer['changes'];

/** Numbers of the changes that pass, in reading order. */
export function matching(changes: Changes, { without, author, section }: ChangeFilter): number[] {
  return changes.flatMap((change, number) => {
    if (without.has(groupOf(change))) return [];
    if (author !== null && !change.by.some(({ userId }) => userId === author)) return [];
    if (section !== null && (change.section ?? -1) !== section) return [];
    return [number];
  });
}

/** Changes of each kind, as far as author and section let them through: what a filter by kind would show. */
export function countByGroup(changes: Changes, filter: ChangeFilter): Record<Group, number> {
  const counts = Object.fromEntries(GROUPS.map((group) => [group, 0])) as Record<Group, number>;
  for (const number of matching(changes, { ...filter, without: new Set() })) {
    const change = changes[number];
    if (change) counts[groupOf(change)] += 1;
  }
  return counts;
}

/** People with at least one change, the most active first. */
export function countByAuthor(changes: Changes): { userId: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { by } of changes)
    for (const userId of new Set(by.map((contribution) => contribution.userId)))
      counts.set(userId, (counts.get(userId) ?? 0) + 1);
  return [...counts].map(([userId, count]) => ({ userId, count })).sort((a, b) => b.count - a.count);
}

/** Sections with at least one change, in reading order; -1 stands for what comes before the first heading. */
export function countBySection(changes: Changes): { section: number; count: number }[] {
  const counts = new Map<number, number>();
  for (const { section } of changes) counts.set(section ?? -1, (counts.get(section ?? -1) ?? 0) + 1);
  return [...counts].map(([section, count]) => ({ section, count })).sort((a, b) => a.section - b.section);
}
