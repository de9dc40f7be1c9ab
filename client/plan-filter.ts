/** Which plans the Plans page shows, kept in the address so that going back, reloading and sharing the address find the same list. */
import type { z } from 'zod';
import type { planListQuery } from '../shared/api.ts';
import { STREAMS } from '../shared/schema/front-matter.ts';
import type { Stream } from './labels.ts';

const SHELVES = ['all', 'mine', 'shared', 'archived'] as const;

export interface PlanFilter {
  readonly q: string;
  readonly stream: Stream | null;
  /** A team's id; '': plans of whatever team, and of none. */
  readonly team: string;
  readonly shelf: (typeof SHELVES)[number];
}

/** Reads `?q=…&stream=…&team=…&shelf=…`; what is not valid takes its default. */
export function readFilter(search: string): PlanFilter {
  const query = new URLSearchParams(search);
  return {
    q: (query.get('q') ?? '').slice(0, 200),
    stream: STREAMS.find((stream) => stream === query.get('stream')) ?? null,
    team: (query.get('team') ?? '').slice(0, 64),
    shelf: SHELVES.find((shelf) => shelf === query.get('shelf')) ?? 'all',
  };
}

/** The inverse of `readFilter`: '' or '?…'; defaults are left out. */
export function filterSearch({ q, stream, team, shelf }: PlanFilter): string {
  const query = new URLSearchParams();
  if (q !== '') query.set('q', q);
  if (stream !== null) query.set('stream', stream);
  if (team !== '') query.set('team', team);
  if (shelf !== 'all') query.set('shelf', shelf);
  return query.size > 0 ? `?${query}` : '';
}

/** Puts the filter into the address bar, without a new entry in the history. */
export function writeFilter(filter: PlanFilter): void {
  history.replaceState(history.state, '', location.pathname + filterSearch(filter));
}

/** The question to the server. */
export function toQuery({ q, stream, team, shelf }: PlanFilter): z.infer<typeof planListQuery> {
  return {
    q: q.trim() || undefined,
    stream: stream ?? undefined,
    team: team || undefined,
    scope: shelf === 'mine' || shelf === 'shared' ? shelf : undefined,
    archived: shelf === 'archived' ? 'true' : undefined,
  };
}

/** Whether an empty list may be the filter's doing. */
export function isFiltered({ q, stream, team, shelf }: PlanFilter): boolean {
  return q.trim() !== '' || stream !== null || team !== '' || shelf !== 'all';
}
