/** That goals are judged by the ratios within each round, and losses by the worst round. */
import { expect, it } from 'vitest';
import { GOALS, type Goal, judge, type Rounds } from './goals.ts';
import { median, percentile, Samples } from './statistics.ts';
import { WORKLOADS } from './workloads/all.ts';

const ratioGoal: Goal = { workload: 'w', metric: 'cpu', what: 'CPU', against: 'hocuspocus', atLeast: 1.5 };
const lossGoal: Goal = { workload: 'w', metric: 'missing', what: 'missing', atMost: 0 };

it('takes the median of the ratios of each round, not the ratio of the medians', () => {
  const rounds: Rounds = [
    { commonplan: { cpu: 1 }, hocuspocus: { cpu: 3 } },
    { commonplan: { cpu: 10 }, hocuspocus: { cpu: 20 } },
    { commonplan: { cpu: 2 }, hocuspocus: { cpu: 2 } },
  ];
  expect(judge(ratioGoal, rounds)).toMatchObject({ median: 2, least: 1, most: 3, met: true });
});

it('leaves out rounds in which one of the two failed, and says nothing when none is left', () => {
  const rounds: Rounds = [{ commonplan: { cpu: 1 } }, { commonplan: { cpu: 2 }, hocuspocus: { cpu: 2 } }];
  expect(judge(ratioGoal, rounds)).toMatchObject({ median: 1, met: false });
  expect(judge(ratioGoal, [{ hocuspocus: { cpu: 1 } }])).toBeUndefined();
});

it('does not forgive a loss in one round of three', () => {
  const rounds: Rounds = [0, 0, 1].map((missing) => ({ commonplan: { missing } }));
  expect(judge(lossGoal, rounds)).toMatchObject({ median: 0, met: false });
});

it('judges only figures that a workload reports, against servers that run it', () => {
  for (const goal of GOALS) {
    const workload = WORKLOADS.find(({ name }) => name === goal.workload);
    expect(workload?.columns.map(({ key }) => key)).toContain(goal.metric);
    if ('against' in goal) expect(workload?.peers).toContain(goal.against);
  }
});

it('takes percentiles by nearest rank', () => {
  const samples = new Samples();
  for (let value = 10_000; value >= 1; value--) samples.add(value);
  expect(samples.percentile(0.5)).toBe(5000);
  expect(samples.percentile(0.99)).toBe(9900);
  expect(percentile([3], 0.999)).toBe(3);
  expect(percentile([], 0.5)).toBeNaN();
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
