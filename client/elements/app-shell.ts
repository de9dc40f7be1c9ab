/** `<cp-app-shell>`: the frame of every page. Draws the page that the address means; keeps title, focus and scroll right. */
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { explain } from '../api.ts';
import { icon } from '../icons.ts';
import { type RouteEvent, router } from '../router.ts';
import { href, type Route } from '../routes.ts';
import { SessionController, session } from '../session.ts';
import './account-menu.ts';
import './account-page.ts';
import './confirm-address-page.ts';
import './forgotten-password-page.ts';
import './invitation-page.ts';
import './join-page.ts';
import { LightElement } from './light-element.ts';
import './new-password-page.ts';
import './plans-page.ts';
import './session-expired.ts';
import './toasts.ts';
import './welcome-page.ts';
import { wordmark } from './wordmark.ts';

const TITLES: Record<Route['page'], string> = {
  plans: 'Plans',
  teams: 'Teams',
  team: 'Team',
  plan: 'Plan',
  history: 'History',
  snapshot: 'Snapshot',
  compare: 'Comparison',
  read: 'Plan',
  join: 'Join a plan',
  account: 'Your account',
  'sign-in': 'Sign in',
  'forgotten-password': 'Forgotten password',
  'new-password': 'New password',
  'confirm-address': 'Confirm your address',
  invitation: 'Invitation',
  admin: 'Administration',
  'not-found': 'Page not found',
};

/** Pages that are fetched when first needed: the editor is the largest part of the client. */
const FETCHED_PAGES: Partial<Record<Route['page'], () => Promise<unknown>>> = {
  plan: () => import('./plan-page.ts'),
  history: () => import('./history-page.ts'),
  snapshot: () => import('./snapshot-page.ts'),
  compare: () => import('./compare-page.ts'),
  read: () => import('./read-page.ts'),
  teams: () => import('./teams-page.ts'),
  team: () => import('./team-page.ts'),
  admin: () => import('./admin-page.ts'),
};

/** The pages of a plan bring headers of their own. */
const OWN_HEADER: readonly Route['page'][] = ['plan', 'history', 'snapshot', 'compare'];

@customElement('cp-app-shell')
export class AppShell extends LightElement {
  @state() private route: Route = router.route;
  @state() private fetched: Readonly<Partial<Record<Route['page'], 'loading' | 'ready' | 'failed'>>> = {};
  #stopRouting: () => void = () => undefined;
  readonly #routed = (event: Event) => void this.#arrive((event as RouteEvent).arrived);

  constructor() {
    super();
    new SessionController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    router.addEventListener('route', this.#routed);
    this.#stopRouting = router.start();
    this.#nameThePage();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    router.removeEventListener('route', this.#routed);
    this.#stopRouting();
  }

  async #arrive(arrived: 'forward' | 'back'): Promise<void> {
    this.route = router.route;
    this.#nameThePage();
    await this.updateComplete;
    if (arrived === 'forward') window.scrollTo(0, 0);
    this.#focusHeading();
  }

  /** Focus goes to the new page's heading, so that screen readers say where one is and Tab goes on from there. */
  #focusHeading(): void {
    const target = this.querySelector<HTMLElement>('#main h1') ?? this.querySelector<HTMLElement>('#main');
    if (target?.tabIndex === -1) target.setAttribute('tabindex', '-1');
    target?.focus({ preventScroll: true });
  }

  /** The plan page refines this with the plan's title as soon as it knows it. */
  #nameThePage(): void {
    document.title = `${TITLES[this.route.page]} · Commonplan`;
  }

  async #fetchPage(page: Route['page']): Promise<void> {
    this.fetched = { ...this.fetched, [page]: 'loading' };
    try {
      await FETCHED_PAGES[page]?.();
      // What has the focus while a page is fetched goes when the page comes.
      const waited = this.querySelector('#main')?.matches(':focus');
      this.fetched = { ...this.fetched, [page]: 'ready' };
      await this.updateComplete;
      if (waited) this.#focusHeading();
    } catch {
      // The module could not be fetched: the page says so and offers to try again.
      this.fetched = { ...this.fetched, [page]: 'failed' };
    }
  }

  override willUpdate(): void {
    const { page } = this.route;
    const mayOpen = session.user !== null || page === 'read';
    if (FETCHED_PAGES[page] && mayOpen && !this.fetched[page]) void this.#fetchPage(page);
    // Who is signed in has nothing more to do there.
    if (page === 'sign-in' && session.state.is === 'signed-in') void router.go(href.plans, { replace: true });
  }

  override render() {
    const { page } = this.route;
    const ownHeader = session.user !== null && OWN_HEADER.includes(page) && this.fetched[page] === 'ready';
    return html`
      <a class="skip-link" href="#main">Skip to the content</a>
      ${ownHeader ? null : this.#header()}
      ${this.#page()}
      <cp-toasts></cp-toasts>
      <cp-session-expired></cp-session-expired>
    `;
  }

  #header() {
    return html`
      <header class="header">
        ${wordmark} ${session.user === null ? nothing : this.#pages()}
        <cp-account-menu></cp-account-menu>
      </header>
    `;
  }

  #pages() {
    const { page } = this.route;
    const current = (pages: readonly Route['page'][]) => (pages.includes(page) ? 'page' : nothing);
    return html`
      <nav class="header-pages" aria-label="Pages">
        <a href=${href.plans} aria-current=${current(['plans'])}>Plans</a>
        <a href=${href.teams} aria-current=${current(['teams', 'team'])}>Teams</a>
      </nav>
    `;
  }

  #page() {
    if (this.route.page === 'not-found') return this.#notFound();
    if (session.state.is === 'unreachable')
      return this.#failed(explain(session.state.error), () => void session.refresh());
    if (session.state.is === 'loading') return this.#loading();
    if (this.route.page === 'join') return html`<cp-join-page></cp-join-page>`;
    const token = tokenPage(this.route.page);
    if (token) return token;
    if (this.route.page === 'read') return this.#fetchedPage(this.route);
    if (session.user === null) return html`<cp-welcome-page .asks=${this.route}></cp-welcome-page>`;
    if (this.route.page === 'account') return html`<cp-account-page></cp-account-page>`;
    if (this.route.page === 'plans') return html`<cp-plans-page></cp-plans-page>`;
    return this.#fetchedPage(this.route);
  }

  #fetchedPage(route: Route) {
    if (this.fetched[route.page] === 'failed')
      return this.#failed(
        'This page could not be fetched. Check your connection, then try again.',
        () => void this.#fetchPage(route.page),
      );
    if (this.fetched[route.page] !== 'ready') return this.#loading();
    if (route.page === 'plan') return html`<cp-plan-page plan-id=${route.planId}></cp-plan-page>`;
    if (route.page === 'history') return html`<cp-history-page plan-id=${route.planId}></cp-history-page>`;
    if (route.page === 'snapshot')
      return html`<cp-snapshot-page plan-id=${route.planId} number=${route.number}></cp-snapshot-page>`;
    if (route.page === 'compare')
      return html`<cp-compare-page plan-id=${route.planId} .from=${route.from} .to=${route.to}></cp-compare-page>`;
    if (route.page === 'read') return html`<cp-read-page plan-id=${route.planId}></cp-read-page>`;
    if (route.page === 'teams') return html`<cp-teams-page></cp-teams-page>`;
    if (route.page === 'admin') return html`<cp-admin-page section=${route.section}></cp-admin-page>`;
    if (route.page === 'team') return html`<cp-team-page team-id=${route.teamId}></cp-team-page>`;
    return nothing;
  }

  #loading() {
    return html`
      <main id="main" class="page" tabindex="-1">
        <div class="page-loading" role="status"><span class="spinner"></span><span class="visually-hidden">Loading</span></div>
      </main>
    `;
  }

  #failed(message: string, retry: () => void) {
    return html`
      <main id="main" class="page narrow" tabindex="-1">
        <div class="form">
          <h1>No answer</h1>
          <div class="notice danger" role="alert">${icon('wifiOff')}<p>${message}</p></div>
          <div class="actions"><button class="button" @click=${retry}>Try again</button></div>
        </div>
      </main>
    `;
  }

  #notFound() {
    return html`
      <main id="main" class="page narrow" tabindex="-1">
        <div class="form">
          <h1>There is no page at this address</h1>
          <p>The link may be incomplete, or the page has moved.</p>
          <div class="actions"><a class="button" href=${href.plans}>Go to your plans</a></div>
        </div>
      </main>
    `;
  }
}

/** Pages for anybody, signed in or not; null: it is none of them. */
function tokenPage(page: Route['page']) {
  if (page === 'forgotten-password') return html`<cp-forgotten-password-page></cp-forgotten-password-page>`;
  if (page === 'new-password') return html`<cp-new-password-page></cp-new-password-page>`;
  if (page === 'confirm-address') return html`<cp-confirm-address-page></cp-confirm-address-page>`;
  if (page === 'invitation') return html`<cp-invitation-page></cp-invitation-page>`;
  return null;
}
