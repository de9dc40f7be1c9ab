/** The gate: how many at once, who waits, who is sent away, who gives up. */
import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

/** Work that ends when it is told to. */
function work(log: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const run = (): Promise<string> => {
    log.push(name);
    return promise;
  };
  return { run, end: () => resolve(name), fail: () => reject(new Error(name)) };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('so many run at once, the others in the order they came, also after one that failed', async () => {
  const gate = createGate(2, 2);
  const log: string[] = [];
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => work(log, name));
  const results = [a!, b!, c!, d!].map(({ run }) => gate.pass(run).catch((error: Error) => `failed ${error.message}`));
  await turn();
  expect(log).toEqual(['a', 'b']);
  b!.fail();
  await turn();
  expect(log).toEqual(['a', 'b', 'c']);
  a!.end();
  c!.end();
  d!.end();
  expect(await Promise.all(results)).toEqual(['a', 'failed b', 'c', 'd']);
});

test('more than may wait are told that the server is busy; who gives up makes room', async () => {
  const gate = createGate(1, 1);
  const log: string[] = [];
  const first = work(log, 'first');
  const running = gate.pass(first.run);
  const patience = new AbortController();
  const waits = gate.pass(work(log, 'waits').run, patience.signal);
  await expect(gate.pass(work(log, 'late').run)).rejects.toMatchObject({ code: 'busy' });
  patience.abort(new Error('gave up'));
  await expect(waits).rejects.toThrow('gave up');
  const next = work(log, 'next');
  const last = gate.pass(next.run);
  first.end();
  next.end();
  expect([await running, await last]).toEqual(['first', 'next']);
  expect(log).toEqual(['first', 'next']);
  await expect(gate.pass(next.run, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});
