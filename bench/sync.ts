/** `npm run bench -- sync`: the sync server against its peers, alternating in every round; figures and goals as Markdown. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installPeers } from './install-peers.ts';
import { GOALS, judge, type Rounds } from './sync/goals.ts';
import { PEER_NAMES, PEERS, type PeerName } from './sync/peers.ts';
import { goalsTable, workloadTable } from './sync/report.ts';
import type { RunRequest, RunResult } from './sync/run-one.ts';
import { LOAD_CORE, nodeOnCore, pinned, stolenMs } from './sync/server-process.ts';
import type { Figures, Workload } from './sync/workload.ts';
import { WORKLOADS } from './sync/workloads/all.ts';

const USAGE = `npm run bench -- sync [workload...] [options]

Workloads (all, if none is named):
${WORKLOADS.map(({ name, title }) => `  ${name.padEnd(24)}${title}`).join('\n')}

Options:
  --rounds N      rounds in which the servers take turns [3 or 5, by workload]
  --peers a,b     only these of ${PEER_NAMES.join(', ')}
  --trace FILE    open this history instead of a generated one (josephg/editing-traces, .json or .json.gz)
  --json FILE     write all figures of all rounds there
  --profile DIR   write CPU profiles of the servers there (their figures are then no measure)
  --quick         a smoke run of about two minutes: one round, everything small; its figures are no measure
`;

interface Options {
  workloads: readonly Workload[];
  peers: readonly PeerName[];
  /** Undefined: each workload's own. */
  rounds: number | undefined;
  quick: boolean;
  trace: string | undefined;
  json: string | undefined;
  profile: string | undefined;
}

class UsageError extends Error {}

function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      peers: { type: 'string' },
      trace: { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new UsageError('Measures the sync server against its peers.');
  const workloads = positionals.map((name) => {
    const workload = WORKLOADS.find((candidate) => candidate.name === name);
    if (!workload) throw new UsageError(`Expected the name of a workload, found ${name}`);
    return workload;
  });
  const peers = values.peers?.split(',').map((name) => {
    const peer = PEER_NAMES.find((candidate) => candidate === name);
    if (!peer) throw new UsageError(`Expected servers among ${PEER_NAMES.join(', ')}, found ${name}`);
    return peer;
  });
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && (!Number.isInteger(rounds) || rounds < 1))
    throw new UsageError(`Expected a number of rounds, found ${values.rounds}`);
  const path = (value: string | undefined) => (value === undefined ? undefined : resolve(value));
  return {
    workloads: workloads.length > 0 ? workloads : WORKLOADS,
    peers: peers ?? PEER_NAMES,
    rounds: rounds ?? (values.quick ? 1 : undefined),
    quick: values.quick,
    trace: path(values.trace),
    json: path(values.json),
    profile: path(values.profile),
  };
}

/** Every run has fresh processes for server and load, so that none profits from what another has warmed up. */
async function runOnce(request: RunRequest): Promise<RunResult> {
  const [command, args] = nodeOnCore(LOAD_CORE, [
    join(import.meta.dirname, 'sync/run-one.ts'),
    JSON.stringify(request),
  ]);
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const results: RunResult[] = [];
  child.on('message', (message) => results.push(message as RunResult));
  const [code, signal] = await once(child, 'exit');
  if (results[0] === undefined)
    throw new Error(`${request.workload} against ${request.peer} ended with ${signal ?? code}`);
  return results[0];
}

export async function run(args: readonly string[]): Promise<void> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof TypeError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  installPeers(join(import.meta.dirname, 'sync/servers'));
  console.log(describe(options));
  const measured = new Map<string, Rounds>();
  const failures: string[] = [];
  const startedAt = performance.now();
  const stolenBefore = stolenMs();
  for (const workload of options.workloads) {
    const rounds = await runWorkload(workload, options, failures);
    measured.set(workload.name, rounds);
    console.log(workloadTable(workload, rounds));
  }
  console.log(goalsTable(measured));
  const stolen = (stolenMs() - stolenBefore) / ((performance.now() - startedAt) * cpus().length);
  console.log(
    `The host took ${(100 * stolen).toFixed(1)} % of the cores meanwhile; load at the end ${loadavg()[0]!.toFixed(2)}.`,
  );
  for (const failure of failures) console.log(`Failed: ${failure}`);
  if (options.json !== undefined) {
    const verdicts = GOALS.map((goal) => judge(goal, measured.get(goal.workload) ?? [])).filter(Boolean);
    writeFileSync(options.json, `${JSON.stringify({ workloads: Object.fromEntries(measured), verdicts }, null, 2)}\n`);
  }
  if (failures.length > 0) process.exitCode = 1;
}

/** The servers take turns, each round beginning with another one: what the machine does meanwhile hits all alike. */
async function runWorkload(workload: Workload, options: Options, failures: string[]): Promise<Rounds> {
  const peers = workload.peers.filter((peer) => options.peers.includes(peer));
  const rounds: Partial<Record<PeerName, Figures>>[] = [];
  const count = options.rounds ?? workload.rounds;
  for (let round = 0; round < count; round++) {
    const figures: Partial<Record<PeerName, Figures>> = {};
    rounds.push(figures);
    for (let turn = 0; turn < peers.length; turn++) {
      const peer = peers[(turn + round) % peers.length]!;
      const { quick, trace, profile } = options;
      try {
        const result = await runOnce({ workload: workload.name, peer, quick, trace, profile });
        figures[peer] = { ...result.figures, stolenMs: result.stolenMs };
        console.error(`${workload.name} ${round + 1}/${count} ${peer} ${JSON.stringify(figures[peer])}`);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        failures.push(error.message);
      }
    }
  }
  return rounds;
}

function describe(options: Options): string {
  const [cpu] = cpus();
  const peers = PEER_NAMES.filter((peer) => options.peers.includes(peer));
  const pinning = pinned ? 'server on core 0, load on core 1' : 'not pinned to cores';
  return [
    `## Sync servers, Node ${process.version}, ${cpus().length} x ${cpu?.model ?? 'unknown'}, ${pinning}, load ${loadavg()[0]!.toFixed(2)}`,
    '',
    ...peers.map((peer) => `- **${peer}**: ${PEERS[peer].about}`),
    '',
    `Alternating rounds; medians, in brackets the least. CPU is user and system time of all server processes.`,
    options.quick ? '\n**A smoke run: these figures are no measure.**\n' : '',
  ].join('\n');
}
