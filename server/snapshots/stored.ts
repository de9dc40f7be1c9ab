/** Reads a snapshot and checks it: content, hash and place in the chain. What does not match is never shown. */
import type { DatabaseSync } from 'node:sqlite';
import { CommonplanError } from '../../shared/errors.ts';
import { type PackedContent, readEntry, readPacked, type SnapshotEntry } from '../store/snapshots.ts';
import { reading } from '../store/transaction.ts';
import { entryHash, type SnapshotDocument, sha256 } from './entry.ts';
import { LONGEST_RUN, type Unpacked, unpack } from './packing.ts';

export interface StoredSnapshot {
  readonly entry: SnapshotEntry;
  readonly document: SnapshotDocument;
  /** The bytes that the content's hash is of. */
  readonly canonical: Buffer;
  readonly authorship: Buffer;
}

/** Throws `not-found`, `snapshot-thinned`, and `snapshot-damaged` with what is wrong. */
export function readSnapshot(sqlite: DatabaseSync, planId: string, number: number): StoredSnapshot {
  // Thinning between two reads would show a content without its dictionary.
  return reading(sqlite, () => {
    const entry = checkedEntry(sqlite, planId, number);
    const packed = readPacked(sqlite, planId, number);
    if (!packed) throw new CommonplanError('snapshot-thinned');
    const { document: canonical, authorship } = unpackStored(sqlite, planId, number, packed);
    if (sha256(canonical) !== entry.contentHash) throw damaged(number, 'its content is not what was hashed');
    if (sha256(authorship) !== entry.authorshipHash) throw damaged(number, 'who wrote it is not what was hashed');
    return { entry, document: JSON.parse(canonical.toString('utf8')), canonical, authorship };
  });
}

/** The entry, its own hash and its links to both neighbours checked. Throws `not-found` and `snapshot-damaged`. */
function checkedEntry(sqlite: DatabaseSync, planId: string, number: number): SnapshotEntry {
  const read = (of: number): SnapshotEntry | undefined => readEntry(sqlite, planId, of);
  const entry = read(number);
  if (!entry) throw new CommonplanError('not-found', `This plan has no snapshot ${number}.`);
  const problem = entryProblem(entry, number === 1 ? null : read(number - 1));
  if (problem) throw damaged(number, problem);
  const next = read(number + 1);
  if (next && next.previousHash !== entry.hash) throw damaged(number, 'the next one follows another');
  return entry;
}

/** What is wrong with an entry after `previous` (null: it must be the first; undefined: there is none); null: nothing. */
export function entryProblem(entry: SnapshotEntry, previous: SnapshotEntry | null | undefined): string | null {
  if (Number.isNaN(new Date(entry.time).getTime()) || entryHash(entry) !== entry.hash) {
    return 'its entry is not what was hashed';
  }
  if (previous === undefined) return 'the one before it is missing';
  if (entry.previousHash !== (previous?.hash ?? null)) return 'it does not follow the one before it';
  return null;
}

/** Unpacks along the dictionaries. Throws `snapshot-damaged`. */
export function unpackStored(sqlite: DatabaseSync, planId: string, number: number, packed: PackedContent): Unpacked {
  const run = [packed];
  for (let { dictionary } = packed; dictionary !== null; dictionary = run.at(-1)!.dictionary) {
    const before = readPacked(sqlite, planId, dictionary);
    // A row that names a later one, or itself, would go round for ever.
    if (!before || run.length > LONGEST_RUN)
      throw damaged(number, `content ${dictionary}, which it builds on, is missing`);
    run.push(before);
  }
  try {
    return run.reduceRight<Unpacked | null>(
      (dictionary, { document, authorship }) => ({
        document: unpack(document, dictionary?.document ?? null),
        authorship: unpack(authorship, dictionary?.authorship ?? null),
      }),
      null,
    )!;
  } catch {
    throw damaged(number, 'its content cannot be unpacked');
  }
}

const damaged = (number: number, how: string): CommonplanError =>
  new CommonplanError('snapshot-damaged', `Snapshot ${number} is not what was stored: ${how}.`, {
    hint: 'The administrator should look at it with npm run verify.',
  });
