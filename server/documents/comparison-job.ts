/** Compares two snapshots, or a snapshot and the live plan, and says of each change who did it. Runs in a worker. */
import type { DatabaseSync } from 'node:sqlite';
import type { ComparisonAnswer } from '../../shared/api.ts';
import { compare } from '../../shared/compare/compare.ts';
import type { NodeJSON } from '../../shared/compare/comparison.ts';
import { compareFrontMatter } from '../../shared/compare/front-matter.ts';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import { readFrontMatter } from '../../shared/schema/front-matter-map.ts';
import { readPeople } from '../auth/people.ts';
import { mentioned, toSummary } from '../snapshots/entry.ts';
import { readSnapshot } from '../snapshots/stored.ts';
import { type Authorship, readWithAuthorship } from './authorship.ts';
import { decodeAuthorship } from './authorship-codec.ts';
import { authorsOfChanges, authorsOfFields } from './change-authors.ts';
import { readHistory } from './history.ts';
import type { PlanContent, PoisonFound } from './jobs.ts';
import { readStoredPlan, replay, type StoredPlan } from './replay.ts';

interface Side {
  readonly end: ComparisonAnswer['from'];
  readonly plan: PlanContent;
  readonly authorship: Authorship;
}

/** With the front matter of `to`. `to` null: the live plan. Throws what reading a snapshot throws. */
export function comparePlan(
  sqlite: DatabaseSync,
  { planId, from, to }: { planId: string; from: number; to: number | null },
): { answer: ComparisonAnswer; frontMatter: FrontMatter; poisons: PoisonFound[] } {
  const stored = readStoredPlan(sqlite, planId);
  const poisons: PoisonFound[] = [];
  const before = readSide(sqlite, planId, from);
  const after = to === null ? livePlan(stored, poisons) : readSide(sqlite, planId, to);
  const { language } = after.plan.frontMatter;
  const contents = [before.plan.content, after.plan.content] as [NodeJSON, NodeJSON];
  const { blocks, changes, sections } = compare(...contents, { language });
  const fields = compareFrontMatter(before.plan.frontMatter, after.plan.frontMatter, language);
  const sides = [
    before.authorship,
    after.authorship,
    readHistory(sqlite, planId, stored),
    before.end.seq,
    after.end.seq,
  ] as const;
  const by = authorsOfChanges(changes, ...sides);
  const fieldsBy = authorsOfFields(fields, ...sides);
  const ids = [
    ...[before, after].flatMap(({ end }) => (end.snapshot ? mentioned(end.snapshot) : [])),
    ...[...by, ...fieldsBy].flat().map(({ userId }) => userId),
  ];
  const answer: ComparisonAnswer = {
    from: before.end,
    to: after.end,
    people: readPeople(sqlite, ids),
    frontMatter: fields.map((field, index) => ({ ...field, by: fieldsBy[index]! })),
    blocks: [...blocks],
    changes: changes.map((change, index) => ({ ...change, by: by[index]! })),
    sections: [...sections],
  };
  return { answer, frontMatter: after.plan.frontMatter, poisons };
}

function readSide(sqlite: DatabaseSync, planId: string, number: number): Side {
  const { entry, document, authorship } = readSnapshot(sqlite, planId, number);
  const end = { snapshot: toSummary(entry), seq: entry.seq };
  return { end, plan: document, authorship: decodeAuthorship(authorship) };
}

function livePlan(stored: StoredPlan, poisons: PoisonFound[]): Side {
  const replayed = replay(stored);
  poisons.push(...replayed.poisons);
  const { doc, authorship } = readWithAuthorship(replayed.ydoc);
  const plan = { content: doc.toJSON(), frontMatter: readFrontMatter(replayed.ydoc) };
  return { end: { snapshot: null, seq: replayed.seq }, plan, authorship };
}
