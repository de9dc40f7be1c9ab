/**
 * `npm run bench -- compare [--plan FILE.md] [--rounds 3] [--limit 60]`: comparing two versions of a plan of 100 pages, ours and other
 * packages in turns: milliseconds of CPU, changes found, letters marked. `--limit`: seconds after which one is stopped.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { makeDocuments, WORKLOADS, type WorkloadName } from './compare/documents.ts';
import { METHODS, PEERS_FOLDER, plainText } from './compare/methods.ts';
import type { Measured, Task } from './compare/worker.ts';
import { installPeers } from './install-peers.ts';
import { median } from './sync/statistics.ts';

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      plan: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      limit: { type: 'string', default: '60' },
    },
  });
  installPeers(PEERS_FOLDER);
  const plan = values.plan === undefined ? null : resolve(values.plan);
  for (const [name, { about }] of Object.entries(METHODS)) console.log(`- ${name}: ${about}`);
  for (const workload of Object.keys(WORKLOADS) as WorkloadName[]) {
    const { before } = makeDocuments(workload, plan);
    const words = plainText(before).split(/\s+/).length;
    console.log(`\n${WORKLOADS[workload]} (${words} words)\n`);
    const rounds: Map<string, Measured | null>[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      const results = new Map<string, Measured | null>();
      for (const method of Object.keys(METHODS)) {
        // What was too slow once is not waited for again.
        const gaveUp = rounds.some((earlier) => earlier.get(method) === null);
        results.set(method, gaveUp ? null : await measure({ method, workload, plan }, Number(values.limit) * 1000));
      }
      rounds.push(results);
    }
    console.log(table(rounds, Number(values.limit)));
  }
}

/** Null: not done after `limit` milliseconds. */
function measure(task: Task, limit: number): Promise<Measured | null> {
  const worker = new Worker(new URL('./compare/worker.ts', import.meta.url), { workerData: task });
  return new Promise((done, fail) => {
    const timer = setTimeout(() => {
      done(null);
      void worker.terminate();
    }, limit);
    worker.once('message', (measured: Measured) => {
      clearTimeout(timer);
      done(measured);
    });
    worker.once('error', (error) => {
      clearTimeout(timer);
      fail(new Error(`${task.method} failed on ${task.workload}`, { cause: error }));
    });
  });
}

/** Medians of the rounds; times ours: of the ratios inside each round. */
function table(rounds: readonly Map<string, Measured | null>[], limit: number): string {
  const rows = Object.keys(METHODS).map((method) => {
    const runs = rounds.map((results) => results.get(method)!).filter((measured) => measured !== null);
    if (runs.length < rounds.length) return `| ${method} | stopped after ${limit} s | | | | |`;
    const ratios = rounds.map((results) => results.get(method)!.warm / results.get('commonplan')!.warm);
    const cells = [
      median(runs.map(({ first }) => first)).toFixed(0),
      median(runs.map(({ warm }) => warm)).toFixed(0),
      median(ratios).toFixed(2),
      String(runs[0]!.changes),
      String(runs[0]!.letters),
    ];
    return `| ${method} | ${cells.join(' | ')} |`;
  });
  return [
    '| method | first ms | warm ms | times ours | changes | letters marked |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
