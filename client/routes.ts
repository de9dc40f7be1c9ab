/** Which page an address means, and the address of each page. */

export type Route =
  | { readonly page: 'plans' }
  | { readonly page: 'plan'; readonly planId: string }
  | { readonly page: 'history'; readonly planId: string }
  | { readonly page: 'snapshot'; readonly planId: string; readonly number: number }
  | { readonly page: 'compare'; readonly planId: string; readonly from: number; readonly to: ComparedTo }
  | { readonly page: 'join' }
  | { readonly page: 'account' }
  | { readonly page: 'not-found' };

/** The newer end of a comparison: a snapshot's number, or the live plan. */
export type ComparedTo = number | 'now';

/** The addresses of the application, for links. */
export const href = {
  plans: '/',
  plan: (planId: string) => `/plans/${encodeURIComponent(planId)}`,
  history: (planId: string) => `${href.plan(planId)}/history`,
  snapshot: (planId: string, number: number) => `${href.history(planId)}/${number}`,
  compare: (planId: string, from: number, to: ComparedTo) => `${href.plan(planId)}/compare/${from}/${to}`,
  account: '/account',
} as const;

/** Total: every path means a page, those unknown mean `not-found`. A slash at the end makes no difference. */
export function matchRoute(pathname: string): Route {
  const [first, second, ...rest] = pathname.split('/').filter(Boolean);
  if (first === undefined) return { page: 'plans' };
  if (first === 'plans' && second === undefined) return { page: 'plans' };
  if (first === 'plans' && second !== undefined) return matchPlanRoute(decode(second), rest);
  if (first === 'join' && second === undefined) return { page: 'join' };
  if (first === 'account' && second === undefined) return { page: 'account' };
  return { page: 'not-found' };
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
