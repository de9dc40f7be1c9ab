/** All workloads, in the order in which they run and are reported. */
import type { Workload } from '../workload.ts';
import { bigPlan, hugePlan } from './big-plan.ts';
import { durableAck } from './durable-ack.ts';
import { fanOut50, fanOut200, hotDocument, hotDocumentHalfCore } from './fan-out.ts';
import { joinIdle, joinTyping } from './join-storm.ts';
import { killed } from './kill.ts';
import { manyPlans, memoryPerPlan } from './many-plans.ts';
import { presenceIdle, presenceMoving } from './presence.ts';

export const WORKLOADS: readonly Workload[] = [
  fanOut50,
  fanOut200,
  hotDocument,
  hotDocumentHalfCore,
  manyPlans,
  memoryPerPlan,
  bigPlan,
  hugePlan,
  joinIdle,
  joinTyping,
  killed,
  presenceMoving,
  presenceIdle,
  durableAck,
];
