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
import './join-page.ts';
import { LightElement } from './light-element.ts';
import './plans-page.ts';
import './session-expired.ts';
import './toasts.ts';
import './welcome-page.ts';
import { wordmark } from './wordmark.ts';

const TITLES: Record<Route['page'], string> = {
  plans: 'Plans',
  plan: 'Plan',
  history: 'History',
  snapshot: 'Snapshot',
  compare: 'Comparison',
  join: 'Join a plan',
  account: 'Your account',
  'not-found': 'Page not found',
};

/** The pages of a plan are fetched when first needed (the editor is the largest part of the client) and bring headers of their own. */
const PLAN_PAGES: Partial<Record<Route['page'], () => Promise<unknown>>> = {
  plan: () => import('./plan-page.ts'),
  history: () => import('./history-page.ts'),
  snapshot: () => import('./snapshot-page.ts'),
  compare: () => import('./compare-page.ts'),
};

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
    // Focus goes to the new page's heading, so that screen readers say where one is and Tab goes on from there.
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
      await PLAN_PAGES[page]?.();
      this.fetched = { ...this.fetched, [page]: 'ready' };
    } catch {
      // The module could not be fetched: the page says so and offers to try again.
      this.fetched = { ...this.fetched, [page]: 'failed' };
    }
  }

  override willUpdate(): void {
    const { page } = this.route;
    if (PLAN_PAGES[page] && session.user !== null && !this.fetched[page]) void this.#fetchPage(page);
  }

  override render() {
    const ownHeader = session.user !== null && this.fetched[this.route.page] === 'ready';
    return html`
      <a class="skip-link" href="#main">Skip to the content</a>
      ${ownHeader ? null : this.#header()}
      ${this.#page()}
      <cp-toasts></cp-toasts>
      <cp-session-expired></cp-session-expired>
    `;
  }

  #header() {
    return html`<header class="header">${wordmark}<cp-account-menu></cp-account-menu></header>`;
  }

  #page() {
    if (this.route.page === 'not-found') return this.#notFound();
    if (session.state.is === 'unreachable')
      return this.#failed(explain(session.state.error), () => void session.refresh());
    if (session.state.is === 'loading') return this.#loading();
    if (this.route.page === 'join') return html`<cp-join-page></cp-join-page>`;
    if (session.user === null) return html`<cp-welcome-page .asks=${this.route.page}></cp-welcome-page>`;
    if (this.route.page === 'account') return html`<cp-account-page></cp-account-page>`;
    if (this.route.page === 'plans') return html`<cp-plans-page></cp-plans-page>`;
    return this.#planPage(this.route);
  }

  #planPage(route: Route) {
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
