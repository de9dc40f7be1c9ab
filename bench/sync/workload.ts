/** What a workload is: a name, the servers it makes sense for, and one measured run against one of them. */
import type { Target } from './client.ts';
import type { PeerName } from './peers.ts';
import type { ServerProcess } from './server-process.ts';

/** One run's figures by column key. */
export type Figures = Record<string, number>;

export interface Column {
  readonly key: string;
  /** With the unit. */
  readonly label: string;
  readonly digits: number;
}

/** The surroundings of one run; what it starts is stopped and removed when the run ends. */
export interface Surroundings {
  /** A smoke run: everything short and few. */
  readonly quick: boolean;
  /** Path of an editing trace (josephg/editing-traces, gzip'd JSON), for the workloads that open a big document. */
  readonly trace: string | undefined;
  readonly peer: PeerName;
  /** A fresh server on an empty data folder. */
  startServer(extraArgs?: readonly string[]): Promise<ServerProcess>;
  /** So many fresh documents, each with one target for each of its clients. */
  documents(server: ServerProcess, count: number, clients: number): Promise<Target[][]>;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly peers: readonly PeerName[];
  readonly columns: readonly Column[];
  /** Rounds unless the caller says otherwise: more where a goal is close to what two runs of one server differ by. */
  readonly rounds: number;
  run(surroundings: Surroundings): Promise<Figures>;
}
