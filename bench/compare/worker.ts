/** One method on one pair of documents, in a thread of its own that can be ended: twice, the second time with warm code. */
import { parentPort, workerData } from 'node:worker_threads';
import { makeDocuments, type WorkloadName } from './documents.ts';
import { type Findings, METHODS } from './methods.ts';

export interface Task {
  readonly method: string;
  readonly workload: WorkloadName;
  readonly plan: string | null;
}

/** In milliseconds of CPU. */
export interface Measured extends Findings {
  readonly first: number;
  readonly warm: number;
}

const { method, workload, plan } = workerData as Task;
const { before, after } = makeDocuments(workload, plan);
const compareOnce = METHODS[method]!.prepare(before, after);

/** By this thread's CPU time: what else the machine does meanwhile is no matter. */
function timed(): { ms: number; findings: () => Findings } {
  const start = process.threadCpuUsage();
  const findings = compareOnce();
  const { user, system } = process.threadCpuUsage(start);
  return { ms: (user + system) / 1000, findings };
}

const first = timed();
const warm = timed();
parentPort!.postMessage({ first: first.ms, warm: warm.ms, ...warm.findings() } satisfies Measured);
