/** Reads a plan, or a snapshot of it, for export, and writes it in a format. Runs in a worker. */
import type { DatabaseSync } from 'node:sqlite';
import { readFrontMatter } from '../../shared/schema/front-matter-map.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { readPeople } from '../auth/people.ts';
import type { Exportable } from '../export/exportable.ts';
import { WRITERS } from '../export/formats.ts';
import { imagesOf } from '../images/images-of.ts';
import { canonicalDocument, type SnapshotDocument, sha256, toSummary } from '../snapshots/entry.ts';
import { readSnapshot } from '../snapshots/stored.ts';
import { readWithAuthorship } from './authorship.ts';
import { sharesOf } from './contributions.ts';
import { readHistory } from './history.ts';
import type { ExportedFile, ExportRequest, PoisonFound } from './jobs.ts';
import { readStoredPlan, replay } from './replay.ts';

/** Throws what reading a snapshot throws. */
export async function writeExport(
  sqlite: DatabaseSync,
  request: ExportRequest,
): Promise<ExportedFile & { poisons: PoisonFound[] }> {
  const { exportable, poisons } = readExportable(sqlite, request);
  const { format } = request;
  if (format === 'pdf') throw new Error('PDF is written in a process of its own, not in a worker.');
  const written = await WRITERS[format](exportable as never);
  const bytes = typeof written === 'string' ? Buffer.from(written) : written;
  return { bytes, title: exportable.frontMatter.title, warnings: [], poisons };
}

export function readExportable(
  sqlite: DatabaseSync,
  { planId, snapshot, options, origin }: ExportRequest,
): { exportable: Exportable; poisons: PoisonFound[] } {
  const plan = snapshot === null ? readLive(sqlite, planId) : readKept(sqlite, planId, snapshot);
  const { content, frontMatter, schema } = plan.document;
  const names = new Map(readPeople(sqlite, plan.writers).map(({ id, name }) => [id, name]));
  const address = `/plans/${encodeURIComponent(planId)}${snapshot === null ? '' : `/history/${snapshot}`}`;
  const version = {
    planId,
    url: origin === null ? null : `${origin}${address}`,
    number: snapshot,
    contributors: [...new Set(plan.writers.map((id) => names.get(id)!))],
    schema,
    ...plan.version,
  };
  return {
    exportable: { content, frontMatter, version, images: imagesOf(sqlite, planId, content), options },
    poisons: plan.poisons,
  };
}

interface Read {
  readonly document: SnapshotDocument;
  /** Ids of those who wrote its text, who wrote the most first. */
  readonly writers: readonly string[];
  readonly version: Pick<Exportable['version'], 'seq' | 'label' | 'time' | 'hash' | 'contentHash' | 'snapshot'>;
  readonly poisons: PoisonFound[];
}

function readKept(sqlite: DatabaseSync, planId: string, number: number): Read {
  const { entry, document } = readSnapshot(sqlite, planId, number);
  const snapshot = toSummary(entry);
  const { seq, label, time, hash, contentHash } = snapshot;
  const writers = snapshot.shares.map(({ userId }) => userId);
  return { document, writers, version: { seq, label, time, hash, contentHash, snapshot }, poisons: [] };
}

function readLive(sqlite: DatabaseSync, planId: string): Read {
  const stored = readStoredPlan(sqlite, planId);
  const { ydoc, poisons, seq } = replay(stored);
  const { doc, authorship } = readWithAuthorship(ydoc);
  const document = { content: doc.toJSON(), frontMatter: readFrontMatter(ydoc), schema: SCHEMA_VERSION };
  const writers = sharesOf(authorship, readHistory(sqlite, planId, stored)).map(({ userId }) => userId);
  const time = stored.tail.at(-1)?.time ?? lastChange(sqlite, planId);
  return {
    document,
    writers,
    version: {
      ...{ seq, label: '', time: new Date(time).toISOString() },
      ...{ hash: null, contentHash: sha256(canonicalDocument(document)), snapshot: null },
    },
    poisons,
  };
}

/** Of a plan whose log is merged: milliseconds since 1970. */
function lastChange(sqlite: DatabaseSync, planId: string): number {
  return sqlite.prepare('SELECT updated_at FROM plans WHERE id = ?').get(planId)!.updated_at as number;
}
