/** Loaded into a server with `--import`: tells its parent, when asked, how long the event loop stalled since it was last asked. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 1;

/** The histogram holds the time between two ticks of a timer, its own interval included. */
const stall = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

// Worker threads load it as well; it is the main thread that serves.
if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  process.on('message', () => {
    process.send({ p99: stall(delay.percentile(99)), p999: stall(delay.percentile(99.9)), max: stall(delay.max) });
    delay.reset();
  });
  process.channel.unref();
}
