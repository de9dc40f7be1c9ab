/** One run of one workload against one server, in a process of its own: started by sync.ts with the names and options as arguments, answers over IPC. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PEERS, type PeerName } from './peers.ts';
import { ServerProcess, stolenMs } from './server-process.ts';
import type { Figures } from './workload.ts';
import { WORKLOADS } from './workloads/all.ts';

export interface RunRequest {
  workload: string;
  peer: PeerName;
  quick: boolean;
  trace: string | undefined;
  /** Folder for a CPU profile of the server (`node --cpu-prof`). */
  profile: string | undefined;
}

export interface RunResult {
  figures: Figures;
  /** What the host took from all cores meanwhile. */
  stolenMs: number;
}

async function measure({ workload: name, peer: peerName, quick, trace, profile }: RunRequest): Promise<RunResult> {
  const workload = WORKLOADS.find((candidate) => candidate.name === name);
  if (!workload) throw new Error(`Expected the name of a workload, found ${name}`);
  const peer = PEERS[peerName];
  const dataDir = mkdtempSync(join(tmpdir(), 'commonplan-bench-run-'));
  const servers: ServerProcess[] = [];
  const stolenBefore = stolenMs();
  try {
    const figures = await workload.run({
      quick,
      trace,
      peer: peerName,
      startServer: async (extraArgs = []) => {
        const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
        const server = await ServerProcess.start((port) => peer.command(port, dataDir), [...profiling, ...extraArgs]);
        servers.push(server);
        return server;
      },
      documents: (server, count, clients) => peer.documents(server.port, count, clients),
    });
    return { figures, stolenMs: stolenMs() - stolenBefore };
  } finally {
    for (const server of servers) await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const result = await measure(JSON.parse(process.argv[2]!));
process.send!(result, () => process.exit(0));
