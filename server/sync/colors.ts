/** The colours that people have in presence: readable under white text, and on light and dark pages. */
import type { PresenceHolder, SessionUser } from './presence.ts';

/** In the order of their hues. Each has a contrast of at least 4.5 to white (WCAG 2.2, 1.4.3) and 3 to a dark page's background (1.4.11). */
export const COLORS: readonly string[] = [
  '#c4314b',
  '#b8480c',
  '#8f6400',
  '#5c7a00',
  '#1f8044',
  '#00807a',
  '#0f789b',
  '#2f6fd0',
  '#6a5ce0',
  '#8e4fd0',
  '#b23fae',
  '#c2326f',
];

/** Steps of the palette below which two colours are too much alike, as long as there are others. */
const APART = 3;

/**
 * The user's own colour, unless somebody in the room has one like it: then the one farthest from all that are taken. One person has the
 * same in every window.
 */
export function colorAmong({ id, color }: SessionUser, holders: Iterable<PresenceHolder>): string {
  const colors = new Set<string>();
  for (const { user } of holders) {
    if (user.id === id) return user.color;
    colors.add(user.color);
  }
  const taken = [...colors].map((other) => COLORS.indexOf(other));
  const room = (index: number): number => Math.min(APART, ...taken.map((other) => stepsBetween(index, other)));
  const own = COLORS.indexOf(color);
  const farthest = COLORS.reduce((best, _, index) => (room(index) > room(best) ? index : best), Math.max(own, 0));
  return COLORS[farthest] ?? color;
}

/** The palette is a circle: its last colour is beside its first. */
function stepsBetween(a: number, b: number): number {
  const steps = Math.abs(a - b);
  return Math.min(steps, COLORS.length - steps);
}
