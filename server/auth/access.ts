/** What may they do: the one place that lets anybody at a plan or a team. Handlers get at its id only through what is handed out here. */
import type { Kysely } from 'kysely';
import { CommonplanError } from '../../shared/errors.ts';
import { type Action, may, type Role } from '../../shared/roles.ts';
import { type PlanAccess, readPlanAccess } from '../store/plan-access.ts';
import { whyTakenAway } from '../store/plan-or-team.ts';
import type { Tables } from '../store/tables.ts';
import { readTeamMembership } from '../store/teams.ts';
import type { Accounts, Identity } from './accounts.ts';

declare const authorized: unique symbol;

/** Proof that somebody may read this plan, at this moment. */
export interface ReadablePlan {
  readonly [authorized]: Action;
  readonly planId: string;
  /** null: nobody is signed in, and anyone may read the plan. */
  readonly user: Identity | null;
  readonly role: Role;
  /** Of the plan or its team. Else it is read because anyone may, and what members only see is none of theirs. */
  readonly member: boolean;
  readonly archived: boolean;
}

/** Proof that this user, a member, may do what was asked to this plan, at this moment. */
export interface AuthorizedPlan extends ReadablePlan {
  readonly user: Identity;
  readonly member: true;
  readonly teamId?: never;
}

/** Proof that this user may do what was asked to this team, at this moment. */
export interface AuthorizedTeam {
  readonly [authorized]: Action;
  readonly teamId: string;
  readonly planId?: never;
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
   * Throws `not-signed-in`, `not-found` (unknown or never theirs: they look the same), why a member is one no longer, `forbidden`, and
   * `archived` for actions that need a plan in use.
   */
  authorize(headers: Headers, planId: string, action: Action, options?: { inUse?: boolean }): Promise<AuthorizedPlan>;
  /** The same for a team, by the same table of roles. Throws as `authorize` does. */
  authorizeTeam(
    headers: Headers,
    teamId: string,
    action: Action,
    options?: { inUse?: boolean },
  ): Promise<AuthorizedTeam>;
  /** For what anyone may see of a public plan. Throws as `authorize` does. */
  authorizeReading(headers: Headers, planId: string): Promise<ReadablePlan>;
}

function granted(access: PlanAccess) {
  if (access.role === null) throw new CommonplanError(access.refusal);
  const { role, member, archivedAt } = access;
  return { role, member, archived: archivedAt !== null };
}

export function createAccess(kysely: Kysely<Tables>, accounts: Accounts): Access {
  const requireUser = async (headers: Headers): Promise<Identity> => {
    const user = await accounts.identify(headers);
    if (!user) throw new CommonplanError('not-signed-in');
    return user;
  };
  /** Those who were in a team learn why they are no longer. */
  const refuseFormer = async (userId: string, teamId: string): Promise<CommonplanError> => {
    const why = await whyTakenAway(kysely, userId, { teamId });
    if (why === 'access-removed') return new CommonplanError(why, 'You are no longer in this team.');
    return why
      ? new CommonplanError(why, 'The link to this team has been withdrawn.')
      : new CommonplanError('not-found');
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
      const { role, member, archived } = granted(await readPlanAccess(kysely, user.id, planId));
      if (!member) throw new CommonplanError('not-found');
      if (!may(role, action)) throw new CommonplanError('forbidden');
      if (archived && options.inUse) throw new CommonplanError('archived');
      return { planId, user, role, member, archived } as AuthorizedPlan;
    },
    async authorizeTeam(headers, teamId, action, options = {}) {
      const user = await requireUser(headers);
      const membership = await readTeamMembership(kysely, user.id, teamId);
      if (!membership) throw await refuseFormer(user.id, teamId);
      if (!may(membership.role, action))
        throw new CommonplanError('forbidden', 'Your role in this team does not allow this.');
      const archived = membership.archivedAt !== null;
      if (archived && options.inUse) throw new CommonplanError('archived', 'This team has been archived.');
      return { teamId, user, role: membership.role, archived } as AuthorizedTeam;
    },
    async authorizeReading(headers, planId) {
      const user = await accounts.identify(headers);
      const access = await readPlanAccess(kysely, user?.id ?? null, planId);
      // Nobody learns without signing in which plans there are.
      if (access.role === null && !user) throw new CommonplanError('not-signed-in');
      return { planId, user, ...granted(access) } as ReadablePlan;
    },
  };
}
