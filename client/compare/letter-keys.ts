/** Whether single letters move through a comparison: people who dictate switch them off (WCAG 2.2, 2.1.4). Remembered in this browser. */

const KEY = 'commonplan-letter-keys';

export function letterKeys(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    // A browser that keeps nothing for this site.
    return true;
  }
}

export function setLetterKeys(on: boolean): void {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, 'off');
  } catch {
    // As above: Alt and an arrow work all the same.
  }
}

export type Move = 'next' | 'previous' | 'help';

/** What a key asks for; null: nothing of ours. Letters count only outside of fields. */
export function moveOf(event: KeyboardEvent, letters: boolean): Move | null {
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    if (event.key === 'ArrowDown') return 'next';
    return event.key === 'ArrowUp' ? 'previous' : null;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === '/') return 'help';
  if (!letters || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return null;
  return ({ n: 'next', j: 'next', p: 'previous', k: 'previous', '?': 'help' }[event.key] as Move | undefined) ?? null;
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input:not([type="radio"], [type="checkbox"]), select, textarea') !== null;
