/** The measured figures and the verdict on each goal, as Markdown tables. */
import { GOALS, judge, type Rounds } from './goals.ts';
import { PEER_NAMES } from './peers.ts';
import { median } from './statistics.ts';
import type { Workload } from './workload.ts';

function number(value: number, digits: number): string {
  if (Number.isNaN(value)) return '-';
  if (!Number.isFinite(value)) return 'never';
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** One row for each server: medians over the rounds, in brackets the least. */
export function workloadTable(workload: Workload, rounds: Rounds): string {
  const rows = PEER_NAMES.filter((peer) => rounds.some((round) => round[peer])).map((peer) => {
    const cells = workload.columns.map(({ key, digits }) => {
      const values = rounds.map((round) => round[peer]?.[key]).filter((value) => value !== undefined);
      if (values.length === 0) return '-';
      const least = Math.min(...values);
      const middle = number(median(values), digits);
      return values.length > 1 && least !== Math.max(...values) ? `${middle} (${number(least, digits)})` : middle;
    });
    return [peer, ...cells];
  });
  const head = ['server', ...workload.columns.map(({ label }) => label)];
  return `### ${workload.title} (${rounds.length} ${rounds.length === 1 ? 'round' : 'rounds'})\n\n${table(head, rows)}\n`;
}

/** Every goal that the measured workloads speak of. */
export function goalsTable(measured: ReadonlyMap<string, Rounds>): string {
  const rows = GOALS.flatMap((goal) => {
    const verdict = judge(goal, measured.get(goal.workload) ?? []);
    if (!verdict) return [];
    const isRatio = 'atLeast' in goal;
    const show = (value: number) => (isRatio ? `${number(value, 2)}x` : number(value, Number.isInteger(value) ? 0 : 1));
    return [
      [
        goal.workload,
        goal.what,
        isRatio ? goal.against : '(our figure)',
        isRatio ? `>= ${show(goal.atLeast)}` : `<= ${show(goal.atMost)}`,
        `${show(verdict.median)} (${show(verdict.least)} - ${show(verdict.most)})`,
        verdict.met ? 'pass' : 'MISS',
      ],
    ];
  });
  if (rows.length === 0) return '';
  return `### Goals: the peer's figure divided by ours in the same round, median (range)\n\n${table(
    ['workload', 'figure', 'against', 'goal', 'measured', ''],
    rows,
  )}\n`;
}
