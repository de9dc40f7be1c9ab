/** Sessions through the hashing adapter: found and changed by their tokens, and kept without them. */
import { memoryAdapter } from 'better-auth/adapters/memory';
import { expect, test } from 'vitest';
import { hashToken } from '../store/tokens.ts';
import { withHashedTokens } from './token-hash.ts';

interface SessionRow {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
}

function setUp() {
  const tables: Record<string, SessionRow[]> = { user: [], session: [], account: [], verification: [] };
  const adapter = withHashedTokens(memoryAdapter(tables))({});
  const create = (token: string, userId: string) =>
    adapter.create<Omit<SessionRow, 'id'>, SessionRow>({
      model: 'session',
      data: { token, userId, expiresAt: new Date(), createdAt: new Date(), updatedAt: new Date() } as never,
    });
  const byToken = (value: string | string[]) => ({
    model: 'session',
    where: [{ field: 'token', value, ...(Array.isArray(value) && { operator: 'in' as const }) }],
  });
  return { tables, adapter, create, byToken };
}

test('whoever has the token sees it, and nobody else: not the table, not a list by user', async () => {
  const { tables, adapter, create, byToken } = setUp();
  expect((await create('first token', 'ana')).token).toBe('first token');
  await create('second token', 'ana');
  expect(tables.session?.map(({ token }) => token)).toEqual([hashToken('first token'), hashToken('second token')]);
  expect(await adapter.findOne<SessionRow>(byToken('first token'))).toMatchObject({
    token: 'first token',
    userId: 'ana',
  });
  expect(await adapter.findOne(byToken(hashToken('first token')))).toBeNull();
  const list = await adapter.findMany<SessionRow>({ model: 'session', where: [{ field: 'userId', value: 'ana' }] });
  expect(list.map(({ token }) => token)).toEqual([hashToken('first token'), hashToken('second token')]);
  const both = await adapter.findMany<SessionRow>(byToken(['second token', 'first token']));
  expect(both.map(({ token }) => token).sort()).toEqual(['first token', 'second token']);
});

test('sessions are changed and ended by their tokens, in a transaction too', async () => {
  const { tables, adapter, create, byToken } = setUp();
  await create('a token', 'ana');
  const changed = await adapter.update<SessionRow>({ ...byToken('a token'), update: { userId: 'ben' } });
  expect(changed).toMatchObject({ token: 'a token', userId: 'ben' });
  expect(await adapter.count(byToken('a token'))).toBe(1);
  await adapter.transaction(async (inside) => {
    await inside.create({
      model: 'session',
      data: {
        token: 'made inside',
        userId: 'ana',
        expiresAt: new Date(),
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    });
  });
  expect(JSON.stringify(tables.session)).not.toContain('made inside');
  await adapter.delete(byToken('a token'));
  await adapter.deleteMany(byToken('made inside'));
  expect(tables.session).toEqual([]);
});

test('other tables are none of its business', async () => {
  const { tables, adapter } = setUp();
  const data = { providerId: 'x', accountId: 'y', userId: 'z', createdAt: new Date(), updatedAt: new Date() };
  await adapter.create({ model: 'account', data });
  expect(tables.account).toEqual([expect.objectContaining(data)]);
});
