/** Checks a stored plan whole: the log without gaps, bases that are what they say, records of authors, text that renders, the list's digest. */
import type { DatabaseSync } from 'node:sqlite';
import * as Y from 'yjs';
import { readFrontMatter } from '../../shared/schema/front-matter-map.ts';
import { missingImages } from '../images/verify-images.ts';
import { decodeAttributions } from './attribution.ts';
import { readWithAuthorship } from './authorship.ts';
import { readStoredPlan, replay } from './replay.ts';
import { countWords } from './words.ts';

export interface PlanReport {
  readonly updates: number;
  /** What is damaged, a sentence each. */
  readonly problems: string[];
  /** What is as it should be, and the operator may want to know. */
  readonly notes: string[];
}

/** Never throws for what it finds. */
export function verifyPlan(sqlite: DatabaseSync, planId: string): PlanReport {
  const problems: string[] = [];
  const notes: string[] = [];
  const check = (what: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      problems.push(`${what}: ${(error as Error).message}`);
    }
  };
  let updates = 0;
  check('a base cannot be read', () => problems.push(...basesProblems(sqlite, planId)));
  check('who wrote what cannot be read', () => problems.push(...attributionProblems(sqlite, planId)));
  check('the plan cannot be read', () => {
    const { ydoc, seq, poisons } = replay(readStoredPlan(sqlite, planId));
    updates = seq;
    for (const { seq: of, reason } of poisons) {
      notes.push(`update ${of} cannot be applied and will be set aside when the plan is next read: ${reason}`);
    }
    const { doc } = readWithAuthorship(ydoc);
    doc.check();
    notes.push(...missingImages(sqlite, planId, doc.toJSON()));
    problems.push(...digestProblems(sqlite, planId, ydoc, seq));
    ydoc.destroy();
  });
  const owners = sqlite.prepare("SELECT count(*) AS n FROM members WHERE plan_id = ? AND role = 'owner'").get(planId);
  if (owners?.n === 0) problems.push('it has no owner.');
  const aside = sqlite.prepare('SELECT count(*) AS n FROM set_aside WHERE plan_id = ?').get(planId)?.n;
  if (aside !== 0) notes.push(`${aside} updates that could not be applied are in the table set_aside.`);
  return { updates, problems, notes };
}

function basesProblems(sqlite: DatabaseSync, planId: string): string[] {
  const rows = sqlite.prepare('SELECT seq, state, state_vector, delete_set FROM bases WHERE plan_id = ?').all(planId);
  return rows.flatMap(({ seq, state, state_vector, delete_set }) => {
    const ydoc = new Y.Doc();
    Y.applyUpdate(ydoc, state as Uint8Array);
    const vector = Y.encodeStateVector(ydoc);
    const isSame =
      Buffer.compare(vector, state_vector as Uint8Array) === 0 &&
      Buffer.compare(Y.encodeStateAsUpdate(ydoc, vector), delete_set as Uint8Array) === 0;
    ydoc.destroy();
    return isSame ? [] : [`its base at update ${seq} is not what is stored beside it.`];
  });
}

/** What compactions noted must cover every update from the first to the latest base. */
function attributionProblems(sqlite: DatabaseSync, planId: string): string[] {
  const base = sqlite.prepare('SELECT max(seq) AS seq FROM bases WHERE plan_id = ?').get(planId)?.seq as number | null;
  const rows = sqlite
    .prepare('SELECT first_seq, last_seq, data FROM attributions WHERE plan_id = ? ORDER BY last_seq')
    .all(planId);
  let reached = 0;
  for (const { first_seq, last_seq, data } of rows) {
    decodeAttributions(data as Uint8Array);
    if (first_seq !== reached + 1)
      return [`who wrote the updates ${reached + 1} to ${Number(first_seq) - 1} is missing.`];
    reached = last_seq as number;
  }
  return reached === (base ?? 0) ? [] : [`who wrote what is told up to update ${reached}, expected ${base ?? 0}.`];
}

function digestProblems(sqlite: DatabaseSync, planId: string, ydoc: Y.Doc, seq: number): string[] {
  const plan = sqlite.prepare('SELECT title, words, digest_seq FROM plans WHERE id = ?').get(planId);
  const digestSeq = plan?.digest_seq as number;
  if (digestSeq > seq) return [`the list of plans was made at update ${digestSeq}, but the log ends at ${seq}.`];
  // An older one is made anew by the server, seconds after a change or at its next start.
  if (digestSeq < seq) return [];
  const { title, language } = readFrontMatter(ydoc);
  const { doc } = readWithAuthorship(ydoc);
  const words = countWords(doc.textBetween(0, doc.content.size, '\n', ' '), language);
  return plan?.title === title && plan.words === words
    ? []
    : [`the list of plans says “${plan?.title}” with ${plan?.words} words, the plan itself “${title}” with ${words}.`];
}
