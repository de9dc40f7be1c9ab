/** What workers do for snapshots: make one of a plan, read one with who wrote it, pack contents anew. */
import type { DatabaseSync } from 'node:sqlite';
import type * as Y from 'yjs';
import type { SnapshotContent } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { readFrontMatter } from '../../shared/schema/front-matter-map.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { readPeople } from '../auth/people.ts';
import { canonicalDocument, mentioned, sha256, toSummary } from '../snapshots/entry.ts';
import { nextDictionary, pack, relink, type Unpacked } from '../snapshots/packing.ts';
import { readSnapshot, type StoredSnapshot, unpackStored } from '../snapshots/stored.ts';
import { lastEntry, readLinks, readPacked, type SnapshotEntry } from '../store/snapshots.ts';
import { type Authorship, readWithAuthorship } from './authorship.ts';
import { decodeAuthorship, encodeAuthorship } from './authorship-codec.ts';
import { authorRanges, contributorsBetween, sharesOf } from './contributions.ts';
import { type History, historyOfOne, readHistory } from './history.ts';
import type { Jobs, SnapshotDraft } from './jobs.ts';
import { readStoredPlan, replay } from './replay.ts';
import { countWords } from './words.ts';

/** The plan at `upTo`, or as soon after as the log still tells. Null: nothing new in it, or the chain is further already. */
export function takeSnapshot(
  sqlite: DatabaseSync,
  { planId, upTo, again }: Jobs['takeSnapshot']['input'],
): Jobs['takeSnapshot']['output'] {
  const stored = readStoredPlan(sqlite, planId, upTo);
  const { ydoc, poisons, seq } = replay(stored);
  const last = lastEntry(sqlite, planId);
  const found = inspect(ydoc);
  const isOlder = last !== undefined && last.seq > seq;
  if (isOlder || (!again && last?.contentHash === found.contentHash)) return { draft: null, poisons };
  const history = readHistory(sqlite, planId, stored);
  const previous = last && readable(sqlite, last);
  const contributors = last
    ? contributorsSince(last, previous, found.authorship, history, seq)
    : contributorsBetween(null, found.authorship, history, 0, seq);
  const dictionary = previous ? nextDictionary(readLinks(sqlite, planId)) : null;
  const draft = toDraft(found, seq, {
    contributors,
    shares: sharesOf(found.authorship, history),
    previous: dictionary === null ? null : { number: dictionary, ...previous! },
  });
  return { draft, poisons };
}

/** The first snapshot of a plan that is being made: everything in it is its owner's. */
export function firstSnapshot(ydoc: Y.Doc, ownerId: string): SnapshotDraft {
  const found = inspect(ydoc);
  const history = historyOfOne(ownerId);
  return toDraft(found, 1, {
    contributors: contributorsBetween(null, found.authorship, history, 0, 1),
    shares: sharesOf(found.authorship, history),
    previous: null,
  });
}

/** The bytes of `snapshotContent` in shared/api.ts. */
export function readSnapshotJson(
  sqlite: DatabaseSync,
  { planId, number }: { planId: string; number: number },
): Uint8Array {
  const { entry, document, authorship } = readSnapshot(sqlite, planId, number);
  const history = readHistory(sqlite, planId, readStoredPlan(sqlite, planId));
  const written = authorRanges(decodeAuthorship(authorship), history);
  const snapshot = toSummary(entry);
  const ids = [...mentioned(snapshot), ...written.contributions.map(({ userId }) => userId)];
  const answer: SnapshotContent = { snapshot, ...document, people: readPeople(sqlite, ids), ...written };
  return Buffer.from(JSON.stringify(answer));
}

/** Contents that must be packed anew when `removed` go. Throws `snapshot-damaged`: nothing is thinned around what cannot be read. */
export function repack(sqlite: DatabaseSync, { planId, removed }: Jobs['repack']['input']): Jobs['repack']['output'] {
  const unpacked = (number: number): Unpacked =>
    unpackStored(sqlite, planId, number, readPacked(sqlite, planId, number)!);
  return relink(readLinks(sqlite, planId), new Set(removed)).map(({ number, dictionary }) => ({
    number,
    ...packed(unpacked(number), dictionary === null ? null : { number: dictionary, ...unpacked(dictionary) }),
  }));
}

interface Found {
  readonly canonical: Buffer;
  readonly contentHash: string;
  readonly authorship: Authorship;
  readonly words: number;
}

function inspect(ydoc: Y.Doc): Found {
  const { doc, authorship } = readWithAuthorship(ydoc);
  const frontMatter = readFrontMatter(ydoc);
  const canonical = canonicalDocument({ content: doc.toJSON(), frontMatter, schema: SCHEMA_VERSION });
  const text = doc.textBetween(0, doc.content.size, '\n', ' ');
  return { canonical, contentHash: sha256(canonical), authorship, words: countWords(text, frontMatter.language) };
}

function toDraft(
  { canonical, contentHash, authorship, words }: Found,
  seq: number,
  known: Pick<SnapshotDraft, 'contributors' | 'shares'> & { previous: (Unpacked & { number: number }) | null },
): SnapshotDraft {
  const { contributors, shares, previous } = known;
  const encoded = Buffer.from(encodeAuthorship(authorship));
  return {
    ...{ seq, words, contributors, shares, contentHash },
    authorshipHash: sha256(encoded),
    content: packed({ document: canonical, authorship: encoded }, previous),
  };
}

function packed({ document, authorship }: Unpacked, dictionary: (Unpacked & { number: number }) | null) {
  return {
    document: pack(document, dictionary?.document ?? null),
    authorship: pack(authorship, dictionary?.authorship ?? null),
    dictionary: dictionary?.number ?? null,
  };
}

/** Null for a damaged one: it must not keep the history from going on. `npm run verify` tells the operator. */
function readable(sqlite: DatabaseSync, { planId, number }: SnapshotEntry): Unpacked | null {
  try {
    const { canonical, authorship }: StoredSnapshot = readSnapshot(sqlite, planId, number);
    return { document: canonical, authorship };
  } catch (error) {
    if (error instanceof CommonplanError && ['snapshot-damaged', 'snapshot-thinned'].includes(error.code)) return null;
    throw error;
  }
}

function contributorsSince(
  last: SnapshotEntry,
  previous: Unpacked | null | undefined,
  newer: Authorship,
  history: History,
  seq: number,
): SnapshotDraft['contributors'] {
  if (previous) return contributorsBetween(decodeAuthorship(previous.authorship), newer, history, last.seq, seq);
  // Without the one before, who took part is all that can be said.
  return [...history.activeBetween(last.seq, seq).keys()].map((userId) => ({ userId, inserted: 0, deleted: 0 }));
}
