/** Shows who wrote which passage: colours and initials in the text, the name and time of one under the pointer or the focus. */
import type { Person } from '../../shared/api.ts';
import { caretColorClass } from '../editor/caret-color.ts';
import { initials } from '../format.ts';
import { contributionWords, nameOf } from '../history/snapshot-words.ts';
import type { Passage } from './render.ts';

/** The passage that is looked at. `y`: where the pointer is (px from the top of the window), undefined for the focus. */
export interface LookedAt {
  readonly element: HTMLElement;
  readonly words: string;
  readonly y: number | undefined;
}

/** Below this line (px from the top of the window) nothing covers the text. */
const TOP = 64;

/**
 * Marks the passages and lets people look at them one by one: the pointer or a touch, or Tab to the first and the arrows from there, one stop
 * for the whole text. `show` hears which passage is looked at and in which words; null: none.
 */
export function markPassages(
  passages: readonly Passage[],
  people: readonly Person[],
  show: (looked: LookedAt | null) => void,
): void {
  const places = new Map<HTMLElement, number>();
  passages.forEach(({ element, contribution }, index) => {
    const { userId } = contribution;
    const person = people.find(({ id }) => id === userId);
    const name = nameOf(people, userId);
    places.set(element, index);
    element.dataset.by = userId;
    const color = caretColorClass(person?.color ?? 'gray');
    if (color !== '') element.classList.add(color);
    // The initials stand where another person begins, so that colour is never the only sign.
    if (passages[index - 1]?.contribution.userId !== userId) element.dataset.initials = initials(name);
    element.setAttribute('role', 'group');
    element.setAttribute('aria-label', name);
    element.tabIndex = index === 0 ? 0 : -1;
    const look = (y?: number): void => show({ element, words: contributionWords(contribution, people), y });
    const away = (): void => show(null);
    element.addEventListener('pointerenter', ({ clientY }) => look(clientY));
    element.addEventListener('pointerleave', away);
    element.addEventListener('focus', () => look());
    element.addEventListener('blur', away);
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') away();
      const at = places.get(element) ?? 0;
      const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 }[event.key];
      const next = to === undefined ? undefined : passages[to]?.element;
      if (!next || event.target !== element) return;
      event.preventDefault();
      element.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  });
}

/** Puts the card beside the line of the passage that is looked at: above it where there is room. Its left edge stays within the window. */
export function placeBeside(card: HTMLElement, { element, y }: LookedAt): void {
  const lines = [...element.getClientRects()];
  const looked = lines.find(({ top, bottom }) => (y === undefined ? bottom > TOP : top <= y && y <= bottom));
  const line = looked ?? lines[0];
  if (!line) return;
  const left = Math.max(8, Math.min(line.left, document.documentElement.clientWidth - card.offsetWidth - 8));
  const above = line.top - card.offsetHeight - 6;
  card.style.setProperty('left', `${left}px`);
  card.style.setProperty('top', `${above > TOP ? above : line.bottom + 6}px`);
}
