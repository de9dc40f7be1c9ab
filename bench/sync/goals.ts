/** What the server is to reach: as ratios against the peers in the same round, or as plain figures of its own. */
import type { PeerName } from './peers.ts';
import { median } from './statistics.ts';
import type { Figures } from './workload.ts';

/** Figures of one workload: for each round, what each server showed. */
export type Rounds = readonly Partial<Record<PeerName, Figures>>[];

interface RatioGoal {
  workload: string;
  metric: string;
  what: string;
  against: PeerName;
  /** The peer's figure divided by ours, at least. */
  atLeast: number;
}

interface OwnGoal {
  workload: string;
  metric: string;
  what: string;
  atMost: number;
}

export type Goal = RatioGoal | OwnGoal;

const ratio = (workload: string, metric: string, what: string, against: PeerName, atLeast: number): Goal => ({
  workload,
  metric,
  what,
  against,
  atLeast,
});
const own = (workload: string, metric: string, what: string, atMost: number): Goal => ({
  workload,
  metric,
  what,
  atMost,
});

/** "Not worse" of a noisy figure such as a p99: within what two runs of the same server differ by. */
const NOT_WORSE = 0.9;

export const GOALS: readonly Goal[] = [
  ratio('fan-out-50', 'cpuUs', 'CPU', 'hocuspocus', 1),
  ratio('fan-out-50', 'cpuUs', 'CPU', 'y-websocket-server', 0.9),
  ratio('fan-out-200', 'cpuUs', 'CPU', 'hocuspocus', 1.2),
  ratio('fan-out-200', 'p99', 'p99', 'hocuspocus', NOT_WORSE),
  ratio('fan-out-200', 'cpuUs', 'CPU', 'y-websocket-server', 1.05),
  ratio('fan-out-200', 'cpuUs', 'CPU', 'relay', 1 / 1.15),
  ratio('hot-document', 'cpuUs', 'CPU', 'hocuspocus', 1.5),
  ratio('hot-document', 'p99', 'p99', 'hocuspocus', NOT_WORSE),
  ratio('hot-document-half-core', 'cpuUs', 'CPU', 'hocuspocus', 1.5),
  ratio('hot-document-half-core', 'p99', 'p99', 'hocuspocus', NOT_WORSE),
  ratio('hot-document-half-core', 'p99', 'p99', 'y-websocket-server', 50),
  own('hot-document-half-core', 'p99', 'p99 ms', 20),
  ratio('many-plans', 'cpuUs', 'CPU', 'hocuspocus', 1.5),
  ratio('many-plans', 'cpuUs', 'CPU', 'y-websocket-server', 1.2),
  ratio('memory', 'fullKb', 'RSS of a document', 'hocuspocus', 3),
  ratio('memory', 'fullKb', 'RSS of a document', 'y-websocket-server', 2.5),
  ratio('big-plan', 'coldMs', 'time after restart', 'hocuspocus', 5),
  ratio('huge-plan', 'coldMs', 'time after restart', 'hocuspocus', 15),
  ratio('huge-plan', 'residentCpu', 'CPU, resident', 'hocuspocus', 5),
  ratio('huge-plan', 'residentCpu', 'CPU, resident', 'y-websocket-server', 5),
  own('big-plan', 'emptyFirst', 'synced while empty', 0),
  own('huge-plan', 'emptyFirst', 'synced while empty', 0),
  ...['join-idle', 'join-typing'].flatMap((workload) => [
    ratio(workload, 'cpuMs', 'CPU', 'hocuspocus', 2.7),
    ratio(workload, 'p99', 'sync p99', 'hocuspocus', 4),
    ratio(workload, 'cpuMs', 'CPU', 'y-websocket-server', 2.7),
    ratio(workload, 'p99', 'sync p99', 'y-websocket-server', 4),
    own(workload, 'allMs', 'all synced, ms (arrivals take 1,000)', 1100),
  ]),
  own('kill', 'missing', 'seen by others, yet missing', 0),
  own('kill', 'ackedMissing', 'acknowledged, yet missing', 0),
  ratio('presence-moving', 'cpuUs', 'CPU', 'hocuspocus', 1.5),
  ratio('presence-moving', 'cpuUs', 'CPU', 'y-websocket-server', 1.2),
  ratio('presence-idle', 'cpuMs', 'CPU', 'hocuspocus', 5),
  ratio('presence-idle', 'cpuMs', 'CPU', 'y-websocket-server', 5),
  own('durable-ack', 'ackP99', 'ack p99 ms', 60),
  own('durable-ack', 'stallP999', 'loop stall p99.9 ms', 1),
];

export interface Verdict {
  goal: Goal;
  /** The ratio, or our figure: median over the rounds with the range. */
  median: number;
  least: number;
  most: number;
  met: boolean;
}

/** Undefined where the rounds do not hold the figures. An own goal that speaks of losses holds in every round, not in the middle one. */
export function judge(goal: Goal, rounds: Rounds): Verdict | undefined {
  const values = rounds
    .map((round) => {
      const ours = round.commonplan?.[goal.metric];
      if (ours === undefined || 'atMost' in goal) return ours;
      const theirs = round[goal.against]?.[goal.metric];
      return theirs === undefined ? undefined : theirs / ours;
    })
    .filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)];
  const met = 'atLeast' in goal ? middle >= goal.atLeast : (goal.atMost === 0 ? most : middle) <= goal.atMost;
  return { goal, median: middle, least, most, met };
}
