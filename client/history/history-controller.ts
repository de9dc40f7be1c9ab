/** A plan's list of snapshots, kept fresh for the element that shows it: fetched, heard of when it grows, fetched again after an interruption. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { PlanSummary, SnapshotList, SnapshotSummary } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { may } from '../../shared/roles.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { api } from '../api.ts';
import { listenToNotices } from '../collab/notices.ts';
import { session } from '../session.ts';

/** Several notices at once, e.g. of a restore and the snapshots around it, become one request (ms). */
const GATHER = 150;

/** What was shown last: shown again at once, until the server has answered, to the one who goes back to it. */
let latest: {
  readonly userId: string | undefined;
  readonly planId: string;
  readonly plan: PlanSummary;
  readonly list: SnapshotList;
} | null = null;

export class HistoryController implements ReactiveController {
  plan: PlanSummary | null = null;
  list: SnapshotList | null = null;
  /** What the last request threw; what was fetched before stays. */
  failure: unknown = null;
  loading = false;
  readonly #host: ReactiveControllerHost;
  readonly #grown: ((added: readonly SnapshotSummary[]) => void) | undefined;
  #planId = '';
  #listening = false;
  #request: AbortController | null = null;
  #stopListening: () => void = () => undefined;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  readonly #refresh = (): void => {
    if (document.visibilityState === 'visible') this.reloadSoon();
  };
  readonly #signedIn = (): void => {
    if (this.failure instanceof CommonplanError && session.state.is === 'signed-in') this.reloadSoon();
  };

  /** `grown` hears of snapshots that came while the list was shown, newest first. */
  constructor(host: ReactiveControllerHost, grown?: (added: readonly SnapshotSummary[]) => void) {
    this.#host = host;
    this.#grown = grown;
    host.addController(this);
  }

  /** Shows this plan's history from now on; does nothing where it does so already. */
  open(planId: string): void {
    if (planId === this.#planId) return;
    const known = latest?.planId === planId && latest.userId === session.user?.id ? latest : null;
    this.#planId = planId;
    this.plan = known?.plan ?? null;
    this.list = known?.list ?? null;
    this.failure = null;
    if (this.#listening) this.#start();
  }

  hostConnected(): void {
    this.#listening = true;
    window.addEventListener('online', this.#refresh);
    document.addEventListener('visibilitychange', this.#refresh);
    session.addEventListener('change', this.#signedIn);
    if (this.#planId !== '') this.#start();
  }

  hostDisconnected(): void {
    this.#listening = false;
    window.removeEventListener('online', this.#refresh);
    document.removeEventListener('visibilitychange', this.#refresh);
    session.removeEventListener('change', this.#signedIn);
    clearTimeout(this.#gathering);
    this.#request?.abort();
    this.#stopListening();
  }

  get mayWrite(): boolean {
    return this.plan !== null && this.plan.archivedAt === null && may(this.plan.role, 'write');
  }

  reloadSoon(): void {
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => void this.reload(), GATHER);
  }

  /** The newest question wins: an older answer that comes late is dropped. Never throws: `failure` says what went wrong. */
  async reload(): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.loading = true;
    this.#host.requestUpdate();
    try {
      const [plan, list] = await Promise.all([api.plan(this.#planId), api.snapshots(this.#planId, request.signal)]);
      if (request.signal.aborted) return;
      const newest = this.list?.snapshots[0]?.number;
      this.plan = plan;
      this.list = list;
      this.failure = null;
      latest = { userId: session.user?.id, planId: this.#planId, plan, list };
      // Nothing happens in an archived plan, and it lets no socket in.
      if (plan.archivedAt !== null) this.#stopListening();
      const added = newest === undefined ? [] : list.snapshots.filter(({ number }) => number > newest);
      if (added.length > 0) this.#grown?.(added);
    } catch (error) {
      if (request.signal.aborted) return;
      this.failure = error;
      if (isRefusal(error)) {
        latest = null;
        this.#stopListening();
      }
    }
    this.loading = false;
    this.#host.requestUpdate();
  }

  #start(): void {
    this.#stopListening();
    this.#stopListening = listenToNotices({
      planId: this.#planId,
      origin: `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}`,
      schemaVersion: SCHEMA_VERSION,
      onNotice: ({ type }) => {
        if (type === 'snapshots' || type === 'role') this.reloadSoon();
      },
      onMissed: () => this.reloadSoon(),
    });
    void this.reload();
  }
}

/** The plan is not there for us: nothing more will be told of it. */
export function isRefusal(error: unknown): error is CommonplanError {
  return (
    error instanceof CommonplanError && ['not-found', 'forbidden', 'access-removed', 'archived'].includes(error.code)
  );
}
