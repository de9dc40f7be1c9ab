/** Who is here: the people behind a plan's awareness states, each once however many windows they have. */
import type { Awareness } from 'y-protocols/awareness';
import { presenceSchema } from '../../shared/protocol.ts';

export interface Person {
  /** The account's id. */
  readonly id: string;
  readonly name: string;
  /** CSS colour. */
  readonly color: string;
  readonly guest: boolean;
  /** One's own. */
  readonly self: boolean;
  /** No window of theirs has seen any activity for a while. */
  readonly idle: boolean;
  /** How many windows they have this plan open in. */
  readonly windows: number;
}

/** Oneself first, then by name. States that are not of our form (a stock client's) belong to nobody we could name and are left out. */
export function peopleHere(awareness: Awareness): Person[] {
  const people = new Map<string, Person>();
  for (const [client, state] of awareness.getStates()) {
    const parsed = presenceSchema.safeParse(state);
    if (!parsed.success) continue;
    const { user, idle } = parsed.data;
    const known = people.get(user.id);
    people.set(user.id, {
      ...user,
      self: (known?.self ?? false) || client === awareness.clientID,
      idle: (known?.idle ?? true) && idle === true,
      windows: (known?.windows ?? 0) + 1,
    });
  }
  return [...people.values()].sort(
    (a, b) => Number(b.self) - Number(a.self) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id),
  );
}

/** Without a key, click or touch for this long (ms) a window counts as idle. */
export const IDLE_AFTER = 120_000;

/** Tells the others when this window falls idle and when it wakes. Returns the function that stops. */
export function shareIdleness(awareness: Awareness, target: Window): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const become = (idle: boolean): void => {
    if (awareness.getLocalState() && (awareness.getLocalState()?.idle ?? false) !== idle)
      awareness.setLocalStateField('idle', idle);
  };
  const active = (): void => {
    become(false);
    clearTimeout(timer);
    timer = setTimeout(() => become(true), IDLE_AFTER);
  };
  const events = ['keydown', 'pointerdown', 'wheel', 'focus'] as const;
  for (const event of events) target.addEventListener(event, active, { passive: true });
  active();
  return () => {
    clearTimeout(timer);
    for (const event of events) target.removeEventListener(event, active);
  };
}
