/** Who wrote what, as the routes tell it: templates, guests who become accounts. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { path } from '../../shared/api.ts';
import { startTestServer, type TestServer } from '../test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const account = { email: 'ana@example.org', password: 'a long password' };

test('[R9] [R17] what a guest wrote is told under the name of the account that the guest signs in to, and sent again', async () => {
  const visitor = server.visitor();
  const { id: accountId } = (await visitor.post(path.signUp, { ...account, name: 'Ana' })).body.user;
  const guest = await server.guest('Somebody');
  const planId = await guest.createPlan('Plan', 'Words of a guest.');
  const seen = await guest.get(path.snapshot(planId, 1));
  expect(seen.body.contributions).toMatchObject([{ userId: guest.userId, how: 'imported', source: 'plan.md' }]);
  const { hash } = seen.body.snapshot;
  await guest.post(path.signIn, account);
  const { status, body } = await guest.get(path.snapshot(planId, 1), { 'if-none-match': seen.headers.get('etag')! });
  expect(status).toBe(200);
  expect(body.contributions).toMatchObject([{ userId: accountId, how: 'imported', source: 'plan.md' }]);
  // The entry is hashed with the guest's id in it.
  expect(body.snapshot).toEqual(seen.body.snapshot);
  expect(body.snapshot.hash).toBe(hash);
  const named = Object.fromEntries(body.people.map(({ id, name }: { id: string; name: string }) => [id, name]));
  expect(named).toEqual({ [guest.userId]: 'Ana', [accountId]: 'Ana' });
  await visitor.post(path.signIn, account);
  expect((await visitor.get(path.snapshots(planId))).body.people[0].name).toBe('Ana');
});

test('[R17] the words of a template are not told as typed by whoever takes it', async () => {
  const ana = await server.guest('Ana');
  const [template] = (await ana.get(path.templates)).body.templates;
  const { body: plan } = await ana.post(path.plans, { title: 'Plan', template: template.id });
  const { body } = await ana.get(path.snapshot(plan.id, 1));
  expect(body.snapshot.kind).toBe('created');
  expect(body.contributions).toEqual([
    expect.objectContaining({ userId: ana.userId, how: 'imported', source: template.title }),
  ]);
});
