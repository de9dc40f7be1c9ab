/** Asks again for what could not be had, as soon as the network is back or the person has signed in again. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { CommonplanError } from '../shared/errors.ts';
import { session } from './session.ts';

export class RetryController implements ReactiveController {
  readonly #failure: () => unknown;
  readonly #load: () => void;

  /** `failure`: what the last attempt ended with; null: well. A refusal that will stay one is not asked about again. */
  constructor(host: ReactiveControllerHost, failure: () => unknown, load: () => void) {
    this.#failure = failure;
    this.#load = load;
    host.addController(this);
  }

  readonly #mended = (): void => {
    const failure = this.#failure();
    const lasting = failure instanceof CommonplanError && failure.code !== 'not-signed-in';
    if (failure && !lasting && session.state.is !== 'expired') this.#load();
  };

  hostConnected(): void {
    window.addEventListener('online', this.#mended);
    session.addEventListener('change', this.#mended);
  }

  hostDisconnected(): void {
    window.removeEventListener('online', this.#mended);
    session.removeEventListener('change', this.#mended);
  }
}
