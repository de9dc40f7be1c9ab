/** What owners read about their plan: every act that takes text away or changes the plan as a whole, once, in order. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { path } from '../../shared/api.ts';
import { auditPath } from '../../shared/audit.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';

let server: TestServer;
let ana: Visitor;
beforeAll(async () => {
  server = await startTestServer();
  ana = await server.guest('Ana');
});
afterAll(() => server.stop());

const sentences = async (visitor: Visitor, planId: string, query = ''): Promise<string[]> => {
  const { body } = await visitor.get(`${auditPath(planId)}${query}`);
  return body.entries.map(({ sentence }: { sentence: string }) => sentence);
};

test('import, snapshots, restores, exports and archiving are told as they happened, the newest first', async () => {
  const planId = await ana.createPlan('Water', 'Clean water for all.\n');
  await ana.post(path.snapshots(planId), { label: 'For the council', note: '' });
  await ana.get(path.export(planId, 'md'));
  await ana.get(`${path.export(planId, 'json')}?snapshot=1`);
  await ana.get(`${path.redline(planId, 'md')}?from=1&to=now`);
  await ana.patch(path.plan(planId), { archived: true });
  await ana.delete(path.plan(planId));
  await ana.patch(path.plan(planId), { archived: false });
  expect(await sentences(ana, planId)).toEqual([
    'Ana brought the plan back from the archive.',
    'Ana archived the plan.',
    'Ana exported the changes from snapshot 1 to the plan as md.',
    'Ana exported snapshot 1 as json.',
    'Ana exported the plan as md.',
    'Ana took snapshot 2, “For the council”.',
    'Ana made the plan from the file “plan.md”.',
  ]);
});

test('reading, comparing and asking again for an export that has not changed are not in it', async () => {
  const planId = await ana.createPlan('Soil');
  const { headers } = await ana.get(path.export(planId, 'md'));
  await ana.get(path.export(planId, 'md'), { 'if-none-match': headers.get('etag')! });
  await ana.get(path.content(planId));
  await ana.get(`${path.compare(planId)}?from=1&to=now`);
  expect(await sentences(ana, planId)).toEqual(['Ana exported the plan as md.', 'Ana created the plan.']);
});

test('it is read in pages, from the newest back', async () => {
  const planId = await ana.createPlan('Energy');
  for (const label of ['one', 'two', 'three']) {
    await ana.patch(path.plan(planId), { archived: label !== 'two' });
  }
  const first = await ana.get(`${auditPath(planId)}?limit=3`);
  expect(first.body.entries).toHaveLength(3);
  expect(first.body.next).toBe(first.body.entries.at(-1).id);
  const second = await ana.get(`${auditPath(planId)}?limit=3&before=${first.body.next}`);
  expect(second.body).toMatchObject({ entries: [{ action: 'plan-created', actor: ana.userId }], next: null });
  expect((await ana.get(`${auditPath(planId)}?limit=0`)).status).toBe(400);
  expect((await ana.get(`${auditPath(planId)}?before=x`)).status).toBe(400);
});

test('names are those of today', async () => {
  const ben = await server.guest('Ben');
  const planId = await ben.createPlan('Transport');
  await ben.post(path.updateUser, { name: 'Benedict' });
  expect(await sentences(ben, planId)).toEqual(['Benedict created the plan.']);
});
