/** Doing things at a steady rate. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Calls `act` with 0, 1, 2… evenly spaced, `perSecond` times a second, for `seconds`. What is late is caught up with at once. */
export async function pace(perSecond: number, seconds: number, act: (index: number) => void): Promise<void> {
  const start = performance.now();
  const total = Math.round(perSecond * seconds);
  for (let index = 0; index < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1);
    while (index < due) act(index++);
    if (index < total) await sleep(Math.max(0, start + (index / perSecond) * 1000 - performance.now()));
  }
  await sleep(Math.max(0, start + seconds * 1000 - performance.now()));
}

/** Waits until `done` says so, asking every `everyMs`; false after `withinMs`. */
export async function until(done: () => boolean | Promise<boolean>, withinMs: number, everyMs = 10): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!(await done())) {
    if (performance.now() > end) return false;
    await sleep(everyMs);
  }
  return true;
}
