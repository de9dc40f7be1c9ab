/** Free space is told in four steps, and what the system says is looked at again and again. */
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { diskState, type Space, watchDisk } from './disk.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const RESERVE = 256 * MIB;

test('a disk is low at a tenth or 2 GiB, takes no uploads at a twentieth or 1 GiB, and is full at the reserve', () => {
  const states = (total: number, ...free: number[]) => free.map((bytes) => diskState({ free: bytes, total }, RESERVE));
  expect(states(4096 * GIB, 2 * GIB, 2 * GIB - 1, GIB - 1, RESERVE - 1)).toEqual(['ok', 'low', 'no-uploads', 'full']);
  expect(states(10 * GIB, GIB, GIB - 1, 0.5 * GIB - 1, RESERVE)).toEqual(['ok', 'low', 'no-uploads', 'no-uploads']);
  // A disk so small that the reserve is most of it.
  expect(states(300 * MIB, 290 * MIB, RESERVE - 1, 0)).toEqual(['ok', 'full', 'full']);
});

test('less room never makes for a better state', () => {
  const order = ['ok', 'low', 'no-uploads', 'full'];
  const bytes = fc.maxSafeNat();
  fc.assert(
    fc.property(bytes, bytes, bytes, fc.integer({ min: 16 * MIB, max: GIB }), (total, a, b, reserve) => {
      const [less, more] = [Math.min(a, b, total), Math.min(Math.max(a, b), total)];
      const rank = (free: number) => order.indexOf(diskState({ free, total }, reserve));
      expect(rank(less)).toBeGreaterThanOrEqual(rank(more));
    }),
  );
});

test('what changes is logged once, and a system that does not answer leaves the last answer standing', async () => {
  const logged: string[] = [];
  const log = createLog('info', { write: (line) => void logged.push(JSON.parse(line).msg) });
  let answer: Space | Error = { free: 9 * GIB, total: 10 * GIB };
  const measure = async (): Promise<Space> => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const disk = await watchDisk({ folder: '/data', reserve: RESERVE, log, measure });
  expect(disk.state).toBe('ok');
  answer = { free: 100 * MIB, total: 10 * GIB };
  await disk.look();
  await disk.look();
  answer = new Error('stale handle');
  await disk.look();
  expect(disk).toMatchObject({ state: 'full', space: { free: 100 * MIB } });
  answer = { free: 9 * GIB, total: 10 * GIB };
  await disk.look();
  expect(disk.state).toBe('ok');
  disk.stop();
  expect(logged).toEqual([
    'the disk is full: nothing is taken any more until there is room',
    'the free space of the disk could not be read',
    'there is room on the disk again',
  ]);
});

test('the real system tells of the folder', async () => {
  const log = createLog('silent');
  const disk = await watchDisk({ folder: tmpdir(), reserve: 0, log });
  disk.stop();
  expect(disk.space.total).toBeGreaterThan(disk.space.free);
  expect(disk.space.free).toBeGreaterThan(0);
});
