/** Routes that cannot be registered without saying who may use them: a handler is given what its guard let through, and its type demands it. */
import type { Context, Handler } from 'hono';
import { Hono } from 'hono';
import type { Action } from '../../shared/roles.ts';
import type { Access, AuthorizedPlan, AuthorizedTeam, ReadablePlan } from '../auth/access.ts';
import type { Identity } from '../auth/accounts.ts';
import type { AppContext, AppEnv } from './http.ts';

/** Who may use a route, as tests and the description of the API read it. */
export type Rule =
  | { readonly who: 'anybody'; readonly why: string }
  | { readonly who: 'signed-in' }
  | { readonly who: 'administrator' }
  | { readonly who: 'reader' }
  | { readonly who: 'plan' | 'team'; readonly action: Action; readonly inUse: boolean };

export interface Guard<Passed> {
  readonly rule: Rule;
  /** Throws what `access` throws to those who may not. */
  pass(access: Access, c: AppContext): Promise<Passed>;
}

/** Needs nobody to be signed in. `why` is for the reader of the code. */
export const anybody = (why: string): Guard<null> => ({ rule: { who: 'anybody', why }, pass: async () => null });

export const signedIn: Guard<Identity> = {
  rule: { who: 'signed-in' },
  pass: (access, c) => access.requireUser(c.req.raw.headers),
};

/** Administers this server. That lets nobody into a plan. */
export const administrator: Guard<Identity> = {
  rule: { who: 'administrator' },
  pass: (access, c) => access.requireAdministrator(c.req.raw.headers),
};

/** May do this to the plan that the path names with `:planId`. `inUse`: and the plan is not archived. */
export const mayPlan = (action: Action, { inUse = false } = {}): Guard<AuthorizedPlan> => ({
  rule: { who: 'plan', action, inUse },
  pass: (access, c) => access.authorize(c.req.raw.headers, c.req.param('planId') ?? '', action, { inUse }),
});

/** May do this to the team that the path names with `:teamId`. `inUse`: and the team is not archived. */
export const mayTeam = (action: Action, { inUse = false } = {}): Guard<AuthorizedTeam> => ({
  rule: { who: 'team', action, inUse },
  pass: (access, c) => access.authorizeTeam(c.req.raw.headers, c.req.param('teamId') ?? '', action, { inUse }),
});

interface WithMembers {
  readonly base: string;
  readonly may: (action: Action, options?: { inUse?: boolean }) => Guard<AuthorizedPlan | AuthorizedTeam>;
}
/** What has members and links, with the same routes beneath its path. */
export const PLANS_AND_TEAMS: readonly WithMembers[] = [
  { base: '/api/plans/:planId', may: mayPlan },
  { base: '/api/teams/:teamId', may: mayTeam },
];

/** May read the plan that the path names with `:planId`: a member, or anybody at all where the plan is public. */
export const mayRead: Guard<ReadablePlan> = {
  rule: { who: 'reader' },
  pass: (access, c) => access.authorizeReading(c.req.raw.headers, c.req.param('planId') ?? ''),
};

type GuardedHandler<Path extends string, Passed> = (
  c: Context<AppEnv, Path>,
  passed: Passed,
) => Response | Promise<Response>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Method = (typeof METHODS)[number];
type Register = <Path extends string, Passed>(
  path: Path,
  guard: Guard<Passed>,
  handler: GuardedHandler<Path, Passed>,
) => void;

const rules = new WeakMap<Handler, Rule>();

/** What `hono` collects is mounted with `app.route('/', hono)`. */
export type GuardedRoutes = Readonly<Record<Method, Register>> & { readonly hono: Hono<AppEnv> };

export function guardedRoutes(access: Access): GuardedRoutes {
  const hono = new Hono<AppEnv>();
  const register =
    (method: Method): Register =>
    (path, guard, handler) => {
      const guarded: Handler<AppEnv> = async (c) => handler(c as never, await guard.pass(access, c));
      rules.set(guarded, guard.rule);
      hono.on(method, path, guarded);
    };
  return {
    hono,
    ...(Object.fromEntries(METHODS.map((method) => [method, register(method)])) as Record<Method, Register>),
  };
}

/** The rule that a registered handler was given; undefined: it was registered past the guards. */
export function ruleOf(handler: Handler): Rule | undefined {
  return rules.get(handler);
}
