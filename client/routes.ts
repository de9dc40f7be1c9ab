/** Which page an address means, and the address of each page. */

export type Route =
  | { readonly page: 'plans' }
  | { readonly page: 'plan'; readonly planId: string }
  | { readonly page: 'join' }
  | { readonly page: 'account' }
  | { readonly page: 'not-found' };

/** The addresses of the application, for links. */
export const href = {
  plans: '/',
  plan: (planId: string) => `/plans/${encodeURIComponent(planId)}`,
  account: '/account',
} as const;

/** Total: every path means a page, those unknown mean `not-found`. A slash at the end makes no difference. */
export function matchRoute(pathname: string): Route {
  const [first, second, ...rest] = pathname.split('/').filter(Boolean);
  if (first === undefined) return { page: 'plans' };
  if (first === 'plans' && second === undefined) return { page: 'plans' };
  if (first === 'plans' && second !== undefined && rest.length === 0) {
    const planId = decode(second);
    return planId === null ? { page: 'not-found' } : { page: 'plan', planId };
  }
  if (first === 'join' && second === undefined) return { page: 'join' };
  if (first === 'account' && second === undefined) return { page: 'account' };
  return { page: 'not-found' };
}

/** null for broken percent encoding. */
function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
