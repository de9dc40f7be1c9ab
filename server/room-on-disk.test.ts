/** A server whose disk fills up: what needs room is refused and says so, everything else goes on, and it recovers by itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { path } from '../shared/api.ts';
import { startTestServer, type TestServer, type Visitor } from './test-server.ts';

const GIB = 1024 ** 3;
const space = { free: 50 * GIB, total: 100 * GIB };
let server: TestServer;
let ana: Visitor;
let planId: string;
beforeAll(async () => {
  server = await startTestServer({}, { measureDisk: async () => space });
  ana = await server.guest('Ana');
  planId = await ana.createPlan('Water', 'Clean water for all.\n');
});
afterAll(() => server.stop());

/** The server looks every five seconds. */
async function until(health: number): Promise<void> {
  while ((await ana.get(path.health)).status !== health) await new Promise((resolve) => setTimeout(resolve, 100));
}

test('a nearly full disk takes no files; a full one takes nothing, says so in its health, and goes on when there is room', async () => {
  const file = (): FormData => {
    const form = new FormData();
    form.set('file', new File(['# Text\n'], 'plan.md'));
    return form;
  };
  space.free = 0.5 * GIB;
  await expect
    .poll(async () => (await ana.post(path.planImport, file())).status, { timeout: 30_000, interval: 200 })
    .toBe(507);
  expect((await ana.post(path.planImport, file())).body.error).toMatchObject({
    code: 'disk-full',
    message: expect.stringContaining('no files and pictures'),
  });
  expect((await ana.post(path.plans, { title: 'Small' })).status).toBe(201);
  expect((await ana.get(path.health)).status).toBe(200);

  space.free = 0.1 * GIB;
  await until(503);
  expect((await ana.get(path.health)).body.error.message).toContain('disk is full');
  for (const [to, body] of [
    [path.plans, { title: 'Another' }],
    [path.snapshots(planId), { label: 'Now' }],
    [path.restore(planId, 1), {}],
    [path.undoRestore(planId, 'any'), {}],
  ] as const) {
    expect(await ana.post(to, body)).toMatchObject({ status: 507, body: { error: { code: 'disk-full' } } });
  }
  // Reading, coming in and taking rights away need no room to speak of.
  expect((await ana.get(path.content(planId))).status).toBe(200);
  expect((await ana.get(path.export(planId, 'md'))).status).toBe(200);
  const ben = await server.guest('Ben');
  expect((await ben.get(path.plans)).status).toBe(200);
  expect((await ana.patch(path.plan(planId), { archived: true })).status).toBe(200);
  expect((await ana.patch(path.plan(planId), { archived: false })).status).toBe(200);
  const socket = await ana.connect(planId);
  socket.close();

  space.free = 50 * GIB;
  await until(200);
  expect((await ana.post(path.snapshots(planId), { label: 'Now' })).status).toBe(201);
  expect(server.logged.some((line) => line.includes('the disk is full'))).toBe(true);
});
