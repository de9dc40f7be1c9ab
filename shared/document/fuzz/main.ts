/** Runs the fuzz from the command line: `node shared/document/fuzz/main.ts [first seed] [runs] [replicas] [edits] [at most so many seconds]`. */
import { fuzz } from './fuzz.ts';

const [first = 1, runs = 100, replicas = 3, edits = 120, seconds = Number.POSITIVE_INFINITY] = process.argv
  .slice(2)
  .map(Number);
const start = performance.now();
const { ONLY } = process.env;
const totals = { runs: 0, words: 0, lost: 0, doubled: 0, problems: 0 };
for (let seed = first; seed < first + runs && performance.now() - start < seconds * 1000; seed++) {
  const trace = process.env.TRACE ? (line: string) => process.stdout.write(`${line}\n`) : undefined;
  const result = fuzz({
    seed,
    replicas,
    edits,
    oracle: true,
    ...(ONLY ? { only: ONLY.split(',') } : {}),
    ...(trace ? { trace } : {}),
  });
  totals.runs++;
  totals.words += result.words;
  totals.lost += result.lost.length;
  totals.doubled += result.doubled.length;
  totals.problems += result.problems.length;
  if (result.lost.length + result.doubled.length + result.problems.length > 0) {
    const { lost, doubled, problems } = result;
    process.stdout.write(`${JSON.stringify({ seed, lost, doubled })}\n${problems.join('\n')}\n`);
  }
}
process.stdout.write(`${JSON.stringify(totals)}\n`);
process.exitCode = totals.lost + totals.doubled + totals.problems > 0 ? 1 : 0;
