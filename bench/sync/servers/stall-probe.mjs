/** Loaded into a server with `--import`: tells its parent, when asked, how long the event loop stalled since it was last asked. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

/** The histogram holds the time between two ticks of a timer, its own interval included. */
const stall = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

process.on('message', () => {
  process.send({ p99: stall(delay.percentile(99)), p999: stall(delay.percentile(99.9)), max: stall(delay.max) });
  delay.reset();
});
process.channel.unref();
