/** All that is stored about an account, as one JSON file, written piece by piece: it holds every plan that the person owns. */
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import type { accountData, SessionEntry } from '../../shared/accounts-api.ts';
import { type ExportFormat, FORMATS } from '../../shared/export.ts';
import type { Exports } from '../export/exports.ts';
import { listMemberships, readAccount } from '../store/accounts.ts';
import { listContributions } from '../store/contributions.ts';
import { readPlanAccess } from '../store/plan-access.ts';
import type { Tables } from '../store/tables.ts';
import type { Identity } from './accounts.ts';

type AccountData = z.input<typeof accountData>;

interface Sources {
  readonly kysely: Kysely<Tables>;
  readonly exports: Exports;
}

/** UTF-8 of the JSON text that `accountData` in shared/accounts-api.ts describes. `origin`: where the application is reached. */
export async function* exportAccount(
  { kysely, exports }: Sources,
  user: Identity,
  sessions: SessionEntry[],
  origin: string,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const { createdAt } = await readAccount(kysely, user.id);
  const memberships = await listMemberships(kysely, user.id);
  const titles = new Map(memberships.map(({ planId, title }) => [planId, title]));
  const contributions = await listContributions(kysely, user.id);
  const head: Omit<AccountData, 'plans'> = {
    exportedAt: new Date().toISOString(),
    account: {
      ...{ id: user.id, name: user.name, email: user.email, guest: user.guest },
      createdAt: new Date(createdAt).toISOString(),
    },
    sessions,
    memberships: memberships.map((membership) => ({ ...membership, since: new Date(membership.since).toISOString() })),
    contributions: contributions.map((contribution) => ({
      ...contribution,
      title: titles.get(contribution.planId) ?? '',
    })),
  };
  yield encoder.encode(`${JSON.stringify(head, null, 2).slice(0, -2)},\n  "plans": [`);
  const owned = [...new Set(memberships.filter(({ role }) => role === 'owner').map(({ planId }) => planId))];
  const write = async (planId: string, format: ExportFormat): Promise<string> => {
    const options = FORMATS[format].options.parse({});
    const { bytes } = await exports.write({ planId, snapshot: null, format, options, origin });
    return new TextDecoder().decode(bytes);
  };
  let first = true;
  for (const id of owned) {
    // A guest may own a plan that guests are not let in to; and rights may end while this is written.
    if ((await readPlanAccess(kysely, user.id, id)).role !== 'owner') continue;
    const plan: AccountData['plans'][number] = {
      id,
      title: titles.get(id) ?? '',
      markdown: await write(id, 'md'),
      document: JSON.parse(await write(id, 'json')),
    };
    yield encoder.encode(`${first ? '' : ','}\n${JSON.stringify(plan, null, 2)}`);
    first = false;
  }
  yield encoder.encode('\n  ]\n}\n');
}
