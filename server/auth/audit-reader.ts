/** The audit log as people read it: whole sentences, with today's names of those whom they are about. */
import type { AuditPage } from '../../shared/audit.ts';
import { auditSentence } from '../../shared/audit.ts';
import { listAudit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { readPeople } from './people.ts';

/** Entries of a page that asks for no number. */
const PAGE = 50;

export interface AuditQuery {
  /** Absent: of all plans and of the server. */
  readonly planId?: string;
  /** Only entries older than the one with this id. */
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
}

export interface AuditReader {
  read(query: AuditQuery): Promise<AuditPage>;
}

export function createAuditReader({ kysely, sqlite }: Pick<Database, 'kysely' | 'sqlite'>): AuditReader {
  return {
    async read({ planId, before, limit = PAGE }) {
      const found = await listAudit(kysely, { planId, before, limit: limit + 1 });
      const rows = found.slice(0, limit);
      const named = rows.flatMap(({ actor, detail: { user } }) => [actor, user]);
      const people = readPeople(
        sqlite,
        named.filter((id) => typeof id === 'string'),
      );
      const names = new Map(people.map(({ id, name }) => [id, name]));
      const entries = rows.map((row) => ({
        ...row,
        time: new Date(row.time).toISOString(),
        sentence: auditSentence(row, (id) => names.get(id) ?? id),
      }));
      return { entries, people, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
    },
  };
}
