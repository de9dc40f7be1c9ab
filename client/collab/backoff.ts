/** How long to wait before the next attempt to connect. */

const FIRST = 500;
const LONGEST = 30_000;

/**
 * Milliseconds before the attempt after `failures` failed ones: anywhere up to a bound that doubles from 0.5 s to 30 s ("full jitter"),
 * so that everybody whom a restarting server dropped does not come back at the same moment. `random` is in [0, 1).
 */
export function retryDelay(failures: number, random: number): number {
  return random * Math.min(LONGEST, FIRST * 2 ** Math.min(failures, 10));
}
