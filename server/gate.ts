/** Lets so many through at once; the others wait their turn, and more than may wait are sent away. */
import { CommonplanError } from '../shared/errors.ts';

export interface Gate {
  /** Rejects with `busy` where too many wait, and with the signal's reason for who gave up while waiting. */
  pass<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export function createGate(atOnce: number, mostWaiting: number): Gate {
  let inside = 0;
  const waiting: (() => void)[] = [];

  function enter(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (inside < atOnce) {
      inside += 1;
      return Promise.resolve();
    }
    if (waiting.length >= mostWaiting) throw new CommonplanError('busy');
    return new Promise((resolve, reject) => {
      const called = (): void => {
        signal?.removeEventListener('abort', gaveUp);
        resolve();
      };
      const gaveUp = (): void => {
        waiting.splice(waiting.indexOf(called), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', gaveUp, { once: true });
      waiting.push(called);
    });
  }

  return {
    async pass(work, signal) {
      await enter(signal);
      try {
        return await work();
      } finally {
        // Whoever is next takes this place: the number inside stays.
        const next = waiting.shift();
        if (next) next();
        else inside -= 1;
      }
    },
  };
}
