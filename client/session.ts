/** Who is using this page: the one place that knows, and tells every element when it changes. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { User } from '../shared/api.ts';
import { accountsApi } from './accounts.ts';
import { api, whenSignedOut } from './api.ts';
import { countUnsavedPlans, forgetUnsaved } from './collab/unsaved-store.ts';

/**
 * loading: not asked yet. visitor: nobody is signed in. signed-in: a guest or an account. expired: somebody was, and the server no
 * longer knows them; what they see stays until they sign in again. unreachable: the server did not answer the question.
 */
export type SessionState =
  | { readonly is: 'loading' | 'visitor' }
  | { readonly is: 'unreachable'; readonly error: unknown }
  | { readonly is: 'signed-in' | 'expired'; readonly user: User };

class Session extends EventTarget {
  #state: SessionState = { is: 'loading' };

  get state(): SessionState {
    return this.#state;
  }

  /** Also while the session is expired: whose page this is. */
  get user(): User | null {
    return 'user' in this.#state ? this.#state.user : null;
  }

  /** Asks the server. Never throws: not being answered is a state too. */
  async refresh(): Promise<void> {
    try {
      const answer = await api.session();
      this.#become(answer ? { is: 'signed-in', user: answer.user } : { is: 'visitor' });
    } catch (error) {
      this.#become({ is: 'unreachable', error });
    }
  }

  /** `link`: the token of the plan's link that the guest comes by. */
  async startAsGuest(name: string, link?: string): Promise<void> {
    this.#become({ is: 'signed-in', user: (await api.signInAsGuest(name, link)).user });
  }

  /** A new account, or an account for the present guest, who stays the same user. */
  async signUp(account: Parameters<typeof api.signUp>[0]): Promise<void> {
    this.#become({ is: 'signed-in', user: (await api.signUp(account)).user });
  }

  async signIn(account: { email: string; password: string }): Promise<void> {
    this.#become({ is: 'signed-in', user: (await api.signIn(account)).user });
  }

  async rename(name: string): Promise<void> {
    await api.rename(name);
    await this.refresh();
  }

  /** How many plans have words of this person in this browser that are not saved; signing out throws them away. */
  async unsavedPlans(): Promise<number> {
    return this.user ? countUnsavedPlans(this.user.id) : 0;
  }

  async signOut(): Promise<void> {
    await this.#leave(() => api.signOut());
  }

  /** Also here. */
  async signOutEverywhere(): Promise<void> {
    await this.#leave(() => accountsApi.signOutEverywhere());
  }

  /** `password` absent: of a guest, or of an account without one. */
  async deleteAccount(password?: string): Promise<void> {
    await this.#leave(() => accountsApi.deleteAccount(password === undefined ? {} : { password }));
  }

  async #leave(tellServer: () => Promise<void>): Promise<void> {
    const { user } = this;
    await tellServer();
    // The browser may be a shared one.
    if (user) await forgetUnsaved(user.id);
    this.#become({ is: 'visitor' });
  }

  /** The server says it does not know us: by an answer of the API, or by closing a plan's socket. */
  expire(): void {
    if (this.#state.is === 'signed-in') this.#become({ is: 'expired', user: this.#state.user });
  }

  #become(state: SessionState): void {
    this.#state = state;
    this.dispatchEvent(new Event('change'));
  }
}

export const session = new Session();

/** Call once, at the start: asks who is here, and asks again when the network is back. */
export function startSession(): void {
  window.addEventListener('online', () => {
    if (session.state.is === 'unreachable') void session.refresh();
  });
  void session.refresh();
}

whenSignedOut(() => session.expire());

/** Redraws an element whenever the session changes: `new SessionController(this)`. */
export class SessionController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #changed = () => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    session.addEventListener('change', this.#changed);
  }

  hostDisconnected(): void {
    session.removeEventListener('change', this.#changed);
  }
}
