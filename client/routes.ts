/** Which page an address means, and the address of each page. */

export type Route =
  | { readonly page: 'plans' }
  | { readonly page: 'plan'; readonly planId: string }
  | { readonly page: 'history'; readonly planId: string }
  | { readonly page: 'snapshot'; readonly planId: string; readonly number: number }
  | { readonly page: 'read'; readonly planId: string }
  | { readonly page: 'compare'; readonly planId: string; readonly from: number; readonly to: ComparedTo }
  | { readonly page: 'teams' }
  | { readonly page: 'team'; readonly teamId: string }
  | { readonly page: 'join' }
  | { readonly page: 'account' }
  | { readonly page: 'sign-in' }
  | { readonly page: TokenPage }
  | { readonly page: 'admin'; readonly section: AdminSection }
  | { readonly page: 'not-found' };

/** Pages for people who cannot sign in, or need not; most are led to by a link with a token. */
export const TOKEN_PAGES = ['forgotten-password', 'new-password', 'confirm-address', 'invitation'] as const;
export type TokenPage = (typeof TOKEN_PAGES)[number];

export const ADMIN_SECTIONS = ['people', 'invitations', 'storage', 'audit'] as const;
export type AdminSection = (typeof ADMIN_SECTIONS)[number];

/** The newer end of a comparison: a snapshot's number, or the live plan. */
export type ComparedTo = number | 'now';

/** The addresses of the application, for links. */
export const href = {
  plans: '/',
  plan: (planId: string) => `/plans/${encodeURIComponent(planId)}`,
  /** The public page of a plan that anyone may read. */
  read: (planId: string) => `/read/${encodeURIComponent(planId)}`,
  history: (planId: string) => `${href.plan(planId)}/history`,
  snapshot: (planId: string, number: number) => `${href.history(planId)}/${number}`,
  compare: (planId: string, from: number, to: ComparedTo) => `${href.plan(planId)}/compare/${from}/${to}`,
  teams: '/teams',
  team: (teamId: string) => `/teams/${encodeURIComponent(teamId)}`,
  account: '/account',
  signIn: '/sign-in',
  forgottenPassword: '/forgotten-password',
  admin: (section: AdminSection) => (section === 'people' ? '/admin' : `/admin/${section}`),
} as const;

/** Total: every path means a page, those unknown mean `not-found`. A slash at the end makes no difference. */
export function matchRoute(pathname: string): Route {
  const [first, second, ...rest] = pathname.split('/').filter(Boolean);
  if (first === undefined) return { page: 'plans' };
  if (first === 'plans' && second === undefined) return { page: 'plans' };
  if (first === 'plans' && second !== undefined) return matchPlanRoute(decode(second), rest);
  if (first === 'read' && second !== undefined && rest.length === 0) return matchReadRoute(decode(second));
  if (first === 'teams' && second === undefined) return { page: 'teams' };
  if (first === 'teams' && rest.length === 0) return matchTeamRoute(decode(second!));
  if (first === 'join' && second === undefined) return { page: 'join' };
  if (first === 'account' && second === undefined) return { page: 'account' };
  if (first === 'sign-in' && second === undefined) return { page: 'sign-in' };
  if (first === 'admin' && rest.length === 0) return matchAdminRoute(second);
  const tokenPage = TOKEN_PAGES.find((page) => page === first);
  if (tokenPage && second === undefined) return { page: tokenPage };
  return { page: 'not-found' };
}

function matchReadRoute(planId: string | null): Route {
  return planId === null ? { page: 'not-found' } : { page: 'read', planId };
}

function matchTeamRoute(teamId: string | null): Route {
  return teamId === null ? { page: 'not-found' } : { page: 'team', teamId };
}

function matchAdminRoute(second: string | undefined): Route {
  const section = ADMIN_SECTIONS.find((known) => known === (second ?? 'people'));
  return section ? { page: 'admin', section } : { page: 'not-found' };
}

/** What follows the plan's id: nothing, `history`, `history/:number`, `compare/:from/:to`. */
function matchPlanRoute(planId: string | null, rest: readonly string[]): Route {
  if (planId === null) return { page: 'not-found' };
  const [what, one, two] = rest;
  if (rest.length === 0) return { page: 'plan', planId };
  if (what === 'history' && rest.length === 1) return { page: 'history', planId };
  const number = snapshotNumber(one);
  if (what === 'history' && rest.length === 2 && number !== null) return { page: 'snapshot', planId, number };
  const to = two === 'now' ? 'now' : snapshotNumber(two);
  if (what === 'compare' && rest.length === 3 && number !== null && to !== null)
    return { page: 'compare', planId, from: number, to };
  return { page: 'not-found' };
}

/** null for what is no snapshot's number: they count from 1. */
function snapshotNumber(segment: string | undefined): number | null {
  return segment !== undefined && /^[1-9]\d{0,8}$/.test(segment) ? Number(segment) : null;
}

/** null for broken percent encoding. */
function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
