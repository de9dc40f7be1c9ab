/** Reads every plan, snapshot and picture of a database file, and says what is damaged. */
import { DatabaseSync } from 'node:sqlite';
import { verifyPlan } from './documents/verify-plan.ts';
import { verifyImages } from './images/verify-images.ts';
import { verifyChain } from './snapshots/verify-chain.ts';
import { reading } from './store/transaction.ts';

/** Reads all that the file holds, says in plain words what is damaged, and answers how many problems it found. Changes nothing. */
export function verifyDatabase(file: string, say: (line: string) => void): number {
  const sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    const broken = sqlite
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => String(row.integrity_check));
    let problems = 0;
    if (broken[0] !== 'ok') {
      problems += broken.length;
      for (const line of broken) say(`database: ${line}`);
    }
    const plans = sqlite.prepare('SELECT id, title FROM plans ORDER BY created_at, id').all();
    let updates = 0;
    let snapshots = 0;
    let thinned = 0;
    for (const { id, title } of plans) {
      const planId = id as string;
      // One moment for all of a plan: the server may be at work on it.
      const [plan, chain] = reading(sqlite, () => [verifyPlan(sqlite, planId), verifyChain(sqlite, planId)] as const);
      updates += plan.updates;
      snapshots += chain.snapshots;
      thinned += chain.thinned;
      const found = [...plan.problems, ...chain.problems];
      problems += found.length;
      for (const problem of found) say(`plan ${planId} (“${title}”): ${problem}`);
      for (const note of plan.notes) say(`plan ${planId} (“${title}”), for your attention: ${note}`);
    }
    const pictures = verifyImages(sqlite);
    problems += pictures.problems.length;
    for (const problem of pictures.problems) say(problem);
    say(
      `${file}: ${count(plans.length, 'plan')} with ${count(updates, 'update')}, ${count(snapshots, 'snapshot')}` +
        `${thinned > 0 ? `, ${thinned} of them thinned out` : ''}` +
        `${pictures.images > 0 ? `, ${count(pictures.images, 'picture')}` : ''}.`,
    );
    say(problems === 0 ? 'Everything is as it was stored.' : `${count(problems, 'problem')} found.`);
    return problems;
  } finally {
    sqlite.close();
  }
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
