/** What a snapshot's hashes are made of: canonical JSON (RFC 8785) of the document, and of the entry in the chain. README.md is for readers. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { SnapshotSummary } from '../../shared/api.ts';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import type { Content } from '../documents/jobs.ts';
import type { SnapshotEntry } from '../store/snapshots.ts';

export interface SnapshotDocument {
  readonly content: Content;
  readonly frontMatter: FrontMatter;
  /** Version of the schema that it was written in. */
  readonly schema: number;
}

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** The bytes that `contentHash` is of. */
export function canonicalDocument({ content, frontMatter, schema }: SnapshotDocument): Buffer {
  return Buffer.from(canonical({ content, frontMatter, schema }), 'utf8');
}

/** The hash of an entry, whatever `hash` says. */
export function entryHash(entry: Omit<SnapshotEntry, 'hash'>): string {
  const { planId, time, contentHash, authorshipHash, previousHash, ...rest } = entry;
  const { number, seq, kind, author, label, note, words, contributors, shares, restored } = rest;
  return sha256(
    canonical({
      plan: planId,
      number,
      seq,
      time: new Date(time).toISOString(),
      kind,
      author,
      label,
      note,
      words,
      contributors,
      shares,
      restored,
      content: contentHash,
      authorship: authorshipHash,
      previous: previousHash,
    }),
  );
}

/** As routes show it; everything that the hash needs, but the plan's id, is in it. */
export function toSummary(entry: SnapshotEntry): SnapshotSummary {
  const { planId: _, time, contributors, shares, ...rest } = entry;
  return { ...rest, time: new Date(time).toISOString(), contributors: [...contributors], shares: [...shares] };
}

/** Ids of everybody whom a summary names. */
export function mentioned({ author, contributors, shares }: SnapshotSummary): string[] {
  return [...(author === null ? [] : [author]), ...[...contributors, ...shares].map(({ userId }) => userId)];
}

function canonical(value: unknown): string {
  try {
    return canonicalize(value)!;
  } catch {
    // Half a surrogate pair, which RFC 8785 has no form for: hostile formatting can hold one. It shows as U+FFFD anyway.
    return canonicalize(JSON.parse(JSON.stringify(value, wellFormed)))!;
  }
}

const wellFormed = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed() : value;
