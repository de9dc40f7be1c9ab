/** What a plan is to those who are not its members: whether anyone may read it, and whether guests are let in. */
import type { Kysely } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import { writeAudit } from './audit.ts';
import { isOwned } from './members.ts';
import type { Tables } from './tables.ts';

/** Lets anyone read the plan, or its members only. What it is already it stays, since when it is. */
export async function setPublic(
  kysely: Kysely<Tables>,
  planId: string,
  { public: toAnyone, by }: { public: boolean; by: string },
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    const changed = await transaction
      .updateTable('plans')
      .set({ public_since: toAnyone ? Date.now() : null })
      .where('id', '=', planId)
      .where('public_since', toAnyone ? 'is' : 'is not', null)
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) return;
    await writeAudit(transaction, { planId, actor: by, action: toAnyone ? 'plan-published' : 'plan-unpublished' });
  });
}

/** Closes the plan to guests, or opens it to them. Throws `conflict` when no owner would be left. */
export async function setRequiresAccount(
  kysely: Kysely<Tables>,
  planId: string,
  { requiresAccount, by }: { requiresAccount: boolean; by: string },
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    if (requiresAccount && !(await isOwned(transaction, { planId }, { requiresAccount }))) {
      throw new CommonplanError('conflict', 'Only guests own this plan. It needs an owner who has an account first.');
    }
    const changed = await transaction
      .updateTable('plans')
      .set({ requires_account: Number(requiresAccount) })
      .where('id', '=', planId)
      .where('requires_account', '!=', Number(requiresAccount))
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) return;
    const action = requiresAccount ? 'account-required' : 'account-not-required';
    await writeAudit(transaction, { planId, actor: by, action });
  });
}
