/** Moves between pages without loading anew. */
import { matchRoute, type Route } from './routes.ts';

/** Asked before the page is left; false stays. May ask the person, so it may take its time. */
export type LeaveGuard = () => boolean | Promise<boolean>;

interface EntryState {
  /** Position of the entry in this tab's history, by which a refused "back" is undone. */
  readonly position: number;
}

/** Fired by the router when the page has changed. */
export class RouteEvent extends Event {
  /** forward: a new page. back: one that the browser returns to, whose scroll position it restores itself. */
  readonly arrived: 'forward' | 'back';

  constructor(arrived: 'forward' | 'back') {
    super('route');
    this.arrived = arrived;
  }
}

/** Follows the address bar. Clicks on links of this origin and `go` change the route without loading; `route` events tell. */
class Router extends EventTarget {
  route: Route = matchRoute(location.pathname);
  #guard: LeaveGuard | null = null;
  #position = 0;

  /** Starts listening; the returned function stops. */
  start(): () => void {
    this.#position = (history.state as EntryState | null)?.position ?? 0;
    history.replaceState({ position: this.#position } satisfies EntryState, '');
    const click = (event: MouseEvent) => this.#followLink(event);
    const pop = () => void this.#returnTo();
    document.addEventListener('click', click);
    window.addEventListener('popstate', pop);
    return () => {
      document.removeEventListener('click', click);
      window.removeEventListener('popstate', pop);
    };
  }

  /** Moves to a path of this application. `replace`: the page left is not to be returned to. Resolves to false where the guard said no. */
  async go(path: string, { replace = false } = {}): Promise<boolean> {
    if (!(await this.#mayLeave())) return false;
    if (!replace) this.#position += 1;
    const state: EntryState = { position: this.#position };
    if (replace) history.replaceState(state, '', path);
    else history.pushState(state, '', path);
    this.#arrive('forward');
    return true;
  }

  /** Asks before the present page is left, until the returned function is called or the page has been left. */
  guardLeaving(guard: LeaveGuard): () => void {
    this.#guard = guard;
    return () => {
      if (this.#guard === guard) this.#guard = null;
    };
  }

  async #mayLeave(): Promise<boolean> {
    return this.#guard === null || (await this.#guard());
  }

  #arrive(arrived: 'forward' | 'back'): void {
    this.#guard = null;
    this.route = matchRoute(location.pathname);
    this.dispatchEvent(new RouteEvent(arrived));
  }

  async #returnTo(): Promise<void> {
    const position = (history.state as EntryState | null)?.position ?? 0;
    // The address has already changed: only its fragment, so the page stays, or a page was left, so the guard is asked after the fact.
    const samePage = JSON.stringify(matchRoute(location.pathname)) === JSON.stringify(this.route);
    if (!samePage && !(await this.#mayLeave())) {
      history.go(this.#position - position);
      return;
    }
    this.#position = position;
    if (!samePage) this.#arrive('back');
  }

  #followLink(event: MouseEvent): void {
    const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
    if (!link || !isPlainClick(event) || !staysHere(link)) return;
    event.preventDefault();
    void this.go(link.pathname + link.search + link.hash);
  }
}

export const router = new Router();

function isPlainClick(event: MouseEvent): boolean {
  return (
    !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
  );
}

/** Links within the page (#...), to the API (downloads), to other windows and to other sites are the browser's. */
function staysHere(link: HTMLAnchorElement): boolean {
  if (
    link.origin !== location.origin ||
    link.hasAttribute('download') ||
    (link.target !== '' && link.target !== '_self')
  )
    return false;
  if (link.pathname.startsWith('/api/')) return false;
  return link.hash === '' || link.pathname !== location.pathname;
}
