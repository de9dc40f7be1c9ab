/** The promise to users: what is called saved survives the server's death, and nobody is shown what does not. */
import { expect, test } from 'vitest';
import { runKillLoop } from './kill-loop.ts';

const MINUTES = 60_000;

// Both at once: each spends much of its time waiting for its server.
test.concurrent('[R1] [R2] twenty times killed, the server has every acknowledged word once, and all that a reader saw', {
  timeout: 10 * MINUTES,
}, async () => {
  const { cycles, acknowledged, snapshots, backups } = await runKillLoop({
    cycles: 20,
    powerCut: false,
    backupEvery: 5,
  });
  expect(cycles).toBe(20);
  expect(acknowledged).toBeGreaterThan(0);
  expect(snapshots).toBeGreaterThan(0);
  expect(backups).toBe(4);
});

test.concurrent('[R1] [R2] after power cuts every acknowledged word is there', { timeout: 10 * MINUTES }, async () => {
  const { cycles, acknowledged } = await runKillLoop({ cycles: 6, powerCut: true, backupEvery: 0 });
  expect(cycles).toBe(6);
  expect(acknowledged).toBeGreaterThan(0);
});
