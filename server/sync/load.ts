/** How busy the event loop is, as the window in which messages are gathered: none while it is idle, longer the busier it gets. */
import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** Share of the time that the loop is busy: below the first the window is shut, from the second on it is fully open. */
const CALM = 0.5;
const BUSY = 0.9;
/** Milliseconds between two looks at the loop. */
const SAMPLE = 100;

export class Load {
  #sampledAt = performance.now();
  #before: EventLoopUtilization = performance.eventLoopUtilization();
  /** 0 ... 1, of the longest window. */
  #share = 0;

  /** Milliseconds to wait for more before sending, of at most `longest`. A fixed window would gain nothing while there is little to do. */
  window(longest: number): number {
    const now = performance.now();
    if (now - this.#sampledAt >= SAMPLE) {
      const current = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(current, this.#before);
      this.#share = Math.min(1, Math.max(0, (utilization - CALM) / (BUSY - CALM)));
      this.#before = current;
      this.#sampledAt = now;
    }
    return Math.round(longest * this.#share);
  }
}
