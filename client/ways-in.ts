/** What this server lets visitors do: asked once, and known to every element that needs it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { WaysIn } from '../shared/accounts-api.ts';
import { accountsApi } from './accounts.ts';

let asked: Promise<WaysIn> | null = null;

/** Asked anew after a failure. */
function ask(): Promise<WaysIn> {
  asked ??= accountsApi.waysIn().catch((error: unknown) => {
    asked = null;
    throw error;
  });
  return asked;
}

/** Redraws an element when the server has said what is possible: `readonly #ways = new WaysInController(this)`. */
export class WaysInController implements ReactiveController {
  /** null: not known, or not yet. What then is offered may be refused, with a reason. */
  ways: WaysIn | null = null;
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    ask().then(
      (ways) => {
        this.ways = ways;
        this.#host.requestUpdate();
      },
      () => undefined,
    );
  }
}
