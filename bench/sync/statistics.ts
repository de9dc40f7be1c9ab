/** Medians and percentiles of measured values. */

/** The value below which the share `quantile` (0..1) of the values lies, by nearest rank. NaN without values. */
export function percentile(values: readonly number[] | Float64Array, quantile: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(quantile * sorted.length) - 1))]!;
}

/** The middle value, or the mean of the two in the middle. NaN without values. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Many numbers without an array of boxed values: grows by doubling. */
export class Samples {
  #values = new Float64Array(4096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  addAll(values: readonly number[]): void {
    for (const value of values) this.add(value);
  }

  percentile(quantile: number): number {
    return percentile(this.#values.subarray(0, this.#length), quantile);
  }

  clear(): void {
    this.#length = 0;
  }
}
