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
 * Marks the passages in `root` and lets people look at them one by one: the pointer or a touch, or Tab to the first and the arrows from there,
 * one stop for the whole text. `show` hears which one is looked at; null: none. Returns the function that stops listening.
 */
export function markPassages(
  root: HTMLElement,
  passages: readonly Passage[],
  people: readonly Person[],
  show: (looked: LookedAt | null) => void,
): () => void {
  const places = new Map<Element, number>();
  passages.forEach((passage, index) => {
    places.set(passage.element, index);
    mark(passage, passages[index - 1], people);
  });
  if (passages[0]) passages[0].element.tabIndex = 0;

  const at = (event: Event): number | undefined => {
    const element = event.target instanceof Element ? event.target.closest('.passage') : null;
    return element ? places.get(element) : undefined;
  };
  const look = (event: Event, y?: number): void => {
    const passage = passages[at(event) ?? -1];
    show(passage ? { element: passage.element, words: contributionWords(passage.contribution, people), y } : null);
  };
  const step = (event: KeyboardEvent): void => {
    const from = at(event);
    if (from === undefined) return;
    if (event.key === 'Escape') show(null);
    const to = { ArrowRight: from + 1, ArrowDown: from + 1, ArrowLeft: from - 1, ArrowUp: from - 1 }[event.key];
    const [here, next] = [passages[from], passages[to ?? -1]];
    if (!here || !next) return;
    event.preventDefault();
    here.element.tabIndex = -1;
    next.element.tabIndex = 0;
    next.element.focus();
  };
  const listening = new AbortController();
  const { signal } = listening;
  root.addEventListener('pointerover', (event) => look(event, event.clientY), { signal });
  root.addEventListener('pointerleave', () => show(null), { signal });
  root.addEventListener('focusin', (event) => look(event), { signal });
  root.addEventListener('focusout', () => show(null), { signal });
  root.addEventListener('keydown', step, { signal });
  return () => listening.abort();
}

function mark({ element, contribution }: Passage, before: Passage | undefined, people: readonly Person[]): void {
  const { userId } = contribution;
  const name = nameOf(people, userId);
  const color = caretColorClass(people.find(({ id }) => id === userId)?.color ?? 'gray');
  if (color !== '') element.classList.add(color);
  // The initials stand where another person begins, so that colour is never the only sign.
  if (before?.contribution.userId !== userId) element.dataset.initials = initials(name);
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', name);
  element.tabIndex = -1;
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
