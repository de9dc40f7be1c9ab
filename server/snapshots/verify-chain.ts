/** Checks all snapshots of a plan: every link of the chain, every content that is there, and that nothing went that has to stay. */
import type { DatabaseSync } from 'node:sqlite';
import { headOf, readEntry, readPacked, type SnapshotEntry } from '../store/snapshots.ts';
import { sha256 } from './entry.ts';
import { type Unpacked, unpack } from './packing.ts';
import { entryProblem, unpackStored } from './stored.ts';
import { mayThin } from './thinning.ts';

export interface ChainReport {
  readonly snapshots: number;
  readonly thinned: number;
  readonly problems: string[];
}

/** Never throws for what it finds. */
export function verifyChain(sqlite: DatabaseSync, planId: string): ChainReport {
  const problems: string[] = [];
  const numbers = sqlite.prepare('SELECT number FROM snapshots WHERE plan_id = ? ORDER BY number').all(planId);
  let thinned = 0;
  let previous: SnapshotEntry | null | undefined = null;
  let expected = 1;
  // The content read last: the next one is mostly packed against it.
  let before: { number: number; unpacked: Unpacked } | null = null;
  const unpackNext = (number: number): Unpacked => {
    const packed = readPacked(sqlite, planId, number)!;
    if (before === null || packed.dictionary !== before.number) return unpackStored(sqlite, planId, number, packed);
    return {
      document: unpack(packed.document, before.unpacked.document),
      authorship: unpack(packed.authorship, before.unpacked.authorship),
    };
  };
  const report = (number: number, problem: string): void => void problems.push(`snapshot ${number}: ${problem}.`);
  for (const { number: stored } of numbers) {
    const number = stored as number;
    for (; expected < number; expected++) {
      report(expected, 'it is missing');
      previous = undefined;
    }
    expected = number + 1;
    const entry = readEntry(sqlite, planId, number)!;
    const problem = entryProblem(entry, previous);
    // One that follows a missing one has been reported already.
    if (problem && previous !== undefined) report(number, problem);
    previous = entry;
    if (!readPacked(sqlite, planId, number)) {
      thinned++;
      if (!mayThin(entry.kind)) report(number, `its content is gone, but that of a ${entry.kind} one stays for ever`);
      continue;
    }
    try {
      const unpacked = unpackNext(number);
      if (sha256(unpacked.document) !== entry.contentHash) report(number, 'its content is not what was hashed');
      if (sha256(unpacked.authorship) !== entry.authorshipHash) report(number, 'who wrote it is not what was hashed');
      before = { number, unpacked };
    } catch {
      report(number, 'its content cannot be unpacked');
    }
  }
  const head = headOf(sqlite, planId) ?? 0;
  if (previous && previous.seq > head)
    report(previous.number, `it holds update ${previous.seq}, but the log ends at ${head}`);
  if (numbers.length > 0 && previous && !readPacked(sqlite, planId, previous.number)) {
    report(previous.number, 'its content is gone, but the latest one always stays');
  }
  return { snapshots: numbers.length, thinned, problems };
}
