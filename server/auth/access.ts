/** What may they do: the one place that lets anybody at a plan. Handlers get at a plan's id only through an AuthorizedPlan. */
import type { Kysely } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import { type Action, may, type Role } from '../../shared/roles.ts';
import { readMembership } from '../store/plans.ts';
import type { Tables } from '../store/tables.ts';
import type { Accounts, Identity } from './accounts.ts';

declare const authorized: unique symbol;

/** Proof that this user may do what was asked to this plan, at this moment. Only `authorize` makes one. */
export interface AuthorizedPlan {
  readonly [authorized]: Action;
  readonly planId: string;
  readonly user: Identity;
  readonly role: Role;
  readonly archived: boolean;
}

export interface Access {
  /** Throws `not-signed-in`. */
  requireUser(headers: Headers): Promise<Identity>;
  /** Throws `not-signed-in` and `forbidden`. */
  requireAdministrator(headers: Headers): Promise<Identity>;
  /**
   * Throws `not-signed-in`, `not-found` (unknown or not a member's: they look the same), `forbidden`, and `archived` for actions that
   * need a plan in use.
   */
  authorize(headers: Headers, planId: string, action: Action, options?: { inUse?: boolean }): Promise<AuthorizedPlan>;
}

export function createAccess(kysely: Kysely<Tables>, accounts: Accounts): Access {
  const requireUser = async (headers: Headers): Promise<Identity> => {
    const user = await accounts.identify(headers);
    if (!user) throw new CommonplanError('not-signed-in');
    return user;
  };
  return {
    requireUser,
    async requireAdministrator(headers) {
      const user = await requireUser(headers);
      if (!user.administrator)
        throw new CommonplanError('forbidden', 'Only administrators of this server may do this.');
      return user;
    },
    async authorize(headers, planId, action, options = {}) {
      const user = await requireUser(headers);
      const membership = await readMembership(kysely, user.id, planId);
      if (!membership) throw new CommonplanError('not-found');
      if (!may(membership.role, action)) throw new CommonplanError('forbidden');
      const archived = membership.archivedAt !== null;
      if (archived && options.inUse) throw new CommonplanError('archived');
      return { planId, user, role: membership.role, archived } as AuthorizedPlan;
    },
  };
}
