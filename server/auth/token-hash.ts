/** Keeps session tokens out of the database: better-auth writes and looks for them through this, which puts their hashes in their place. */
import type { BetterAuthOptions } from 'better-auth';
import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth/adapters';
import { hashToken } from '../store/tokens.ts';

type Row = Record<string, unknown>;

/** `make` is an adapter of better-auth's. Callers see the tokens that they gave; rows found otherwise, such as a user's list, show hashes. */
export function withHashedTokens(make: (options: BetterAuthOptions) => DBAdapter) {
  return (options: BetterAuthOptions): DBAdapter => {
    const adapter = make(options);

    const hashed: DBTransactionAdapter = {
      ...adapter,
      create: async (input) => {
        const { token, ...data } = input.data as Row;
        if (input.model !== 'session' || typeof token !== 'string') return adapter.create(input);
        const row: Row = await adapter.create({ ...input, data: { ...data, token: hashToken(token) } });
        return { ...row, token } as never;
      },
      findOne: async (input) => shown(await adapter.findOne<Row>(hide(input)), input) as never,
      findMany: async (input) => {
        const rows = await adapter.findMany<Row>(hide(input));
        return rows.map((row) => shown(row, input)) as never;
      },
      count: (input) => adapter.count(hide(input)),
      update: async (input) => shown(await adapter.update<Row>(hide(input)), input) as never,
      updateMany: (input) => adapter.updateMany(hide(input)),
      delete: (input) => adapter.delete(hide(input)),
      deleteMany: (input) => adapter.deleteMany(hide(input)),
      consumeOne: async (input) => shown(await adapter.consumeOne<Row>(hide(input)), input) as never,
    };
    // Its operations run one by one either way (accounts.ts says why), but never past this.
    return { ...hashed, transaction: (callback) => callback(hashed) };
  };
}

interface Query {
  readonly model: string;
  readonly where?: Where[] | undefined;
}

const isToken = ({ field }: Where): boolean => field === 'token';

function hide<Input extends Query>(input: Input): Input {
  if (input.model !== 'session' || !input.where?.some(isToken)) return input;
  const where = input.where.map((clause) => {
    if (!isToken(clause)) return clause;
    const { value } = clause;
    return {
      ...clause,
      value: Array.isArray(value) ? value.map((one) => hashToken(String(one))) : hashToken(String(value)),
    };
  });
  return { ...input, where };
}

/** The row with the token by which it was asked for. */
function shown(row: Row | null, { model, where = [] }: Query): Row | null {
  if (model !== 'session' || row === null) return row;
  const asked = where.filter(isToken).flatMap(({ value }) => (Array.isArray(value) ? value : [value]));
  const token = asked.find((one) => hashToken(String(one)) === row.token);
  return token === undefined ? row : { ...row, token };
}
