/** The heaviest strictly rising subsequence: of all pairs found, those that keep the order on both sides and carry most text. */

/**
 * Indexes into `values` (whole numbers, 0 or more), rising. `weigh` tells an index's weight, above 0. O(n log n): best sums by value
 * are kept in a Fenwick tree.
 */
export function heaviestRising(values: readonly number[], weigh: (index: number) => number): number[] {
  const size = values.reduce((most, value) => Math.max(most, value + 1), 0);
  const best = new Int32Array(size + 1).fill(-1);
  const sums = new Float64Array(values.length);
  const previous = new Int32Array(values.length).fill(-1);
  const heavier = (a: number, b: number) => (b < 0 || (a >= 0 && sums[a]! >= sums[b]!) ? a : b);
  const bestBelow = (value: number): number => {
    let found = -1;
    for (let i = value; i > 0; i -= i & -i) found = heavier(found, best[i]!);
    return found;
  };
  values.forEach((value, index) => {
    const before = bestBelow(value);
    previous[index] = before;
    sums[index] = weigh(index) + (before < 0 ? 0 : sums[before]!);
    for (let i = value + 1; i <= size; i += i & -i) best[i] = heavier(best[i]!, index);
  });
  const result: number[] = [];
  for (let i = bestBelow(size); i >= 0; i = previous[i]!) result.push(i);
  return result.reverse();
}
