/** The way from a plan's own address to its public page, for people who are not in it. */
import { api } from './api.ts';
import { router } from './router.ts';
import { href } from './routes.ts';

/** Goes there where anyone may read the plan; else does nothing: the page that asked says why the plan does not open. */
export async function goToPublicPage(planId: string): Promise<void> {
  const { pathname } = location;
  const plan = await api.plan(planId).catch(() => null);
  if (plan?.publicSince && !plan.member && location.pathname === pathname)
    await router.go(href.read(planId), { replace: true });
}
